"""Whose work this is, where its key is kept, and the ways out."""

from mosaic_desktop.core.errors import MosaicError, Problem
from mosaic_desktop.core.ports import Profile, VaultState
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.gui import ask
from mosaic_desktop.gui.leaving import Unfinished, ask_to_leave, under_way, unfinished
from mosaic_desktop.gui.pages.page import PageParts
from mosaic_desktop.gui.pages.settings.section import Section
from mosaic_desktop.gui.widgets.buttons import danger_button, secondary_button
from mosaic_desktop.gui.widgets.facts_table import Fact

_FORGET = "Forget this key"


def account_facts(profile: Profile, vault: VaultState | None) -> tuple[Fact, ...]:
    """`vault`: None while it is not known."""
    facts = [Fact("Account", profile.title)]
    if profile.is_local:
        facts.append(Fact("Videos", "Stay on this computer"))
    else:
        facts += [Fact("API key", profile.key_hint or "…"), Fact("Key is kept", kept_words(profile, vault))]
    if profile.base_url:
        facts.append(Fact("Address", profile.base_url))
    return tuple(facts)


def kept_words(profile: Profile, vault: VaultState | None) -> str:
    if profile.session_only:
        return "For this session only, nowhere on disk"
    if vault is None or not vault.name:
        return "In your system keyring"
    if vault.problem_code is not None:
        return sentence(Problem(vault.problem_code))
    return f"In your system keyring ({vault.name})"


def forgetting_words(work: Unfinished) -> str:
    words = "The key is taken out of your keyring. Your work stays here and goes on when you enter the key again."
    return f"{words} {under_way(work)}" if work.count else words


class AccountSection(Section):
    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts.theme, "Account")
        self._parts = parts
        self._switch = secondary_button(parts.theme, "Use another key or the local Mosaic…", "log-out")
        self._switch.clicked.connect(self._on_switch_clicked)
        self.add_action(self._switch)
        self._forget = danger_button(parts.theme, _FORGET, "trash-2")
        self._forget.clicked.connect(self._on_forget_clicked)
        self._forget.setVisible(not parts.profile.is_local and not parts.profile.session_only)
        self.add_action(self._forget)
        self.facts.set_facts(account_facts(parts.profile, None))

    def look_at_vault(self) -> None:
        if not self._parts.profile.is_local:
            self._parts.scope.replace(self._ask_vault(), "keyring for settings")

    async def _ask_vault(self) -> None:
        vault = await self._parts.gateway.vault_state()
        self.facts.set_facts(account_facts(self._parts.profile, vault))

    def _on_switch_clicked(self) -> None:
        # The workspace's own scope ends on the way.
        self._parts.window_scope.start(self._switch_profile(), "leave")

    def _on_forget_clicked(self) -> None:
        self._parts.window_scope.start(self._forget_key(), "forget key")

    async def _switch_profile(self) -> None:
        if await ask_to_leave(self, self._parts.engine, self._parts.profile):
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

    def _set_busy(self, busy: bool) -> None:
        for button in (self._switch, self._forget):
            button.setEnabled(not busy)
