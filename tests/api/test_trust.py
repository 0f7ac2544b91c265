"""Whose certificates are believed, against a real server that an authority of the test vouches for."""

import asyncio
import json
import ssl
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
import truststore

from mosaic_desktop.api.client import ClassicMosaic
from mosaic_desktop.api.portal import DeveloperPortal
from mosaic_desktop.api.supabase import SupabaseAuth
from mosaic_desktop.api.trust import no_context, tls_context
from mosaic_desktop.core.errors import Code, MosaicError, NetworkError
from mosaic_desktop.core.secrets import Secret
from tests.api.authority import Authority
from tests.api.service import KEY, Service, Talk, serving
from tests.api.tokens import jwt
from tests.support.loop import AsyncRun
from tests.support.waiting import PATIENCE

ACCESS = Secret(jwt(exp=4_000_000_000))
ANSWER = {
    "agents": [],
    "credits_remaining": 7,
    "access_token": ACCESS.reveal(),
    "refresh_token": "next",
    "expires_in": 3600,
}
Call = Callable[[str], Awaitable[object]]


async def ask_classic(base: str) -> None:
    client = ClassicMosaic(base, Secret(KEY))
    try:
        await client.check()
    finally:
        await client.aclose()


async def ask_portal(base: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
    portal = DeveloperPortal(base, transport=transport)
    try:
        await portal.balance(ACCESS)
    finally:
        await portal.aclose()


async def ask_auth(base: str) -> None:
    auth = SupabaseAuth(base, "anon")
    try:
        await auth.refresh(Secret("before"))
    finally:
        await auth.aclose()


CALLS: dict[str, Call] = {"classic": ask_classic, "portal": ask_portal, "auth": ask_auth}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


async def good(talk: Talk) -> None:
    await talk.answer(200, json.dumps(ANSWER).encode())


async def asked(call: Call, authority: Authority, host: str = "localhost") -> Service:
    async with serving(good, authority.server) as service:
        await call(service.base_url.replace("127.0.0.1", host))
    return service


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_a_private_authority(
    run_async: AsyncRun, monkeypatch: pytest.MonkeyPatch, authority: Authority, name: str, variable: str
) -> None:
    monkeypatch.setenv(variable, str(authority.file if variable == "SSL_CERT_FILE" else authority.hashed))
    assert len(run_async(asked(CALLS[name], authority)).seen) == 1


@pytest.mark.parametrize("name", CALLS)
def test_an_authority_that_the_system_does_not_know(run_async: AsyncRun, authority: Authority, name: str) -> None:
    with pytest.raises(NetworkError) as caught:
        run_async(asked(CALLS[name], authority))
    assert (caught.value.code, caught.value.seen, caught.value.retryable) == (Code.TLS, False, False)
    assert "certificate" in caught.value.detail


def test_a_certificate_of_another_host(
    run_async: AsyncRun, monkeypatch: pytest.MonkeyPatch, authority: Authority
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with pytest.raises(NetworkError) as caught:
        run_async(asked(ask_portal, authority, "127.0.0.1"))
    assert caught.value.code == Code.TLS


def test_what_windows_and_macos_verify_with_speaks_tls_here(
    run_async: AsyncRun, monkeypatch: pytest.MonkeyPatch, authority: Authority
) -> None:
    async def ask(base: str) -> None:
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        await ask_portal(base, httpx.AsyncHTTPTransport(verify=context, trust_env=False))

    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))  # which is the system's store where OpenSSL verifies
    assert len(run_async(asked(ask, authority)).seen) == 1
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NetworkError) as caught:
        run_async(asked(ask, authority))
    assert caught.value.code == Code.TLS


@pytest.mark.parametrize("name", CALLS)
def test_a_file_of_certificates_that_is_missing(
    run_async: AsyncRun, monkeypatch: pytest.MonkeyPatch, authority: Authority, name: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/at/all.pem")
    with pytest.raises(MosaicError) as caught:
        run_async(asked(CALLS[name], authority))
    assert caught.value.code == Code.VALIDATION
    assert "SSL_CERT_FILE" in caught.value.detail


def test_what_is_not_encrypted_needs_no_certificates(run_async: AsyncRun, monkeypatch: pytest.MonkeyPatch) -> None:
    async def drive() -> None:
        async with serving(good) as service:
            for call in CALLS.values():
                await call(service.base_url)

    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/at/all.pem")
    run_async(drive())


def test_every_context_verifies() -> None:
    for context in (tls_context(), no_context()):
        assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert tls_context() is tls_context()
    assert no_context().cert_store_stats()["x509"] == 0


def test_the_store_is_opened_by_the_first_client_that_needs_it(tmp_path: Path) -> None:
    program = """
import sys
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.api.client import ClassicMosaic
from mosaic_desktop.api.portal import DeveloperPortal
from mosaic_desktop.api.supabase import SupabaseAuth
ClassicMosaic("http://127.0.0.1:1/api", Secret("mk_key"))
assert "truststore" not in sys.modules
DeveloperPortal("https://mosaic.invalid/api")
assert "truststore" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=PATIENCE)


@pytest.mark.parametrize("name", CALLS)
def test_proxies_of_the_system(run_async: AsyncRun, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    async def refuse(talk: Talk) -> None:
        await talk.answer(502, b"")

    async def drive() -> Service:
        async with serving(refuse) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
            with pytest.raises(NetworkError) as caught:
                await CALLS[name]("https://mosaic.invalid/api")
            assert (caught.value.code, caught.value.seen) == (Code.UNREACHABLE, False)
        return proxy

    [seen] = run_async(drive()).seen
    assert (seen.method, seen.target) == ("CONNECT", "mosaic.invalid:443")
    assert not {"authorization", "x-api-key", "apikey"} & seen.headers.keys()


def test_a_proxy_that_looks_inside(run_async: AsyncRun, monkeypatch: pytest.MonkeyPatch, authority: Authority) -> None:
    """As companies have them, whose authority is among the system's."""
    heard: list[bytes] = []

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await writer.drain()
        await writer.start_tls(authority.server)
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        body = json.dumps(ANSWER).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        await reader.read()
        writer.close()

    async def drive() -> None:
        async with await asyncio.start_server(tunnel, "127.0.0.1", 0) as server:
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
            await ask_portal("https://mosaic.invalid/api")

    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    run_async(drive())
    assert heard[0].startswith(b"CONNECT mosaic.invalid:443 ")
    assert heard[1].startswith(b"GET /api/dev/credits/balance ")
    assert [ACCESS.reveal().encode() in part for part in heard] == [False, True]
