"""Replacing the key that this app works with, step by step: create, check, switch, revoke the old one."""

from collections.abc import Callable
from enum import Enum

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mosaic_desktop.core.account import ApiKey, NewKey
from mosaic_desktop.core.account_ports import AccountDesk
from mosaic_desktop.core.errors import MosaicError, NetworkError
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.gui.clipboard_secret import ClipboardSecret
from mosaic_desktop.gui.pages.account.key_list import KeyList
from mosaic_desktop.gui.pages.account.story_dialog import CLOSE, StoryDialog, opened
from mosaic_desktop.gui.pages.account.words import key_name, lost_answer
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import ButtonKind, primary_button, secondary_button
from mosaic_desktop.gui.widgets.icon_line import IconLine
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.masked_secret import MaskedSecret

_GO_ON = "go on"
_WHAT = (
    "A new key takes the place of the one this app works with. Uploads and runs go on meanwhile. "
    "The old key is revoked last, and only when you say so."
)
_ASK = "This app works with the new key now. Programs that still use the old one will be refused once it is revoked."
_ONCE = "This is the only time that the new key is shown. Copy it now if other programs need it."
_STOPPING = "It stops after this step."


class RotationStep(Enum):
    """(what it does, what is said while it is done, what holds once it is done)"""

    CREATE = ("Create a new key", "creating…", "The new key is in your list; this app still works with the old one.")
    CHECK = (
        "Check that Mosaic accepts it",
        "checking…",
        "The new key works; this app still works with the old one.",
    )
    SWITCH = ("Switch this app to it", "switching…", _ASK)
    REVOKE = ("Revoke the old key", "revoking…", "Done. The old key is refused from here on.")

    @property
    def words(self) -> str:
        return self.value[0]

    @property
    def doing(self) -> str:
        return self.value[1]

    @property
    def holds(self) -> str:
        return self.value[2]


_STEPS = tuple(RotationStep)


class RotationDialog(StoryDialog):
    """While a step is under way, closing means to stop after it."""

    def __init__(self, theme: Theme, key: ApiKey, clipboard: ClipboardSecret, parent: QWidget) -> None:
        super().__init__(theme, f"Replace {key_name(key)}", parent)
        self.stop_wanted = False
        self._words = text_label(theme, _WHAT, tone=Tone.SECONDARY, wrap=True)
        self.body.addWidget(self._words)
        self._lines = {step: IconLine(theme, TextStyle.BODY) for step in _STEPS}
        steps = QVBoxLayout()
        steps.setContentsMargins(0, Space.S, 0, Space.S)
        steps.setSpacing(Space.M)
        for step, line in self._lines.items():
            steps.addWidget(line)
            line.set_line(step.words, StateKind.NEUTRAL, "circle")
        self.body.addLayout(steps)
        self.secret = MaskedSecret(theme, "new API key", clipboard.put)
        self.secret.hide()
        self.body.addWidget(self.secret)
        self._close = secondary_button(theme, "Cancel")
        self._go = primary_button(theme, "Replace key")
        self.foot.addWidget(self._close)
        self.foot.addWidget(self._go)
        self._close.clicked.connect(self.reject)
        self._go.clicked.connect(lambda: self.want(_GO_ON))
        self.fit()
        self._close.setFocus()  # Enter harms nobody

    def reject(self) -> None:
        if self.busy:
            self.stop_wanted = True
            self._close.setEnabled(False)
            self.say(_STOPPING)
        else:
            super().reject()

    def show_doing(self, step: RotationStep) -> None:
        self.stop_wanted = False
        self.set_busy(" ")
        self.say("")
        self._lines[step].set_line(f"{step.words}: {step.doing}", StateKind.ACTIVE, "loader-circle")
        self._offer("Stop", "")

    def show_done(self, step: RotationStep) -> None:
        self.set_busy("")
        self._lines[step].set_line(step.words, StateKind.GOOD, "circle-check")
        self.fit()

    def show_key(self, new: NewKey) -> None:
        self.secret.set_secret(new.key)
        self.secret.show()
        self._words.setText(_ONCE)
        self.fit()

    def show_failed(self, step: RotationStep, why: str) -> None:
        self.set_busy("")
        self._lines[step].set_line(f"{step.words}: did not work", StateKind.BAD, "circle-alert")
        self._offer("Close", "Try again")
        self.say(why, Tone.BAD)

    def ask_next(self, done: RotationStep) -> None:
        """What holds now, and the way on."""
        match done:
            case RotationStep.REVOKE:
                self._offer("", "Done")
                self.say(done.holds, Tone.GOOD)
                self._go.setFocus()
            case RotationStep.SWITCH:
                self._offer("Keep both", "Revoke the old key", ButtonKind.DANGER)
                self.say(done.holds)
                self._close.setFocus()
            case _:
                self._offer("Close", "Go on")
                self.say(f"Stopped. {done.holds}", Tone.WARNING)
                self._close.setFocus()

    def _offer(self, close: str, go: str, kind: ButtonKind = ButtonKind.PRIMARY) -> None:
        for button, text in ((self._close, close), (self._go, go)):
            button.setText(text)
            button.setVisible(bool(text))
            button.setEnabled(True)
        self._go.set_kind(kind)


async def replace_key(
    theme: Theme, desk: AccountDesk, keys: KeyList, old: ApiKey, clipboard: ClipboardSecret, parent: QWidget
) -> None:
    """Until the old key is revoked, or the user stops; what was done by then stays done."""
    async with opened(RotationDialog(theme, old, clipboard, parent)) as dialog:
        story = _Rotation(desk, keys, old, dialog.show_key)
        number = 0
        try:
            while number < len(_STEPS) and await dialog.wish() != CLOSE:
                number = await _go_on(dialog, story, number)
            if number == len(_STEPS):
                await dialog.wish()
        finally:
            dialog.secret.set_secret(None)


async def _go_on(dialog: RotationDialog, story: "_Rotation", number: int) -> int:
    """Steps from `number` on until the user is to be asked; gives the step that is next."""
    while True:
        step = _STEPS[number]
        dialog.show_doing(step)
        try:
            await story.do(step)
        except MosaicError as error:
            lost = step is RotationStep.CREATE and isinstance(error, NetworkError) and error.seen
            dialog.show_failed(step, lost_answer(error.problem) if lost else sentence(error.problem))
            return number
        dialog.show_done(step)
        number += 1
        if dialog.stop_wanted or step in (RotationStep.SWITCH, RotationStep.REVOKE):
            dialog.ask_next(step)
            return number


class _Rotation:
    """What each step does at the service; `on_new` is called with the new key as soon as there is one."""

    def __init__(self, desk: AccountDesk, keys: KeyList, old: ApiKey, on_new: Callable[[NewKey], None]) -> None:
        self._desk = desk
        self._keys = keys
        self._old = old
        self._on_new = on_new
        self._new: NewKey | None = None

    async def do(self, step: RotationStep) -> None:
        if step is RotationStep.CREATE:
            self._new = await self._keys.create(self._old.webhook_url)
            self._on_new(self._new)
        elif self._new is not None:
            await self._do_with(step, self._new)

    async def _do_with(self, step: RotationStep, new: NewKey) -> None:
        match step:
            case RotationStep.CHECK:
                await self._desk.check_key(new.key)
            case RotationStep.SWITCH:
                await self._desk.use_key(new)
                self._keys.load()
            case _:
                await self._keys.revoke(self._old.id)
