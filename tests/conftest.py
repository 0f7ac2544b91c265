"""The world of the tests and its guards, which are in tests/support.

Every test has a private display, an empty home and a message bus without secrets, and may talk to this machine only.
Fixtures: `run_async` (a qasync loop), `secret_service` (a real keyring), `own_home`; helpers: `tests.support.waiting`.
Warnings logged on purpose are announced: `@pytest.mark.expect_log("a regular expression")`.
"""

pytest_plugins = ["tests.support.environment", "tests.support.guards", "tests.support.loop"]
