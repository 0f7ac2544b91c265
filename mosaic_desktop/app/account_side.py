"""What stands beside the engine while the window shows an account: its sign-in, balance and keys, and its webhooks."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from mosaic_desktop.account.desk import Desk
from mosaic_desktop.account.keys import KeyMemory
from mosaic_desktop.account.parts import AccountParts
from mosaic_desktop.api import signature
from mosaic_desktop.api.supabase_protocol import read_token
from mosaic_desktop.app.accounts import Account, LocalAccount
from mosaic_desktop.app.profiles import Profiles, session_name
from mosaic_desktop.core.account import NewKey, SignInState
from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.core.clock import SystemClock
from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.ports import SettingsStore
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.deliveries import SqliteDeliveries
from mosaic_desktop.storage.ledger import SqliteLedger
from mosaic_desktop.webhooks.desk import Webhooks
from mosaic_desktop.webhooks.judging import DeskParts

_SECONDS_BEFORE_SIGNING_IN_AGAIN = 10.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SideParts:
    """What outlives the account that is open."""

    database: SqliteDatabase
    settings: SettingsStore
    profiles: Profiles


class AccountSide:
    """Built beside ``engine``; ``open`` after it was started, ``close`` once no more deliveries are to reach it."""

    def __init__(self, account: Account, engine: Engine, parts: SideParts) -> None:
        self._account = account
        self._engine = engine
        self._parts = parts
        self._clock = SystemClock()
        self._scope = TaskScope("account side")
        profile_id = account.profile.id
        self.desk = Desk(
            AccountParts(
                auth=account.auth(),
                portal=account.portal(),
                ledger=lambda person: SqliteLedger(
                    parts.database, profile_id, "" if account.profile.is_local else person
                ),
                vault=parts.profiles.vault_of(profile_id) if account.key_in_keyring else None,
                token_name=session_name(profile_id),
                clock=self._clock,
                subscribe=engine.subscribe,
                runs=engine.store.runs,
                seconds_of=self._seconds_of,
                read_token=read_token,
                check_key=account.check_key,
                use_key=self._use_key,
                key_memory=KeyMemory(
                    own_id=lambda: account.profile.key_id or None,
                    learn_own_id=self._learn_own_id,
                    own_hint=lambda: account.hint,
                    touch=self._touch,
                    hints=self._hints,
                    remember_hint=self._remember_hint,
                ),
                person=account.profile.email,
            )
        )
        self.webhooks = Webhooks(
            DeskParts(
                keys=account.keys,
                verify=signature.verify,
                sign=signature.sign,
                read=signature.read_delivery,
                hear_of=engine.hear_of,
                expects=engine.expects,
                log=SqliteDeliveries(parts.database, profile_id),
                clock=self._clock,
            )
        )
        self._unsubscribe = self.desk.subscribe(self._on_desk)

    async def open(self) -> None:
        """Raises JournalError."""
        await self.desk.start()
        await self.webhooks.open()
        settings = self._parts.settings.value
        if settings.webhooks:
            await self.webhooks.start(settings.webhook_port)
        if isinstance(self._account, LocalAccount):
            self._scope.start(self._sign_in(self._account), "sign in")

    async def close(self) -> None:
        self._unsubscribe()
        await self._scope.aclose()
        await self.webhooks.aclose()
        await self.desk.aclose()

    # Inside

    def _on_desk(self) -> None:
        now = self.desk.sign_in_state
        if now.state is SignInState.IN and now.email:
            self._account.profile = self._parts.profiles.note(self._account.profile, email=now.email)
        if now.state is SignInState.ENDED and isinstance(self._account, LocalAccount) and not self._scope.closed:
            self._scope.replace(self._sign_in(self._account, _SECONDS_BEFORE_SIGNING_IN_AGAIN), "sign in")

    async def _sign_in(self, local: LocalAccount, after: float = 0.0) -> None:
        """Its user is nobody but this application. ``after``: seconds to wait first."""
        while True:
            await self._clock.sleep(after)
            try:
                await self.desk.sign_in(*await local.sign_in())
            except MosaicError as error:
                log.info("nobody is signed in to the local Mosaic: %s", error)
                after = _SECONDS_BEFORE_SIGNING_IN_AGAIN
            else:
                return

    def _seconds_of(self, asset_id: AssetId) -> float | None:
        asset = self._engine.store.asset(asset_id)
        return asset.media.duration if asset is not None and asset.media is not None else None

    async def _use_key(self, new: NewKey) -> None:
        """Kept first. What is under way ends with the key it began with."""
        self._account.profile = await self._parts.profiles.keep_key(self._account.profile, new)
        self._account.use_key(new.key)
        self._scope.replace(self._touch_quietly(), "first call with another key")

    async def _touch(self) -> None:
        """By the engine, so that the window hears whether the key is accepted."""
        await self._engine.agents()

    async def _touch_quietly(self) -> None:
        """Its answer lets go on what waited for a key that is accepted."""
        try:
            await self._touch()
        except MosaicError as error:
            log.info("another key is in use; the service did not answer yet: %s", error)

    def _learn_own_id(self, key_id: str) -> None:
        self._account.profile = self._parts.profiles.note(self._account.profile, key_id=key_id)

    def _hints(self) -> Mapping[str, str]:
        return self._parts.settings.value.key_hints or {}

    def _remember_hint(self, key_id: str, hint: str) -> None:
        self._parts.settings.change(key_hints={**self._hints(), key_id: hint})
