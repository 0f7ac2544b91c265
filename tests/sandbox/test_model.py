"""Any sequence of calls does what a small model of the contract says, also when the server is killed in between."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.sandbox.client import answer, refusal
from tests.sandbox.model import (
    CREDITS,
    INVALID,
    INVALID_STATE,
    NOT_YOURS,
    PRICES,
    REVOKED,
    TOO_POOR,
    UNKNOWN,
    Account,
    File,
    Key,
    Refusal,
    Run,
    refused,
)
from tests.sandbox.world import World
from tests.support.media import make_clip
from tests.support.sandbox_server import Account as Login
from tests.support.waiting import until

AT_ONCE = 10
SHORT = 1024
NOBODY = "http://127.0.0.1:9/hook"  # nothing listens there
Answer = dict[str, Any]
SETTINGS = settings(
    max_examples=12,
    stateful_step_count=40,
    phases=[Phase.generate],  # to look for a shorter sequence takes minutes
    suppress_health_check=list(HealthCheck),
)


class Calls(RuleBasedStateMachine):
    """Two accounts of one server, and everything that they do."""

    keys, files, runs = Bundle("keys"), Bundle("files"), Bundle("runs")

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.http = world.http
        self.started: list[Run] = []
        self.accounts: list[Account] = []
        self.made_keys: list[Key] = []
        self.made_files: list[File] = []
        self.set_up()

    def teardown(self) -> None:
        self.settle(lambda run: True)

    def set_up(self) -> None:
        """For each account a key, a video, and something else that is called one; a run of one such."""
        for login in self.world.next_two():
            account = self.sign_in(login)
            (listed,) = answer(self.ask(account.session, "GET", "/dev/keys"))["keys"]
            self.made_keys.append(Key(account, listed["id"], login.api_key))
            for content in ("video", "zeros"):
                file = self.announced(account, account.session, len(self.world.video))
                assert file is not None
                self.put(file, content)
                self.finalized(file, account.session, None)
                self.made_files.append(file)
        self.begin(self.made_files[-1], account, account.session, "Mirror", None)

    def sign_in(self, login: Login) -> Account:
        account = Account(login.email, CREDITS)
        body = {"email": login.email, "password": login.password}
        headers = {"apikey": self.world.server.anon_key}
        token = f"{self.world.server.auth_url}/token?grant_type=password"
        account.session = answer(self.http.post(token, json=body, headers=headers))["access_token"]
        agents = answer(self.ask(account.session, "GET", "/get-user-agents-simple"))["agents"]
        account.agents = {agent["name"]: agent["id"] for agent in agents}
        self.accounts.append(account)
        return account

    @initialize(target=keys)
    def first_keys(self) -> object:
        return multiple(*self.made_keys)

    @initialize(target=files)
    def first_files(self) -> object:
        return multiple(*self.made_files)

    @initialize(target=runs)
    def first_runs(self) -> object:
        return multiple(*self.started)

    def ask(self, credential: str, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {credential}"}
        return self.http.request(method, f"{self.world.server.base_url}{path}", json=body, headers=headers)

    def expect(self, refused: Refusal | None, response: httpx.Response) -> Answer | None:
        """The answer, or None where it must have been refused so."""
        if refused is None:
            return answer(response)
        assert refusal(response) == refused
        return None

    # Uploads

    @rule(target=files, key=keys, exact=st.booleans())
    def announce(self, key: Key, exact: bool) -> object:
        """A new upload, or nothing where the key is revoked."""
        size = len(self.world.video) if exact else SHORT
        if key.is_revoked:
            self.announced(key.owner, key.plaintext, size, REVOKED)
            return multiple()
        return self.announced(key.owner, key.plaintext, size)

    def announced(self, owner: Account, credential: str, size: int, expected: Refusal | None = None) -> File | None:
        wish = {"filename": "a.mp4", "file_size": size, "content_type": "video/mp4"}
        told = self.expect(expected, self.ask(credential, "POST", "/video/get-upload-url", wish))
        return (
            None
            if told is None
            else File(
                owner, upload_id=told["video_id"], link=told["upload_url"].removeprefix(self.world.origin), size=size
            )
        )

    @rule(file=files, content=st.sampled_from(["video", "zeros", "short"]))
    def put(self, file: File, content: str) -> None:
        """The bytes of an upload, for the first time or others in their place."""
        if not file.link:
            return
        self.settle(lambda run: run.file is file)
        data = {"video": self.world.video, "zeros": bytes(len(self.world.video)), "short": bytes(SHORT)}[content]
        stored = self.http.put(f"{self.world.origin}{file.link}", content=data, headers={"Content-Type": "video/mp4"})
        assert stored.status_code == 200
        file.is_video, file.stored = content == "video", len(data)

    @rule(file=files, key=keys)
    def finalize(self, file: File, key: Key) -> None:
        """The same file however often."""
        expected = refused(key, file.owner) if file.upload_id else refused(key, key.owner) or UNKNOWN
        if expected is None and file.id is None and file.stored != file.size:
            expected = INVALID
        self.finalized(file, key.plaintext, expected)

    def finalized(self, file: File, credential: str, expected: Refusal | None) -> None:
        response = self.ask(credential, "POST", f"/video/finalize-upload/{file.upload_id or uuid4()}", {})
        told = self.expect(expected, response)
        if told is not None:
            assert file.id in (None, told["file_uuid"])
            assert told["file_name"] == "a.mp4"
            file.id = told["file_uuid"]

    # Runs

    @rule(target=runs, file=files, key=st.none() | keys, what=st.sampled_from(sorted(PRICES)))
    def run(self, file: File, key: Key | None, what: str) -> object:
        """With a key, or as the person who signed in and whose file it is."""
        owner, credential = (key.owner, key.plaintext) if key else (file.owner, file.owner.session)
        expected = refused(key, file.owner if file.id else owner) if key else None
        return self.begin(file, owner, credential, what, expected or (None if file.id else UNKNOWN)) or multiple()

    def begin(self, file: File, caller: Account, credential: str, what: str, expected: Refusal | None) -> Run | None:
        price = PRICES[what]
        if self.running(caller) >= AT_ONCE or caller.credits < price:
            self.settle(lambda run: run.owner is caller)
        if expected is None and caller.credits < price:
            expected = TOO_POOR
        agent = caller.agents.get(what)
        wish = {"agent_id": agent} if agent else {"agent_id": None, "prompt": what}
        response = self.ask(credential, "POST", "/run-agent", {"file_id": file.id or str(uuid4()), **wish})
        told = self.expect(expected, response)
        if told is None:
            return None
        caller.credits -= price
        graph = answer(self.ask(credential, "GET", f"/get-agent-run/{told['agent_run_id']}"))["graph"]
        run = Run(caller, told["agent_run_id"], file, price, [node["id"] for node in graph["nodes"]])
        self.started.append(run)
        return run

    @rule(file=files, key=keys, other=keys)
    def run_wrongly(self, file: File, key: Key, other: Key) -> None:
        """With agent and prompt, with neither, and with another account's agent."""
        agent = {"file_id": file.id or "", "agent_id": other.owner.agents["Mirror"]}
        expected = REVOKED if key.is_revoked else INVALID
        for wish in ({**agent, "prompt": "a square"}, {**agent, "agent_id": None}):
            self.expect(expected, self.ask(key.plaintext, "POST", "/run-agent", wish))
        if other.owner is not key.owner and file.id:
            self.expect(REVOKED if key.is_revoked else NOT_YOURS, self.ask(key.plaintext, "POST", "/run-agent", agent))

    @rule(run=runs, key=keys)
    def watch(self, run: Run, key: Key) -> None:
        expected = refused(key, run.owner)
        simple = self.expect(expected, self.ask(key.plaintext, "GET", f"/get-agent-run-simple/{run.id}"))
        full = self.expect(expected, self.ask(key.plaintext, "GET", f"/get-agent-run/{run.id}"))
        if simple is not None and full is not None:
            known = {run.status, run.will_be if run.status == "running" else run.status}
            assert simple["status"] in known
            assert full["status"].replace("completed", "success") in known
            assert [node["id"] for node in full["graph"]["nodes"]] == run.nodes
            assert simple["file_id"] == run.file.id

    @rule(target=files, run=runs, key=keys, retries=st.integers(0, 2))
    def end(self, run: Run, key: Key, retries: int) -> object:
        """What a run brought can be fetched, and worked on further; what failed starts again."""
        self.settle(lambda other: other.owner is run.owner)
        expected = refused(key, run.owner)
        told = self.expect(expected, self.ask(key.plaintext, "GET", f"/get-agent-run-outputs/{run.id}"))
        new = None if told is None else self.output(run, told["outputs"])
        for node in run.nodes[1:]:
            self.expect(expected or INVALID_STATE, self.ask(key.plaintext, "POST", f"/retry-agent-run-node/{node}"))
        if retries:
            self.retry(run, key, retries, expected)
        return new or multiple()

    def output(self, run: Run, outputs: list[Answer]) -> File | None:
        """The file that a run brought, when it is seen for the first time."""
        assert len(outputs) == (run.status == "success")
        for output in outputs:
            assert output["node_id"] == run.nodes[-1]
            assert len(self.http.get(output["download_url"]).content) == output["file_size"]
            if run.output is None:
                run.output = File(run.owner, output["file_id"], is_video=True)
                return run.output
            assert run.output.id == output["file_id"]
        return None

    def retry(self, run: Run, key: Key, times: int, expected: Refusal | None) -> None:
        """The price that had been given back is taken again, once, however often it is asked."""
        expected = expected or (None if run.status == "failed" else INVALID_STATE)
        if expected is None and run.owner.credits < run.price:
            expected = TOO_POOR
        path = f"/retry-agent-run-node/{run.nodes[0]}"
        if self.expect(expected, self.ask(key.plaintext, "POST", path)) is None:
            return
        run.status = "running"
        run.owner.credits -= run.price
        for _ in range(times - 1):
            again = self.ask(key.plaintext, "POST", path)
            # It may have succeeded in between; or failed, and then this was another retry.
            assert again.status_code == 200 or refusal(again) == INVALID_STATE

    # Keys

    @rule(target=keys, key=keys, webhook=st.sampled_from([None, NOBODY, "http://example.org/"]))
    def create_key(self, key: Key, webhook: str | None) -> object:
        """By the person who signed in, since a key makes no keys."""
        self.expect(REVOKED, self.ask(key.plaintext, "POST", "/dev/keys/create"))
        expected = INVALID if webhook == "http://example.org/" else None
        wish = {"webhook_url": webhook}
        told = self.expect(expected, self.ask(key.owner.session, "POST", "/dev/keys/create", wish))
        if told is None:
            return multiple()
        assert told["webhook_url"] == webhook
        return Key(key.owner, told["id"], told["key"], webhook)

    @rule(key=keys, other=keys, revokes=st.booleans())
    def change_key(self, key: Key, other: Key, revokes: bool) -> None:
        """`other` is whose session it is done with."""
        expected = UNKNOWN if key.is_revoked else refused(Key(other.owner, "", ""), key.owner)
        path, session = f"/dev/keys/{key.id}", other.owner.session
        told = self.expect(expected, self.ask(session, "PATCH", path, {"webhook_url": None}))
        if told is not None:
            key.webhook = None
            assert (told["id"], told["webhook_url"]) == (key.id, None)
        if revokes and self.expect(expected, self.ask(session, "DELETE", path)) is not None:
            key.is_revoked = True
        self.expect(refused(key, key.owner), self.ask(key.plaintext, "GET", "/get-user-agents-simple?limit=1"))

    # All together

    @precondition(lambda self: self.started)
    @rule()
    def balances(self) -> None:
        self.settle(lambda run: True)
        for account in self.accounts:
            told = answer(self.ask(account.session, "GET", "/dev/credits/balance"))
            assert told == {"credits_remaining": account.credits}

    @precondition(lambda self: any(run.status == "running" for run in self.started))
    @rule()
    def kill(self) -> None:
        """Files, runs, keys, sessions and balances are known again, and runs go on."""
        self.world.restart()

    def running(self, owner: Account) -> int:
        return sum(run.status == "running" for run in self.started if run.owner is owner)

    def settle(self, which: Callable[[Run], bool]) -> None:
        """Wait for the end of these runs, which must be as their videos are."""
        for run in self.started:
            if run.status == "running" and which(run):
                until(partial(self.has_ended, run))
                assert self.state(run) == run.will_be
                run.status = run.will_be
                if run.status == "failed":
                    run.owner.credits += run.price

    def has_ended(self, run: Run) -> bool:
        return self.state(run) != "running"

    def state(self, run: Run) -> str:
        return str(answer(self.ask(run.owner.session, "GET", f"/get-agent-run-simple/{run.id}"))["status"])


@pytest.mark.timeout(900)
def test_calls_do_what_the_contract_says(tmp_path_factory: pytest.TempPathFactory) -> None:
    clip = make_clip(tmp_path_factory.mktemp("clip") / "tiny.mp4", seconds=0.2, size=(64, 48))
    with World(lambda: tmp_path_factory.mktemp("data"), clip.read_bytes()) as world:
        run_state_machine_as_test(lambda: Calls(world), settings=SETTINGS)  # type: ignore[arg-type]  # takes any factory
