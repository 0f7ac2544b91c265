"""The Studio: videos on their way beside what should happen to them."""
