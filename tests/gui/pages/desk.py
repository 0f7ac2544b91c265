"""A main window with everything around it, for tests of the window and its pages."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMessageBox, QWidget

from mosaic_desktop.core.account_ports import AccountDesk
from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.errors import MosaicError, VaultError
from mosaic_desktop.core.output import Output
from mosaic_desktop.core.ports import NewAccount, Profile, Recorded, Settings, VaultState
from mosaic_desktop.core.resources import resources_dir
from mosaic_desktop.core.run import Run
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.main_window import MainWindow
from mosaic_desktop.gui.theme.theme import Theme, ThemeMode
from mosaic_desktop.gui.widgets.labels import ElidedLabel
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.jobs.parts import EngineParts
from tests.gui.widgets.accessible import spoken_name
from tests.support.fakes import FakeProbe, FakeService, FakeTransfers, ManualClock, MemoryJournal, MemorySettings
from tests.support.loop import AsyncRun
from tests.support.waiting import until_async

Row = Asset | Run | Output
W = TypeVar("W", bound=QWidget)
LOCAL = Profile("local", "Local Mosaic", True, "http://127.0.0.1:9000")
ACCOUNT = Profile(
    "account", "Mosaic account", False, "https://mosaic.invalid", "mk_live_…a1b2", keyring="GNOME Keyring"
)


@dataclass
class FakeGateway:
    """Remembers what it was asked, and what of it was given up. `error` is raised by every way in; `hold` keeps them
    waiting. `kept` is the masked key that the keyring holds for each account, or what it says instead; `silence` keeps
    it quiet. `add_account` gives the profile in `added`.
    """

    profiles: tuple[Profile, ...] = (LOCAL,)
    usual_address: str = "https://mosaic.invalid"
    added: Profile = ACCOUNT

    vault: VaultState = field(default_factory=lambda: VaultState("GNOME Keyring"))
    kept: str | VaultError | None = None
    error: MosaicError | None = None
    hold: asyncio.Event | None = None
    silence: asyncio.Event | None = None
    asked: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)

    async def try_here(self) -> None:
        await self._answer("try here")

    async def add_account(self, new: NewAccount, *, session_only: bool = False) -> Profile:
        named = f" as {new.title}" if new.title else ""
        at = f" at {' '.join(filter(None, (new.base_url, new.auth_url, new.anon_key)))}" if new.base_url else ""
        await self._answer(f"add {new.key.reveal()}{named}{at}{' for this session' if session_only else ''}")
        return self.added

    async def enter_key(self, profile_id: str, key: Secret, *, session_only: bool = False) -> Profile:
        session = " for this session" if session_only else ""
        await self._answer(f"give {profile_id} the key {key.reveal()}{session}")
        return next(profile for profile in self.profiles if profile.id == profile_id)

    async def open_profile(self, profile_id: str) -> None:
        await self._answer(f"open {profile_id}")

    async def change_profile(self, profile: Profile) -> None:
        await self._answer(f"change {profile.id}")
        self.profiles = tuple(profile if each.id == profile.id else each for each in self.profiles)

    async def forget_profile(self, profile_id: str) -> None:
        await self._answer(f"forget {profile_id}")

    async def save_support_file(self, target: Path) -> None:
        await self._answer(f"save {target}")

    async def vault_state(self) -> VaultState:
        if self.silence is not None:
            await self.silence.wait()
        return self.vault

    async def kept_key(self, profile_id: str) -> str | None:
        if self.silence is not None:
            await self.silence.wait()
        if isinstance(self.kept, VaultError):
            raise self.kept
        return self.kept

    async def leave(self, *, forget_key: bool = False) -> None:
        await self._answer(f"leave{' and forget' if forget_key else ''}")

    async def _answer(self, asked: str) -> None:
        self.asked.append(asked)
        if self.hold is not None:
            try:
                await self.hold.wait()
            except asyncio.CancelledError:
                self.given_up.append(asked)
                raise
        if self.error is not None:
            raise self.error


class Opened(QObject):
    """Takes the place of the system's programs for files."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[Path] = []
        QDesktopServices.setUrlHandler("file", self, "open")  # type: ignore[arg-type]  # refuses the bytes it asks for

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.paths.append(Path(url.toLocalFile()))

    def stop(self) -> None:
        QDesktopServices.unsetUrlHandler("file")


