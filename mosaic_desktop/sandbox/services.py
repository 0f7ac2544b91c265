"""What the routes work with, built once at the start and handed to each group of routes."""

from dataclasses import dataclass

from starlette.requests import Request

from mosaic_desktop.sandbox.accounts import Account, Accounts, Caller
from mosaic_desktop.sandbox.api_keys import ApiKeys
from mosaic_desktop.sandbox.callers import Callers
from mosaic_desktop.sandbox.credits import Credits
from mosaic_desktop.sandbox.database import Database
from mosaic_desktop.sandbox.errors import ApiError
from mosaic_desktop.sandbox.faults import Faults
from mosaic_desktop.sandbox.lengths import Lengths
from mosaic_desktop.sandbox.objects import Objects
from mosaic_desktop.sandbox.outputs import Outputs
from mosaic_desktop.sandbox.rate_limit import RateLimit
from mosaic_desktop.sandbox.runs import Runs
from mosaic_desktop.sandbox.scheduler import Scheduler
from mosaic_desktop.sandbox.sessions import Sessions
from mosaic_desktop.sandbox.sign_ins import SignIns
from mosaic_desktop.sandbox.signing import Signer
from mosaic_desktop.sandbox.upload_links import UploadLinks
from mosaic_desktop.sandbox.uploads import Uploads
from mosaic_desktop.sandbox.webhooks import Webhooks


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of one server."""

    database: Database
    accounts: Accounts
    keys: ApiKeys
    sign_ins: SignIns
    callers: Callers
    portal_limit: RateLimit
    credits: Credits
    signer: Signer
    objects: Objects
    sessions: Sessions
    upload_links: UploadLinks
    uploads: Uploads
    lengths: Lengths
    runs: Runs
    outputs: Outputs
    scheduler: Scheduler
    webhooks: Webhooks
    faults: Faults
    admin_token: str

    def caller(self, request: Request) -> Caller:
        """Who sends this operational call; raises 401 `invalid_api_key`."""
        return self.callers.identify(request.headers)

    def account(self, request: Request) -> Account:
        """Whose account this operational call is for; raises 401 `invalid_api_key`."""
        return self.caller(request).account

    def signed_in(self, request: Request) -> Account:
        """The person behind a call of the developer portal; raises 401 `invalid_api_key` or 429 `rate_limit`."""
        account = self.callers.signed_in(request.headers)
        if seconds := self.portal_limit.wait(account.id):
            detail = f"Too many requests. The next one is taken in {seconds} seconds."
            raise ApiError(429, "rate_limit", detail, retry_after=seconds)
        self.portal_limit.count(account.id)
        return account
