"""Keyrings for stories: one that forgets nothing, one that stays locked."""

from pathlib import Path

from mosaic_desktop.core.errors import Code, VaultError
from mosaic_desktop.core.ports import VaultState
from mosaic_desktop.core.secrets import Secret


class FileVault:
    """A keyring that forgets nothing when its user is killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    async def state(self) -> VaultState:
        return VaultState("Files")

    async def peek(self, name: str) -> Secret | None:
        return await self.read(name)

    async def read(self, name: str) -> Secret | None:
        path = self._folder / name
        return Secret(path.read_text()) if path.exists() else None

    async def write(self, name: str, secret: Secret) -> None:
        fresh = self._folder / f"{name}.new"
        fresh.write_text(secret.reveal())
        fresh.replace(self._folder / name)

    async def delete(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)


class LockedVault:
    """Nobody unlocks it."""

    async def state(self) -> VaultState:
        return VaultState("Locked", Code.KEYRING_LOCKED)

    async def peek(self, name: str) -> Secret | None:
        raise VaultError(Code.KEYRING_LOCKED)

    async def read(self, name: str) -> Secret | None:
        raise VaultError(Code.KEYRING_LOCKED)

    async def write(self, name: str, secret: Secret) -> None:
        raise VaultError(Code.KEYRING_LOCKED)

    async def delete(self, name: str) -> None:
        raise VaultError(Code.KEYRING_LOCKED)
