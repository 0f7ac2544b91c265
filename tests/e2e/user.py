"""A user at the window: finds controls by the names that a screen reader says, clicks, types and drags."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QWidget,
)

from mosaic_desktop.gui.widgets.drop_overlay import DropOverlay
from mosaic_desktop.gui.widgets.labels import ElidedLabel
from mosaic_desktop.gui.widgets.record_delegate import RecordDelegate
from mosaic_desktop.gui.widgets.record_table import RecordTable
from tests.support.waiting import PATIENCE, until_async

W = TypeVar("W", bound=QWidget)
_LEFT = Qt.MouseButton.LeftButton
_SOURCE = Path(__file__).with_name("drag_source.py")


class User:
    """Looks at one window."""

    def __init__(self, window: QWidget) -> None:
        self.window = window

    async def see(self, kind: type[W], name: str) -> W:
        """The visible control of that kind whose accessible name begins with ``name``, as soon as there is one."""
        await until_async(lambda: self._find(kind, name) is not None)
        found = self._find(kind, name)
        assert found is not None
        return found

    async def read(self, words: str) -> None:
        """Waits until something that is visible says these words."""
        await until_async(lambda: self.reads(words))

    def reads(self, words: str) -> bool:
        labels: list[QLabel | ElidedLabel] = [
            *self.window.findChildren(QLabel),
            *self.window.findChildren(ElidedLabel),
        ]
        return any(words in label.text() for label in labels if label.isVisible())

    async def dialog(self) -> "User":
        """The same user, looking at the dialog that is open or about to open."""
        await until_async(lambda: self._dialogs())
        return User(self._dialogs()[-1])

    async def answer(self, word: str) -> None:
        """Clicks the button of an open question that says just this."""
        await until_async(lambda: self._button(word) is not None)
        button = self._button(word)
        assert button is not None
        QTest.mouseClick(button, _LEFT)

    async def click(self, kind: type[QWidget], name: str) -> None:
        control = await self.see(kind, name)
        await until_async(control.isEnabled)
        QTest.mouseClick(control, _LEFT)

    async def choose(self, view_name: str, text: str) -> None:
        """Clicks the row of a list that begins with ``text``."""
        view = await self.see(QAbstractItemView, view_name)
        await until_async(lambda: self._row(view, text).isValid())
        QTest.mouseClick(view.viewport(), _LEFT, pos=view.visualRect(self._row(view, text)).center())

    async def choose_from_menu(self, table_name: str, text: str, word: str) -> None:
        """Clicks the dots of the row that begins with ``text``, and in the menu what says ``word``."""
        table = await self.see(RecordTable, table_name)
        await until_async(lambda: self._row(table, text).isValid())
        row, delegate = self._row(table, text), table.itemDelegate()
        assert isinstance(delegate, RecordDelegate)
        last = table.visualRect(row.siblingAtColumn(table.model().columnCount() - 1))
        QTest.mouseClick(table.viewport(), _LEFT, pos=delegate.menu_rect(last).center())
        await until_async(lambda: _menus(table))
        menu = _menus(table)[0]
        action = next(action for action in menu.actions() if action.text().partition("\t")[0] == word)
        QTest.mouseClick(menu, _LEFT, pos=menu.actionGeometry(action).center())

    async def write(self, name: str, text: str) -> None:
        """Writes into a field, over what stands in it."""
        field = await self.see(QLineEdit, name)
        await until_async(field.isEnabled)
        QTest.mouseClick(field, _LEFT)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(field, text)

    async def type_number(self, name: str, digits: str) -> None:
        """Writes a number into a field and leaves it with Tab."""
        field = await self.see(QAbstractSpinBox, name)
        await until_async(field.isEnabled)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, digits)
        QTest.keyClick(field, Qt.Key.Key_Tab)

    def rows(self, view: QAbstractItemView) -> list[str]:
        """What a screen reader says of each row."""
        model = view.model()
        role = Qt.ItemDataRole.AccessibleTextRole
        return [str(model.data(model.index(row, 0), role)) for row in range(model.rowCount())]

    async def drag_here(self, paths: Sequence[Path], target: QWidget) -> None:
        """Pulls files out of another program's window and lets them go over ``target``, with the system's protocol.

        Not before the window says what that will do, and the other program stays until they are taken.
        """
        async with _other_program(*map(str, paths)):
            end = target.mapToGlobal(target.rect().center())
            await _mouse("mousemove", "30", "30", "mousedown", "1")
            for step in range(1, 11):
                await _mouse("mousemove", str(30 + (end.x() - 30) * step // 10), str(30 + (end.y() - 30) * step // 10))
            for aside in cycle((1, 0)):  # a pointer that rests tells nothing to a program that was still busy
                if self._offers_to_take():
                    break
                await _mouse("mousemove", str(end.x() + aside), str(end.y() + aside))
            await _mouse("mouseup", "1")
            await until_async(lambda: not self._offers_to_take())
            await _mouse("mousemove", "1500", "1150")

    @asynccontextmanager
    async def elsewhere(self) -> AsyncIterator[None]:
        """Another program's window is in front meanwhile."""
        ours = str(int(self.window.winId()))
        async with _other_program() as theirs:
            await _mouse("windowfocus", ours)  # which the last dialog may have left to nobody
            await _mouse("windowfocus", theirs)
            await until_async(lambda: not _is_in_front())
            yield
        await _mouse("windowfocus", ours)
        await until_async(_is_in_front)

    def _offers_to_take(self) -> bool:
        return any(overlay.isVisible() for overlay in self.window.findChildren(DropOverlay))

    def _dialogs(self) -> list[QDialog]:
        return [dialog for dialog in self.window.findChildren(QDialog) if dialog.isVisible()]

    def _find(self, kind: type[W], name: str) -> W | None:
        """One that is called exactly so goes before one whose name only begins so."""
        begun = [c for c in self.window.findChildren(kind) if c.isVisible() and _said(c).startswith(name)]
        return min(begun, key=lambda control: len(_said(control)), default=None)

    def _button(self, word: str) -> QAbstractButton | None:
        boxes = [box for box in self.window.findChildren(QMessageBox) if box.isVisible()]
        return next((button for box in boxes for button in box.buttons() if button.text() == word), None)

    def _row(self, view: QAbstractItemView, text: str) -> QModelIndex:
        for row, said in enumerate(self.rows(view)):
            if said.startswith(text):
                return view.model().index(row, 0)
        return QModelIndex()


def _menus(table: RecordTable) -> list[QMenu]:
    return [menu for menu in table.findChildren(QMenu) if menu.isVisible()]


def _said(control: QWidget) -> str:
    """The name that a screen reader says."""
    return QAccessible.queryAccessibleInterface(control).text(QAccessible.Text.Name)


def _is_in_front() -> bool:
    return QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive


@asynccontextmanager
async def _other_program(*files: str) -> AsyncIterator[str]:
    """Gives the number of its window."""
    command = [sys.executable, str(_SOURCE), *files]
    with await asyncio.to_thread(subprocess.Popen, command, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            ready, window = (await asyncio.to_thread(program.stdout.readline)).split()
            assert ready == "ready"
            yield window
        finally:
            program.terminate()
            await asyncio.to_thread(program.wait, PATIENCE)


async def _mouse(*words: str) -> None:
    """Moves the pointer, or the keyboard to a window, and lets ours hear of it. Never by processEvents, which would
    enter the loop twice.
    """
    await asyncio.to_thread(subprocess.run, ["xdotool", *words], check=True, timeout=PATIENCE)
