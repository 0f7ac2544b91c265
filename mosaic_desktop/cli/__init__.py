"""Headless commands. They drive the same engine as the window, without Qt."""
