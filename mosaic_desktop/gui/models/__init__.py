"""Qt models over the engine's rows."""
