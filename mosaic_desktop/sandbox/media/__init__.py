"""Reading, measuring and writing video with PyAV. Loaded in worker processes only."""
