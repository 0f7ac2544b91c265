"""Mosaic Desktop: drop videos on a window, pick an agent, get finished videos back."""

__version__ = "0.1.0"
