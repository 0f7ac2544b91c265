"""The order of steps: sources first, otherwise as the service listed them."""

from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.api.graph import run_order
from tests.api.test_protocol import FEWER

KEYS = st.lists(st.text("abcdefgh", min_size=1, max_size=2), unique=True, max_size=10)


@st.composite
def graphs(draw: st.DrawFn, *, cyclic: bool) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    keys = draw(KEYS)
    pairs = [(a, b) for i, a in enumerate(keys) for j, b in enumerate(keys) if cyclic or i < j]
    edges = draw(st.lists(st.sampled_from(pairs), max_size=20)) if pairs else []
    return tuple(draw(st.permutations(keys))), edges


@FEWER
@given(graphs(cyclic=False))
def test_sources_come_before_targets(graph: tuple[tuple[str, ...], list[tuple[str, str]]]) -> None:
    keys, edges = graph
    order = run_order(keys, edges)
    assert sorted(order) == sorted(keys)
    assert all(order.index(source) < order.index(target) for source, target in edges)


@FEWER
@given(graphs(cyclic=True))
def test_cycles_lose_nothing(graph: tuple[tuple[str, ...], list[tuple[str, str]]]) -> None:
    keys, edges = graph
    assert sorted(run_order(keys, edges)) == sorted(keys)


def test_the_given_order_stays_where_edges_say_nothing() -> None:
    assert run_order(("c", "a", "b"), []) == ["c", "a", "b"]
    assert run_order(("c", "a", "b"), [("b", "c")]) == ["a", "b", "c"]
    assert run_order(("a", "b"), [("a", "b"), ("b", "a"), ("a", "a")]) == ["a", "b"]
