"""The accounts of a data folder: what is known of each, and the way to its service.

The one place that finds an account, for the window and for headless commands alike.
"""

import asyncio
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
from mosaic_desktop.app.key_places import KeyPlaces
from mosaic_desktop.app.paths import DataPaths
from mosaic_desktop.core.account import NewKey
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, VaultError
from mosaic_desktop.core.ports import NewAccount, Profile, SecretStore, SettingsStore
from mosaic_desktop.core.secrets import Secret

_TITLE = "My Mosaic"
_SHORTEST_HINT = 6  # with fewer characters the masked form tells nothing


def session_name(profile_id: str) -> str:
    """Under which the keyring has the sign-in of an account."""
    return f"session-{profile_id}"


class Profiles:
    """``settings`` holds what is known of the accounts, those for one session among them, so that their work is found
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
        self._places = KeyPlaces(vault, lambda id_: any(id_ == known.id for known in settings.value.profiles))
        self._environment = environment
        self._with_work = with_work
        self._adding = asyncio.Lock()

    async def aclose(self) -> None:
        await self._places.aclose()

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
        return self._places.of(profile_id)

    async def account(self, profile_id: str) -> Account:
        """Whoever asks for it closes it. Asks the keyring, and so perhaps the user.

        Raises VaultError, AuthError (NO_KEY), MosaicError (NOT_FOUND, VALIDATION).
        """
        profile = self.find(profile_id)
        if profile.is_local:
            return LocalAccount(self._paths)
        key = await self.vault_of(profile_id).read(profile_id)
        if key is None:
            raise AuthError(Code.NO_KEY)
        return KeyAccount(profile if profile.session_only else await self._note_where(profile, key), key)

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
        base, auth_url = _address(wanted.base_url) or profile.base_url, _address(wanted.auth_url)
        if base != profile.base_url and (key := key or await self.peek(wanted.id)) is not None:
            await check_key(base, key)
        if (base, auth_url) != (profile.base_url, profile.auth_url):
            await self._places.take_out(profile, session_name(profile.id))
        changed = replace(
            self.find(wanted.id),  # which may have got another key meanwhile
            title=wanted.title.strip() or profile.title,
            base_url=base,
            auth_url=auth_url,
            anon_key=wanted.anon_key.strip(),
            output_folder=wanted.output_folder,
        )
        self._put(changed)
        return self._as_it_is(changed)

    async def forget_key(self, profile_id: str) -> None:
        """The account and its work stay, for when its key is entered again. Raises VaultError."""
        await self._places.forget_key(profile_id)
        self._put(replace(self.find(profile_id), keyring="", key_id=""))

    async def forget_secrets(self, profile_id: str) -> None:
        """Takes the key and the sign-in out of the keyring and out of memory. Raises VaultError; what is in a keyring
        that is gone stays there, since nobody can take it away.
        """
        profile = self.find(profile_id)
        for name in (session_name(profile_id), profile_id):
            await self._places.take_out(profile, name)

    def forget(self, profile_id: str) -> None:
        """Takes the account out of the list, and what was chosen for it out of the settings."""
        settings = self._settings.value
        kept = tuple(profile for profile in settings.profiles if profile.id != profile_id)
        forms = {owner: chosen for owner, chosen in (settings.form_choices or {}).items() if owner != profile_id}
        self._settings.change(profiles=kept, form_choices=forms)

    # Inside

    def _as_it_is(self, profile: Profile) -> Profile:
        return replace(profile, base_url=_base_of(profile), session_only=self._places.has_in_memory(profile.id))

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
        keyring = await self._places.keep(profile.id, key, session_only=session_only)
        changed = replace(profile, key_hint=key.masked, key_id=key_id, keyring=keyring or profile.keyring)
        self._put(changed)
        return self._as_it_is(changed)

    async def _note_where(self, profile: Profile, key: Secret) -> Profile:
        """Remembers which keyring gave the key; older versions did not."""
        if profile.key_hint != key.masked or not profile.keyring:
            profile = replace(profile, key_hint=key.masked, keyring=profile.keyring or await self._places.keyring())
            self._put(profile)
        return profile

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
            if lost not in taken and await self._places.certainly_has(lost, key):
                return lost
        if (
            ACCOUNT not in taken
            and (not session_only or ACCOUNT in with_work)
            and await self._places.certainly_has(ACCOUNT, None)
        ):
            return ACCOUNT
        return f"{ACCOUNT}-{uuid4().hex[:12]}"

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
