"""The tables of rows. What moves all the time (rate, remaining time, revision) is not kept.

Reading raises ValueError where a row cannot be understood; facts that only adorn a row (media, graph, problem,
thumbnail) are left out instead, because they can be had again.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from mosaic_desktop.core.asset import Asset, AssetState, Keeps
from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.output import Output, OutputState
from mosaic_desktop.core.run import Graph, Node, NodeState, Run, RunSpec, RunState
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.storage import columns
from mosaic_desktop.storage.table import Column, SqlValue, Table

T = TypeVar("T")


def _build(kind: Callable[..., T], data: Mapping[str, Any], names: frozenset[str]) -> T:
    """Leaves out what only a newer version knows."""
    known = data if data.keys() <= names else {name: value for name, value in data.items() if name in names}
    return kind(**known)


def _names(kind: type[Any]) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind))


_MEDIA, _PROBLEM, _NODE, _SPEC = _names(MediaInfo), _names(Problem), _names(Node), _names(RunSpec)


def _node(data: Mapping[str, Any]) -> Node:
    known = data["state"] in NodeState._value2member_map_
    return _build(Node, {**data, "state": NodeState(data["state"]) if known else NodeState.OTHER}, _NODE)


def _graph(data: Mapping[str, Any]) -> Graph:
    edges = tuple((source, target) for source, target in data["edges"])
    return Graph(tuple(_node(node) for node in data["nodes"]), edges)


def _spec(value: SqlValue) -> RunSpec:
    """A run without its wish is worth nothing, so damage here is damage to the row."""
    data = columns.from_json(value)
    if not isinstance(data.get("parameters"), dict):
        raise ValueError("no parameters")
    return _build(RunSpec, data, _SPEC)


_PROBLEM_COLUMN = columns.adornment("problem", lambda data: _build(Problem, data, _PROBLEM), lambda: None)
_MEDIA_COLUMN = columns.adornment("media", lambda data: _build(MediaInfo, data, _MEDIA), lambda: None)

# --- Tables -----------------------------------------------------------------------------------------------------------

ASSETS = Table(
    "assets",
    Asset,
    (
        columns.text("id"),
        columns.text("name"),
        columns.path("path", optional=True),
        columns.text("link", optional=True),
        columns.integer("size"),
        columns.integer("modified_ns"),
        columns.word("state", AssetState),
        _MEDIA_COLUMN,
        columns.path("thumbnail", optional=True),
        columns.integer("bytes_done"),
        columns.integer("attempt"),
        _PROBLEM_COLUMN,
        columns.text("video_id", optional=True),
        columns.flag("content_sent"),
        columns.text("file_id", optional=True),
        columns.word("keeps", Keeps),
        columns.integer("bytes_kept"),
        columns.text("sample", optional=True),
        columns.text("content", optional=True),
        columns.text("reused_from", optional=True),
        columns.path("subfolder", optional=True),
        columns.real("created_at"),
        columns.real("position"),
    ),
)

RUNS = Table(
    "runs",
    Run,
    (
        columns.text("id"),
        columns.text("asset_id"),
        Column("spec", columns.to_json, _spec),
        columns.text("asset_name"),
        columns.path("folder", optional=True),
        columns.word("state", RunState),
        columns.text("remote_id", optional=True),
        columns.real("progress", optional=True),
        columns.text("word"),
        columns.text("message"),
        columns.adornment("graph", _graph, Graph),
        _PROBLEM_COLUMN,
        columns.integer("attempt"),
        columns.real("created_at"),
        columns.real("started_at", optional=True),
        columns.real("finished_at", optional=True),
    ),
)

OUTPUTS = Table(
    "outputs",
    Output,
    (
        columns.text("id"),
        columns.text("run_id"),
        columns.text("key"),
        columns.text("name"),
        columns.path("folder"),
        columns.text("node_id"),
        columns.word("state", OutputState),
        columns.integer("size"),
        columns.real("duration", optional=True),
        columns.path("part", optional=True),
        columns.path("path", optional=True),
        _MEDIA_COLUMN,
        columns.path("thumbnail", optional=True),
        columns.integer("bytes_done"),
        columns.integer("bytes_kept"),
        columns.text("etag", optional=True),
        columns.integer("attempt"),
        _PROBLEM_COLUMN,
        columns.real("created_at"),
        columns.real("finished_at", optional=True),
    ),
)
