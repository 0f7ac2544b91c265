"""Whose work this is, where its key is kept, what belongs to the account, and the ways out."""

import asyncio

from mosaic_desktop.core.errors import LocalFileError, MosaicError, Problem
from mosaic_desktop.core.ports import Profile, VaultState
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.gui import ask
from mosaic_desktop.gui.leaving import Unfinished, ask_to_leave, under_way, unfinished
from mosaic_desktop.gui.pages.page import PageParts
from mosaic_desktop.gui.pages.settings.details_dialog import DetailsDialog
from mosaic_desktop.gui.pages.settings.outputs import can_be_written
from mosaic_desktop.gui.pages.settings.section import Section
from mosaic_desktop.gui.widgets.buttons import danger_button, secondary_button
from mosaic_desktop.gui.widgets.facts_table import Fact

_FORGET = "Forget this key"
_REMOVE = "Remove this account"


def account_facts(profile: Profile, vault: VaultState | None) -> tuple[Fact, ...]:
    """`vault`: None while it is not known."""
    facts = [Fact("Name", profile.title)]
    if profile.is_local:
        facts.append(Fact("Videos", "Stay on this computer"))
    else:
        facts += [Fact("API key", profile.key_hint or "…"), Fact("Key is kept", kept_words(profile, vault))]
    facts += [
        Fact("Address", profile.base_url),
        Fact("Signs in at", profile.auth_url),
        Fact("Last signed in as", profile.email),
        Fact("Videos are saved in", str(profile.output_folder or "")),
    ]
    return tuple(fact for fact in facts if fact.value)


def kept_words(profile: Profile, vault: VaultState | None) -> str:
    if profile.session_only:
        return "For this session only, nowhere on disk"
    if vault is not None and vault.problem_code is not None:
        return sentence(Problem(vault.problem_code))
    name = profile.keyring or (vault.name if vault is not None else "")
    return f"In your system keyring ({name})" if name else "In your system keyring"


def forgetting_words(work: Unfinished) -> str:
    words = "The key is taken out of your keyring. Your work stays here and goes on when you enter the key again."
    return f"{words} {under_way(work)}" if work.count else words


def removing_words(profile: Profile, work: Unfinished) -> str:
    words = (
        f"“{profile.title}” goes out of this app with its key, its sign-in and its lists of videos, runs and outputs."
        " Files on your disk stay, and so does everything at Mosaic."
    )
    return f"{words} {under_way(work)}" if work.count else words


def moving_words(before: Profile, after: Profile, work: Unfinished) -> str:
    """What another address stops, before it is taken over; empty where nothing stops."""
    is_moved = (before.base_url, before.auth_url, before.anon_key) != (after.base_url, after.auth_url, after.anon_key)
    if not is_moved or not work.count:
        return ""
    goes_on = "It goes" if work.count == 1 else "They go"
    return f"The account opens again there. {under_way(work)} {goes_on} on after that, if it is the same Mosaic."


class AccountSection(Section):
    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts.theme, "Account")
        self._parts = parts
        self._profile = parts.profile
        self._vault: VaultState | None = None
        self._change = secondary_button(parts.theme, "Change…")
        self._change.setAccessibleName("Change the account…")
        self._change.clicked.connect(self._on_change_clicked)
        self._leave_button = secondary_button(parts.theme, "Leave this account", "log-out")
        self._leave_button.clicked.connect(self._on_leave_clicked)
        self._key = secondary_button(parts.theme, "Enter another key…", "key-round")
        self._key.clicked.connect(self._on_key_clicked)
        self._forget = danger_button(parts.theme, _FORGET)
        self._forget.clicked.connect(self._on_forget_clicked)
        self._remove = danger_button(parts.theme, f"{_REMOVE}…", "trash-2")
        self._remove.clicked.connect(self._on_remove_clicked)
        self.add_action(self._change)
        foot = self.footer()
        foot.addWidget(self._leave_button)
        foot.addStretch(1)
        for button in (self._key, self._forget, self._remove):
            foot.addWidget(button)
        for button in (self._change, self._key, self._forget, self._remove):
            button.setVisible(not parts.profile.is_local)
        self._refresh()

    def look_at_vault(self) -> None:
        """Also at the account itself, which may have got another name or key."""
        known = (each for each in self._parts.gateway.profiles if each.id == self._profile.id)
        self._profile = next((each for each in known if not each.is_local), self._profile)
        self._refresh()
        if not self._profile.is_local:
            self._parts.scope.replace(self._ask_vault(), "keyring for settings")

    def _refresh(self) -> None:
        self.facts.set_facts(account_facts(self._profile, self._vault))

    async def _ask_vault(self) -> None:
        self._vault = await self._parts.gateway.vault_state()
        self._refresh()

    # The workspace's own scope ends on some of these ways.

    def _on_change_clicked(self) -> None:
        self._parts.window_scope.replace(self._change_details(), "change account")

    def _on_key_clicked(self) -> None:
        self._parts.window_scope.replace(self._enter_key(), "enter key")

    def _on_leave_clicked(self) -> None:
        self._parts.window_scope.start(self._leave_account(), "leave")

    def _on_forget_clicked(self) -> None:
        self._parts.window_scope.start(self._forget_key(), "forget key")

    def _on_remove_clicked(self) -> None:
        self._parts.window_scope.start(self._remove_account(), "remove account")

    async def _change_details(self) -> None:
        shared = self._parts.settings.value.output_folder
        parts = self._parts
        dialog = DetailsDialog(
            parts.theme, parts.window_scope, self._profile, shared, self._stops, self._save, self.window()
        )
        if await ask.outcome(dialog) == DetailsDialog.DialogCode.Accepted and not parts.scope.closed:
            self.look_at_vault()

    def _stops(self, changed: Profile) -> str:
        return moving_words(self._profile, changed, unfinished(self._parts.engine.store))

    async def _save(self, profile: Profile) -> None:
        folder = profile.output_folder
        if folder is not None and not await asyncio.to_thread(can_be_written, folder):
            raise LocalFileError("folder", f"Nothing can be saved in {folder}. Choose another folder.")
        await self._parts.gateway.change_profile(profile)

    async def _enter_key(self) -> None:
        from mosaic_desktop.gui.key_dialog import ask_for_key

        parts = self._parts
        entered = await ask_for_key(self.window(), parts.theme, parts.gateway, parts.window_scope, self._profile)
        if entered is not None and not parts.scope.closed:
            self.look_at_vault()

    async def _leave_account(self) -> None:
        if await ask_to_leave(self, self._parts.engine, self._profile):
            await self._leave(forget_key=False)

    async def _forget_key(self) -> None:
        if await ask.confirm(self, f"{_FORGET}?", forgetting_words(unfinished(self._parts.engine.store)), "Forget"):
            await self._leave(forget_key=True)

    async def _leave(self, *, forget_key: bool) -> None:
        self.show_trouble("")
        self._set_busy(True)
        try:
            await self._parts.gateway.leave(forget_key=forget_key)
        except MosaicError as error:
            self.show_trouble(sentence(error.problem))
            self._set_busy(False)

    async def _remove_account(self) -> None:
        words = removing_words(self._profile, unfinished(self._parts.engine.store))
        if not await ask.confirm(self, f"{_REMOVE}?", words, "Remove"):
            return
        self.show_trouble("")
        self._set_busy(True)
        try:
            await self._parts.gateway.forget_profile(self._profile.id)
        except MosaicError as error:
            self.show_trouble(sentence(error.problem))
            self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        for button in (self._change, self._leave_button, self._key, self._forget, self._remove):
            button.setEnabled(not busy)
