"""The environment variables of Mosaic's own examples, which stand in for a profile."""

import os
from collections.abc import Mapping

from mosaic_desktop.app.accounts import DEFAULT_BASE_URL, ENVIRONMENT, Account, key_account
from mosaic_desktop.core.secrets import Secret


def base_url(environment: Mapping[str, str] = os.environ) -> str:
    """Where the service is: ``MOSAIC_API_BASE``, else the public one."""
    return environment.get("MOSAIC_API_BASE", "").strip() or DEFAULT_BASE_URL


def environment_account(environment: Mapping[str, str] = os.environ) -> Account | None:
    """The account of ``MOSAIC_API_KEY`` at ``MOSAIC_API_BASE``; None without a key.

    Raises MosaicError where the address can't be used safely.
    """
    key = environment.get("MOSAIC_API_KEY", "").strip()
    return key_account(ENVIRONMENT, base_url(environment), Secret(key), session_only=True) if key else None
