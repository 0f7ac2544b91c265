"""Where the service is, and who may hear the credential: one scheme, host and port."""

import ipaddress
from dataclasses import dataclass

import httpx

from mosaic_desktop.core.errors import Code, MosaicError

Origin = tuple[str, str, int | None]
_PORTS = {"http": 80, "https": 443}


def origin(url: httpx.URL) -> Origin:
    return url.scheme, url.host, url.port or _PORTS.get(url.scheme)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_private_enough(url: httpx.URL) -> bool:
    """Whether what is sent there stays between the two ends: encrypted, or never leaving this computer."""
    return bool(url.host) and (url.scheme == "https" or (url.scheme == "http" and is_loopback(url.host)))


@dataclass(frozen=True, slots=True)
class BaseAddress:
    """The base URL, without a slash at its end."""

    text: str
    origin: Origin

    @property
    def encrypted(self) -> bool:
        return self.origin[0] == "https"

    @property
    def on_this_computer(self) -> bool:
        return is_loopback(self.origin[1])

    def same_origin(self, current: str, location: str) -> str | None:
        """The absolute form of a redirect's ``location`` if it stays at this origin, else None."""
        url = onward(current, location)
        return str(url) if url is not None and origin(url) == self.origin else None


def onward(current: httpx.URL | str, location: str) -> httpx.URL | None:
    """Where a redirect from ``current`` leads; None where that is no address, or one with a user name in it."""
    try:
        url = httpx.URL(current).join(location)
    except (httpx.InvalidURL, ValueError):
        return None
    return url if location and url.host and not url.userinfo else None


def base_address(text: str, what: str = "The address of Mosaic") -> BaseAddress:
    """Raises MosaicError (VALIDATION) with a sentence about ``what`` where ``text`` is no address that may hear a
    credential.
    """
    try:
        url = httpx.URL(text.strip())
    except (httpx.InvalidURL, ValueError):
        raise MosaicError(Code.VALIDATION, f"{what} is not a valid web address.") from None
    if url.scheme not in _PORTS or not url.host:
        raise MosaicError(Code.VALIDATION, f"{what} must begin with https://.")
    if not is_private_enough(url):
        raise MosaicError(
            Code.VALIDATION,
            f"{what} must begin with https://, so that nobody on the way can read your key or password. "
            "http:// is for this computer only.",
        )
    if url.userinfo or url.query or url.fragment:
        raise MosaicError(Code.VALIDATION, f"{what} must not hold a user name, “?” or “#”.")
    return BaseAddress(str(url).rstrip("/"), origin(url))
