"""The first page: the two ways in."""
