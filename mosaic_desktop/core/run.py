"""A run: one execution of an agent or a prompt on one asset. A row of the Runs page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NewType

from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.spans import Span, covered, span_between
from mosaic_desktop.core.states import Transitions

RunId = NewType("RunId", str)
ParameterValue = str | int | float | bool
Parameters = Mapping[str, ParameterValue]


class RunState(StrEnum):
    WAITING = "waiting"  # the user wants it; its video is not there yet, or the plan's slots are taken
    STARTING = "starting"  # run-agent is under way; written down before it is sent
    UNCONFIRMED = "unconfirmed"  # the answer was lost: it may run and cost, or not; only the user decides
    RUNNING = "running"
    COLLECTING = "collecting"  # the service finished; its outputs are being listed
    FINISHED = "finished"
    FAILED = "failed"
    DROPPED = "dropped"  # taken back by the user before it started, or given up when unconfirmed


_S = RunState
RUN_TRANSITIONS = Transitions[RunState](
    {
        _S.WAITING: {_S.STARTING, _S.FAILED, _S.DROPPED},
        _S.STARTING: {_S.RUNNING, _S.UNCONFIRMED, _S.WAITING, _S.FAILED},
        _S.UNCONFIRMED: {_S.WAITING, _S.RUNNING, _S.DROPPED},
        _S.RUNNING: {_S.COLLECTING, _S.FAILED},
        _S.COLLECTING: {_S.FINISHED, _S.FAILED},
        _S.FINISHED: set(),
        _S.FAILED: {_S.RUNNING, _S.WAITING},
        _S.DROPPED: {_S.WAITING},
    }
)

GOING_RUN_STATES = frozenset({_S.STARTING, _S.RUNNING, _S.COLLECTING})
ENDED_RUN_STATES = frozenset({_S.COLLECTING, _S.FINISHED, _S.FAILED, _S.DROPPED})
"""The service does no more for it."""
BUSY_RUN_STATES = GOING_RUN_STATES | {_S.WAITING}


class NodeState(StrEnum):
    NOT_STARTED = "not_started"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    OTHER = "other"  # a word this application does not know; shown as it is


@dataclass(frozen=True, slots=True)
class Node:
    """One step of a run. ``progress``: 0 to 1 or None. ``frames_*`` only where the service says them."""

    id: str
    name: str
    state: NodeState
    word: str = ""
    kind: str = ""
    progress: float | None = None
    error: str | None = None
    started_at: str | None = None
    finished_at: str | None = None
    frames_done: int | None = None
    frames_total: int | None = None

    def span(self, now: float | None) -> Span | None:
        """When it began and ended, up to ``now`` while it runs; None where the service does not say so."""
        return span_between(self.started_at, self.finished_at, now if self.state is NodeState.RUNNING else None)


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in the order in which they run, and edges as pairs of node ids (source, target)."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RunSpec:
    """What should happen to a video: an agent with parameters, or a prompt (one or the other).

    ``parameters`` holds only what the user set; ``auto`` lets Mosaic choose the rest (contract: POST /run-agent).
    """

    agent_id: str | None = None
    agent_name: str = ""
    prompt: str | None = None
    parameters: Parameters = field(default_factory=dict)
    auto: bool = False

    @property
    def title(self) -> str:
        """The name for rows: the agent's, or the prompt in quotes."""
        return self.agent_name or self.agent_id or f"Prompt: “{self.prompt}”"


@dataclass(frozen=True, slots=True)
class Run:
    """A snapshot of one run; only the engine replaces it.

    ``remote_id`` is the service's ``agent_run_id``. ``progress``: 0 to 1 or None where the service does not say.
    ``word`` is the service's own word for its state. Times: seconds since the epoch. ``asset_name`` stays readable
    after the asset was removed from the queue. ``folder`` is where the user wanted its outputs when it was started.
    ``finished_at`` is None also where a run ended while nobody heard of it.
    """

    id: RunId
    asset_id: AssetId
    spec: RunSpec
    asset_name: str = ""
    folder: Path | None = None
    state: RunState = RunState.WAITING
    remote_id: str | None = None
    progress: float | None = None
    word: str = ""
    message: str = ""
    graph: Graph = field(default_factory=Graph)
    problem: Problem | None = None
    attempt: int = 0
    created_at: float = 0.0
    started_at: float | None = None
    finished_at: float | None = None
    revision: int = 0

    @property
    def per_mille(self) -> int | None:
        if self.state in {RunState.FINISHED, RunState.COLLECTING}:
            return 1000
        return None if self.progress is None else round(min(1.0, max(0.0, self.progress)) * 1000)

    @property
    def current_node(self) -> Node | None:
        """The step to show beside the state: the failed one, else the running one."""
        for wanted in (NodeState.FAILED, NodeState.RUNNING):
            for node in self.graph.nodes:
                if node.state is wanted:
                    return node
        return None

    @property
    def has_ended(self) -> bool:
        """Whether the service does no more for it; its outputs may still have to be listed."""
        return self.state in ENDED_RUN_STATES

    def elapsed(self, now: float) -> float | None:
        """Seconds for which it was at work: by the times of its steps where the service tells them, so that a service
        that was off meanwhile does not count; else from its start to its end. None before it started, and where nobody
        heard when it ended.
        """
        if self.started_at is None:
            return None
        at_work = self._at_work(now)
        end = self.finished_at if self.has_ended else now
        if end is None or (self.has_ended and at_work is not None):
            return at_work
        since_start = max(0.0, end - self.started_at)
        # The service's clock may be another one, so what still goes on is not believed to be older than its start.
        return since_start if at_work is None else min(at_work, since_start)

    def _at_work(self, now: float) -> float | None:
        """None where the service does not tell when its steps began and ended."""
        begun = [node for node in self.graph.nodes if node.state is not NodeState.NOT_STARTED]
        until = None if self.has_ended else now
        spans = [span for node in begun if (span := node.span(until)) is not None]
        if not spans or len(spans) < len(begun):
            return None
        if until is not None and not any(node.state is NodeState.RUNNING for node in begun):
            spans.append((max(end for _, end in spans), until))  # between two steps
        return covered(spans)
