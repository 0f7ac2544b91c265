"""Everything Qt: theme, widgets, models, delegates, pages and the main window."""
