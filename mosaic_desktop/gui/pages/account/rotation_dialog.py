"""Replacing the key that this app works with, step by step: create, check, switch, revoke the old one."""

from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mosaic_desktop.account.rotation import Rotation, RotationState, RotationStep
from mosaic_desktop.core.account import ApiKey
from mosaic_desktop.core.account_ports import AccountDesk
from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.gui.clipboard_secret import ClipboardSecret
from mosaic_desktop.gui.pages.account.key_list import KeyList
from mosaic_desktop.gui.pages.account.story_dialog import CLOSE, StoryDialog, opened
from mosaic_desktop.gui.pages.account.words import key_name, lost_answer
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import ButtonKind, danger_button, primary_button, secondary_button
from mosaic_desktop.gui.widgets.icon_line import IconLine
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.masked_secret import MaskedSecret

_GO_ON, _GIVE_UP = "go on", "give up"
_WHAT = (
    "A new key takes the place of the one this app works with. Uploads and runs go on meanwhile. "
    "The old key is revoked last, and only when you say so."
)
_ONCE = "This is the only time that the new key is shown. Copy it now if other programs need it."
_STOPPING = "It stops after this step."
_GIVING_UP = "Revoking the new key…"
_DONE = "Done. The old key is refused from here on."


@dataclass(frozen=True, slots=True)
class _Step:
    """What it does, what is said meanwhile, and what holds before it where one stops there."""

    words: str
    doing: str
    before: str = ""


_STEPS = {
    RotationStep.CREATE: _Step("Create a new key", "creating…"),
    RotationStep.CHECK: _Step(
        "Check that Mosaic accepts it",
        "checking…",
        "Stopped. There is a new key; this app still works with the old one.",
    ),
    RotationStep.USE: _Step(
        "Switch this app to it", "switching…", "Stopped. The new key works; this app still works with the old one."
    ),
    RotationStep.REVOKE: _Step(
        "Revoke the old key",
        "revoking…",
        "This app works with the new key now. Programs that still use the old one will be refused once it is revoked.",
    ),
}
_ORDER = (*_STEPS, RotationStep.DONE)


