"""Plain values and rules: states, errors, events, arithmetic, names and ports. Standard library only."""
