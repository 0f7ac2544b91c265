"""Mosaic's REST API. One client a generation of the API; the rest of the application sees ``core.ports``."""
