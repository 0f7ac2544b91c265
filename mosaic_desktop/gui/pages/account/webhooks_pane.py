"""The receiver of webhooks: on or off, where it listens, how to reach it from outside, and what came."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from mosaic_desktop.core.account_ports import WebhookDesk
from mosaic_desktop.core.errors import Code, MosaicError
from mosaic_desktop.core.ports import SettingsStore
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.pages.account.deliveries_table import DeliveriesTable
from mosaic_desktop.gui.pages.account.words import REACH, REACH_LOCAL, RECEIVER
from mosaic_desktop.gui.pages.settings.setting_row import SettingRow
from mosaic_desktop.gui.pages.trouble import Trouble
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import ANY_SIZE, Size, Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import icon_button
from mosaic_desktop.gui.widgets.focus_return import FocusReturn
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.number_spin import NumberSpin
from mosaic_desktop.gui.widgets.remark import NOTHING, Remark
from mosaic_desktop.gui.widgets.switch import Switch
from mosaic_desktop.gui.widgets.upright_line import UprightLine

_SIDE_WIDTH = 320
_BESIDE_FROM = 780
_DELIVERIES_HEIGHT = 240
_LOWEST_PORT, _HIGHEST_PORT = 1024, 65535
_WORK = "webhook receiver"


class WebhooksPane(QWidget):
    """`is_local`: the runs are those of the local Mosaic, which reaches the receiver as it is. `changed` when
    `can_test` or the height that it needs may have.
    """

    changed = Signal()

    def __init__(
        self, theme: Theme, desk: WebhookDesk, settings: SettingsStore, scope: TaskScope, *, is_local: bool
    ) -> None:
        super().__init__()
        self._desk = desk
        self._settings = settings
        self._scope = scope
        self._changing = False
        self._follows = False  # the switch moves because the receiver did
        self._testing = False
        self._keyboard = FocusReturn(self)
        self._trouble = Trouble(theme, (Space.L, Space.S, Space.L, Space.S))
        self._switch = Switch(theme, "Receiver")
        self._port = NumberSpin("Port", _LOWEST_PORT, _HIGHEST_PORT)
        self._port.setGroupSeparatorShown(False)
        self._port.set_number(settings.value.webhook_port)
        self._address = QLineEdit()
        self._address.setAccessibleName("Address of the receiver")
        self._address.setReadOnly(True)
        self._address.setPlaceholderText("Not listening")
        self._copy = icon_button(theme, "copy", "Copy the receiver’s address")
        self._switch_row = SettingRow(theme, "Receiver", RECEIVER, self._switch)
        self._port_row = SettingRow(theme, "Port", "On this computer alone.", self._port)
        self._deliveries = DeliveriesTable(theme)
        self._build(theme, is_local)
        self._switch.toggled.connect(self._on_toggled)
        self._port.editingFinished.connect(self._on_port_edited)
        self._port.remarked.connect(lambda: self._port_row.say(self._port.remark))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._address.text()))

    @property
    def can_test(self) -> bool:
        return self._desk.receiver.url is not None and not self._testing and not self._changing

    @property
    def testing(self) -> bool:
        return self._testing

    def refresh(self, now: float) -> None:
        """`now`: seconds since the epoch."""
        receiver = self._desk.receiver
        if not self._changing:
            self._follows = True
            self._switch.setChecked(receiver.url is not None)
            self._follows = False
            problem = sentence(receiver.problem) if receiver.problem is not None else ""
            self._switch_row.say(Remark(problem, wrong=True) if problem else NOTHING)
        if self._address.text() != (receiver.url or ""):
            self._address.setText(receiver.url or "")
            self._address.setCursorPosition(0)
        self._copy.setEnabled(receiver.url is not None)
        self._deliveries.show_deliveries(self._desk.deliveries, receiver, now)

    def send_test(self) -> None:
        if self.can_test:
            self._scope.start(self._test(), "test delivery")

    # Inside

    def _build(self, theme: Theme, is_local: bool) -> None:
        address = QVBoxLayout()
        address.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        address.setSpacing(Space.S)
        line = QHBoxLayout()
        line.setSpacing(Space.XS)
        line.addWidget(self._address, 1)
        line.addWidget(self._copy)
        self._address.setMinimumHeight(Size.CONTROL)
        name = text_label(theme, "Address")
        name.setBuddy(self._address)
        address.addWidget(name)
        address.addLayout(line)
        address.addWidget(text_label(theme, "From outside", TextStyle.SMALL_STRONG))
        words = REACH_LOCAL if is_local else REACH
        address.addWidget(text_label(theme, words, TextStyle.SMALL, Tone.SECONDARY, wrap=True))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._switch_row)
        column.addWidget(self._port_row)
        column.addLayout(address)
        column.addStretch(1)
        side = QScrollArea()
        side.setWidgetResizable(True)
        side.setFrameShape(QScrollArea.Shape.NoFrame)
        side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setWidget(inside)
        self._side, self._line = side, UprightLine(theme)
        self._row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(self._line)
        row.addWidget(self._deliveries, 1)
        self._controls = column
        self._arrange(beside=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._trouble)
        whole.addLayout(row, 1)

    def _arrange(self, *, beside: bool) -> None:
        """What came stands beside the receiver, or below it where room is short."""
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._row.setDirection(direction)
        self._line.setVisible(beside)
        self._side.setMinimumWidth(_SIDE_WIDTH if beside else 0)
        self._side.setMaximumWidth(_SIDE_WIDTH if beside else ANY_SIZE)
        self._deliveries.setMinimumHeight(0 if beside else _DELIVERIES_HEIGHT)

    def heightForWidth(self, width: int) -> int:
        """Out of sight it needs no room, although a stack asks every page."""
        return -1 if self.isHidden() else super().heightForWidth(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        beside = width >= _BESIDE_FROM
        if beside != (self._row.direction() is QBoxLayout.Direction.LeftToRight):
            self._arrange(beside=beside)
        height = 0 if beside else self._controls.totalHeightForWidth(width)
        if height != self._side.minimumHeight():
            self._side.setMinimumHeight(height)
            self.changed.emit()

    def _on_toggled(self, on: bool) -> None:
        if not self._follows:
            self._begin(on)

    def _on_port_edited(self) -> None:
        port = self._wanted_port()
        if port != self._settings.value.webhook_port:
            self._settings.change(webhook_port=port)
            receiver = self._desk.receiver
            taken = receiver.problem is not None and receiver.problem.code == Code.PORT_TAKEN
            if (receiver.url is not None or taken) and not self._changing:
                self._begin(True)

    def _wanted_port(self) -> int:
        return round(self._port.number() or _LOWEST_PORT)

    def _begin(self, on: bool) -> None:
        """The switch stays as it was wanted, and cannot be used, until it is known how it went."""
        self._set_changing(True)
        self._scope.start(self._turn(on), _WORK)

    async def _turn(self, on: bool) -> None:
        try:
            if on:
                port = self._wanted_port()
                await self._desk.start(port)
                self._settings.change(webhook_port=port)
            else:
                await self._desk.stop()
            self._settings.change(webhooks=self._desk.receiver.url is not None)
            self._trouble.clear()
        except MosaicError as error:
            self._trouble.tell(sentence(error.problem))
        finally:
            self._set_changing(False)

    def _set_changing(self, changing: bool) -> None:
        self._changing = changing
        if changing:
            self._keyboard.away(self._show_changing)
        else:
            self._keyboard.back(self._show_changing)
        self.changed.emit()

    def _show_changing(self) -> None:
        self._switch.setEnabled(not self._changing)
        self._port.setEnabled(not self._changing)

    async def _test(self) -> None:
        self._testing = True
        self.changed.emit()
        try:
            await self._desk.send_test()
            self._trouble.clear()
        except MosaicError as error:
            self._trouble.tell(f"The test did not arrive. {sentence(error.problem)}")
        finally:
            self._testing = False
            self.changed.emit()
