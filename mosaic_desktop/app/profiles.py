"""The accounts of a data folder: what is known of each, where its secrets are, and the way to its service.

The one place that finds an account, for the window and for headless commands alike.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from uuid import uuid4

from mosaic_desktop.app.accounts import (
    ACCOUNT,
    DEFAULT_BASE_URL,
    ENVIRONMENT,
    LOCAL,
    LOCAL_PROFILE,
    Account,
    KeyAccount,
    LocalAccount,
    check_key,
)
from mosaic_desktop.app.environment import base_url
from mosaic_desktop.app.paths import DataPaths
from mosaic_desktop.core.account import NewKey
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, VaultError
from mosaic_desktop.core.ports import NewAccount, Profile, SecretStore, SettingsStore
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.storage.credentials import SessionVault

_TITLE = "My Mosaic"
log = logging.getLogger(__name__)
_SHORTEST_HINT = 6  # with fewer characters the masked form tells nothing


def session_name(profile_id: str) -> str:
    """Under which the keyring has the sign-in of an account."""
    return f"session-{profile_id}"


class Profiles:
    """A key is in the keyring under its profile's id, or, for this session only, in memory.

    ``settings`` holds what is known of the accounts, those for one session among them, so that their work is found
    again when their key is entered again. ``with_work``: the ids under which the journal has rows, by which an account
    is found again that the settings have lost.
    """

    def __init__(
        self,
        paths: DataPaths,
        settings: SettingsStore,
        vault: SecretStore,
        environment: Mapping[str, str],
        with_work: Callable[[], Awaitable[Sequence[str]]] | None = None,
    ) -> None:
        self._paths = paths
        self._settings = settings
        self._vault = vault
        self._environment = environment
        self._with_work = with_work
        self._session = SessionVault()
        self._in_memory: set[str] = set()
        self._adding = asyncio.Lock()
        self._scope = TaskScope("accounts")

    async def aclose(self) -> None:
        await self._scope.aclose(timeout=1.0)

    @property
    def usual_address(self) -> str:
        return base_url(self._environment)

    @property
    def all(self) -> tuple[Profile, ...]:
        """The local Mosaic last."""
        return (*map(self._as_it_is, self._settings.value.profiles), LOCAL_PROFILE)

    def find(self, profile_id: str) -> Profile:
        """Raises MosaicError (NOT_FOUND)."""
        for profile in self.all:
            if profile.id == profile_id:
                return profile
        raise MosaicError(Code.NOT_FOUND)

    def vault_of(self, profile_id: str) -> SecretStore:
        """Where the secrets of an account are: in memory for those whose key is for this session only."""
        return self._session if profile_id in self._in_memory else self._vault

    async def account(self, profile_id: str) -> Account:
        """Whoever asks for it closes it. Asks the keyring, and so perhaps the user.

        Raises VaultError, AuthError (NO_KEY), MosaicError (NOT_FOUND, VALIDATION).
        """
        profile = self.find(profile_id)
        if profile.is_local:
            return LocalAccount(self._paths)
        if profile.session_only:
            key = await self._session.read(profile_id)
        else:
            key = await self._vault.read(profile_id)
            if key is not None:
                profile = await self._note_where(profile, key)
        if key is None:
            raise AuthError(Code.NO_KEY)
        return KeyAccount(profile, key)

    async def peek(self, profile_id: str) -> Secret | None:
        """Its key, without a question to the user. Raises VaultError."""
        return await self.vault_of(profile_id).peek(profile_id)

    async def add(self, new: NewAccount, *, session_only: bool = False) -> Profile:
        """One that is there already gets the key instead. Raises as the Gateway port says."""
        base, auth_url = _address(new.base_url or self.usual_address), _address(new.auth_url)
        async with self._adding:
            await check_key(base, new.key)
            profile = await self._known(base, new.key)
            if profile is None:
                profile = Profile(
                    await self._id_for(new.key, session_only=session_only),
                    new.title.strip() or self._free_title(),
                    False,
                    base,
                )
            elif new.title.strip():
                profile = replace(profile, title=new.title.strip())
            profile = replace(
                profile, auth_url=auth_url or profile.auth_url, anon_key=new.anon_key.strip() or profile.anon_key
            )
            return await self._keep(profile, new.key, session_only=session_only)

    async def enter_key(self, profile_id: str, key: Secret, *, session_only: bool = False) -> Profile:
        """Another key for an account, checked first. Raises MosaicError (VALIDATION) where it is another account's, for
        the work of one account is not the other's.
        """
        profile = self.find(profile_id)
        async with self._adding:
            await check_key(profile.base_url, key)
            known = await self._known(profile.base_url, key)
            if known is not None and known.id != profile_id:
                raise MosaicError(Code.VALIDATION, f"This is the key of “{known.title}”, which is here already.")
            return await self._keep(profile, key, session_only=session_only)

    async def keep_key(self, profile: Profile, new: NewKey) -> Profile:
        """A key that the service made just now for this account, kept where its key is. Raises VaultError."""
        if profile.is_local:
            return replace(profile, key_id=new.id)  # in memory alone: it says its own key at each start
        known = self.find(profile.id)
        async with self._adding:
            return await self._keep(known, new.key, session_only=known.session_only, key_id=new.id)

    def note(self, profile: Profile, *, email: str | None = None, key_id: str | None = None) -> Profile:
        """Remembers who signed in, or which of the service's keys it uses."""
        noted = replace(
            profile,
            email=profile.email if email is None else email,
            key_id=profile.key_id if key_id is None else key_id,
        )
        if noted != profile and not profile.is_local:
            known = self.find(profile.id)
            self._put(replace(known, email=noted.email, key_id=noted.key_id))
        return noted

    async def change(self, wanted: Profile, key: Secret | None) -> Profile:
        """Takes over what the user may change. ``key`` is checked at another address; without one it is peeked. A
        sign-in is for the addresses at which it was made, and is forgotten with them.
        """
        profile = self.find(wanted.id)
        if profile.is_local:
            return profile
        changed = replace(
            profile,
            title=wanted.title.strip() or profile.title,
            base_url=_address(wanted.base_url) or profile.base_url,
            auth_url=_address(wanted.auth_url),
            anon_key=wanted.anon_key.strip(),
            output_folder=wanted.output_folder,
        )
        if changed.base_url != profile.base_url and (key := key or await self.peek(wanted.id)) is not None:
            await check_key(changed.base_url, key)
        if (changed.base_url, changed.auth_url) != (profile.base_url, profile.auth_url):
            await self._take_out(profile, session_name(profile.id))
        self._put(changed)
        return self._as_it_is(changed)

    async def forget_key(self, profile_id: str) -> None:
        """The account and its work stay, for when its key is entered again. Raises VaultError."""
        if profile_id not in self._in_memory:
            await self._vault.delete(profile_id)
        self._in_memory.discard(profile_id)
        await self._session.delete(profile_id)
        self._put(replace(self.find(profile_id), keyring="", key_id=""))

    async def forget_secrets(self, profile_id: str) -> None:
        """Takes the key and the sign-in out of the keyring and out of memory. Raises VaultError; what is in a keyring
        that is gone stays there, since nobody can take it away.
        """
        profile = self.find(profile_id)
        for name in (session_name(profile_id), profile_id):
            await self._take_out(profile, name)
        self._in_memory.discard(profile_id)

    def forget(self, profile_id: str) -> None:
        """Takes the account out of the list."""
        kept = tuple(profile for profile in self._settings.value.profiles if profile.id != profile_id)
        self._settings.change(profiles=kept)

    # Inside

    async def _take_out(self, profile: Profile, name: str) -> None:
        await self._session.delete(name)
        if profile.session_only and not profile.keyring:
            return
        try:
            await self._vault.delete(name)
        except VaultError as error:
            if error.code not in (Code.NO_KEYRING, Code.KEYRING_GONE):
                raise
            log.warning("a secret stays in a keyring that is not there: %s", error)

    def _as_it_is(self, profile: Profile) -> Profile:
        return replace(profile, base_url=_base_of(profile), session_only=profile.id in self._in_memory)

    def _put(self, profile: Profile) -> None:
        """Whether its key is in memory is a matter of this process, not of the settings."""
        profile = replace(profile, session_only=False)
        others = self._settings.value.profiles
        if any(other.id == profile.id for other in others):
            kept = tuple(profile if other.id == profile.id else other for other in others)
        else:
            kept = (*others, profile)
        self._settings.change(profiles=kept)

    async def _keep(self, profile: Profile, key: Secret, *, session_only: bool, key_id: str = "") -> Profile:
        if session_only:
            await self._session.write(profile.id, key)
            self._in_memory.add(profile.id)
            changed = replace(profile, key_hint=key.masked, key_id=key_id)
        else:
            keyring = await self._keyring()
            await self._write(profile, key)
            # Nothing is awaited before it is noted that there is a secret.
            changed = replace(profile, key_hint=key.masked, key_id=key_id, keyring=keyring)
            self._in_memory.discard(profile.id)
        self._put(changed)
        if not session_only:
            await self._session.delete(profile.id)
        return self._as_it_is(changed)

    async def _write(self, profile: Profile, key: Secret) -> None:
        """Raises VaultError. A keyring that asks its user may take the key after everybody gave up on it; nobody would
        know of it then, so it is taken out again.
        """
        try:
            await self._vault.write(profile.id, key)
        except BaseException:
            if all(profile.id != known.id for known in self._settings.value.profiles) and not self._scope.closed:
                self._scope.start(self._take_back(profile.id), "take back a key")
            raise

    async def _take_back(self, profile_id: str) -> None:
        try:
            await self._vault.delete(profile_id)
        except VaultError as error:
            log.info("a key that nobody uses may stay in the keyring: %s", error)

    async def _note_where(self, profile: Profile, key: Secret) -> Profile:
        """Remembers which keyring gave the key; older versions did not."""
        if profile.key_hint != key.masked or not profile.keyring:
            profile = replace(profile, key_hint=key.masked, keyring=profile.keyring or await self._keyring())
            self._put(profile)
        return profile

    async def _keyring(self) -> str:
        return (await self._vault.state()).name

    async def _known(self, base: str, key: Secret) -> Profile | None:
        """The account with this key at this address. Where its key cannot be seen now, its masked form decides."""
        for profile in self.all:
            if profile.is_local or not _is_at(profile, base):
                continue
            try:
                known = await self.peek(profile.id)
            except VaultError:
                known = None
            if known == key or (known is None and key.masked == profile.key_hint and len(key.masked) > _SHORTEST_HINT):
                return profile
        return None

    async def _id_for(self, key: Secret, *, session_only: bool) -> str:
        """For a new account. Where the settings were lost, the journal still has its rows, and the keyring its key.

        The first account has the id under which older versions kept the rows and the key of the only one, unless that
        key is another one. Without rows, one for this session only has not, since under that id another data folder of
        this user may keep a key in the same keyring.
        """
        taken = {profile.id for profile in self._settings.value.profiles} | {LOCAL, ENVIRONMENT}
        with_work = await self._with_work() if self._with_work is not None else ()
        for lost in with_work:
            if lost not in taken and await self._holds(lost, key):
                return lost
        if ACCOUNT not in taken and (not session_only or ACCOUNT in with_work) and await self._holds(ACCOUNT, None):
            return ACCOUNT
        return f"{ACCOUNT}-{uuid4().hex[:12]}"

    async def _holds(self, profile_id: str, key: Secret | None) -> bool:
        """Whether the keyring certainly has ``key`` under that id; None: no key at all."""
        try:
            return await self._vault.peek(profile_id) == key
        except VaultError as error:
            return key is None and error.code == Code.NO_KEYRING

    def _free_title(self) -> str:
        taken = {profile.title for profile in self._settings.value.profiles}
        titles = (_TITLE if number == 1 else f"{_TITLE} {number}" for number in count(1))
        return next(title for title in titles if title not in taken)


def _base_of(profile: Profile) -> str:
    return profile.base_url if profile.base_url or profile.is_local else DEFAULT_BASE_URL


def _is_at(profile: Profile, base: str) -> bool:
    """Older versions kept addresses as they were typed."""
    try:
        return _address(profile.base_url) == base
    except MosaicError:
        return False


def _address(text: str) -> str:
    """An address that may hear a secret, or nothing for nothing. Raises MosaicError (VALIDATION) with a sentence."""
    from mosaic_desktop.api.address import base_address

    return base_address(text).text if text.strip() else ""
