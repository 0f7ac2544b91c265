"""Whether the system asks for less motion. Each system is asked in its own way; silence means no wish."""

import sys
from pathlib import Path

from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage

_PORTAL_TIMEOUT_MS = 200
_SPI_GETCLIENTAREAANIMATION = 0x1042


def prefers_reduced_motion(platform: str = sys.platform) -> bool:
    """Ask the system once; takes at most 0.2 s."""
    if platform == "win32":
        return _windows()
    if platform.startswith("linux"):
        return kde_animations_off(Path.home() / ".config" / "kdeglobals") or _portal()
    return False


def kde_animations_off(file: Path) -> bool:
    """KDE keeps the wish as a factor of zero in `kdeglobals`."""
    if not file.is_file():
        return False
    import configparser

    parser = configparser.ConfigParser(strict=False, interpolation=None)
    try:
        parser.read(file, encoding="utf-8")
        return parser.getfloat("KDE", "AnimationDurationFactor", fallback=1.0) == 0.0
    except (OSError, ValueError, configparser.Error):
        return False


def _portal() -> bool:
    """GNOME and others answer through the desktop portal."""
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    message = QDBusMessage.createMethodCall(
        "org.freedesktop.portal.Desktop",
        "/org/freedesktop/portal/desktop",
        "org.freedesktop.portal.Settings",
        "ReadOne",
    )
    message.setArguments(["org.gnome.desktop.interface", "enable-animations"])
    reply = bus.call(message, QDBus.CallMode.Block, _PORTAL_TIMEOUT_MS)
    if reply.type() != QDBusMessage.MessageType.ReplyMessage:
        return False
    answer = reply.arguments()[0]
    value = answer.variant() if hasattr(answer, "variant") else answer
    return value is False


def _windows() -> bool:
    import ctypes

    enabled = ctypes.c_int(1)
    user32 = getattr(ctypes, "windll").user32  # noqa: B009 - the name exists on Windows only
    user32.SystemParametersInfoW(_SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(enabled), 0)
    return enabled.value == 0
