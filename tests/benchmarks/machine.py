"""What the figures were measured on, and with which versions."""

import os
import platform
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pycurl
import PySide6

_GIB = 1024**3


def description(folder: Path) -> Mapping[str, str]:
    """``folder``: where the large files lie."""
    return {
        "date": time.strftime("%Y-%m-%d %H:%M %Z"),
        "cpu": f"{_cpu()}, {os.cpu_count()} cores",
        "load": f"{os.getloadavg()[0]:.1f} before the first measurement",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / _GIB:.0f} GiB",
        "disk": f"{folder} on {_file_system(folder)}, {shutil.disk_usage(folder).free / _GIB:.0f} GiB free",
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "qt": f"PySide6 {PySide6.__version__}, {os.environ.get('QT_QPA_PLATFORM', 'default platform')}",
        "curl": f"{_first_line('curl', '--version')}; the application's: {pycurl.version.split(' ')[1]}",
        "server": _first_line("nginx", "-v"),
    }


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _file_system(folder: Path) -> str:
    found = subprocess.run(["df", "--output=fstype", str(folder)], capture_output=True, text=True, check=True)
    return found.stdout.splitlines()[-1].strip()


def _first_line(*command: str) -> str:
    """Of what a program says of itself, on whichever stream."""
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return " ".join((done.stdout or done.stderr).splitlines()[0].split(" ")[:3])
