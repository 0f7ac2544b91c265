"""The composition root: builds everything once and passes it down. Nobody imports it but the entry points."""
