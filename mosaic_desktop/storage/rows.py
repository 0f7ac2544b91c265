"""Rows as values of columns, and back. What moves all the time (rate, remaining time, revision) is not kept.

Reading raises ValueError where a row cannot be understood; facts that only adorn a row (media, graph, problem,
thumbnail) are left out instead, because they can be had again.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Generic, TypeVar

from mosaic_desktop.core.asset import Asset, AssetState, Keeps
from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.output import Output, OutputState
from mosaic_desktop.core.run import Graph, Node, NodeState, Run, RunSpec, RunState
from mosaic_desktop.core.video import MediaInfo

SqlValue = str | bytes | int | float | None
R = TypeVar("R", Asset, Run, Output)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column:
    """``write`` and ``read`` convert one field; None stays None where ``optional``."""

    name: str
    write: Callable[[Any], SqlValue]
    read: Callable[[Any], Any]
    optional: bool = False


class Table(Generic[R]):
    """One kind of row and its statements."""

    def __init__(self, name: str, kind: type[R], columns: Sequence[Column]) -> None:
        self.name = name
        self._kind: Callable[..., R] = kind
        self._columns = tuple(columns)
        names = [column.name for column in columns]
        marks = ", ".join("?" * (len(names) + 1))
        # An upsert keeps the row's place in the file and columns that only a newer version knows.
        changes = ", ".join(f"{name} = excluded.{name}" for name in names)
        self.upsert = (
            f"INSERT INTO {name} (profile, {', '.join(names)}) VALUES ({marks}) "
            f"ON CONFLICT (profile, id) DO UPDATE SET {changes}"
        )
        self.select = f"SELECT {', '.join(names)} FROM {name} WHERE profile = ? ORDER BY created_at, rowid"
        self.delete = f"DELETE FROM {name} WHERE profile = ? AND id = ?"

    def values(self, profile: str, row: R) -> tuple[SqlValue, ...]:
        """In the order of ``upsert``."""
        return (profile, *(_written(column, getattr(row, column.name)) for column in self._columns))

    def row(self, values: Sequence[SqlValue]) -> R:
        """From the order of ``select``. Raises ValueError."""
        found = {}
        for column, value in zip(self._columns, values, strict=True):
            found[column.name] = None if value is None and column.optional else column.read(value)
        return self._kind(**found)


def _written(column: Column, value: Any) -> SqlValue:  # noqa: ANN401
    return None if value is None and column.optional else column.write(value)


# --- Kinds of column --------------------------------------------------------------------------------------------------


def _text(name: str, *, optional: bool = False) -> Column:
    return Column(name, _to_text, _from_text, optional)


def _path(name: str, *, optional: bool = False) -> Column:
    return Column(name, lambda path: _to_text(str(path)), lambda value: Path(_from_text(value)), optional)


def _integer(name: str) -> Column:
    return Column(name, int, _from_integer)


def _flag(name: str) -> Column:
    return Column(name, int, lambda value: bool(_from_integer(value)))


def _real(name: str, *, optional: bool = False) -> Column:
    return Column(name, float, _from_real, optional)


def _word(name: str, words: Callable[[str], Any]) -> Column:
    return Column(name, str, words)


def _adornment(name: str, read: Callable[[Any], Any], missing: Callable[[], Any]) -> Column:
    """JSON that is left out where it cannot be read."""

    def lenient(value: SqlValue) -> Any:  # noqa: ANN401
        try:
            return read(_from_json(value))
        except (ValueError, TypeError, KeyError, AttributeError):
            return missing()

    return Column(name, _to_json, lenient, optional=True)


def _to_text(text: str) -> SqlValue:
    """Names of files need not be Unicode; such a one is kept as bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="surrogatepass")
    return text


def _from_text(value: SqlValue) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="surrogatepass")
    if not isinstance(value, str):
        raise ValueError(f"not a text: {type(value).__name__}")
    return value


def _from_integer(value: SqlValue) -> int:
    if not isinstance(value, int):
        raise ValueError(f"not a whole number: {type(value).__name__}")
    return value


def _from_real(value: SqlValue) -> float:
    if not isinstance(value, int | float):
        raise ValueError(f"not a number: {type(value).__name__}")
    return float(value)


# --- JSON -------------------------------------------------------------------------------------------------------------


def _to_json(value: Any) -> str:  # noqa: ANN401
    return json.dumps(asdict(value), separators=(",", ":"))


def _from_json(value: SqlValue) -> dict[str, Any]:
    data = json.loads(_from_text(value))
    if not isinstance(data, dict):
        raise ValueError("not an object")
    return data


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
    data = _from_json(value)
    if not isinstance(data.get("parameters"), dict):
        raise ValueError("no parameters")
    return _build(RunSpec, data, _SPEC)


_PROBLEM_COLUMN = _adornment("problem", lambda data: _build(Problem, data, _PROBLEM), lambda: None)
_MEDIA_COLUMN = _adornment("media", lambda data: _build(MediaInfo, data, _MEDIA), lambda: None)

# --- Tables -----------------------------------------------------------------------------------------------------------

ASSETS = Table(
    "assets",
    Asset,
    (
        _text("id"),
        _text("name"),
        _path("path", optional=True),
        _text("link", optional=True),
        _integer("size"),
        _integer("modified_ns"),
        _word("state", AssetState),
        _MEDIA_COLUMN,
        _path("thumbnail", optional=True),
        _integer("bytes_done"),
        _integer("attempt"),
        _PROBLEM_COLUMN,
        _text("video_id", optional=True),
        _flag("content_sent"),
        _text("file_id", optional=True),
        _word("keeps", Keeps),
        _integer("bytes_kept"),
        _text("sample", optional=True),
        _text("content", optional=True),
        _text("reused_from", optional=True),
        _path("subfolder", optional=True),
        _real("created_at"),
        _real("position"),
    ),
)

RUNS = Table(
    "runs",
    Run,
    (
        _text("id"),
        _text("asset_id"),
        Column("spec", _to_json, _spec),
        _text("asset_name"),
        _path("folder", optional=True),
        _word("state", RunState),
        _text("remote_id", optional=True),
        _real("progress", optional=True),
        _text("word"),
        _text("message"),
        _adornment("graph", _graph, Graph),
        _PROBLEM_COLUMN,
        _integer("attempt"),
        _real("created_at"),
        _real("started_at", optional=True),
        _real("finished_at", optional=True),
    ),
)

OUTPUTS = Table(
    "outputs",
    Output,
    (
        _text("id"),
        _text("run_id"),
        _text("key"),
        _text("name"),
        _path("folder"),
        _text("node_id"),
        _word("state", OutputState),
        _integer("size"),
        _real("duration", optional=True),
        _path("part", optional=True),
        _path("path", optional=True),
        _MEDIA_COLUMN,
        _path("thumbnail", optional=True),
        _integer("bytes_done"),
        _integer("bytes_kept"),
        _text("etag", optional=True),
        _integer("attempt"),
        _PROBLEM_COLUMN,
        _real("created_at"),
        _real("finished_at", optional=True),
    ),
)
