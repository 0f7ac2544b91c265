"""Loaded ahead of Qt, for its own sake: once PySide6 is there, it reads the source of each module that comes after."""

import html  # noqa: F401

import mosaic_desktop.core.clock
import mosaic_desktop.core.links
import mosaic_desktop.core.ports
import mosaic_desktop.core.resources
import mosaic_desktop.core.sentences
import mosaic_desktop.core.tasks
import mosaic_desktop.core.units
import mosaic_desktop.storage.credentials
import mosaic_desktop.storage.database
import mosaic_desktop.storage.settings  # noqa: F401