class Desk:
    """Builds the window when first asked for. `run` lives through a story and then ends everything in order."""

    def __init__(self, app: QApplication, run_async: AsyncRun, folder: Path) -> None:
        app.setQuitOnLastWindowClosed(False)  # as the application does
        self.folder = folder
        self.theme = Theme(app, resources_dir(), ThemeMode.LIGHT, reduced_motion=True)
        self.settings = MemorySettings(Settings(folder))
        self.gateway = FakeGateway()
        self.service = FakeService()
        self.transfers = FakeTransfers()
        self.clock = ManualClock()
        self.close_requests = 0
        self.has_tray = False
        self._app = app
        self._run_async = run_async
        self._engines: list[Engine] = []

    def run(self, story: Coroutine[object, object, None]) -> None:
        async def whole() -> None:
            self.scope = TaskScope("window")
            self.window = MainWindow(
                self.theme,
                self.settings,
                self.scope,
                self._on_close_requested,
                has_tray=lambda: self.has_tray,
            )
            self.window.attach(self.gateway)
            self._app.applicationStateChanged.connect(self.window.attend)
            self.size_at_first = self.window.size()
            self.window.resize(1280, 800)
            try:
                await story
            finally:
                self.window.close_for_good()
                await self.scope.aclose()
                for engine in self._engines:
                    await engine.stop()
                self.window.deleteLater()

        self._run_async(whole())
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def _on_close_requested(self) -> None:
        self.close_requests += 1

    # Opening

    def engine(self, *rows: Row, agents: tuple[Agent, ...] = ()) -> Engine:
        """A real engine over fakes that holds `rows`; its own loops are not started."""
        self.service.agents = agents
        parts = EngineParts(
            self.service,
            MemoryJournal(),
            self.transfers,
            FakeProbe(),
            self.clock,
            self.folder,
            lambda: self.settings.value.output_folder,
        )
        engine = Engine(parts)
        engine.store.fill(
            Recorded(
                tuple(row for row in rows if isinstance(row, Asset)),
                tuple(row for row in rows if isinstance(row, Run)),
                tuple(row for row in rows if isinstance(row, Output)),
            )
        )
        self._engines.append(engine)
        return engine

    async def open_first(self) -> None:
        self.window.show_first()
        await self.show()

    async def open(
        self,
        *rows: Row,
        page: str = "Studio",
        profile: Profile = LOCAL,
        agents: tuple[Agent, ...] = (),
        account: AccountDesk | None = None,
    ) -> Engine:
        """Shows a workspace at `page`."""
        engine = self.engine(*rows, agents=agents)
        self.window.show_workspace(engine, profile, account)
        await self.show()
        self.button(page).click()
        await self.settle()
        return engine

    async def show(self) -> None:
        self.window.show()
        self.window.activateWindow()
        await until_async(self.window.isActiveWindow)
        await self.settle()

    async def settle(self) -> None:
        """Let posted events and started tasks have their turn."""
        for _ in range(20):
            await asyncio.sleep(0)

    # Looking

    def visible(self, kind: type[W]) -> list[W]:
        return [widget for widget in self.window.findChildren(kind) if widget.isVisible()]

    def button(self, name: str) -> QAbstractButton:
        """The visible button whose accessible name begins with `name`."""
        found = [button for button in self.visible(QAbstractButton) if spoken_name(button).startswith(name)]
        assert found, f"no button {name!r} among {[spoken_name(b) for b in self.visible(QAbstractButton)]}"
        return found[0]

    def has_button(self, name: str) -> bool:
        return any(spoken_name(button).startswith(name) for button in self.visible(QAbstractButton))

    def words(self) -> str:
        """All words in sight outside lists, line by line."""
        labels = [label.text() for label in self.visible(QLabel)]
        return "\n".join([*labels, *(label.text() for label in self.visible(ElidedLabel))])

    async def until_says(self, words: str) -> None:
        try:
            await until_async(lambda: words in self.words())
        except AssertionError:
            raise AssertionError(f"{words!r} is not in sight:\n{self.words()}") from None

    async def press(self, name: str) -> None:
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)
        await self.settle()

    async def question(self) -> QMessageBox:
        """The one that is asked, as soon as it is in sight."""
        await until_async(lambda: self.visible(QMessageBox))
        (box,) = self.visible(QMessageBox)
        return box

    async def answer(self, word: str) -> None:
        """Presses a button of the question."""
        box = await self.question()
        next(button for button in box.buttons() if button.text() == word).click()
        await until_async(lambda: not self.visible(QMessageBox))
        await self.settle()
