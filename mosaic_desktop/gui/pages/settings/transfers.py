"""How much may move at the same time: transfers at once and their speed, each way. Holds as soon as it is entered."""

from mosaic_desktop.core.pace import MAX_SLOTS
from mosaic_desktop.gui.pages.page import PageParts
from mosaic_desktop.gui.pages.settings.setting_row import SettingRow
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.number_spin import NumberSpin
from mosaic_desktop.gui.widgets.switch import Switch

_MEGABYTE = 1_000_000
_LEAST, _MOST = 0.1, 10_000.0
_USUAL = 5.0
_EXPRESS = "A small file may move beside them, so that it does not wait behind large ones."
_FETCHED = "Finished videos that are fetched side by side."
_SHARED = "Shared by all of them. Off is as fast as the line goes."


class TransfersCard(Card):
    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts.theme, "Transfers", "changes hold at once")
        self._parts = parts
        value = parts.settings.value
        self._slots("upload_slots", "Uploads at a time", _EXPRESS, value.upload_slots)
        self._slots("download_slots", "Downloads at a time", _FETCHED, value.download_slots)
        self._rate("upload_rate", "Limit the speed of uploads", value.upload_rate)
        self._rate("download_rate", "Limit the speed of downloads", value.download_rate)

    def _slots(self, name: str, title: str, hint: str, now: int) -> None:
        spin = NumberSpin(title, 1, MAX_SLOTS)
        spin.set_number(now)
        row = SettingRow(self._parts.theme, title, hint, spin)
        self.body.addWidget(row)

        def follow() -> None:
            row.say(spin.remark)
            number = spin.number()
            if spin.fits and number is not None:
                self._change(name, round(number))

        spin.remarked.connect(follow)

    def _rate(self, name: str, title: str, now: int | None) -> None:
        control = RateControl(self._parts.theme, title, now)
        row = SettingRow(self._parts.theme, title, _SHARED, control.spin, control.switch)
        self.body.addWidget(row)

        def follow() -> None:
            row.say(control.spin.remark)
            if control.fits:
                self._change(name, control.rate)

        control.switch.toggled.connect(follow)
        control.spin.remarked.connect(follow)

    def _change(self, name: str, value: int | None) -> None:
        before = self._parts.settings.value.limits
        after = self._parts.settings.change(**{name: value}).limits
        if after != before:
            self._parts.engine.set_limits(after)


class RateControl:
    """A switch and a number of megabytes a second, which shows while the switch is on. Not a widget: a row has both."""

    def __init__(self, theme: Theme, title: str, rate: int | None) -> None:
        self.switch = Switch(theme, title)
        self.spin = NumberSpin(f"{title}: megabytes a second", _LEAST, _MOST, 1.0, 1, "MB/s")
        self.spin.set_number(_USUAL if rate is None else rate / _MEGABYTE)
        self.switch.setChecked(rate is not None)
        self.spin.setEnabled(rate is not None)
        self.switch.toggled.connect(self.spin.setEnabled)

    @property
    def fits(self) -> bool:
        return not self.switch.isChecked() or self.spin.fits

    @property
    def rate(self) -> int | None:
        """Bytes a second; None while it is off."""
        number = self.spin.number()
        return round(number * _MEGABYTE) if self.switch.isChecked() and number is not None else None
