"""The keychain of macOS. Imports keyring, so it is imported late, on the thread that uses it."""

from keyring.backends.macOS import Keyring


class MacKeychain(Keyring):
    """Replaces a secret without a moment in which none is there.

    keyring deletes the old value and adds the new one; a crash between the two would lose a refresh token that no
    service gives again. So the new value is written beside the old one first, and removed there last. Whatever stops
    it, the old value or the new one is found: the new one, if it was written at all. Of a refresh token, the value
    before the live one is still taken by Supabase Auth, an older one is not; there is never an older one.
    """

    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(_spare(service), username, password)
        super().set_password(service, username, password)
        super().delete_password(_spare(service), username)

    def get_password(self, service: str, username: str) -> str | None:
        spare: str | None = super().get_password(_spare(service), username)
        found: str | None = super().get_password(service, username) if spare is None else spare
        return found

    def delete_password(self, service: str, username: str) -> None:
        # The newest last, so that no older value comes back if it stops half way.
        for place in (service, _spare(service)):
            if super().get_password(place, username) is not None:
                super().delete_password(place, username)


def _spare(service: str) -> str:
    return f"{service}/next"
