"""What people do with an account of theirs in the window."""

import asyncio
import re
import secrets
import socket
from contextlib import suppress
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit, QWidget

from mosaic_desktop.gui.credits_chip import CreditsChip
from tests.e2e.user import User
from tests.sandbox.client import connect
from tests.support.sandbox_server import Account, RunningSandbox
from tests.support.waiting import until_async

Button, Rows = QAbstractButton, QAbstractItemView
_AGE = re.compile(r", (just now|\d+ \w+ ago)(?=\.)")


async def enter(user: User, server: RunningSandbox, account: Account, button: str = "Use my API key") -> None:
    """From the first page to the account, with its key and every address by hand."""
    await user.click(Button, "Advanced")
    await user.write("Address of Mosaic", server.base_url)
    await user.write("Address to sign in at", server.auth_url)
    await user.write("Public key for signing in", server.anon_key)
    await user.write("API key", account.api_key)
    await user.click(Button, button)
    await user.see(Rows, "Agent list")


async def sign_in(user: User, account: Account) -> None:
    await user.click(Button, "Account")
    await user.write("Email", account.email)
    await user.write("Password", account.password)
    await user.click(Button, "Sign in")
    await user.read(f"Signed in as {account.email}")


async def credits(user: User, below: int = 1_000_000) -> int:
    """What the header says, as soon as it says a number below this one."""
    chip = await user.see(CreditsChip, "Credits: ")
    await until_async(lambda: (number := _number(chip.text())) is not None and number < below)
    return _number(chip.text()) or 0


async def prepare(user: User, video: Path, agent: str) -> None:
    """Uploads a video and chooses the agent, so that only Run is left to press."""
    await user.click(Button, "Studio")
    await user.drag_here([video], await user.see(QWidget, "Upload queue"))
    queue = await user.see(Rows, "Upload queue")
    await until_async(lambda: any(row.startswith(video.name) and "ready" in row.lower() for row in user.rows(queue)))
    await user.choose("Agent list", agent)


async def run(user: User, count: int = 1) -> None:
    """Presses Run and watches the run until its video is on the disk. ``count``: with those of before."""
    await user.click(Button, "Run on 1 video")
    await user.click(Button, "Runs")
    await fetch(user, count)


async def fetch(user: User, count: int = 1) -> None:
    """Watches the latest of ``count`` runs to its end, and its video until it is on the disk."""
    runs = await user.see(Rows, "Runs")
    await until_async(lambda: len(user.rows(runs)) == count and "finished" in user.rows(runs)[0].lower())
    await user.click(Button, "Outputs")
    outputs = await user.see(Rows, "Outputs")
    await until_async(lambda: len(user.rows(outputs)) == count)
    await until_async(lambda: not any("download" in row.lower() for row in user.rows(outputs)))


async def listen(user: User) -> str:
    """Turns the receiver on, at a port that is free, and reads its address off the page."""
    await user.click(Button, "Account")
    await user.click(Button, "Webhooks")
    await user.type_number("Port", str(_free_port()))
    await user.click(Button, "Receiver")
    address = await user.see(QLineEdit, "Address of the receiver")
    await until_async(address.text)
    return address.text()


async def deliveries(user: User, count: int = 1) -> list[str]:
    """What the page lists once it lists so many, newest first, as it is read aloud but for their age.

    There may be more of them: what a busy machine took too late comes again after a minute.
    """
    await user.click(Button, "Webhooks")
    table = await user.see(Rows, "Deliveries")
    await until_async(lambda: len(user.rows(table)) >= count)
    return [_AGE.sub("", row) for row in user.rows(table)]


async def own_key(user: User) -> str:
    """How the list calls the key that this app works with."""
    keys = await user.see(Rows, "API keys")
    await until_async(lambda: any(", this app, " in row for row in user.rows(keys)))
    return next(row for row in user.rows(keys) if ", this app, " in row).partition(",")[0]


async def set_webhook(user: User, key: str, url: str) -> None:
    await user.click(Button, "Keys")
    await user.choose_from_menu("API keys", key, "Set webhook…")
    dialog = await user.dialog()
    await dialog.write("Webhook address", url)
    await dialog.click(Button, "Save webhook")
    keys = await user.see(Rows, "API keys")
    await until_async(lambda: any(row.startswith(key) and row.endswith(f"webhook {url}") for row in user.rows(keys)))


async def status_for(server: RunningSandbox, key: str) -> int:
    """What the service answers to a program that works with this key."""

    def ask() -> int:
        with connect(server.base_url, key) as client:
            return client.get("/get-user-agents-simple").status_code

    return await asyncio.to_thread(ask)


def _free_port() -> int:
    """None of those that the system gives to whoever asks for any, and that may be taken a moment later."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)  # `random` gives the same ones to tests that run beside each other
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port


def _number(words: str) -> int | None:
    digits = words.replace(",", "")
    return int(digits) if digits.isdecimal() else None
