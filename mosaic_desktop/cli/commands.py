"""The headless commands ``run``, ``resume`` and ``agents``, each on one engine."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from mosaic_desktop.cli.choice import choose_agent
from mosaic_desktop.cli.follow import Follower
from mosaic_desktop.cli.outcome import Outcome
from mosaic_desktop.cli.patience import Patience
from mosaic_desktop.cli.report import Report
from mosaic_desktop.cli.requests import RunRequest
from mosaic_desktop.cli.unconfirmed import Decisions
from mosaic_desktop.cli.unfinished import Unfinished, unfinished
from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.core.errors import Code
from mosaic_desktop.core.links import youtube_id
from mosaic_desktop.core.ports import Recorded
from mosaic_desktop.core.run import RunId, RunSpec
from mosaic_desktop.jobs import files
from mosaic_desktop.jobs.engine import Engine


async def agents(engine: Engine, report: Report, patience: Patience) -> Outcome:
    """Raises MosaicError where the service cannot be asked."""
    report.agents(await patience.ask(engine.agents))
    return Outcome()


async def run(engine: Engine, request: RunRequest, report: Report, patience: Patience) -> Outcome:
    """Goes on with what an earlier command began for the same wish, since starting it twice would cost twice.

    Raises UsageError where no agent is meant, and MosaicError where the service cannot be asked for its agents.
    """
    begun = _unfinished(engine)
    spec = await _spec(engine, request, patience)
    follower = Follower(engine)
    with _heard(engine, report):
        engine.continue_spending()  # who asks for a run wants to spend, with credits that may be there by now
        for video in request.videos:
            for offered in await _opened(video):
                # One at a time, so that a video and its run reach the journal together: a process that is killed in
                # between would leave a video of which nobody knows what should happen to it.
                for asset_id in await engine.add([offered]):
                    if follower.follows(asset_id):
                        report.note(f"{offered}: This is named twice and runs once.")
                        continue
                    await engine.take_up([asset_id])
                    same = _same_wish(engine, begun, asset_id, spec)
                    if same:
                        report.note(
                            f"{offered}: This was asked for before and is not over, so that it goes on instead of "
                            "starting twice."
                        )
                        _fetch_stopped(engine, begun, same)
                    follower.follow([asset_id], same or engine.run([asset_id], spec))
        engine.watch(None)
        await follower.until_over()
        await engine.store.saved()
    return follower.outcome()


async def resume(engine: Engine, decisions: Decisions, report: Report) -> Outcome:
    """Takes up everything that is not over."""
    follower = Follower(engine)
    with _heard(engine, report):
        decisions.carry_out(engine)
        engine.continue_spending()
        rows = _unfinished(engine)
        follower.follow(rows.assets, rows.runs)
        await engine.take_up(rows.assets)
        _fetch_stopped(engine, rows, rows.runs)
        engine.watch(None)
        await follower.until_over()
        await engine.store.saved()
    return follower.outcome()


def _unfinished(engine: Engine) -> Unfinished:
    store = engine.store
    return unfinished(Recorded(tuple(store.assets()), tuple(store.runs()), tuple(store.outputs())))


def _same_wish(engine: Engine, begun: Unfinished, asset_id: AssetId, spec: RunSpec) -> tuple[RunId, ...]:
    """The runs that were begun on this video for the same wish, whatever became of them since."""
    runs = (engine.store.run(run_id) for run_id in begun.runs)
    return tuple(run.id for run in runs if run is not None and run.asset_id == asset_id and run.spec == spec)


def _fetch_stopped(engine: Engine, rows: Unfinished, runs: Collection[RunId]) -> None:
    """Behind what has come; but where its folder cannot be written to, from the beginning into the one of today."""
    for output_id in rows.stopped_outputs:
        output = engine.store.output(output_id)
        if output is None or output.run_id not in runs:
            continue
        if output.problem is not None and output.problem.code == Code.FOLDER_UNWRITABLE:
            engine.download_again(output_id)
        else:
            engine.resume_download([output_id])


@contextmanager
def _heard(engine: Engine, report: Report) -> Iterator[None]:
    """What happens is printed until the work is over, so that the results are the last that is said."""
    silence = engine.subscribe(report.on_event)
    try:
        yield
    finally:
        silence()


async def _spec(engine: Engine, request: RunRequest, patience: Patience) -> RunSpec:
    if request.agent is None:
        return RunSpec(prompt=request.prompt, parameters=request.parameters)
    agent = choose_agent(await patience.ask(engine.agents), request.agent)
    return RunSpec(agent_id=agent.id, agent_name=agent.name, parameters=request.parameters, auto=request.auto)


async def _opened(video: str) -> tuple[Path | str, ...]:
    """What ``video`` stands for: a link, a file, or every video in a folder."""
    path = Path(video)
    if "://" in video or (youtube_id(video) and not await asyncio.to_thread(path.exists)):
        return (video,)
    if await asyncio.to_thread(files.is_folder, path):
        # An empty folder is offered as it is, and refused with the reason.
        return await asyncio.to_thread(files.videos_in, path) or (path,)
    return (path,)
