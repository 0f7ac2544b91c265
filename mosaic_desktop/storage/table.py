"""One kind of row in SQLite: its statements, and the way of its values into columns and back.

Rows are read column by column, which takes half as long as row by row: most columns of most rows need no conversion,
or hold few different values. Where a column cannot be read so, each row is read by itself.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import repeat
from typing import Any, Generic, TypeVar

from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.output import Output
from mosaic_desktop.core.run import Run

SqlValue = str | bytes | int | float | None
R = TypeVar("R", Asset, Run, Output)


@dataclass(frozen=True, slots=True)
class Column:
    """``write`` and ``read`` convert one field; None stays None where ``optional``. What is of the type ``plain`` needs
    no reading but ``make``, if there is one. Of others, equal values become one object, which must not be changed.
    """

    name: str
    write: Callable[[Any], SqlValue]
    read: Callable[[Any], Any]
    optional: bool = False
    plain: type | None = None
    make: Callable[[Any], Any] | None = None

    def written(self, value: Any) -> SqlValue:  # noqa: ANN401
        return None if value is None and self.optional else self.write(value)

    def found(self, value: SqlValue) -> Any:  # noqa: ANN401
        """Raises ValueError."""
        return None if value is None and self.optional else self.read(value)

    def all_found(self, values: Sequence[SqlValue]) -> Iterable[Any]:
        """Raises ValueError where one of them cannot be read."""
        kinds = set(map(type, values))
        if self.optional:
            kinds.discard(type(None))
        if self.plain is None or not kinds <= {self.plain}:
            known = {value: self.found(value) for value in set(values)}
            return map(known.__getitem__, values)
        if (make := self.make) is None:
            return values
        return [None if value is None else make(value) for value in values]


class Table(Generic[R]):
    """One kind of row and its statements. ``select`` gives the rows in the order in which they entered the file."""

    def __init__(self, name: str, kind: type[R], columns: Sequence[Column]) -> None:
        self.name = name
        self._kind: type[R] = kind
        self._fields = fields(kind)
        assert not hasattr(kind, "__post_init__"), "rows are made without it"
        self._columns = tuple(columns)
        names = [column.name for column in columns]
        marks = ", ".join("?" * (len(names) + 1))
        # An upsert keeps the row's place in the file and columns that only a newer version knows.
        changes = ", ".join(f"{name} = excluded.{name}" for name in names)
        self.upsert = (
            f"INSERT INTO {name} (profile, {', '.join(names)}) VALUES ({marks}) "
            f"ON CONFLICT (profile, id) DO UPDATE SET {changes}"
        )
        # The plus keeps SQLite from going by the ids and sorting whole rows afterwards, which takes longer.
        self.select = f"SELECT {', '.join(names)} FROM {name} WHERE +profile = ? ORDER BY rowid"
        self.delete = f"DELETE FROM {name} WHERE profile = ? AND id = ?"

    def values(self, profile: str, row: R) -> tuple[SqlValue, ...]:
        """In the order of ``upsert``."""
        return (profile, *(column.written(getattr(row, column.name)) for column in self._columns))

    def row(self, values: Sequence[SqlValue]) -> R:
        """From the order of ``select``. Raises ValueError."""
        pairs = zip(self._columns, values, strict=True)
        make: Callable[..., R] = self._kind
        return make(**{column.name: column.found(value) for column, value in pairs})

    def rows(self, found: Sequence[Sequence[SqlValue]]) -> tuple[list[R], list[str]]:
        """The rows in the order in which they were created, and why others could not be read."""
        reasons: list[str] = []
        try:
            rows = self._rows_by_column(found)
        except ValueError:
            rows = []
            for values in found:
                try:
                    rows.append(self.row(values))
                except ValueError as error:
                    reasons.append(str(error))
        rows.sort(key=lambda row: row.created_at)
        return rows, reasons

    def _rows_by_column(self, found: Sequence[Sequence[SqlValue]]) -> list[R]:
        if not found:
            return []
        columns = zip(self._columns, zip(*found, strict=True), strict=True)
        read = {column.name: column.all_found(values) for column, values in columns}
        rows = list(map(object.__new__, repeat(self._kind, len(found))))
        # A slot takes its value also of a frozen row; with the rows' own __init__ all this takes a sixth more.
        for field in self._fields:
            take: Callable[[R, Any], None] = getattr(self._kind, field.name).__set__
            deque(map(take, rows, read.get(field.name, repeat(field.default))), maxlen=0)
        return rows
