"""The one script for daily work: it prepares what a bare machine lacks, then runs, tests or checks the project.

Standard library only. Up to the version check it also stays readable for older Pythons, which are told what is wrong.
"""

import argparse
import ctypes
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
if not (3, 11) <= sys.version_info < (3, 15):
    sys.exit(f"Mosaic Desktop needs Python 3.11 to 3.14, and this is Python {PYTHON}.")

ROOT = Path(__file__).resolve().parent.parent

# What PySide6's Qt libraries and its xcb and wayland plugins link to, and the Debian package that has it.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
# What the tests start, and the Debian package that has it.
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "curl": "curl",
    "dbus-daemon": "dbus-daemon",
    "gnome-keyring-daemon": "gnome-keyring",
    "openssl": "openssl",
    "xdotool": "xdotool",
}
# What the benchmarks measure against. Debian keeps servers where only root's PATH looks.
BENCH_PROGRAMS = {**TEST_PROGRAMS, "ffmpeg": "ffmpeg", "nginx": "nginx"}
SERVER_FOLDER = "/usr/sbin"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_PACKAGE = "fonts-dejavu-core"
# Another installation, such as the nightly upgrade, may be at work.
LOCK_PATIENCE = ("-o", "DPkg::Lock::Timeout=120")


class SetupError(Exception):
    """The work cannot go on; the text is the sentence the user reads."""


def loads(soname: str) -> bool:
    """Whether the system's loader finds this shared library."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def has_fonts(folders: Sequence[str] = FONT_FOLDERS) -> bool:
    return any(next(Path(folder).expanduser().rglob("*.[to]tf"), None) for folder in folders)


def missing_packages(
    programs: Mapping[str, str],
    path: str | None = None,
    has_library: Callable[[str], bool] = loads,
    fonts: Callable[[], bool] = has_fonts,
) -> list[str]:
    """Debian packages for the Qt libraries, fonts and `programs` this system lacks. `path` is searched as PATH."""
    packages = {package for soname, package in LIBRARIES.items() if not has_library(soname)}
    packages |= {package for program, package in programs.items() if not shutil.which(program, path=path)}
    if not fonts():
        packages.add(FONT_PACKAGE)
    return sorted(packages)


def venv_package(has_ensurepip: bool, base_prefix: str) -> list[str]:
    """Debian keeps the part of Python that makes virtual environments in a package of its own."""
    if has_ensurepip:
        return []
    if base_prefix != "/usr":
        raise SetupError(f"The Python in {base_prefix} lacks `ensurepip`; start this script with a complete Python.")
    return [f"python{PYTHON}-venv"]


def install_packages(packages: Sequence[str], environ: Mapping[str, str], is_root: bool) -> None:
    """Install Debian packages when no question needs an answer; otherwise raise with the exact command."""
    if not packages:
        return
    path = environ.get("PATH")
    apt, sudo = shutil.which("apt-get", path=path), shutil.which("sudo", path=path)
    install = ["install", "-y", "--no-install-recommends", *packages]
    by_hand = f"sudo apt-get update && sudo apt-get {shlex.join(install)}"
    if not apt:
        names = " ".join(packages)
        raise SetupError(f"Install what your system has in place of these Debian packages: {names}")
    prefix = [] if is_root else [sudo or "sudo", "-n"]
    if prefix and (not sudo or subprocess.run([sudo, "-n", "true"], env=environ, capture_output=True).returncode):
        raise SetupError(f"Some system packages are missing; type this, then start again: {by_hand}")
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    said = ""
    for arguments in (["update"], install):
        # One of the user's own package sources may be out of order; the installation decides.
        command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-q", *LOCK_PATIENCE, *arguments]
        done = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        said += done.stdout + done.stderr
    if done.returncode:
        raise SetupError(f"{said}apt-get failed (see above); to try by hand, type: {by_hand}")


class Environment:
    """The virtual environment in `root`/.venv, and the stamp that says it is whole and up to date."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.stamp = self.folder / "mosaic-desktop.stamp"

    def wanted(self) -> str:
        """The interpreter, and a hash of everything an installation depends on."""
        import tomllib  # unknown to the Pythons that the check above turns away

        project = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        relevant = [project.get("build-system"), project.get("project"), project.get("dependency-groups")]
        content = repr(relevant).encode() + (self.root / "requirements.lock").read_bytes() + str(self.root).encode()
        return f"{PYTHON} {hashlib.sha256(content).hexdigest()}"

    def found(self) -> str:
        """The stamp of the last setup that came to its end; empty when there was none or its Python has gone."""
        return self.stamp.read_text(encoding="utf-8") if self.stamp.exists() and self.python.exists() else ""

    def is_ready(self) -> bool:
        return self.found() == self.wanted()

    def update(self) -> None:
        """Bring the environment up to date; one without a stamp was left half-made and is made again."""
        keeps_python = self.found().startswith(f"{PYTHON} ")
        self.stamp.unlink(missing_ok=True)
        if not keeps_python:
            print("Making the virtual environment in .venv", flush=True)
            # Inside a virtual environment, `sys.executable` is what is about to be cleared away.
            base = getattr(sys, "_base_executable", sys.executable)
            self._run([base, "-m", "venv", "--clear", str(self.folder)])
        print("Installing the Python packages of requirements.lock (some 300 MB the first time)", flush=True)
        self.pip("--require-hashes", "-r", "requirements.lock")
        print("Installing Mosaic Desktop itself, editable", flush=True)
        self.pip("--no-deps", "--no-build-isolation", "-e", ".")
        self.stamp.write_text(self.wanted(), encoding="utf-8")

    def pip(self, *arguments: str) -> None:
        quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
        self._run([str(self.python), "-m", "pip", "install", *quiet, *arguments])

    def start(self, *arguments: str) -> int:
        """Hand this process over to the environment's Python, so that signals and the exit code are its own."""
        command = [str(self.python), *arguments]
        sys.stdout.flush()
        if os.name == "posix":
            os.execv(command[0], command)
        return self.call(*arguments)

    def call(self, *arguments: str) -> int:
        return subprocess.run([str(self.python), *arguments], cwd=self.root).returncode

    def _run(self, command: Sequence[str]) -> None:
        code = subprocess.run(command, cwd=self.root, stdin=subprocess.DEVNULL).returncode
        if code:
            raise SetupError(f"That failed with exit code {code} (see above): {shlex.join(command)}")


