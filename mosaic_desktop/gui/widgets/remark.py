"""What a control says about what was entered into it, how that looks, and how it is read aloud."""

from dataclasses import dataclass

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Remark:
    """Empty where there is nothing to say. `wrong`: what stands there cannot be used."""

    text: str = ""
    wrong: bool = False


NOTHING = Remark()


def mark_wrong(widget: QWidget, wrong: bool) -> None:
    """Gives `widget` the look of something that cannot be used, or takes it away."""
    if bool(widget.property("invalid")) != wrong:
        widget.setProperty("invalid", wrong)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def announce(widget: QWidget, text: str) -> None:
    """Has a screen reader say `text` now, wherever it is; nothing without one."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))
