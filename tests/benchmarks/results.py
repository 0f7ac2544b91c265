"""What was measured: a target, the figure, whether it was met; as JSON and as a short table."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table. ``figures`` has what the verdict rests on, in the units that their names end with."""

    what: str
    target: str
    measured: str
    met: bool
    figures: Mapping[str, object] = field(default_factory=dict)


def ratio(what: str, target: float, ours: Sequence[float], theirs: Sequence[float], peer: str) -> Result:
    """Rates side by side: ``ours`` must be at least ``target`` times ``theirs``, each by its best round; seconds.

    What disturbs a round only ever adds to it, and much more than the two differ.
    """
    mine, other = min(ours), min(theirs)
    figures = {"seconds": list(ours), "peer": peer, "peer_seconds": list(theirs), "ratio": round(other / mine, 3)}
    measured = f"{other / mine:.2f} x ({mine:.2f} s against {other:.2f} s, best of {len(ours)})"
    return Result(what, f"at least {target:.1f} x {peer}", measured, other / mine >= target, figures)


def table(machine: Mapping[str, str], results: Sequence[Result]) -> str:
    lines = [f"{name:8} {text}" for name, text in machine.items()]
    lines += [
        "",
        *_columns(
            [("what", "target", "measured", ""), *((r.what, r.target, r.measured, _verdict(r)) for r in results)]
        ),
    ]
    return "\n".join(lines)


def write(path: Path, machine: Mapping[str, str], results: Sequence[Result]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"machine": dict(machine), "results": [asdict(result) for result in results]}
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _verdict(result: Result) -> str:
    return "met" if result.met else "MISSED"


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