class RotationDialog(StoryDialog):
    """While a step is under way, closing means to stop after it."""

    def __init__(self, theme: Theme, key: ApiKey, clipboard: ClipboardSecret, parent: QWidget) -> None:
        super().__init__(theme, f"Replace {key_name(key)}", parent)
        self.stop_wanted = False
        self._words = text_label(theme, _WHAT, tone=Tone.SECONDARY, wrap=True)
        self._lines = {step: IconLine(theme, TextStyle.BODY) for step in _STEPS}
        self._secret = MaskedSecret(theme, "new API key", clipboard.put)
        self._secret.hide()
        self._give_up = danger_button(theme, "Revoke the new key")
        self._close = secondary_button(theme, "Cancel")
        self._go = primary_button(theme, "Replace key")
        self._build()
        self._give_up.clicked.connect(lambda: self.want(_GIVE_UP))
        self._close.clicked.connect(self.reject)
        self._go.clicked.connect(lambda: self.want(_GO_ON))
        self._offer("Cancel", "Replace key")
        self._close.setFocus()  # Enter harms nobody

    def reject(self) -> None:
        if self.busy:
            self.stop_wanted = True
            self._close.setEnabled(False)
            self.say(_STOPPING)
        else:
            super().reject()

    def show_state(self, state: RotationState) -> None:
        """Which steps are done, which one is under way or did not work, and the new key once there is one."""
        self.hold(state.is_running)
        due = _ORDER.index(state.step)
        for number, (step, line) in enumerate(self._lines.items()):
            words = _STEPS[step].words
            if number < due:
                line.set_line(words, StateKind.GOOD, "circle-check")
            elif number > due or not (state.is_running or state.problem is not None):
                line.set_line(words, StateKind.NEUTRAL, "circle")
            elif state.is_running:
                line.set_line(f"{words}: {_STEPS[step].doing}", StateKind.ACTIVE, "loader-circle")
            else:
                line.set_line(f"{words}: did not work", StateKind.BAD, "circle-alert")
        if state.new is not None and self._secret.isHidden():
            self._secret.set_secret(state.new.key)
            self._secret.show()
            self._words.setText(_ONCE)
        if state.is_running:
            self._offer("Stop", "")
            self._close.setEnabled(not self.stop_wanted)
        self.fit()

    def ask_next(self, state: RotationState) -> None:
        """What holds now, and the ways on."""
        unused = state.step in (RotationStep.CHECK, RotationStep.USE)
        if state.problem is not None:
            self._offer("Close", "Try again", give_up=unused)
            lost = state.is_lost and state.step is RotationStep.CREATE
            self.say(lost_answer(state.problem) if lost else sentence(state.problem), Tone.BAD)
        elif state.step is RotationStep.DONE:
            self._offer("", "Done")
            self.say(_DONE, Tone.GOOD)
            self._go.setFocus()
        elif state.step is RotationStep.REVOKE:
            self._offer("Keep both", "Revoke the old key", ButtonKind.DANGER)
            self.say(_STEPS[state.step].before)
            self._close.setFocus()
        else:
            self._offer("Close", "Go on", give_up=unused)
            self.say(_STEPS[state.step].before, Tone.WARNING)
            self._close.setFocus()

    def show_giving_up(self) -> None:
        self._offer("", "")
        self.say(_GIVING_UP)

    def forget(self) -> None:
        self._secret.set_secret(None)

    # Inside

    def _build(self) -> None:
        self.body.addWidget(self._words)
        steps = QVBoxLayout()
        steps.setContentsMargins(0, Space.S, 0, Space.S)
        steps.setSpacing(Space.M)
        for step, line in self._lines.items():
            steps.addWidget(line)
            line.set_line(_STEPS[step].words, StateKind.NEUTRAL, "circle")
        self.body.addLayout(steps)
        self.body.addWidget(self._secret)
        self.foot.insertWidget(0, self._give_up)
        self.foot.addWidget(self._close)
        self.foot.addWidget(self._go)

    def _offer(self, close: str, go: str, kind: ButtonKind = ButtonKind.PRIMARY, *, give_up: bool = False) -> None:
        for button, text in ((self._close, close), (self._go, go)):
            button.setText(text)
            button.setVisible(bool(text))
            button.setEnabled(True)
        self._give_up.setVisible(give_up)
        self._go.set_kind(kind)


async def replace_key(
    theme: Theme, desk: AccountDesk, keys: KeyList, old: ApiKey, clipboard: ClipboardSecret, parent: QWidget
) -> None:
    """Until the old key is revoked, or the user stops; what was done by then stays done."""
    async with opened(RotationDialog(theme, old, clipboard, parent)) as dialog:
        rotation = Rotation(desk, old, lambda: dialog.show_state(rotation.state))
        try:
            while (wish := await dialog.wish()) != CLOSE and rotation.state.step is not RotationStep.DONE:
                if wish == _GIVE_UP:
                    if await _give_up(dialog, rotation):
                        return
                else:
                    await _go_on(dialog, rotation, keys)
        finally:
            dialog.forget()
            keys.load()


async def _go_on(dialog: RotationDialog, rotation: Rotation, keys: KeyList) -> None:
    """Step by step until the user is to be asked: after a stop, a failure, and before the old key is revoked."""
    dialog.stop_wanted = False
    dialog.say("")
    while not dialog.stop_wanted:
        await rotation.run(until=_ORDER[_ORDER.index(rotation.state.step) + 1])
        keys.load()
        if rotation.state.problem is not None or rotation.state.step in (RotationStep.REVOKE, RotationStep.DONE):
            break
    dialog.ask_next(rotation.state)


async def _give_up(dialog: RotationDialog, rotation: Rotation) -> bool:
    """Whether the new key is revoked, so that all is as before."""
    dialog.hold(True)
    dialog.show_giving_up()
    try:
        await rotation.give_up()
    except MosaicError as error:
        dialog.ask_next(rotation.state)
        dialog.say(sentence(error.problem), Tone.BAD)
        return False
    finally:
        dialog.hold(False)
    if rotation.state.new is not None:  # it is in use after all
        dialog.ask_next(rotation.state)
        return False
    return True
