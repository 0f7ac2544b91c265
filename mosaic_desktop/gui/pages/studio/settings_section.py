"""The settings of the chosen agent: a switch that leaves them to Mosaic, and its form or typed rows."""

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.parameters import fields_of
from mosaic_desktop.core.ports import SettingsStore
from mosaic_desktop.core.run import ParameterValue
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.pages.studio.form_layout import FIELDS_AT_LEAST_FROM
from mosaic_desktop.gui.pages.studio.kept_forms import Chosen, KeptForms
from mosaic_desktop.gui.pages.studio.parameter_form import ParameterForm
from mosaic_desktop.gui.pages.studio.refusal import Refusal
from mosaic_desktop.gui.pages.studio.typed_rows import TypedRows
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import quiet_button
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.switch import RING, Switch

_AUTO = "Mosaic chooses the settings for each video, except those you change here."


class SettingsSection(QWidget):
    """What the user chose is kept for each agent, long texts only while the window is open.

    `changed` for every change of what would be sent.
    """

    changed = Signal()

    def __init__(self, theme: Theme, settings: SettingsStore, forms: KeptForms, scope: TaskScope) -> None:
        super().__init__()
        self._theme = theme
        self._settings = settings
        self._forms = forms
        self._scope = scope
        self._agent: Agent | None = None
        self._kept: dict[str, Chosen] = {}
        self._refusals: dict[str, Refusal] = {}
        self._form: ParameterForm | None = None
        self._typed: TypedRows | None = None
        self._reset = quiet_button(theme, "Reset", "rotate-ccw")
        self._reset.setAccessibleName("Reset the settings to their defaults")
        self._reset.setToolTip("Reset the settings to their defaults")
        self._auto = Switch(theme, "Choose for me")
        self._auto_label = text_label(theme, "Choose for me", TextStyle.BODY, Tone.SECONDARY)
        self._auto_hint = text_label(theme, _AUTO, TextStyle.SMALL, Tone.SECONDARY, wrap=True)
        self._nothing = text_label(theme, "This agent has no settings.", TextStyle.SMALL, Tone.SECONDARY, wrap=True)
        self._place = QVBoxLayout()
        self._build_ui()
        self._reset.clicked.connect(self._on_reset_clicked)
        self._auto.toggled.connect(self._on_auto_toggled)

    @property
    def auto(self) -> bool:
        return self._auto.isChecked()

    @property
    def missing(self) -> str:
        """What has to be entered or corrected before anything can run; empty when nothing."""
        if self._form is not None:
            return self._form.missing
        return self._typed.missing if self._typed is not None else ""

    def parameters(self) -> dict[str, ParameterValue]:
        if self._form is not None:
            return self._form.parameters()
        return self._typed.values() if self._typed is not None else {}

    def changes(self) -> dict[str, ParameterValue]:
        """What the user set."""
        if self._form is not None:
            return self._form.changes()
        return self._typed.values() if self._typed is not None else {}

    def show_agent(self, agent: Agent) -> None:
        """Show the settings of `agent` as the user left them."""
        if agent == self._agent:
            return
        self._keep()
        self._drop_form()
        self._agent = agent
        chosen = self._kept.get(agent.id) or self._forms.read(agent)
        self._auto.setChecked(chosen.auto)
        if agent.parameters_schema is None:
            self._show_typed(agent)
        else:
            self._show_form(agent, chosen.values)
        if (refusal := self._refusals.pop(agent.id, None)) is not None:
            self.show_refusal(agent.id, refusal)
        self._refresh()
        self._order_tabs()

    def show_refusal(self, agent_id: str, refusal: Refusal) -> QWidget | None:
        """Show at its field what the service did not take, as long as it still stands there.

        Gives the place of the field to scroll to. None where there is no such field, or none now: then it is shown with
        the agent's settings.
        """
        if self._agent is None or agent_id != self._agent.id:
            self._refusals[agent_id] = refusal
            return None
        if self._form is not None:
            return self._form.show_refusal(refusal)
        return self._typed.show_refusal(refusal) if self._typed is not None else None

    def focus_field(self, name: str) -> None:
        """Give the field the keyboard."""
        if self._form is not None and (row := self._form.row(name)) is not None:
            row.take_focus()
        if self._typed is not None:
            self._typed.take_focus(name)

    # Inside

    def _build_ui(self) -> None:
        head = QHBoxLayout()
        title = text_label(self._theme, "Settings", TextStyle.BODY_STRONG)
        title.setMinimumHeight(Size.CONTROL)
        head.addWidget(title, 1)
        head.addWidget(self._reset)
        switch = QHBoxLayout()
        switch.setSpacing(Space.XS - RING)
        self._auto_label.setFixedHeight(Size.CONTROL)
        self._auto_label.setBuddy(self._auto)
        switch.addWidget(self._auto_label)
        switch.addWidget(self._auto)
        switch.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(head)
        column.addLayout(switch)
        column.addWidget(self._auto_hint)
        column.addWidget(self._nothing)
        column.addSpacing(Space.XS)
        column.addLayout(self._place)

    def _show_form(self, agent: Agent, values: Mapping[str, ParameterValue]) -> None:
        form = ParameterForm(self._theme, fields_of(agent.parameters_schema), self._scope)
        form.set_changes(values)
        form.set_auto(self.auto)
        form.changed.connect(self._on_values_changed)
        self._form = form
        self._auto_label.setFixedWidth(form.start - Space.XS)
        self._place.addWidget(form)

    def _show_typed(self, agent: Agent) -> None:
        remembered = (self._settings.value.typed_parameters or {}).get(agent.id, {})
        self._typed = TypedRows(self._theme, remembered)
        self._typed.changed.connect(self._on_values_changed)
        self._auto_label.setFixedWidth(FIELDS_AT_LEAST_FROM - Space.XS)
        self._place.addWidget(self._typed)

    def _order_tabs(self) -> None:
        """Widgets that come later stand at the end of the window's order, behind Run."""
        form = self._form or self._typed
        stops = [self._auto, *(form.tab_stops() if form is not None else [])]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _drop_form(self) -> None:
        for widget in (self._form, self._typed):
            if widget is not None:
                self._place.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self._form = self._typed = None

    def _keep(self) -> None:
        if self._agent is not None:
            self._kept[self._agent.id] = Chosen(self.changes(), self.auto)

    def _on_values_changed(self) -> None:
        if self._typed is not None and self._agent is not None:
            remembered = {**(self._settings.value.typed_parameters or {}), self._agent.id: self._typed.texts()}
            self._settings.change(typed_parameters=remembered)
            self._order_tabs()
        self._write_down()
        self._refresh()
        self.changed.emit()

    def _on_auto_toggled(self, auto: bool) -> None:
        if self._form is not None:
            self._form.set_auto(auto)
        self._write_down()
        self._refresh()
        self.changed.emit()

    def _write_down(self) -> None:
        """Not while an agent is about to be shown: then there is nothing to read yet."""
        if self._agent is not None and (self._form is not None or self._typed is not None):
            values = self._form.changes() if self._form is not None else {}
            self._forms.keep(self._agent, Chosen(values, self.auto))

    def _on_reset_clicked(self) -> None:
        if self._form is not None:
            self._form.reset()
        if self._typed is not None:
            self._typed.clear()
        self._auto.setFocus()

    def _refresh(self) -> None:
        self._reset.setVisible(bool(self.changes()))
        self._auto_hint.setVisible(self.auto and self._form is not None)
        agent = self._agent
        bare = agent is not None and agent.parameters_schema is not None and not fields_of(agent.parameters_schema)
        self._nothing.setVisible(bare)
