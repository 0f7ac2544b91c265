"""An access token and how long it is good for."""

from dataclasses import dataclass

from mosaic_desktop.account.patience import Moment
from mosaic_desktop.core.account import Session
from mosaic_desktop.core.ports import Clock
from mosaic_desktop.core.secrets import Secret

_DUE_SHARE, _DUE_SECONDS = 0.2, 300.0  # of its life that is left when a token is renewed
_GOOD_SECONDS = 60.0  # what a token that is handed out is good for
_USUAL_LIFE = 3600.0


@dataclass(frozen=True, slots=True)
class AccessToken:
    """``life``: seconds from ``since``. ``is_renewable``: where it is not, only the service says when it is over."""

    token: Secret
    since: Moment
    life: float
    is_renewable: bool

    @classmethod
    def of(cls, session: Session, clock: Clock) -> "AccessToken":
        """One that the service gave just now. If it seems to be over already, the clock must be wrong."""
        since = Moment.of(clock)
        life = session.expires_at - since.wall
        return cls(session.access, since, life if life > 0 else _USUAL_LIFE, session.refresh is not None)

    def is_good(self, clock: Clock) -> bool:
        return not self.is_renewable or self._left(clock) >= min(_GOOD_SECONDS, self.life / 2)

    def is_due(self, clock: Clock) -> bool:
        """Whether it should be renewed: at 80 % of its life, or when less than five minutes are left."""
        rest = max(_DUE_SHARE * self.life, min(_DUE_SECONDS, self.life / 2))
        return self.is_renewable and self._left(clock) < rest

    def _left(self, clock: Clock) -> float:
        return self.life - self.since.passed(clock)
