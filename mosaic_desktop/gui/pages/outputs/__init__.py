"""The Outputs page."""
