"""The limits below which the user wants to be warned."""

from PySide6.QtWidgets import QLineEdit, QWidget

from mosaic_desktop.core.ports import SettingsStore
from mosaic_desktop.gui.pages.account.story_dialog import StoryDialog, opened
from mosaic_desktop.gui.pages.account.words import limits_text, read_limits
from mosaic_desktop.gui.theme.metrics import Size
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import primary_button, secondary_button
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.remark import mark_wrong

_SAVE = "save"
_WHAT = "Warn me once each time the balance falls below one of these. Leave it empty for no warning."
_MOST = 10
_WRONG = "Write whole numbers of credits with a space between, such as “5000 1000 100”."
_TOO_MANY = f"Write at most {_MOST} numbers."


class LimitsDialog(StoryDialog):
    def __init__(self, theme: Theme, limits: tuple[int, ...], parent: QWidget) -> None:
        super().__init__(theme, "When credits are low", parent)
        self._edit = QLineEdit(limits_text(limits))
        self._edit.setAccessibleName("Limits in credits")
        self._edit.setPlaceholderText("1000 100")
        self._edit.setMinimumHeight(Size.CONTROL)
        self._edit.setMaxLength(200)
        self.body.addWidget(text_label(theme, _WHAT, tone=Tone.SECONDARY, wrap=True))
        self.body.addWidget(self._edit)
        save, cancel = primary_button(theme, "Save"), secondary_button(theme, "Cancel")
        self.foot.addWidget(cancel)
        self.foot.addWidget(save)
        save.setDefault(True)
        save.clicked.connect(self._on_save_clicked)
        cancel.clicked.connect(self.reject)
        self._edit.textEdited.connect(lambda: self._refuse(""))
        self.fit()
        self._edit.setFocus()
        self._edit.selectAll()

    def limits(self) -> tuple[int, ...] | None:
        """None where something else stands there."""
        return read_limits(self._edit.text())

    def _on_save_clicked(self) -> None:
        limits = self.limits()
        if limits is None or len(limits) > _MOST:
            self._refuse(_WRONG if limits is None else _TOO_MANY)
        else:
            self.want(_SAVE)

    def _refuse(self, words: str) -> None:
        self.say(words, Tone.BAD)
        mark_wrong(self._edit, bool(words))


async def choose_limits(theme: Theme, settings: SettingsStore, parent: QWidget) -> bool:
    """Whether there are other limits from here on."""
    async with opened(LimitsDialog(theme, settings.value.low_balance, parent)) as dialog:
        if await dialog.wish() != _SAVE or (limits := dialog.limits()) is None:
            return False
        settings.change(low_balance=limits)
        return True
