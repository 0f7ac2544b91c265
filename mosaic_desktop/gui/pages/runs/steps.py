"""A run's graph as steps for the strip: icon, state and one short line each. Pure."""

from datetime import datetime

from mosaic_desktop.core.run import Node, NodeState, Run, RunState
from mosaic_desktop.core.units import format_duration, format_percent
from mosaic_desktop.gui.widgets.step_strip import Step, StepState

_STATES = {
    NodeState.NOT_STARTED: StepState.WAITING,
    NodeState.RUNNING: StepState.ACTIVE,
    NodeState.COMPLETED: StepState.DONE,
    NodeState.FAILED: StepState.FAILED,
    NodeState.OTHER: StepState.WAITING,
}

# The first word found in a node's kind or name decides.
_ICONS = (
    ("caption", "captions"),
    ("subtitle", "captions"),
    ("transcri", "captions"),
    ("silence", "scissors"),
    ("pause", "scissors"),
    ("cut", "scissors"),
    ("trim", "scissors"),
    ("reframe", "crop"),
    ("crop", "crop"),
    ("subject", "crop"),
    ("aspect", "crop"),
    ("noise", "audio-waveform"),
    ("loud", "audio-lines"),
    ("audio", "audio-lines"),
    ("sound", "audio-lines"),
    ("voice", "audio-lines"),
    ("music", "audio-lines"),
    ("color", "palette"),
    ("colour", "palette"),
    ("upload", "upload"),
    ("export", "download"),
    ("render", "film"),
    ("encode", "film"),
    ("video", "film"),
)
_OTHER_ICON = "sparkles"


def steps_of(run: Run) -> tuple[Step, ...]:
    """In the order in which they run."""
    upcoming = next((n.id for n in run.graph.nodes if n.state is NodeState.NOT_STARTED), None)
    going = run.state is RunState.RUNNING
    return tuple(
        Step(node.id, node.name, step_icon(node), _STATES[node.state], _detail(node, node.id == upcoming, going))
        for node in run.graph.nodes
    )


def step_icon(node: Node) -> str:
    words = f"{node.kind} {node.name}".casefold()
    return next((icon for word, icon in _ICONS if word in words), _OTHER_ICON)


def frames_words(run: Run) -> str:
    """`2,104 of 3,880 frames` of the step that runs, where the service says it."""
    node = run.current_node
    if node is None or node.frames_done is None or not node.frames_total:
        return ""
    return f"{node.frames_done:,} of {node.frames_total:,} frames"


def _detail(node: Node, is_next: bool, going: bool) -> str:
    match node.state:
        case NodeState.RUNNING:
            return "running" if node.progress is None else format_percent(round(node.progress * 1000))
        case NodeState.COMPLETED:
            return _took(node)
        case NodeState.FAILED:
            return "failed"
        case NodeState.NOT_STARTED:
            return "not reached" if not going else "next" if is_next else "waiting"
        case NodeState.OTHER:
            return node.word.replace("_", " ") or "unknown"


def _took(node: Node) -> str:
    try:
        started = datetime.fromisoformat(node.started_at or "")
        finished = datetime.fromisoformat(node.finished_at or "")
        return format_duration(max(0.0, (finished - started).total_seconds()))
    except (ValueError, TypeError):  # a time with and one without a zone cannot be subtracted
        return "done"
