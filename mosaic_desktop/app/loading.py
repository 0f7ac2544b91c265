"""What the window does without until it is on the screen."""


def load_the_rest() -> None:
    """Loads, on any thread, what an account and its pages are made of. Nothing depends on it but the time it takes."""
    import mosaic_desktop.api.client
    import mosaic_desktop.app.workspace
    import mosaic_desktop.gui.pages.first.page
    import mosaic_desktop.gui.places  # noqa: F401
