"""A user at the window: finds controls by the names that a screen reader says, clicks, types and drags."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractSpinBox, QMessageBox, QWidget

from tests.support.waiting import until_async

W = TypeVar("W", bound=QWidget)
_LEFT = Qt.MouseButton.LeftButton
_SOURCE = Path(__file__).with_name("drag_source.py")


class User:
    """Looks at one window."""

    def __init__(self, window: QWidget) -> None:
        self.window = window

    async def see(self, kind: type[W], name: str, seconds: float = 30.0) -> W:
        """The visible control of that kind whose accessible name begins with ``name``, as soon as there is one."""
        await until_async(lambda: self._find(kind, name) is not None, seconds)
        found = self._find(kind, name)
        assert found is not None
        return found

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
        """Pulls files out of another program's window and lets them go over ``target``, with the system's protocol."""
        command = [sys.executable, str(_SOURCE), *map(str, paths)]
        with await asyncio.to_thread(subprocess.Popen, command, stdout=subprocess.PIPE, text=True) as source:
            assert source.stdout is not None
            assert await asyncio.to_thread(source.stdout.readline) == "ready\n"
            end = target.mapToGlobal(target.rect().center())
            await _mouse("mousemove", "30", "30", "mousedown", "1")
            for step in range(1, 11):
                await _mouse("mousemove", str(30 + (end.x() - 30) * step // 10), str(30 + (end.y() - 30) * step // 10))
            await _mouse("mousemove", str(end.x() + 1), str(end.y() + 1))
            await _mouse("mouseup", "1")
            await _mouse("mousemove", "1500", "1150")
            source.terminate()
            await asyncio.to_thread(source.wait, 10)

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


def _said(control: QWidget) -> str:
    """The name that a screen reader says."""
    return QAccessible.queryAccessibleInterface(control).text(QAccessible.Text.Name)


async def _mouse(*words: str) -> None:
    """Moves the pointer and lets the window hear of it. Never by processEvents, which would enter the loop twice."""
    await asyncio.to_thread(subprocess.run, ["xdotool", *words], check=True)
