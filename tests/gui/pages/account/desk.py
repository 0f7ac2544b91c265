"""An account and a webhook receiver in memory, and a window that shows them, for tests of the Account page."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QLineEdit, QMenu, QWidget

from mosaic_desktop.core.account import (
    ApiKey,
    Balance,
    BalanceReading,
    Delivery,
    Estimate,
    Forecast,
    NewKey,
    ReceiverState,
    RunCost,
    SignIn,
    SignInState,
    Verdict,
)
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, Problem
from mosaic_desktop.core.ports import Profile
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.gui.pages.account.page import AccountPage
from mosaic_desktop.gui.widgets.record_table import RecordTable
from tests.gui.pages.desk import ACCOUNT, Desk
from tests.gui.widgets.accessible import spoken_name
from tests.support.waiting import until_async

DAY = 86_400.0
EMAIL, PASSWORD = "you@studio.example", "correct horse"
PLAINTEXT = "mk_live_0123456789abcdef77fe"


class Listeners:
    def __init__(self) -> None:
        self._all: list[Callable[[], None]] = []

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._all.append(listener)
        return lambda: self._all.remove(listener)

    def tell(self) -> None:
        for listener in tuple(self._all):
            listener()

    def __len__(self) -> int:
        return len(self._all)


@dataclass
class FakeAccount:
    """Implements AccountDesk with an account of its own. `fail` has, by call, the errors to raise, each once;
    `hold`: by call, what it waits for before it answers. `asked`: the calls in their order.
    """

    now: Callable[[], float]
    state: SignIn = field(default_factory=lambda: SignIn(SignInState.IN, EMAIL))
    value: Balance = field(default_factory=Balance)
    past: tuple[BalanceReading, ...] = ()
    spent: tuple[RunCost, ...] = ()
    ahead: Forecast | None = None
    kept: list[ApiKey] = field(default_factory=list)
    fail: dict[str, MosaicError] = field(default_factory=dict)
    hold: dict[str, asyncio.Event] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    used: NewKey | None = None
    listeners: Listeners = field(default_factory=Listeners)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        return self.listeners.subscribe(listener)

    @property
    def sign_in_state(self) -> SignIn:
        return self.state

    @property
    def balance(self) -> Balance:
        return self.value

    @property
    def readings(self) -> tuple[BalanceReading, ...]:
        return self.past

    @property
    def costs(self) -> tuple[RunCost, ...]:
        return self.spent

    @property
    def forecast(self) -> Forecast | None:
        return self.ahead

    def estimate(self, agent: str, seconds: float | None) -> Estimate | None:
        return None

    async def sign_in(self, email: str, password: Secret) -> None:
        await self._called(f"sign in {email}")
        if (email, password.reveal()) != (EMAIL, PASSWORD):
            raise AuthError(Code.INVALID_LOGIN)
        self.change(SignIn(SignInState.IN, email))

    async def use_token(self, token: Secret) -> None:
        await self._called("use token")
        self.change(SignIn(SignInState.IN, kept=False))

    async def sign_out(self) -> None:
        await self._called("sign out")
        self.change(SignIn(SignInState.OUT))

    async def read_balance(self) -> None:
        await self._called("read balance")
        credits = self.value.latest.credits if self.value.latest is not None else 0.0
        self.value = Balance(BalanceReading(self.now(), credits))
        self.listeners.tell()

    async def keys(self) -> tuple[ApiKey, ...]:
        await self._called("keys")
        return tuple(self.kept)

    async def create_key(self, webhook_url: str | None = None) -> NewKey:
        await self._called(f"create {webhook_url or 'without webhook'}")
        new = NewKey(f"key-{len(self.kept) + 1}", Secret(PLAINTEXT), webhook_url)
        self.kept.append(ApiKey(new.id, self.now(), None, webhook_url, new.key.masked))
        return new

    async def set_webhook(self, key_id: str, url: str | None) -> None:
        await self._called(f"webhook of {key_id}: {url}")
        self.kept = [replace(key, webhook_url=url) if key.id == key_id else key for key in self.kept]

    async def revoke_key(self, key_id: str) -> None:
        await self._called(f"revoke {key_id}")
        self.kept = [key for key in self.kept if key.id != key_id]

    async def check_key(self, key: Secret) -> None:
        await self._called(f"check {key.masked}")

    async def use_key(self, new: NewKey) -> None:
        await self._called(f"use {new.id}")
        self.used = new
        self.kept = [replace(key, is_own=key.id == new.id) for key in self.kept]

    # For tests

    def change(self, state: SignIn) -> None:
        self.state = state
        self.listeners.tell()

    def read(self, credits: float, age: float = 0.0, problem: Problem | None = None) -> None:
        """The balance as it was read `age` seconds ago."""
        self.value = Balance(BalanceReading(self.now() - age, credits), problem)
        self.listeners.tell()

    async def _called(self, words: str) -> None:
        self.asked.append(words)
        verb = words.partition(" ")[0]
        if (hold := self.hold.get(verb)) is not None:
            await hold.wait()
        if (error := self.fail.pop(verb, None)) is not None:
            raise error


@dataclass
class FakeWebhooks:
    """Implements WebhookDesk. `taken`: ports of other programs."""

    now: Callable[[], float]
    state: ReceiverState = field(default_factory=ReceiverState)
    came: tuple[Delivery, ...] = ()
    taken: tuple[int, ...] = ()
    fail: MosaicError | None = None
    hold: asyncio.Event | None = None
    listeners: Listeners = field(default_factory=Listeners)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        return self.listeners.subscribe(listener)

    @property
    def receiver(self) -> ReceiverState:
        return self.state

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        return self.came

    async def start(self, port: int) -> None:
        if self.hold is not None:
            await self.hold.wait()
        taken = port in self.taken
        url = None if taken else f"http://127.0.0.1:{port}/mosaic"
        self.state = ReceiverState(url, Problem(Code.PORT_TAKEN) if taken else None)
        self.listeners.tell()

    async def stop(self) -> None:
        self.state = ReceiverState()
        self.listeners.tell()

    async def send_test(self) -> None:
        if self.fail is not None:
            raise self.fail
        self.arrive(Verdict.TEST)

    def arrive(self, verdict: Verdict, event: str = "", age: float = 0.0) -> None:
        self.came = (Delivery(self.now() - age, verdict, event), *self.came)
        self.listeners.tell()


def keys_of(now: float) -> list[ApiKey]:
    """Three as in the drawing: the app's own, used just now by a service whose clock is ahead, another one, and one
    that was never used.
    """
    return [
        ApiKey("k-own", now - 16 * DAY, now + 600, "http://127.0.0.1:8765/mosaic", "mk_live_…a1b2", is_own=True),
        ApiKey("0f8a6c1e-5b1f-4f0a-9a44-3c8e2b7d11aa", now - 56 * DAY, now - 2 * DAY, None, "mk_live_…77fe"),
        ApiKey("9c1d2e3f-0000-4000-8000-1234567890ab", now - 180 * DAY),
    ]


class AccountStory:
    """A desk whose window shows the Account page, found as a user finds it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.account = FakeAccount(time.time)
        self.webhooks = FakeWebhooks(time.time)

    @property
    def now(self) -> float:
        return time.time()  # the window’s own clock

    async def open(self, page: str = "Account", profile: Profile = ACCOUNT, *, webhooks: bool = True) -> None:
        receiver = self.webhooks if webhooks else None
        self.desk.window.show_workspace(self.desk.engine(), profile, self.account, receiver)
        await self.desk.show()
        self.desk.button(page).click()
        await self.desk.settle()

    @property
    def page(self) -> AccountPage:
        return self.desk.visible(AccountPage)[0]

    def table(self, name: str = "API keys") -> RecordTable:
        return next(table for table in self.desk.visible(RecordTable) if table.accessibleName() == name)

    def rows(self, name: str = "API keys") -> list[str]:
        """Each row of a table as it is read aloud; empty while it is not in sight."""
        shown = [table for table in self.desk.visible(RecordTable) if table.accessibleName() == name]
        return [record.spoken for table in shown for record in table.records.records]

    def field(self, name: str) -> QLineEdit:
        return next(edit for edit in self.desk.visible(QLineEdit) if edit.accessibleName() == name)

    def type(self, name: str, text: str) -> None:
        field = self.field(name)
        field.setFocus()
        field.clear()
        QTest.keyClicks(field, text)

    async def loaded(self) -> None:
        await until_async(lambda: "keys" in self.account.asked)
        await self.desk.settle()

    async def menu(self, row: int, word: str) -> None:
        """Chooses `word` in the menu of a key's row, by the keyboard."""
        table = self.table()
        table.setFocus()
        table.setCurrentIndex(table.records.index(row, 0))
        QTest.keyClick(table, Qt.Key.Key_Return)
        await until_async(lambda: self.menus())
        (menu,) = self.menus()
        action = next(action for action in menu.actions() if action.text().partition("\t")[0] == word)
        menu.close()
        action.trigger()
        await self.desk.settle()

    def menus(self) -> list[QMenu]:
        return [menu for menu in self.table().findChildren(QMenu) if menu.isVisible()]

    # Dialogs

    async def dialog(self) -> QDialog:
        await until_async(lambda: [dialog for dialog in self.desk.visible(QDialog) if dialog.isVisible()])
        return self.desk.visible(QDialog)[0]

    def buttons(self, inside: QWidget) -> dict[str, QAbstractButton]:
        return {spoken_name(each): each for each in inside.findChildren(QAbstractButton) if each.isVisible()}

    async def press_in(self, dialog: QDialog, name: str) -> None:
        QTest.mouseClick(self.buttons(dialog)[name], Qt.MouseButton.LeftButton)
        await self.desk.settle()

    def says(self, dialog: QDialog) -> str:
        return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())

    async def until_gone(self) -> None:
        await until_async(lambda: not self.desk.visible(QDialog))
        await self.desk.settle()
