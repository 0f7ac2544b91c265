"""The one object that knows the current look. Built once, passed to constructors; follows the system live."""

import os
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from mosaic_desktop.gui.theme.fonts import Fonts, TextStyle
from mosaic_desktop.gui.theme.glyphs import StyleGlyphs
from mosaic_desktop.gui.theme.icons import IconSet
from mosaic_desktop.gui.theme.motion import prefers_reduced_motion
from mosaic_desktop.gui.theme.palette import DARK, LIGHT, Palette, Token
from mosaic_desktop.gui.theme.style import style_sheet


class ThemeMode(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """Palette, fonts, icons and motion for every widget.

    Created by the composition root after QApplication, lives as long as it. `changed` is emitted after palette
    and style sheet are in place. `reduced_motion` overrides what the system says.
    """

    changed = Signal()

    def __init__(
        self,
        app: QApplication,
        resources: Path,
        mode: ThemeMode = ThemeMode.SYSTEM,
        reduced_motion: bool | None = None,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._mode = mode
        self._palette = LIGHT
        self._reduced_motion = prefers_reduced_motion() if reduced_motion is None else reduced_motion
        self.icons = IconSet(resources / "icons", lambda: self._palette)
        self.fonts = Fonts(resources / "fonts", os.environ)
        self._style_file = resources / "style" / "mosaic.qss"
        self._glyphs = StyleGlyphs(self.icons)
        app.setStyle("Fusion")
        app.setFont(self.fonts.font(TextStyle.BODY))
        app.styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)
        self._ask_system()
        self._apply()

    @property
    def palette(self) -> Palette:
        return self._palette

    @property
    def mode(self) -> ThemeMode:
        return self._mode

    @property
    def reduced_motion(self) -> bool:
        return self._reduced_motion

    def set_mode(self, mode: ThemeMode) -> None:
        if mode != self._mode:
            self._mode = mode
            self._ask_system()
            self._refresh()

    def set_reduced_motion(self, reduced: bool) -> None:
        self._reduced_motion = reduced

    def duration(self, milliseconds: int) -> int:
        """Length of an animation; zero when the system asks for less motion."""
        return 0 if self._reduced_motion else milliseconds

    def color(self, token: Token) -> QColor:
        return self._palette.color(token)

    def font(self, style: TextStyle) -> QFont:
        return self.fonts.font(style)

    def _ask_system(self) -> None:
        """Let window frames and native dialogs follow the chosen mode."""
        schemes = {
            ThemeMode.SYSTEM: Qt.ColorScheme.Unknown,
            ThemeMode.LIGHT: Qt.ColorScheme.Light,
            ThemeMode.DARK: Qt.ColorScheme.Dark,
        }
        self._app.styleHints().setColorScheme(schemes[self._mode])

    def _on_color_scheme_changed(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        if self._wanted() is not self._palette:
            self._apply()
            self.changed.emit()

    def _wanted(self) -> Palette:
        if self._mode == ThemeMode.SYSTEM:
            return DARK if self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
        return DARK if self._mode == ThemeMode.DARK else LIGHT

    def _apply(self) -> None:
        self._palette = self._wanted()
        self._app.setPalette(qt_palette(self._palette))
        self._app.setStyleSheet(style_sheet(self._style_file, self._palette, self._glyphs))


def qt_palette(palette: Palette) -> QPalette:
    """The same tokens as Qt's roles, for whatever the style sheet does not reach."""
    role = QPalette.ColorRole
    roles = {
        role.Window: palette.window,
        role.WindowText: palette.text,
        role.Base: palette.surface,
        role.AlternateBase: palette.raised,
        role.Text: palette.text,
        role.PlaceholderText: palette.faint_text,
        role.Button: palette.surface,
        role.ButtonText: palette.text,
        role.BrightText: palette.bad,
        role.ToolTipBase: palette.raised,
        role.ToolTipText: palette.text,
        role.Highlight: palette.accent_fill,
        role.HighlightedText: palette.on_accent,
        role.Accent: palette.accent_fill,
        role.Link: palette.accent_text,
        role.LinkVisited: palette.accent_text,
        role.Light: palette.surface,
        role.Midlight: palette.raised,
        role.Mid: palette.line,
        role.Dark: palette.faint,
        role.Shadow: palette.text,
    }
    result = QPalette()
    for each, value in roles.items():
        result.setColor(each, QColor(value))
    for each in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, each, QColor(palette.faint))
    return result
