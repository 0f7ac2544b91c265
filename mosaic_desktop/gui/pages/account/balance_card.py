"""The balance in large figures: when it was read, how long it lasts, who is signed in."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mosaic_desktop.core.account import Balance, Forecast, SignIn, SignInState
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.gui.pages.account.words import (
    credits_words,
    forecast_basis,
    forecast_words,
    format_ago,
    format_credits,
    is_doubtful,
    is_urgent,
    low_words,
    signed_in_words,
)
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import icon_button
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.icon_line import IconLine
from mosaic_desktop.gui.widgets.labels import ElidedLabel, Tone, text_label

WIDTH = 260  # beside the chart
_READ_NOW, _SIGN_OUT = "Read the balance now", "Sign out"


class BalanceCard(Card):
    """Signals by its buttons. `is_local`: the application signs in for the user, who has not to sign out either."""

    refresh_wanted = Signal()
    limits_wanted = Signal()
    sign_out_wanted = Signal()

    def __init__(self, theme: Theme, *, is_local: bool) -> None:
        super().__init__(theme)
        self._is_local = is_local
        self.setAccessibleName("Credit balance")
        self._number = text_label(theme, "–", TextStyle.BALANCE)
        self._read = IconLine(theme)
        self._low = IconLine(theme)
        self._forecast = IconLine(theme)
        middle = Qt.TextElideMode.ElideMiddle
        self._who = ElidedLabel(theme, "", TextStyle.SMALL, Tone.SECONDARY, middle, wraps=True)
        self._who_problem = IconLine(theme)
        self._refresh = icon_button(theme, "refresh-cw", _READ_NOW)
        self._refresh.clicked.connect(self.refresh_wanted)
        self._bell = icon_button(theme, "bell", "Set when to warn of low credits")
        self._bell.clicked.connect(self.limits_wanted)
        self._out = icon_button(theme, "log-out", _SIGN_OUT)
        self._out.clicked.connect(self.sign_out_wanted)
        self._out.setVisible(not is_local)
        self._build()

    def show_balance(self, balance: Balance, low: tuple[int, ...], now: float) -> None:
        latest = balance.latest
        number = format_credits(latest.credits) if latest is not None else "–"
        if self._number.text() != number:
            self._number.setText(number)
            self._number.setAccessibleName(credits_words(latest.credits) if latest is not None else "not known yet")
        self.show_age(balance, now)
        words = low_words(latest.credits, low) if latest is not None else ""
        empty = latest is not None and latest.credits <= 0
        self._low.set_line(words, StateKind.BAD if empty else StateKind.WARNING, "triangle-alert")

    def show_age(self, balance: Balance, now: float) -> None:
        """Alone, since it changes by itself."""
        if balance.latest is None:
            why = sentence(balance.problem) if balance.problem is not None else "Being read…"
            warned = balance.problem is not None
            self._read.set_line(why, StateKind.WARNING if warned else StateKind.NEUTRAL, "circle-alert" * warned)
            return
        read = f"read {format_ago(now - balance.latest.at)}"
        if balance.problem is not None:
            self._read.set_line(f"{read}. {sentence(balance.problem)}", StateKind.WARNING, "clock")
        elif is_doubtful(balance, now):
            self._read.set_line(read, StateKind.WARNING, "clock")
        else:
            self._read.set_line(read)

    def show_forecast(self, forecast: Forecast | None) -> None:
        urgent = is_urgent(forecast)
        kind = StateKind.WARNING if urgent else StateKind.NEUTRAL
        self._forecast.set_line(forecast_words(forecast), kind, "circle-alert" if urgent else "clock")
        self._forecast.setToolTip(forecast_basis(forecast))

    def show_sign_in(self, sign_in: SignIn) -> None:
        self._who.set_text(signed_in_words(sign_in, by_itself=self._is_local))
        problem = sign_in.problem if not self._is_local or sign_in.state is not SignInState.IN else None
        self._who_problem.set_line(sentence(problem) if problem else "", StateKind.WARNING, "circle-alert")

    def set_busy(self, *, reading: bool, leaving: bool) -> None:
        self._refresh.setEnabled(not reading)
        self._refresh.setToolTip("Being read…" if reading else _READ_NOW)
        self._out.setEnabled(not leaving)
        self._out.setToolTip("Signing out…" if leaving else _SIGN_OUT)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(text_label(self._theme, "Credit balance", TextStyle.BODY, Tone.SECONDARY), 1)
        head.setSpacing(0)
        head.addWidget(self._bell)
        head.addWidget(self._refresh)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addWidget(self._who, 1)
        foot.addWidget(self._out)
        inside = QWidget()
        column = QVBoxLayout(inside)
        # The icon ends where the words below end, so its button reaches beyond that.
        column.setContentsMargins(Space.L + 2, Space.M, Space.S, Space.S)
        column.setSpacing(Space.XS)
        head.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self._number)
        for line in (self._read, self._low):
            column.addWidget(line)
        column.addStretch(1)
        column.addWidget(self._forecast)
        column.addWidget(self._who_problem)
        column.addLayout(foot)
        self._who.setMinimumHeight(Size.CONTROL)
        self.body.addWidget(inside)
