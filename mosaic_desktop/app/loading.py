"""What the window does without until it is on the screen."""

import asyncio
import gc


async def load_the_rest() -> None:
    """Loads what accounts and pages are made of, while the event loop goes on. Nothing depends on it but the time that
    it takes.
    """
    await asyncio.to_thread(_load)
    gc.freeze()  # it stays to the end; each look through all of it would hold up the window for long


def _load() -> None:
    import mosaic_desktop.api.client
    import mosaic_desktop.api.portal
    import mosaic_desktop.api.supabase
    import mosaic_desktop.app.gateway
    import mosaic_desktop.gui.pages.first.page
    import mosaic_desktop.gui.places
    import mosaic_desktop.gui.switching  # noqa: F401
