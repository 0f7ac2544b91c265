"""The environment variables of Mosaic's own examples, which stand in for a profile."""

import os
from collections.abc import Mapping

from mosaic_desktop.app.accounts import DEFAULT_BASE_URL, ENVIRONMENT, KeyAccount
from mosaic_desktop.core.ports import Profile
from mosaic_desktop.core.secrets import Secret, redact

_TITLE = "MOSAIC_API_KEY"


def base_url(environment: Mapping[str, str] = os.environ) -> str:
    """Where the service is: ``MOSAIC_API_BASE``, else the public one. It is shown to people, so without a password;
    an address with one is refused in any case.
    """
    return redact(environment.get("MOSAIC_API_BASE", "").strip()) or DEFAULT_BASE_URL


def environment_profile(environment: Mapping[str, str]) -> Profile | None:
    """None without a key."""
    key = _key(environment)
    if not key:
        return None
    return Profile(ENVIRONMENT, _TITLE, False, base_url(environment), key.masked, session_only=True)


def environment_account(environment: Mapping[str, str]) -> KeyAccount | None:
    """The account of ``MOSAIC_API_KEY`` at ``MOSAIC_API_BASE``; None without a key.

    Raises MosaicError where the address can't be used safely.
    """
    profile = environment_profile(environment)
    return KeyAccount(profile, _key(environment)) if profile is not None else None


def _key(environment: Mapping[str, str]) -> Secret:
    return Secret(environment.get("MOSAIC_API_KEY", "").strip())
