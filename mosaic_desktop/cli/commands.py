"""The headless commands ``run``, ``resume`` and ``agents``.

Exit codes: 0 all came back, 1 some failed, 2 wrong usage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mosaic_desktop.cli.follow import Follower
from mosaic_desktop.cli.report import Report
from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.asset import BUSY_ASSET_STATES, AssetState
from mosaic_desktop.core.errors import Code, MosaicError, Problem
from mosaic_desktop.core.links import youtube_id
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES, OutputState
from mosaic_desktop.core.run import BUSY_RUN_STATES, ParameterValue, RunSpec, RunState
from mosaic_desktop.jobs.engine import Engine

OK, FAILED, USAGE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Wish:
    """What ``run`` was asked for: an agent by name or id, or a prompt."""

    videos: Sequence[str]
    agent: str | None
    prompt: str | None
    parameters: Mapping[str, ParameterValue]
    auto: bool


async def agents(engine: Engine, report: Report) -> int:
    report.agents(await engine.agents())
    return OK


async def run(engine: Engine, wish: Wish, report: Report) -> int:
    """Raises MosaicError where the service cannot be asked for its agents."""
    spec = await _spec(engine, wish, report)
    if spec is None:
        return USAGE
    follower = Follower(engine)
    silence = engine.subscribe(report.on_event)
    assets = await engine.add([_offered(video) for video in wish.videos])
    refused = [r for r in follower.refused if r.problem.code != Code.ALREADY_QUEUED]
    await engine.take_up(assets)
    follower.follow(assets, engine.run(assets, spec))
    engine.watch(None)
    await follower.until_over()
    await engine.store.saved()
    silence()
    came_back = _conclude(follower, report)
    return OK if came_back and assets and not refused else FAILED


async def resume(engine: Engine, report: Report) -> int:
    """Takes up everything that is not over; rows that an earlier session settled are left alone."""
    follower = Follower(engine)
    silence = engine.subscribe(report.on_event)
    store = engine.store
    paused = [asset.id for asset in store.assets() if asset.state is AssetState.PAUSED]
    sending = [asset.id for asset in store.assets() if asset.state in BUSY_ASSET_STATES]
    fetching = {output.run_id for output in store.outputs() if output.state in BUSY_OUTPUT_STATES}
    going = BUSY_RUN_STATES | {RunState.UNCONFIRMED}
    follower.follow(paused + sending, [run.id for run in store.runs() if run.state in going or run.id in fetching])
    await engine.take_up(paused)
    engine.watch(None)
    if not follower.runs() and not follower.assets():
        report.note("There is nothing unfinished.")
        return OK
    await follower.until_over()
    await store.saved()
    silence()
    return OK if _conclude(follower, report) else FAILED


async def _spec(engine: Engine, wish: Wish, report: Report) -> RunSpec | None:
    if wish.prompt is not None:
        return RunSpec(prompt=wish.prompt, parameters=wish.parameters)
    known = await engine.agents()
    agent = find_agent(known, wish.agent or "")
    if agent is None:
        names = ", ".join(sorted(a.name for a in known)) or "none"
        report.failed(wish.agent or "", Problem("unknown_agent", f"There is no such agent. There are: {names}."))
        return None
    return RunSpec(agent_id=agent.id, agent_name=agent.name, parameters=wish.parameters, auto=wish.auto)


def find_agent(agents: Sequence[Agent], name_or_id: str) -> Agent | None:
    """By id, else by name regardless of case, else by the only name that begins so."""
    wanted = name_or_id.strip().casefold()
    for agent in agents:
        if agent.id.casefold() == wanted:
            return agent
    named = [agent for agent in agents if agent.name.casefold() == wanted]
    begun = [agent for agent in agents if wanted and agent.name.casefold().startswith(wanted)]
    return named[0] if named else begun[0] if len(begun) == 1 else None


def _offered(video: str) -> Path | str:
    return video if "://" in video or (youtube_id(video) and not Path(video).exists()) else Path(video)


def _conclude(follower: Follower, report: Report) -> bool:
    """Prints failures first and finished files last; returns whether all came back."""
    if follower.stopped_by is not None:
        report.failed("Mosaic", follower.stopped_by)
    for asset in follower.assets():
        if asset.problem is not None:
            report.failed(asset.name, asset.problem)
    for run_row in follower.runs():
        if run_row.state in {RunState.FAILED, RunState.UNCONFIRMED}:
            unconfirmed = run_row.state is RunState.UNCONFIRMED
            problem = run_row.problem or Problem(Code.INTERRUPTED if unconfirmed else Code.RUN_FAILED)
            report.failed(run_row.asset_name, problem, unconfirmed=unconfirmed)
    runs = {row.id: row for row in follower.runs()}
    outputs = follower.outputs()
    for output in outputs:
        if output.state is OutputState.FAILED and output.problem is not None:
            report.failed(output.name, output.problem)
    for output in outputs:
        if output.state is OutputState.SAVED and output.path is not None:
            report.finished(runs.get(output.run_id), output, output.path)
    return follower.all_came_back


def explain(error: MosaicError, report: Report) -> int:
    """A command that could not even begin."""
    report.failed("Mosaic", error.problem)
    return FAILED
