"""One request to a storage over libcurl, in the thread that calls: options, limits, headers, what failed."""

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import pycurl

from mosaic_desktop import __version__
from mosaic_desktop.core.errors import Code, MosaicError, NetworkError, StorageError
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.transfers.errors import curl_error
from mosaic_desktop.transfers.proxies import proxy_for
from mosaic_desktop.transfers.trust import Trust, system_trust
from mosaic_desktop.transfers.watch import Watch

_UPLOAD_BUFFER = 256 * 1024  # stays in the processor's cache while it is read, hashed, encrypted and sent
_DOWNLOAD_BUFFER = 64 * 1024  # emptied often, so that the other side never waits for room
_LONGEST_ERROR_BODY = 64 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """Seconds. ``stall``: without a byte moving; ``answer``: for the answer after the last byte was sent."""

    connect: float = 15.0
    stall: float = 60.0
    answer: float = 120.0
    trust: Trust = field(default_factory=system_trust)


class Exchange:
    """Set up a request with ``send`` or ``receive``, ``perform`` it, read ``status``, ``headers`` and, after an error,
    ``error_body``. Several requests after another share one connection.

    No credential, cookie or netrc entry is sent, no redirect followed. Raises StorageError (LINK_REFUSED) for a link
    that is not https; http is for this computer alone, where nothing leaves it.
    """

    def __init__(self, link: Secret, watch: Watch, settings: Settings) -> None:
        host = _checked_host(link.reveal())
        self.status = 0
        self.headers: dict[str, str] = {}
        self.error_body = bytearray()
        self._watch = watch
        self._settings = settings
        self._failure: MosaicError | None = None
        self._sending: int | None = None
        self._moved = 0
        self._moved_at = 0.0
        self._curl: Any = pycurl.Curl()
        self._set_up(link, host)

    def __enter__(self) -> "Exchange":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._curl.close()
        self._watch.close_sockets()

    def _set_up(self, link: Secret, host: str) -> None:
        curl, trust = self._curl, self._settings.trust
        options: dict[int, object] = {
            pycurl.URL: link.reveal(),
            pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
            pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,  # one bulk stream: nothing to share, windows to wait for
            pycurl.FOLLOWLOCATION: 0,
            pycurl.NETRC: pycurl.NETRC_IGNORED,
            pycurl.NOSIGNAL: 1,
            pycurl.CONNECTTIMEOUT_MS: round(self._settings.connect * 1000),
            pycurl.TCP_KEEPALIVE: 1,
            pycurl.USERAGENT: f"mosaic-desktop/{__version__}",
            pycurl.OPENSOCKETFUNCTION: self._watch.open_socket,
            pycurl.HEADERFUNCTION: self._header,
            pycurl.NOPROGRESS: 0,
        }
        for option, value in options.items():
            curl.setopt(option, value)
        if trust.file:
            curl.setopt(pycurl.CAINFO, trust.file)
        if trust.folder:
            curl.setopt(pycurl.CAPATH, trust.folder)
        if _is_loopback(host):
            curl.setopt(pycurl.PROXY, "")
        elif (proxy := proxy_for(host)) is not None:
            curl.setopt(pycurl.PROXY, proxy)

    def send(
        self,
        read: Callable[[int], bytes | int],
        rewind: Callable[[int], None],
        size: int,
        headers: list[str],
        moved: Callable[[int], None],
    ) -> None:
        """Makes it a PUT of ``size`` bytes, which ``read`` gives in pieces of at most the asked length. ``rewind``: to
        that byte of the body. ``moved`` hears of body bytes that went out.
        """

        def seek(offset: int, _origin: int) -> int:
            rewind(offset)
            return 0

        def progress(_total: int, _done: int, _up_total: int, sent: int) -> int:
            moved(sent)
            return self._goes_on(sent, self._settings.answer if sent >= size else self._settings.stall)

        self._begin(size, headers, progress)
        self._curl.setopt(pycurl.UPLOAD, 1)
        self._curl.setopt(pycurl.INFILESIZE_LARGE, size)
        self._curl.setopt(pycurl.UPLOAD_BUFFERSIZE, _UPLOAD_BUFFER)
        self._curl.setopt(pycurl.READFUNCTION, read)
        self._curl.setopt(pycurl.SEEKFUNCTION, seek)
        self._curl.setopt(pycurl.WRITEFUNCTION, self.keep_error_body)

    def receive(self, write: Callable[[bytes], int | None], headers: list[str], moved: Callable[[int], None]) -> None:
        """Makes it a GET whose body goes to ``write``; ``moved`` hears of body bytes that came."""

        def progress(_total: int, done: int, _up_total: int, _up: int) -> int:
            moved(done)
            return self._goes_on(done, self._settings.stall)

        self._begin(None, ["Accept-Encoding: identity", *headers], progress)
        self._curl.setopt(pycurl.BUFFERSIZE, _DOWNLOAD_BUFFER)
        self._curl.setopt(pycurl.WRITEFUNCTION, write)

    def fail(self, error: MosaicError) -> None:
        """For callbacks: ends the exchange with ``error``; the first one counts."""
        self._failure = self._failure or error

    def keep_error_body(self, piece: bytes) -> None:
        if len(self.error_body) < _LONGEST_ERROR_BODY:
            self.error_body += piece[:_LONGEST_ERROR_BODY]

    def perform(self) -> None:
        """Blocks until the answer is complete. Raises MosaicError where none came or a callback failed."""
        if self._watch.aborted:  # while it waited for a free thread
            self._give_up(pycurl.E_ABORTED_BY_CALLBACK)
        try:
            self._curl.perform()
        except pycurl.error as error:
            self._give_up(error.args[0])
        if self._failure is not None:
            raise self._failure

    def _begin(self, sending: int | None, headers: list[str], progress: Callable[[int, int, int, int], int]) -> None:
        self.status = 0
        self.headers.clear()
        self.error_body.clear()
        self._failure = None
        self._sending = sending
        self._moved, self._moved_at = 0, time.monotonic()
        self._curl.setopt(pycurl.HTTPHEADER, headers)
        self._curl.setopt(pycurl.XFERINFOFUNCTION, progress)

    def _give_up(self, code: int) -> None:
        if self._watch.aborted:
            raise NetworkError(Code.INTERRUPTED, "ended by the application", seen=True) from None
        if self._failure is not None:
            raise self._failure from None
        # A storage that refuses early closes the connection under what is still being sent.
        if self._sending is None or self.status < 400:
            raise curl_error(code) from None

    @property
    def bytes_sent(self) -> int:
        """Body bytes that went out, by libcurl's last word."""
        return self._moved

    def _header(self, line: bytes) -> None:
        text = line.decode("latin-1").strip()
        if text.startswith("HTTP/"):
            word = text.split(" ")[1] if " " in text else ""
            self.status = int(word) if word.isdecimal() else 0
            self.headers.clear()
            return
        name, colon, value = text.partition(":")
        if colon:
            key = name.strip().lower()
            self.headers[key] = f"{self.headers[key]},{value.strip()}" if key in self.headers else value.strip()

    def _goes_on(self, moved: int, patience: float) -> int:
        """What libcurl wants to hear: 0 to go on, 1 to stop."""
        now = time.monotonic()
        if moved != self._moved:
            self._moved, self._moved_at = moved, now
        elif now - self._moved_at > patience:
            self.fail(NetworkError(Code.INTERRUPTED, f"nothing moved for {patience:.0f} s", seen=True))
        return int(self._watch.aborted or self._failure is not None)


def _checked_host(link: str) -> str:
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
        usable = parts.scheme in {"http", "https"} and host and parts.username is None
    except ValueError:
        usable, host = False, ""
    if not usable or not link.isascii() or not link.isprintable():
        raise StorageError(Code.LINK_REFUSED, "it is not a web address")
    if parts.scheme == "http" and not _is_loopback(host):
        raise StorageError(Code.LINK_REFUSED, "it is not encrypted, so anybody on the way could read along")
    return host


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
