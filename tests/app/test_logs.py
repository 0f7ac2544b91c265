"""Whatever goes wrong with a program or with its log, no secret comes out of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

SECRET = "mk_live_canary0123456789"
BEGIN = """
import gc, logging, sys
from pathlib import Path
from mosaic_desktop.app.crash import report_crashes
from mosaic_desktop.app.logs import start_logging
folder = Path(sys.argv[1])
start_logging(folder / "app.log")
report_crashes(folder)
"""
WAYS = {
    "a record that does not fit its words": f"""
logging.getLogger("library").critical("%s and %s", {SECRET!r})
""",
    "a fault in what nobody holds any more": f"""
class Thing:
    def __del__(self): raise RuntimeError({SECRET!r})
thing = Thing()
del thing
gc.collect()
""",
}


@pytest.mark.parametrize("way", WAYS)
def test_no_secret_is_told_by_what_fails_where_nobody_can_catch_it(tmp_path: Path, way: str) -> None:
    program = BEGIN + WAYS[way] + "logging.getLogger().info('it goes on')\n"
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    told = {file.name: file.read_text("utf-8") for file in tmp_path.iterdir()}
    assert "it goes on" in told["app.log"]
    assert done.returncode == 0
    assert SECRET not in done.stdout + done.stderr + "".join(told.values())
