"""Who sends a request, by its credential headers (contract: "Authentication").

`Authorization: Bearer` and `X-API-Key` say the same thing in two ways. Where both are sent they must agree: a request
that names two credentials is refused, since either account could be the wrong one.
"""

from starlette.datastructures import Headers

from mosaic_desktop.sandbox.accounts import Account, Accounts, Caller
from mosaic_desktop.sandbox.api_keys import ApiKeys
from mosaic_desktop.sandbox.errors import ApiError
from mosaic_desktop.sandbox.sign_ins import SignIns

_NO_KEY = (
    "Send a valid API key as 'Authorization: Bearer mk_...' or as 'X-API-Key: mk_...', or a session token as "
    "'Authorization: Bearer ...'."
)
_NO_SESSION = "This call takes a valid session token as 'Authorization: Bearer ...', and no API key. Sign in again."
_TWO = "The request carries two credentials that are not the same. Send one."


class Callers:
    """Tells who sends a request."""

    def __init__(self, accounts: Accounts, keys: ApiKeys, sign_ins: SignIns) -> None:
        self._accounts = accounts
        self._keys = keys
        self._sign_ins = sign_ins

    def identify(self, headers: Headers) -> Caller:
        """The caller of an operational call; raises 401 `invalid_api_key`."""
        if key := self._keys.use(_credential(headers)):
            return Caller(self._accounts.get(key["account_id"]), key["id"])
        return Caller(self._session(headers, _NO_KEY))

    def signed_in(self, headers: Headers) -> Account:
        """The person behind a call of the developer portal; raises 401 `invalid_api_key`, also for an API key."""
        _credential(headers)
        return self._session(headers, _NO_SESSION)

    def _session(self, headers: Headers, otherwise: str) -> Account:
        for token in bearer_tokens(headers):
            if signed_in := self._sign_ins.read(token):
                return signed_in.account
        raise ApiError(401, "invalid_api_key", otherwise)


def bearer_tokens(headers: Headers) -> list[str]:
    """What the request's Authorization headers of the Bearer kind carry."""
    parts = [header.partition(" ") for header in headers.getlist("authorization")]
    return [token.strip() for scheme, _, token in parts if scheme.lower() == "bearer"]


def _credential(headers: Headers) -> str:
    """The one credential of the request; empty if there is none."""
    plain = [key.strip() for key in headers.getlist("x-api-key")]
    credentials = {credential for credential in (*bearer_tokens(headers), *plain) if credential}
    if len(credentials) > 1:
        raise ApiError(401, "invalid_api_key", _TWO)
    return next(iter(credentials), "")
