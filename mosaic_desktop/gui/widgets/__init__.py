"""Reusable widgets. They know the theme and nothing of the application."""
