"""The graph of a run: nodes in the order in which they run (contract, last section: shape of a graph node)."""

import heapq
from collections import defaultdict
from collections.abc import Iterable

from mosaic_desktop.api.fields import Fields, count, message, number, objects, optional_text, text
from mosaic_desktop.api.progress import ProgressScale
from mosaic_desktop.core.run import Graph, Node, NodeState

_STATES = {
    "not_started": NodeState.NOT_STARTED,
    "queued": NodeState.NOT_STARTED,
    "pending": NodeState.NOT_STARTED,
    "running": NodeState.RUNNING,
    "completed": NodeState.COMPLETED,
    "success": NodeState.COMPLETED,
    "failed": NodeState.FAILED,
    "error": NodeState.FAILED,
}
Edge = tuple[str, str]


def read_graph(fields: Fields) -> Graph:
    """Nodes without an id are left out, as are edges to nodes that are not there. Cycles are tolerated."""
    nodes: dict[str, Node] = {}
    for entry in objects(fields, "nodes"):
        if node := _read_node(entry):
            nodes.setdefault(node.id, node)
    pairs = ((text(edge, "source"), text(edge, "target")) for edge in objects(fields, "edges"))
    edges = tuple((source, target) for source, target in pairs if source in nodes and target in nodes)
    return Graph(tuple(nodes[key] for key in run_order(tuple(nodes), edges)), edges)


def _read_node(fields: Fields) -> Node | None:
    key = text(fields, "id")
    if not key:
        return None
    word, kind = text(fields, "status"), text(fields, "type")
    return Node(
        id=key,
        name=text(fields, "name") or kind or key,
        state=_STATES.get(word.lower(), NodeState.OTHER),
        word=word,
        kind=kind,
        progress=ProgressScale(one=1.0).read(number(fields, "progress")),
        error=message(fields, "error", "error_message") or None,
        started_at=optional_text(fields, "started_at"),
        finished_at=optional_text(fields, "finished_at"),
        frames_done=count(fields, "frames_done"),
        frames_total=count(fields, "frames_total"),
    )


def run_order(keys: tuple[str, ...], edges: Iterable[Edge]) -> list[str]:
    """``keys`` with every source before its targets, otherwise in the order given; a cycle is cut at its first key."""
    place = {key: index for index, key in enumerate(keys)}
    followers: defaultdict[str, set[str]] = defaultdict(set)
    for source, target in edges:
        if source != target:
            followers[source].add(target)
    waiting = dict.fromkeys(keys, 0)
    for targets in followers.values():
        for target in targets:
            waiting[target] += 1
    ready = [place[key] for key in keys if not waiting[key]]
    ordered: dict[str, None] = {}
    rest = iter(keys)
    while len(ordered) < len(keys):
        key = keys[heapq.heappop(ready)] if ready else next(key for key in rest if key not in ordered)
        if key in ordered:
            continue
        ordered[key] = None
        for target in followers[key]:
            waiting[target] -= 1
            if waiting[target] == 0:
                heapq.heappush(ready, place[target])
    return list(ordered)
