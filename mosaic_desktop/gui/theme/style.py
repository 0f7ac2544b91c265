"""The application's style sheet, generated from tokens. Only for stock Qt controls; own widgets paint themselves."""

from string import Template

from mosaic_desktop.gui.theme.glyphs import StyleGlyphs
from mosaic_desktop.gui.theme.palette import Palette

_TEMPLATE = Template("""
QWidget { outline: none; }
QMainWindow, QDialog, QMessageBox { background: $window; }
QLabel { background: transparent; color: $text; }
QLabel[tone="secondary"] { color: $secondary; }
QLabel[tone="faint"] { color: $faint_text; }
QLabel[tone="accent"] { color: $accent_text; }
QLabel[tone="good"] { color: $good_text; }
QLabel[tone="warning"] { color: $warning_text; }
QLabel[tone="bad"] { color: $bad_text; }
QLabel:disabled { color: $faint; }

QPushButton, QDialogButtonBox QPushButton {
    min-height: 30px; padding: 0 13px; border: 1px solid $line; border-radius: 7px;
    background: $surface; color: $text; font-weight: 500;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border: 2px solid $accent; padding: 0 12px; min-height: 28px; }
QPushButton:disabled { color: $faint; background: $raised; }
QPushButton:default { background: $accent_fill; color: $on_accent; border-color: $accent_fill; }
QPushButton:default:hover, QPushButton:default:pressed { background: $accent_hover; border-color: $accent_hover; }
QPushButton:default:focus { border-color: $text; }
QPushButton:default:disabled { background: $track; color: $faint; border-color: $track; }

QToolButton { border: 1px solid transparent; border-radius: 7px; padding: 5px; color: $secondary; background: transparent; }
QToolButton:hover, QToolButton:checked { background: $hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:focus { border: 2px solid $accent; padding: 4px; }
QLineEdit QToolButton, QLineEdit QToolButton:hover, QLineEdit QToolButton:pressed { border: none; padding: 0; background: transparent; }

QLineEdit, QAbstractSpinBox, QComboBox, QTextEdit, QPlainTextEdit {
    border: 1px solid $line; border-radius: 7px; background: $raised; color: $text;
    selection-background-color: $accent_fill; selection-color: $on_accent;
}
QLineEdit, QAbstractSpinBox, QComboBox { min-height: 30px; }
QLineEdit { padding: 0 8px; }
QAbstractSpinBox { padding: 0 0 0 8px; }
QTextEdit, QPlainTextEdit { padding: 6px 8px; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover, QTextEdit:hover, QPlainTextEdit:hover { border-color: $faint; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QTextEdit:focus, QPlainTextEdit:focus {
    border: 2px solid $accent; background: $surface;
}
QLineEdit:focus { padding: 0 7px; min-height: 28px; }
QAbstractSpinBox:focus { padding: 0 0 0 7px; min-height: 28px; }
QTextEdit:focus, QPlainTextEdit:focus { padding: 5px 7px; }
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"], QTextEdit[invalid="true"], QPlainTextEdit[invalid="true"] {
    border-color: $bad;
}
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled, QTextEdit:disabled, QPlainTextEdit:disabled {
    color: $faint; background: $window; border-color: $line;
}
QLineEdit:read-only { background: $window; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {
    border: none; background: transparent; padding: 0; min-height: 0;
}

QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; width: 22px; border: none; background: transparent; margin: 2px;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; border-top-right-radius: 5px; margin-bottom: 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; border-bottom-right-radius: 5px; margin-top: 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-button:pressed, QAbstractSpinBox::down-button:pressed { background: $pressed; }
QAbstractSpinBox::up-arrow { image: url($chevron_up); width: 11px; height: 11px; }
QAbstractSpinBox::down-arrow { image: url($chevron_down); width: 11px; height: 11px; }
QAbstractSpinBox::up-arrow:disabled, QAbstractSpinBox::up-arrow:off { image: url($chevron_up_faint); }
QAbstractSpinBox::down-arrow:disabled, QAbstractSpinBox::down-arrow:off { image: url($chevron_down_faint); }

QComboBox { padding: 0 10px; }
QComboBox:focus { padding: 0 9px; min-height: 28px; }
QComboBox:on { border-color: $accent; }
QComboBox::drop-down { subcontrol-origin: padding; subcontrol-position: center right; width: 30px; border: none; }
QComboBox::down-arrow { image: url($chevron_down); width: 16px; height: 16px; }
QComboBox::down-arrow:disabled { image: url($chevron_down_faint); }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $line; padding: 4px; outline: none; }
QComboBox QAbstractItemView::item { min-height: 30px; padding: 0 8px; border-radius: 5px; color: $text; }
QComboBox QAbstractItemView::item:hover { background: $hover; }
QComboBox QAbstractItemView::item:selected { background: $accent_wash; color: $text; }

QCheckBox, QRadioButton { spacing: 8px; color: $text; background: transparent; min-height: 24px; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $faint; background: $surface; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent_fill; border-color: $accent_fill; image: url($check); }
QCheckBox::indicator:indeterminate { background: $accent_fill; border-color: $accent_fill; image: url($minus); }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid $accent_fill; background: $on_accent; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; background: $track; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $accent; border-radius: 5px; padding: 0 2px; }

QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $track; }
QSlider::sub-page:horizontal { border-radius: 2px; background: $accent_fill; }
QSlider::handle:horizontal {
    width: 12px; height: 12px; margin: -6px 0; border: 2px solid $accent; border-radius: 8px; background: $surface;
}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:pressed { background: $accent_wash; }
QSlider::handle:horizontal:focus { background: $accent; border-color: $text; }
QSlider::sub-page:horizontal:disabled { background: $faint; }
QSlider::handle:horizontal:disabled { border-color: $faint; }

QProgressBar { border: none; border-radius: 3px; background: $track; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { border-radius: 3px; background: $accent_fill; }

QAbstractScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 12px; margin: 0; }
QScrollBar:horizontal { height: 12px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 32px; margin: 2px 3px; }
QScrollBar::handle:horizontal { min-width: 32px; margin: 3px 2px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page, QAbstractScrollArea::corner { background: none; border: none; }

QMenu { background: $surface; border: 1px solid $line; padding: 5px; color: $text; }
QMenu::item { min-height: 18px; padding: 6px 28px 6px 10px; border-radius: 5px; background: transparent; }
QMenu::item:selected { background: $accent_wash; }
QMenu::item:disabled { color: $faint_text; background: transparent; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 5px 4px; }
QMenu::right-arrow { image: url($chevron_right); width: 14px; height: 14px; margin-right: 8px; }
QMenu::indicator { width: 14px; height: 14px; margin-left: 8px; }
QMenu::indicator:checked { image: url($check_text); }
QMenuBar { background: $surface; color: $text; border-bottom: 1px solid $line; padding: 2px 6px; }
QMenuBar::item { padding: 5px 10px; border-radius: 5px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 5px 8px; }

QAbstractItemView { color: $text; selection-background-color: $accent_wash; selection-color: $text; }
QTableView, QTreeView { background: transparent; border: none; gridline-color: $line; alternate-background-color: $raised; }
QTableView::item, QTreeView::item, QListView::item { padding: 0 8px; border: none; }
QTableView::item, QTreeView::item { min-height: 36px; border-bottom: 1px solid $line; }
QTableView::item:hover, QTreeView::item:hover { background: $hover; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: $accent_wash; color: $text; }
QHeaderView { background: transparent; }
QHeaderView::section {
    background: transparent; color: $secondary; border: none; border-bottom: 1px solid $line; padding: 8px; font-size: 12px;
}

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: transparent; }
QTabBar::tab { padding: 8px 12px; color: $secondary; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $accent_text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $text; background: $accent_wash; }

QGroupBox { border: none; border-top: 1px solid $line; margin-top: 22px; padding-top: 14px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; padding: 0; color: $text; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $accent_wash; }
QFrame[rule="true"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
""")


def style_sheet(palette: Palette, glyphs: StyleGlyphs) -> str:
    """Fill the template with the palette's values."""
    secondary, faint = palette.secondary, palette.faint
    return _TEMPLATE.substitute(
        palette.tokens(),
        scroll="#3a3f4a" if palette.dark else "#cfd3db",
        chevron_up=glyphs.url("chevron-up", secondary),
        chevron_down=glyphs.url("chevron-down", secondary),
        chevron_right=glyphs.url("chevron-right", secondary),
        chevron_up_faint=glyphs.url("chevron-up", faint),
        chevron_down_faint=glyphs.url("chevron-down", faint),
        check=glyphs.url("check", palette.on_accent),
        check_text=glyphs.url("check", palette.text),
        minus=glyphs.url("minus", palette.on_accent),
    )
