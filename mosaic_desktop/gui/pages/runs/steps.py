"""A run's graph as steps for the strip: icon, state and one short line each. Pure."""

from mosaic_desktop.core.run import Node, NodeState, Run, RunState
from mosaic_desktop.core.units import format_duration, format_percent
from mosaic_desktop.gui.pages.fitting_icon import fitting_icon
from mosaic_desktop.gui.widgets.step_strip import Step, StepState

_STATES = {
    NodeState.NOT_STARTED: StepState.WAITING,
    NodeState.RUNNING: StepState.ACTIVE,
    NodeState.COMPLETED: StepState.DONE,
    NodeState.FAILED: StepState.FAILED,
    NodeState.OTHER: StepState.WAITING,
}

_OTHER_ICON = "sparkles"


def steps_of(run: Run, now: float) -> tuple[Step, ...]:
    """In the order in which they run. `now`: seconds since the epoch."""
    upcoming = next((n.id for n in run.graph.nodes if n.state is NodeState.NOT_STARTED), None)
    going = run.state is RunState.RUNNING
    return tuple(
        Step(node.id, node.name, step_icon(node), _STATES[node.state], _detail(node, now, node.id == upcoming, going))
        for node in run.graph.nodes
    )


def step_icon(node: Node) -> str:
    return fitting_icon(f"{node.kind} {node.name}", _OTHER_ICON)


def frames_words(run: Run) -> str:
    """`2,104 of 3,880 frames` of the step that runs, where the service says it."""
    return _frames(run.current_node) if run.current_node is not None else ""


def step_words(node: Node, now: float) -> str:
    """All that is known of one step: `Reframe: 54 %, 2,104 of 3,880 frames, 1:12 so far`. `now`: as in `steps_of`."""
    took = _time(node, now)
    match node.state:
        case NodeState.RUNNING:
            progress = "" if node.progress is None else format_percent(round(node.progress * 1000))
            parts = [progress or "running", _frames(node), f"{took} so far" if took else ""]
        case NodeState.COMPLETED:
            parts = ["done", _frames(node), f"took {took}" if took else ""]
        case NodeState.FAILED:
            parts = [f"failed after {took}" if took else "failed", _frames(node)]
        case NodeState.NOT_STARTED:
            parts = ["not begun"]
        case NodeState.OTHER:
            parts = [_other(node)]
    words = f"{node.name}: {', '.join(part for part in parts if part)}"
    return f"{words}. {node.error}" if node.error else words


def _detail(node: Node, now: float, is_next: bool, going: bool) -> str:
    took = _time(node, now)
    match node.state:
        case NodeState.RUNNING:
            progress = "running" if node.progress is None else format_percent(round(node.progress * 1000))
            return f"{progress} · {took}" if took else progress
        case NodeState.COMPLETED:
            return took or "done"
        case NodeState.FAILED:
            return f"failed · {took}" if took else "failed"
        case NodeState.NOT_STARTED:
            return "not reached" if not going else "next" if is_next else "waiting"
        case NodeState.OTHER:
            return _other(node)


def _other(node: Node) -> str:
    return node.word.replace("_", " ") or "unknown"


def _frames(node: Node) -> str:
    if node.frames_done is None or not node.frames_total:
        return ""
    return f"{node.frames_done:,} of {node.frames_total:,} frames"


def _time(node: Node, now: float) -> str:
    """How long a step took, or takes so far; empty where the service does not say so."""
    span = node.span(now)
    return "" if span is None else format_duration(span[1] - span[0])
