"""The places of the window. Each gets what it needs, and listens as long as it lives."""
