"""``python -m tests.benchmarks [NAME ...]``: measures, prints a table, writes it as JSON."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import agents, machine, memory, rates, results, rows, smoothness, starting, watching
from tests.benchmarks.results import Result
from tests.benchmarks.stage import Stage, set_up

_TOPICS: dict[str, Callable[[Stage], Iterator[Result]]] = {
    "rates": rates.measure,
    "smoothness": smoothness.measure,
    "memory": memory.measure,
    "rows": rows.measure,
    "watching": watching.measure,
    "starting": starting.measure,
    "agents": agents.measure,
}
_DEFAULT = Path("build/bench.json")


def main() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the large files go all the same
    arguments = _arguments()
    target = arguments.json.absolute()
    with set_up(arguments.folder, quick=arguments.quick) as stage:
        facts = machine.description(stage.folder.parent)
        found: list[Result] = []
        for name in arguments.names or _TOPICS:
            print(f"measuring {name}", file=sys.stderr, flush=True)
            for result in _TOPICS[name](stage):
                found.append(result)
                results.write(target, facts, found)
    print(results.table(facts, found))
    print(f"\nAll figures: {target}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="dev.py bench", description="Measures the speed of the application and its peers."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(_TOPICS)}; all without")
    parser.add_argument("--quick", action="store_true", help="small figures, to see that it works")
    parser.add_argument("--json", type=Path, default=_DEFAULT, help=f"where to write all figures ({_DEFAULT})")
    parser.add_argument("--folder", type=Path, help="where the large files lie for as long as it runs")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(_TOPICS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return arguments


main()
