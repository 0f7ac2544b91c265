"""What the command line tells people of rows, problems and results: one line each."""

from mosaic_desktop.cli.outcome import Failure
from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.asset import Asset, AssetState
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.events import Row
from mosaic_desktop.core.output import Output, OutputState
from mosaic_desktop.core.ports import Profile
from mosaic_desktop.core.run import Run, RunState
from mosaic_desktop.core.sentences import START_UNKNOWN, sentence
from mosaic_desktop.core.units import format_bytes, format_duration, format_percent, format_rate, format_wait

# There is no button here: what can be done is a command.
_HERE: dict[str, str] = {
    Code.INVALID_KEY: "Mosaic does not accept this API key. Set another in MOSAIC_API_KEY, or enter it in the window.",
    Code.NO_CREDITS: "There are not enough credits. Top up; “resume” then starts what waits for them.",
    Code.FILE_CHANGED: "The file changed since it was added. Run it again to send it as it is now.",
    Code.DISK_FULL: "The disk is full. Free some space; “resume” then fetches the video.",
    Code.FOLDER_UNWRITABLE: "The output folder cannot be written to. Name another with --output-dir.",
    Code.FOLDER_MISSING: (
        "The folder that holds what has come so far is not there. Connect its disk; “resume” then goes on."
    ),
    Code.NO_KEY: "There is no API key for this work. Enter it in the window, or set MOSAIC_API_KEY.",
}
# Once a command ends, nothing is tried any more.
_OVER: dict[str, str] = {
    Code.UNREACHABLE: "Mosaic cannot be reached.",
    Code.RATE_LIMIT: "Mosaic asked for a pause.",
    Code.RUN_LIMIT: "All runs of your plan are in use.",
    Code.LINK_EXPIRED: "The link ran out.",
}


def problem_words(problem: Problem, *, is_over: bool = False) -> str:
    """``is_over``: nothing is tried again by itself."""
    words = (_OVER.get(problem.code) if is_over else None) or _HERE.get(problem.code)
    if words is None:
        return sentence(problem)
    reason = problem.detail if problem.code == Code.FOLDER_UNWRITABLE else ""
    return f"{words} ({reason})" if reason else words


def failure_words(failure: Failure, program: str) -> str:
    """``program``: what the user types to work in the same data folder."""
    if failure.unconfirmed is not None:
        return unconfirmed_words(failure.unconfirmed, program)
    return problem_words(failure.problem, is_over=True)


def unconfirmed_words(run_id: str, program: str) -> str:
    return (
        f"{START_UNKNOWN} If Mosaic has it, follow it there by its id: “{program} resume --run-id {run_id}=ID”. "
        f"To start every unconfirmed run again, which may charge twice: “{program} resume --unconfirmed start-again”. "
        f"To give them all up: “{program} resume --unconfirmed drop”."
    )


def agent_words(agent: Agent) -> str:
    return f"{agent.name}  ({agent.id})\n    {agent.description}"


def profile_words(profile: Profile, *, is_used: bool) -> str:
    """``is_used``: commands work for it where none is named."""
    place = "on this computer" if profile.is_local else " · ".join(filter(None, (profile.key_hint, profile.base_url)))
    return f"{'*' if is_used else ' '} {profile.title}  ({profile.id})\n    {place}"


def row_words(row: Row) -> str:
    match row:
        case Asset():
            return f"{row.name}: {_asset_words(row)}"
        case Run():
            return f"{row.asset_name}: {_run_words(row)}"
        case Output():
            return f"{row.name}: {_output_words(row)}"


def _asset_words(asset: Asset) -> str:
    match asset.state:
        case AssetState.PROBING:
            return "looking into the file"
        case AssetState.UPLOADING:
            pace = f" · {format_rate(asset.rate)}" if asset.rate else ""
            left = f" · {format_wait(asset.eta)} left" if asset.eta is not None else ""
            return f"uploading {format_percent(asset.per_mille)} of {format_bytes(asset.size)}{pace}{left}"
        case AssetState.READY:
            return "uploaded" if not asset.is_link else "needs no upload"
        case _ if asset.problem is not None:
            return problem_words(asset.problem, is_over=asset.state is AssetState.FAILED)
        case _:
            return {
                AssetState.QUEUED: "waits to be uploaded",
                AssetState.SIGNING: "asks for an upload link",
                AssetState.FINALIZING: "all sent, Mosaic is confirming",
            }.get(asset.state, asset.state.value)


def _run_words(run: Run) -> str:
    match run.state:
        case RunState.RUNNING:
            node = run.current_node
            done = run.per_mille
            number = f" · {format_percent(done)}" if done is not None else ""
            return f"{run.spec.title} · {node.name if node else run.message or 'running'}{number}"
        case RunState.UNCONFIRMED:
            return START_UNKNOWN
        case _ if run.problem is not None:
            return problem_words(run.problem, is_over=run.state is RunState.FAILED)
        case _:
            return {
                RunState.WAITING: f"{run.spec.title} waits for the upload",
                RunState.STARTING: f"{run.spec.title} is being started",
                RunState.COLLECTING: "rendered, asking for the outputs",
                RunState.FINISHED: f"{run.spec.title} finished",
                RunState.DROPPED: f"{run.spec.title} was given up",
            }.get(run.state, run.state.value)


def _output_words(output: Output) -> str:
    match output.state:
        case OutputState.DOWNLOADING:
            done = output.per_mille
            pace = f" · {format_rate(output.rate)}" if output.rate else ""
            return f"downloading {format_percent(done) if done is not None else format_bytes(output.bytes_done)}{pace}"
        case OutputState.SAVED:
            length = f", {format_duration(output.media.duration)}" if output.media and output.media.duration else ""
            return f"saved ({format_bytes(output.size)}{length})"
        case _ if output.problem is not None:
            return problem_words(output.problem, is_over=output.state is OutputState.FAILED)
        case _:
            return {OutputState.WAITING: "waits to be downloaded"}.get(output.state, output.state.value)
