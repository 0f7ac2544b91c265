"""``python -m mosaic_desktop``."""

from mosaic_desktop.app.main import main

raise SystemExit(main())
