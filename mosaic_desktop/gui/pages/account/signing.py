"""Signing in and out, and reading the balance: what the buttons of the two first cards do."""

import asyncio
from collections.abc import Awaitable, Callable

from mosaic_desktop.core.account_ports import AccountDesk
from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.pages.account.balance_card import BalanceCard
from mosaic_desktop.gui.pages.account.sign_in_card import SignInCard

_SIGN_IN, _SIGN_OUT, _READ = "sign in", "sign out", "read the balance"


class Signing:
    def __init__(self, desk: AccountDesk, scope: TaskScope, sign_in: SignInCard, balance: BalanceCard) -> None:
        self._desk = desk
        self._scope = scope
        self._sign_in = sign_in
        self._balance = balance
        self._reading = self._leaving = False
        self._entering: asyncio.Task[None] | None = None
        sign_in.sign_in_wanted.connect(self._on_sign_in_wanted)
        sign_in.token_wanted.connect(self._on_token_wanted)
        sign_in.cancelled.connect(self._on_cancelled)
        balance.sign_out_wanted.connect(self._on_sign_out_wanted)
        balance.refresh_wanted.connect(self._on_refresh_wanted)

    def _on_sign_in_wanted(self, email: str, password: Secret) -> None:
        self._begin(lambda: self._desk.sign_in(email, password))

    def _on_token_wanted(self, token: Secret) -> None:
        self._begin(lambda: self._desk.use_token(token))

    def _on_cancelled(self) -> None:
        if self._entering is not None:
            self._entering.cancel()

    def _on_sign_out_wanted(self) -> None:
        if not self._leaving:
            self._scope.start(self._leave(), _SIGN_OUT)

    def _on_refresh_wanted(self) -> None:
        if not self._reading:
            self._scope.start(self._read(), _READ)

    def _begin(self, enter: Callable[[], Awaitable[None]]) -> None:
        self._sign_in.set_busy(True)
        self._entering = self._scope.replace(self._enter(enter), _SIGN_IN)

    async def _enter(self, enter: Callable[[], Awaitable[None]]) -> None:
        try:
            await enter()
        except MosaicError as error:
            self._sign_in.set_busy(False)
            self._sign_in.show_trouble(sentence(error.problem))
        except asyncio.CancelledError:
            self._sign_in.set_busy(False)
            raise
        else:
            self._sign_in.set_busy(False)
            self._sign_in.forget()

    async def _leave(self) -> None:
        self._leaving = True
        self._show_busy()
        try:
            await self._desk.sign_out()
        except MosaicError as error:
            self._sign_in.show_trouble(sentence(error.problem))
        finally:
            self._leaving = False
            self._show_busy()

    async def _read(self) -> None:
        """Why it failed stands in the balance itself."""
        self._reading = True
        self._show_busy()
        try:
            await self._desk.read_balance()
        except MosaicError:
            pass
        finally:
            self._reading = False
            self._show_busy()

    def _show_busy(self) -> None:
        self._balance.set_busy(reading=self._reading, leaving=self._leaving)
