"""Rows of every shape, for hypothesis."""

from pathlib import Path

from hypothesis import strategies as st

from mosaic_desktop.core.asset import Asset, AssetId, AssetState, Keeps
from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.core.run import Graph, Node, NodeState, Run, RunId, RunSpec, RunState
from mosaic_desktop.core.video import MediaInfo

texts = st.text(max_size=40)
ids = st.uuids().map(str)
counts = st.integers(0, 2**62)
reals = st.floats(allow_nan=False, allow_infinity=False)
times = st.floats(0, 4e9)
paths = st.builds(Path, st.just("/home"), texts.filter(lambda text: "\0" not in text))
odd_paths = st.binary(min_size=1, max_size=20).map(lambda raw: Path("/") / raw.decode(errors="surrogateescape"))
any_paths = st.one_of(paths, odd_paths)


problems = st.builds(Problem, texts, texts, st.booleans(), st.none() | texts, st.none() | st.integers(100, 599))
medias = st.builds(
    MediaInfo,
    st.none() | times,
    st.integers(1, 9000),
    st.integers(1, 9000),
    texts,
    st.none() | texts,
    st.none() | times,
)
values = st.one_of(texts, st.integers(-(2**60), 2**60), reals, st.booleans())
specs = st.builds(
    RunSpec,
    agent_id=st.none() | ids,
    agent_name=texts,
    prompt=st.none() | texts,
    parameters=st.dictionaries(texts, values, max_size=4),
    auto=st.booleans(),
)
nodes = st.builds(
    Node,
    id=ids,
    name=texts,
    state=st.sampled_from(NodeState),
    word=texts,
    kind=texts,
    progress=st.none() | st.floats(0, 1),
    error=st.none() | texts,
    started_at=st.none() | texts,
    finished_at=st.none() | texts,
    frames_done=st.none() | counts,
    frames_total=st.none() | counts,
)
graphs = st.builds(
    Graph, st.lists(nodes, max_size=3).map(tuple), st.lists(st.tuples(texts, texts), max_size=3).map(tuple)
)
assets = st.builds(
    Asset,
    id=ids.map(AssetId),
    name=texts,
    path=st.none() | any_paths,
    link=st.none() | texts,
    size=counts,
    modified_ns=counts,
    state=st.sampled_from(AssetState),
    media=st.none() | medias,
    thumbnail=st.none() | any_paths,
    bytes_done=counts,
    attempt=st.integers(0, 99),
    problem=st.none() | problems,
    video_id=st.none() | ids,
    content_sent=st.booleans(),
    file_id=st.none() | texts,
    keeps=st.sampled_from(Keeps),
    bytes_kept=counts,
    sample=st.none() | texts,
    content=st.none() | texts,
    reused_from=st.none() | texts,
    subfolder=st.none() | any_paths,
    created_at=times,
    position=reals,
)
runs = st.builds(
    Run,
    id=ids.map(RunId),
    asset_id=ids.map(AssetId),
    spec=specs,
    asset_name=texts,
    folder=st.none() | any_paths,
    state=st.sampled_from(RunState),
    remote_id=st.none() | ids,
    progress=st.none() | st.floats(0, 1),
    word=texts,
    message=texts,
    graph=graphs,
    problem=st.none() | problems,
    attempt=st.integers(0, 99),
    created_at=times,
    started_at=st.none() | times,
    finished_at=st.none() | times,
)
outputs = st.builds(
    Output,
    id=ids.map(OutputId),
    run_id=ids.map(RunId),
    key=texts,
    name=texts,
    folder=any_paths,
    node_id=texts,
    state=st.sampled_from(OutputState),
    size=counts,
    duration=st.none() | times,
    part=st.none() | any_paths,
    path=st.none() | any_paths,
    media=st.none() | medias,
    thumbnail=st.none() | any_paths,
    bytes_done=counts,
    bytes_kept=counts,
    etag=st.none() | texts,
    attempt=st.integers(0, 99),
    problem=st.none() | problems,
    created_at=times,
    finished_at=st.none() | times,
)
