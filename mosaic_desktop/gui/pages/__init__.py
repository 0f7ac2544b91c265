"""The places of the window. Each page gets what it needs, and `close()` ends what it listens to."""
