"""Builds the parts of a server, each of them once."""

import os

from mosaic_desktop.sandbox.accounts import Accounts
from mosaic_desktop.sandbox.api_keys import ApiKeys
from mosaic_desktop.sandbox.callers import Callers
from mosaic_desktop.sandbox.credits import Credits
from mosaic_desktop.sandbox.database import Database
from mosaic_desktop.sandbox.faults import Faults
from mosaic_desktop.sandbox.lengths import Lengths
from mosaic_desktop.sandbox.objects import Objects
from mosaic_desktop.sandbox.options import Options
from mosaic_desktop.sandbox.outputs import Outputs
from mosaic_desktop.sandbox.rate_limit import RateLimit
from mosaic_desktop.sandbox.rendering import Workers
from mosaic_desktop.sandbox.run_reports import RunReports
from mosaic_desktop.sandbox.runs import Runs
from mosaic_desktop.sandbox.scheduler import Scheduler
from mosaic_desktop.sandbox.services import Services
from mosaic_desktop.sandbox.sessions import Sessions
from mosaic_desktop.sandbox.sign_ins import SignIns
from mosaic_desktop.sandbox.signing import Signer
from mosaic_desktop.sandbox.upload_links import UploadLinks
from mosaic_desktop.sandbox.uploads import Uploads
from mosaic_desktop.sandbox.webhooks import Webhooks

_WRONG_PASSWORDS = 30
_MINUTES_TO_FORGET_THEM = 5


def build_services(database: Database, options: Options, origin: str) -> Services:
    """`origin` is where the server answers, like `http://127.0.0.1:5000`. Secrets live as long as the data folder."""
    minute = options.minute_seconds
    faults = Faults()
    keys = ApiKeys(database, database.secret("key_secret"))
    accounts = Accounts(database, keys, options.credits)
    failures = RateLimit(_WRONG_PASSWORDS, _MINUTES_TO_FORGET_THEM * minute)
    sign_ins = SignIns(database, accounts, database.secret("token_secret"), options.session_seconds, failures)
    objects = Objects(database, options.data_dir)
    signer = Signer(
        database.secret("signing_secret"), f"{origin}/storage", lambda: faults.link_seconds(options.link_seconds)
    )
    sessions = Sessions(database, objects)
    credits = Credits(database)
    runs = Runs(database, credits)
    outputs = Outputs(runs, signer)
    webhooks = Webhooks(database, keys, outputs, minute)
    workers = Workers()
    return Services(
        database=database,
        accounts=accounts,
        keys=keys,
        sign_ins=sign_ins,
        callers=Callers(accounts, keys, sign_ins),
        portal_limit=RateLimit(options.portal_requests, minute),
        credits=credits,
        signer=signer,
        objects=objects,
        sessions=sessions,
        upload_links=UploadLinks(options.uploads, signer, sessions),
        uploads=Uploads(database, objects),
        lengths=Lengths(database, objects, workers),
        runs=runs,
        outputs=outputs,
        scheduler=Scheduler(
            database,
            runs,
            RunReports(database, runs, credits),
            objects,
            workers,
            slots=max(2, (os.cpu_count() or 2) // 2),
            ended=webhooks.send,
        ),
        webhooks=webhooks,
        faults=faults,
        admin_token=database.secret("admin_secret").hex(),
    )
