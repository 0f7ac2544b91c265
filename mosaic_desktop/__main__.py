"""``python -m mosaic_desktop``."""

from mosaic_desktop.app.entry import main

raise SystemExit(main())
