"""The local Mosaic an hour behind this computer, which to its users is a computer whose clock is an hour fast:
``python -m tests.support.sandbox_behind OPTIONS``.
"""

import runpy
import time

_right = time.time
time.time = lambda: _right() - 3600.0

if __name__ == "__main__":
    runpy.run_module("mosaic_desktop.sandbox", run_name="__main__", alter_sys=True)
