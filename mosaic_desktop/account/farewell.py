"""Telling the service that a session is over, where it can be told."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from mosaic_desktop.core.account_ports import AuthService
from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.tasks import TaskScope

log = logging.getLogger(__name__)


class Farewell:
    """Returns at once and is done in the background; a fault changes nothing, since the session is forgotten here."""

    def __init__(self, auth: AuthService | None, scope: TaskScope) -> None:
        self._auth = auth
        self._scope = scope
        self._task: asyncio.Task[None] | None = None

    @property
    def task(self) -> asyncio.Task[None] | None:
        """The last one that was begun."""
        return self._task

    def tell(self, access: Secret) -> None:
        if self._auth is not None:
            self._begin(self._auth.sign_out(access))

    def tell_with_refresh(self, token: Secret) -> None:
        """``token`` is used up by getting an access token, without which the service does not listen."""
        if self._auth is not None:
            self._begin(self._refresh_to_leave(self._auth, token))

    def _begin(self, words: Coroutine[Any, Any, None]) -> None:
        if self._scope.closed:
            words.close()
        else:
            self._task = self._scope.start(_told_if_possible(words), "sign out")

    async def _refresh_to_leave(self, auth: AuthService, token: Secret) -> None:
        session = await auth.refresh(token)
        await auth.sign_out(session.access)


async def _told_if_possible(words: Coroutine[Any, Any, None]) -> None:
    try:
        await words
    except MosaicError as error:
        log.info("the service was not told that the user signed out: %s", error)