def prepare(environment: Environment, programs: Mapping[str, str]) -> None:
    """Make the system and the virtual environment fit to run the project; quick when they are."""
    packages = missing_packages(programs) if sys.platform == "linux" else []
    ready = environment.is_ready()
    if not ready:
        packages += venv_package(importlib.util.find_spec("ensurepip") is not None, sys.base_prefix)
    install_packages(packages, os.environ, is_root=hasattr(os, "geteuid") and os.geteuid() == 0)
    if not ready:
        environment.update()


def has_display(system: str, environ: Mapping[str, str]) -> bool:
    return system != "linux" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def app_arguments(arguments: Sequence[str], display: bool) -> list[str]:
    """What the app is started with; without a display and a wish of the user's own, the headless demonstration."""
    if display or arguments:
        return list(arguments)
    print("There is no display here, so this runs the same job without a window: python -m mosaic_desktop demo")
    return ["demo"]


def setup(environment: Environment, arguments: Sequence[str]) -> int:
    prepare(environment, {})
    print(f"Ready: {environment.python}")
    return 0


def run(environment: Environment, arguments: Sequence[str]) -> int:
    prepare(environment, {})
    display = has_display(sys.platform, os.environ)
    return environment.start("-m", "mosaic_desktop", *app_arguments(arguments, display))


def test(environment: Environment, arguments: Sequence[str]) -> int:
    prepare(environment, TEST_PROGRAMS)
    os.chdir(environment.root)
    return environment.start("-m", "pytest", *(arguments or side_by_side(os.cpu_count())))


def side_by_side(cores: int | None) -> list[str]:
    """For all tests: one more at a time than there are cores, since many wait for something."""
    return ["-n", str((cores or 1) + 1)]


def bench(environment: Environment, arguments: Sequence[str]) -> int:
    os.environ["PATH"] = os.pathsep.join((os.environ.get("PATH", os.defpath), SERVER_FOLDER))
    prepare(environment, BENCH_PROGRAMS)
    os.chdir(environment.root)
    return environment.start("-m", "tests.benchmarks", *arguments)


def check(environment: Environment, arguments: Sequence[str]) -> int:
    prepare(environment, TEST_PROGRAMS)
    checks = {
        "ruff check": ["ruff", "check", "."],
        "ruff format": ["ruff", "format", "--check", "."],
        "mypy": ["mypy"],
        "import rules": ["pytest", "-q", "tests/architecture"],
    }
    failed = []
    for name, module in checks.items():
        print(f"== {name}", flush=True)
        if environment.call("-m", *module):
            failed.append(name)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def lock(environment: Environment, arguments: Sequence[str]) -> int:
    """Write requirements.lock again; `--upgrade` takes newer versions. An older environment serves for that too."""
    if not environment.found():
        prepare(environment, {})
    options = ["--group", "dev", "--universal", "--generate-hashes", "--no-header", "--python-version", "3.11", "-q"]
    command = ["uv", "pip", "compile", "pyproject.toml", *options, "-o", "requirements.lock", *arguments]
    return environment.call("-m", *command)


COMMANDS: dict[str, tuple[Callable[[Environment, Sequence[str]], int], str]] = {
    "setup": (setup, "prepare this machine and .venv"),
    "run": (run, "open Mosaic Desktop; arguments go to the app"),
    "test": (test, "run the tests; arguments go to pytest"),
    "check": (check, "ruff, mypy and the import rules"),
    "bench": (bench, "measure speed beside curl and others; --help tells more"),
    "lock": (lock, "write requirements.lock again; arguments go to uv"),
}


def main(arguments: Sequence[str]) -> int:
    table = "\n".join(f"  {name:8}{text}" for name, (_, text) in COMMANDS.items())
    layout = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="dev.py", epilog=f"commands:\n{table}", formatter_class=layout)
    parser.add_argument("command", choices=COMMANDS)
    command = COMMANDS[parser.parse_args(arguments[:1]).command][0]
    try:
        return command(Environment(ROOT), arguments[1:])
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; the next start goes on from here.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
