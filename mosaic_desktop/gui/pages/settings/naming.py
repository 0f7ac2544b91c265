"""How finished videos are called, and whether they lie in the folders of their sources."""

from datetime import datetime

from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from mosaic_desktop.core.naming import DEFAULT_TEMPLATE, FIELDS, NameFacts, render_name, template_fault
from mosaic_desktop.core.ports import SettingsStore
from mosaic_desktop.gui.pages.settings.setting_row import SettingRow
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import secondary_button
from mosaic_desktop.gui.widgets.remark import NOTHING, Remark
from mosaic_desktop.gui.widgets.switch import Switch

_NAMES = "Names of finished videos"
_MIRROR = "Keep folders"
_MIRROR_HINT = "Videos from a folder that was dropped are saved in the same subfolders."


def example(template: str, now: datetime) -> str:
    """`Such as “interview · Reframe.mp4”.`"""
    facts = NameFacts("interview", "Reframe", now, run="7f3a2c91d0e4")
    return f"Such as “{render_name(template, facts)}”."


class TemplateRow(SettingRow):
    """Shows what is typed by example, and takes it over when the user is done with it; what cannot be used is not."""

    def __init__(self, theme: Theme, settings: SettingsStore, now: datetime) -> None:
        self._settings = settings
        self._now = now
        self._edit = QLineEdit(settings.value.name_template)
        self._edit.setAccessibleName(_NAMES)
        self._edit.setPlaceholderText(DEFAULT_TEMPLATE)
        insert = secondary_button(theme, "Insert", "plus")
        insert.setAccessibleName("Insert a field into the name")
        insert.attach_menu(self._fields_menu(insert))
        super().__init__(theme, _NAMES, example(settings.value.name_template, now), insert, self._edit, below=True)
        self._edit.textChanged.connect(self._on_text_changed)
        self._edit.editingFinished.connect(self._take_over)

    def _fields_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        for name, meaning in FIELDS.items():
            action = menu.addAction(f"{meaning[:1].upper()}{meaning[1:]}\t{{{name}}}")
            action.triggered.connect(lambda _=False, name=name: self._insert(name))
        return menu

    def _insert(self, name: str) -> None:
        self._edit.insert(f"{{{name}}}")
        self._take_over()
        self._edit.setFocus()

    def _on_text_changed(self, template: str) -> None:
        if fault := template_fault(template):
            self.say(Remark(f"{fault} So far it stays “{self._settings.value.name_template}”.", wrong=True))
            return
        self.set_hint(example(template, self._now))
        self.say(NOTHING)

    def _take_over(self) -> None:
        """Not while it is typed: a video that arrives then would get half a name."""
        template = self._edit.text()
        if not template_fault(template) and template != self._settings.value.name_template:
            self._settings.change(name_template=template)


def mirror_row(theme: Theme, settings: SettingsStore) -> SettingRow:
    switch = Switch(theme, _MIRROR)
    switch.setChecked(settings.value.mirror_folders)
    switch.toggled.connect(lambda on: settings.change(mirror_folders=on))
    return SettingRow(theme, _MIRROR, _MIRROR_HINT, switch)
