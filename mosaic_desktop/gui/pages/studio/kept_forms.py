"""What was chosen in the forms of agents, for the next start: the Studio comes back as it was left."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.parameters import FieldKind, fields_of, shown_value
from mosaic_desktop.core.ports import SettingsStore
from mosaic_desktop.core.run import ParameterValue

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Chosen:
    """`values`: what the user set; `auto`: whether Mosaic chooses the rest."""

    values: Mapping[str, ParameterValue] = field(default_factory=dict)
    auto: bool = False


class KeptForms:
    """Of one profile. Long texts are left out: the words of one video are not those of the next, and settings are a
    small file.
    """

    def __init__(self, settings: SettingsStore, profile_id: str) -> None:
        self._settings = settings
        self._profile_id = profile_id

    def read(self, agent: Agent) -> Chosen:
        """As far as the agent still takes it."""
        try:
            found = json.loads(self._forms().get(agent.id, ""))
        except (ValueError, RecursionError):
            return Chosen()
        values = found.get("values") if isinstance(found, dict) else None
        if not isinstance(values, dict):
            return Chosen()
        fields = [field for field in fields_of(agent.parameters_schema) if field.name in values]
        shown = {field.name: shown_value(values[field.name], field) for field in fields}
        return Chosen({name: value for name, value in shown.items() if value is not None}, found.get("auto") is True)

    def keep(self, agent: Agent, chosen: Chosen) -> None:
        long = {field.name for field in fields_of(agent.parameters_schema) if field.kind is FieldKind.LONG_TEXT}
        values = {name: value for name, value in chosen.values.items() if name not in long and _is_short(value)}
        kept = self._forms()
        forms = {agent_id: text for agent_id, text in kept.items() if agent_id != agent.id}
        if values or chosen.auto:
            forms[agent.id] = json.dumps({"auto": chosen.auto, "values": values}, ensure_ascii=False)
        if forms != kept:
            self._settings.change(form_choices={**(self._settings.value.form_choices or {}), self._profile_id: forms})

    def _forms(self) -> Mapping[str, str]:
        return (self._settings.value.form_choices or {}).get(self._profile_id, {})


def _is_short(value: ParameterValue) -> bool:
    return not isinstance(value, str) or len(value) <= _LONGEST
