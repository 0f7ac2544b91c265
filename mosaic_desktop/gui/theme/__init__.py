"""How the window looks: palette, type, icons, style sheet. Knows nothing of videos or runs."""
