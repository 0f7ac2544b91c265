"""Every call of the client against the local Mosaic, a server that shares no code with it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from mosaic_desktop.api.auth import HeaderStyle
from mosaic_desktop.api.client import ClassicMosaic
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, NetworkError, ServiceError
from mosaic_desktop.core.ports import RemoteOutput, RunStatus
from mosaic_desktop.core.run import NodeState, RunSpec
from mosaic_desktop.core.secrets import Secret
from tests.support.loop import AsyncRun
from tests.support.media import make_clip
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import PATIENCE

Call = Callable[[ClassicMosaic], Awaitable[object]]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with start_sandbox(tmp_path_factory.mktemp("sandbox"), "--account", "other@example.invalid") as running:
        yield running


@asynccontextmanager
async def mosaic(
    sandbox: RunningSandbox, key: str | None = None, header: HeaderStyle = HeaderStyle.BEARER
) -> AsyncIterator[ClassicMosaic]:
    client = ClassicMosaic(sandbox.base_url, Secret(key or sandbox.api_key), header=header)
    yield client
    await client.aclose()


async def upload(client: ClassicMosaic, clip: Path) -> str:
    data = await asyncio.to_thread(clip.read_bytes)
    ticket = await client.request_upload(clip.name, len(data), "video/mp4")
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as storage:
        answer = await storage.put(ticket.url.reveal(), content=data, headers={"Content-Type": "video/mp4"})
        assert answer.status_code == 200, answer.text
    file = await client.finalize_upload(ticket.video_id)
    assert await client.finalize_upload(ticket.video_id) == file
    assert file.name == clip.name
    return file.file_id


async def agent_called(client: ClassicMosaic, name: str) -> str:
    return next(agent.id for agent in await client.list_agents() if agent.name == name)


async def ended(client: ClassicMosaic, run_id: str) -> RunStatus:
    """The last status; on the way progress stays within 0 to 1 and never shrinks."""
    seen = [await client.run_status(run_id)]

    while seen[-1].outcome is None:
        progress = seen[-1].progress
        assert seen[-1].word == "running"
        assert progress is not None
        assert 0 <= progress <= 1
        assert all((before.progress or 0) <= progress for before in seen)
        seen.append(await client.run_status(run_id))
    return seen[-1]


async def bytes_behind(output: RemoteOutput) -> bytes:
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as storage:
        assert output.url is not None
        return (await storage.get(output.url.reveal())).content


def refused(run_async: AsyncRun, sandbox: RunningSandbox, call: Call, key: str | None = None) -> MosaicError:
    async def drive() -> MosaicError:
        async with mosaic(sandbox, key) as client:
            with pytest.raises(MosaicError) as caught:
                await call(client)
            return caught.value

    return run_async(drive())


def test_from_file_to_output(run_async: AsyncRun, sandbox: RunningSandbox, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "Käse clip.mp4", seconds=1)

    async def drive() -> None:
        async with mosaic(sandbox) as client:
            file_id = await upload(client, clip)
            spec = RunSpec(await agent_called(client, "Reframe"), parameters={"aspect": "1:1", "fit": "crop"})
            run_id = await client.start_run(file_id, spec)
            status = await ended(client, run_id)
            assert (status.word, status.outcome, status.progress) == ("success", True, 1.0)

            detail = await client.run_detail(run_id)
            assert (detail.word, detail.outcome) == ("completed", True)
            assert detail.graph is not None
            assert detail.graph.nodes
            assert {node.state for node in detail.graph.nodes} == {NodeState.COMPLETED}
            assert all(node.name and node.started_at and node.progress == 1 for node in detail.graph.nodes)

            [output] = await client.run_outputs(run_id)
            video = await bytes_behind(output)
            assert output.size == len(video)
            assert output.duration == pytest.approx(1, abs=0.2)
            async with client.rendered_video(output.node_id) as render:
                assert render.size == len(video)
                assert b"".join([piece async for piece in render.pieces]) == video

    run_async(drive())


def test_prompt(run_async: AsyncRun, sandbox: RunningSandbox, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=1)

    async def drive() -> None:
        async with mosaic(sandbox, header=HeaderStyle.X_API_KEY) as client:
            run_id = await client.start_run(await upload(client, clip), RunSpec(prompt="Make it vertical"))
            assert (await ended(client, run_id)).outcome
            assert len(await client.run_outputs(run_id)) == 1

    run_async(drive())


def test_failed_run_and_retry(run_async: AsyncRun, sandbox: RunningSandbox, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "silent.mp4", seconds=1, audio=False)

    async def drive() -> None:
        async with mosaic(sandbox) as client:
            spec = RunSpec(await agent_called(client, "Audio enhance"), auto=True)
            run_id = await client.start_run(await upload(client, clip), spec)
            status = await ended(client, run_id)
            assert (status.word, status.outcome) == ("failed", False)
            assert status.message
            assert await client.run_outputs(run_id) == ()

            graph = (await client.run_detail(run_id)).graph
            assert graph is not None
            [failed] = [node for node in graph.nodes if node.state is NodeState.FAILED]
            assert failed.error
            waiting = next(node for node in graph.nodes if node.state is NodeState.NOT_STARTED)
            with pytest.raises(ServiceError) as caught:
                await client.retry_node(waiting.id)
            assert caught.value.code == Code.INVALID_STATE

            await client.retry_node(failed.id)
            assert (await ended(client, run_id)).outcome is False

    run_async(drive())


@pytest.mark.parametrize("header", list(HeaderStyle))
def test_key(run_async: AsyncRun, sandbox: RunningSandbox, header: HeaderStyle) -> None:
    async def drive() -> None:
        async with mosaic(sandbox, header=header) as client:
            await client.check()
        async with mosaic(sandbox, "mk_unknown", header) as client:
            with pytest.raises(AuthError) as caught:
                await client.check()
            assert (caught.value.code, caught.value.retryable) == (Code.INVALID_KEY, False)

    run_async(drive())


def test_agents(run_async: AsyncRun, sandbox: RunningSandbox) -> None:
    async def drive() -> None:
        async with mosaic(sandbox) as client:
            agents = await client.list_agents()
            assert {"Audio enhance", "Silence removal", "Reframe"} <= {agent.name for agent in agents}
            assert all(agent.description and agent.parameters_schema for agent in agents)
            assert await client.list_agents(limit=1) == agents[:1]

    run_async(drive())


def test_parameter_out_of_range(run_async: AsyncRun, sandbox: RunningSandbox, tmp_path: Path) -> None:
    async def call(client: ClassicMosaic) -> None:
        file_id = await upload(client, make_clip(tmp_path / "clip.mp4", seconds=1))
        agent_id = await agent_called(client, "Audio enhance")
        await client.start_run(file_id, RunSpec(agent_id, parameters={"denoise": 0.5, "target_lufs": 99}))

    error = refused(run_async, sandbox, call)
    assert (error.code, error.status, error.field) == (Code.OUT_OF_RANGE, 422, "target_lufs")
    assert error.detail.startswith("target_lufs")


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda client: client.finalize_upload(str(uuid4())), Code.NOT_FOUND),
        (lambda client: client.run_status(str(uuid4())), Code.NOT_FOUND),
        (lambda client: client.run_detail("not/an id"), Code.NOT_FOUND),
        (lambda client: client.run_outputs("é"), Code.NOT_FOUND),
        (lambda client: client.retry_node(str(uuid4())), Code.NOT_FOUND),
        (lambda client: client.start_run(str(uuid4()), RunSpec(prompt="Louder")), Code.NOT_FOUND),
        (lambda client: client.start_run("youtube_aaaaaaaaaaa", RunSpec(str(uuid4()))), Code.NOT_FOUND),
        (lambda client: client.request_upload("a.mp4", 10, "video/mp4"), Code.VALIDATION),
        (lambda client: client.request_upload("", 5000, "video/mp4"), Code.VALIDATION),
    ],
)
def test_refusals(run_async: AsyncRun, sandbox: RunningSandbox, call: Call, code: Code) -> None:
    error = refused(run_async, sandbox, call)
    assert isinstance(error, ServiceError)
    assert (error.code, error.retryable) == (code, False)
    assert error.detail


def test_what_belongs_to_another_account(run_async: AsyncRun, sandbox: RunningSandbox, tmp_path: Path) -> None:
    async def file() -> str:
        async with mosaic(sandbox) as client:
            return await upload(client, make_clip(tmp_path / "clip.mp4", seconds=1))

    file_id = run_async(file())
    [other] = sandbox.accounts
    error = refused(run_async, sandbox, lambda client: client.start_run(file_id, RunSpec(prompt="x")), other.api_key)
    assert error.code == Code.FORBIDDEN


def test_server_that_is_gone(run_async: AsyncRun, tmp_path: Path) -> None:
    async def drive(sandbox: RunningSandbox) -> None:
        async with mosaic(sandbox) as client:
            await client.check()
            sandbox.kill()
            with pytest.raises(NetworkError) as caught:
                await client.start_run("file", RunSpec(prompt="Louder"))
            assert (caught.value.code, caught.value.seen) == (Code.UNREACHABLE, False)

    with start_sandbox(tmp_path) as sandbox:
        run_async(drive(sandbox))
