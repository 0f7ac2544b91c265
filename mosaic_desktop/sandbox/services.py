"""What the routes work with, built once at the start and handed to each group of routes."""

from dataclasses import dataclass

from starlette.requests import Request

from mosaic_desktop.sandbox.accounts import Account, Accounts
from mosaic_desktop.sandbox.database import Database
from mosaic_desktop.sandbox.objects import Objects
from mosaic_desktop.sandbox.runs import Runs
from mosaic_desktop.sandbox.scheduler import Scheduler
from mosaic_desktop.sandbox.sessions import Sessions
from mosaic_desktop.sandbox.signing import Signer
from mosaic_desktop.sandbox.upload_links import UploadLinks
from mosaic_desktop.sandbox.uploads import Uploads


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of one server."""

    database: Database
    accounts: Accounts
    signer: Signer
    objects: Objects
    sessions: Sessions
    upload_links: UploadLinks
    uploads: Uploads
    runs: Runs
    scheduler: Scheduler

    def account(self, request: Request) -> Account:
        """Who sends this request; raises 401 `invalid_api_key`."""
        return self.accounts.authenticate(request.headers.get("authorization"), request.headers.get("x-api-key"))
