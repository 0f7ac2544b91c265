"""Models follow events: batched, in order, strict by Qt's own tester, and gone when they are closed."""

import gc
import random
import time
import weakref
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import (
    QAbstractItemModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.events import What
from mosaic_desktop.core.output import OutputState
from mosaic_desktop.core.run import RunState
from mosaic_desktop.gui.models import row_model
from mosaic_desktop.gui.models.asset_model import AssetModel
from mosaic_desktop.gui.models.output_model import OutputModel
from mosaic_desktop.gui.models.row_filter import RowFilter
from mosaic_desktop.gui.models.row_model import SnapshotRole
from mosaic_desktop.gui.models.run_model import RunModel
from mosaic_desktop.gui.models.same_names import telling_parts
from mosaic_desktop.gui.widgets.row_view import RowRole, RowView
from tests.gui.models.builders import Board, asset, output, run
from tests.support.fakes import ManualClock
from tests.support.waiting import until

HUGE = 6 * 1024**3
HOUR_MS = 3_600_000
UPLOADING = AssetState.UPLOADING
pytestmark = pytest.mark.usefixtures("qapp")


class Ear:
    """Counts what a model tells its views."""

    def __init__(self, model: QAbstractItemModel) -> None:
        self.changed: list[tuple[int, int]] = []
        self.inserted: list[tuple[int, int]] = []
        self.removed: list[tuple[int, int]] = []
        model.dataChanged.connect(self._on_changed)
        model.rowsInserted.connect(lambda _, first, last: self.inserted.append((first, last)))
        model.rowsRemoved.connect(lambda _, first, last: self.removed.append((first, last)))

    def _on_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        self.changed.append((first.row(), last.row()))


def strict(model: QAbstractItemModel) -> QAbstractItemModelTester:
    return QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)


def names(model: QAbstractItemModel) -> list[object]:
    return [model.data(model.index(row, 0)) for row in range(model.rowCount())]


def view_of(model: QAbstractItemModel, row: int) -> RowView:
    view = model.index(row, 0).data(RowRole)
    assert isinstance(view, RowView)
    return view


def test_many_new_rows_become_one_insert() -> None:
    board = Board(asset("old.mp4"))
    model = AssetModel(board.store, board.events)
    ear = Ear(model)
    for number in range(20):
        board.publish(What.ADDED, asset(f"{number}.mp4"))
    assert model.rowCount() == 1
    until(lambda: model.rowCount() == 21)
    assert ear.inserted == [(1, 20)]
    assert names(model)[:3] == ["old.mp4", "0.mp4", "1.mp4"]


def test_progress_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_model, "FLUSH_MS", HOUR_MS)
    board = Board(asset("a.mp4", state=UPLOADING))
    model = AssetModel(board.store, board.events)
    ear = Ear(model)
    board.publish(What.PROGRESS, asset("a.mp4", state=UPLOADING, bytes_done=7))
    QCoreApplication.processEvents()
    assert ear.changed == []
    model.flush()
    assert ear.changed == [(0, 0)]


def test_progress_of_neighbours_is_told_together() -> None:
    rows = [asset(f"{number}.mp4", HUGE, UPLOADING) for number in range(6)]
    board = Board(*rows)
    model = AssetModel(board.store, board.events)
    ear = Ear(model)
    for number in (0, 1, 2, 5, 4):
        board.publish(What.PROGRESS, replace(rows[number], bytes_done=HUGE // 2))
    until(lambda: ear.changed)
    assert ear.changed == [(0, 2), (4, 5)]


def test_a_change_of_state_does_not_wait_for_the_next_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_model, "FLUSH_MS", HOUR_MS)
    board = Board(asset("a.mp4", state=UPLOADING))
    model = AssetModel(board.store, board.events)
    board.publish(What.PROGRESS, asset("a.mp4", state=UPLOADING, bytes_done=7))
    ear = Ear(model)
    board.publish(What.STATE, asset("a.mp4", state=AssetState.READY))
    until(lambda: ear.changed)


def test_sizes_beyond_32_bits_stay_whole() -> None:
    board = Board(asset("a.mp4", HUGE, UPLOADING, bytes_done=5_000_000_000, rate=40e6, eta=36.0))
    model = AssetModel(board.store, board.events)
    index = model.index(0, 0)
    row = index.data(SnapshotRole)
    assert isinstance(row, Asset)
    assert (row.size, row.bytes_done) == (HUGE, 5_000_000_000)
    view = index.data(RowRole)
    assert isinstance(view, RowView)
    assert (view.state, view.right_text, view.progress) == ("Uploading 77 %", "40 MB/s · 36 s", 776)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "a.mp4, 6.44 GB, uploading 77 percent, 36 s left, starts over if it stops"


def test_a_batch_of_progress_is_cheap() -> None:
    rows = [asset(f"{number}.mp4", HUGE, UPLOADING) for number in range(500)]
    board = Board(*rows)
    model = AssetModel(board.store, board.events)
    shown = RowFilter(model)
    ear = Ear(shown)
    began = time.thread_time()  # what others run on the machine meanwhile is no matter
    for step in range(20):
        for row in rows:
            board.publish(What.PROGRESS, replace(row, bytes_done=step * 1_000_000))
    model.flush()
    assert time.thread_time() - began < 0.6
    assert ear.changed == [(0, 499)]


def test_runs_and_outputs_come_newest_first() -> None:
    board = Board(run(1), run(2), output(1), output(2))
    runs = RunModel(board.store, board.events, ManualClock())
    outputs = OutputModel(board.store, board.events)
    board.publish(What.ADDED, run(3))
    board.publish(What.ADDED, run(4))
    board.publish(What.ADDED, output(3))
    until(lambda: runs.rowCount() == 4)
    assert runs.ids() == ("run-4", "run-3", "run-2", "run-1")
    assert outputs.ids() == ("out-3", "out-2", "out-1")


def test_a_run_shows_its_elapsed_time_and_the_picture_of_its_video() -> None:
    clock = ManualClock()
    board = Board(asset("a.mp4"), run(1, state=RunState.RUNNING, started_at=clock.now(), progress=0.54))
    model = RunModel(board.store, board.events, clock)
    clock.advance(72)
    ear = Ear(model)
    until(lambda: ear.changed)
    view = model.index(0, 0).data(RowRole)
    assert isinstance(view, RowView)
    assert (view.title, view.state, view.end_text) == ("Reframe", "54 % · Running", "1:12")
    board.publish(What.STATE, asset("a.mp4", thumbnail=board.store.asset(asset("a.mp4").id).path))  # type: ignore[union-attr]
    ear.changed.clear()
    until(lambda: ear.changed)
    view = model.index(0, 0).data(RowRole)
    assert isinstance(view, RowView)
    assert view.thumbnail.endswith("a.mp4")


def test_videos_of_the_same_name_say_where_they_are() -> None:
    def clip(folder: str, **more: object) -> Asset:
        return replace(asset("clip.mp4", **more), id=AssetId(folder), path=Path(folder, "clip.mp4"))  # type: ignore[arg-type]

    board = Board(clip("/v/monday"), asset("other.mp4"))
    model = AssetModel(board.store, board.events)
    assert [view_of(model, row).subtitle for row in range(2)] == ["5 MB", "5 MB"]
    ear = Ear(model)
    board.publish(What.ADDED, clip("/v/tuesday"))
    model.flush()
    assert (0, 0) in ear.changed, "the one that was there is told apart from now on"
    assert [view_of(model, row).subtitle for row in range(3)] == ["monday · 5 MB", "5 MB", "tuesday · 5 MB"]
    assert model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("clip.mp4 in tuesday, ")
    board.publish(What.REMOVED, clip("/v/tuesday"))
    model.flush()
    assert view_of(model, 0).subtitle == "5 MB"


@pytest.mark.parametrize(
    ("folders", "told"),
    [
        (["/v/a"], {}),
        (["/v/a", "/v/b"], {"/v/a": "a", "/v/b": "b"}),
        (["/v/a/card", "/v/b/card", "/v/c"], {"/v/a/card": "a/card", "/v/b/card": "b/card", "/v/c": "c"}),
        (["/card", "/v/card"], {"/card": "/card", "/v/card": "v/card"}),
        (["/", "/v"], {"/": "/", "/v": "v"}),
        (["/v/a", "/v/a"], {}),
    ],
)
def test_the_shortest_end_that_tells_folders_apart(folders: list[str], told: dict[str, str]) -> None:
    assert telling_parts(map(Path, folders)) == {Path(folder): end for folder, end in told.items()}


def test_thousands_of_the_same_name_are_told_apart_at_once() -> None:
    board = Board()
    model = AssetModel(board.store, board.events)
    for number in range(2000):
        name = replace(asset("C0001.MP4"), id=AssetId(f"{number}"), path=Path(f"/v/{number}/card/C0001.MP4"))
        board.publish(What.ADDED, name)
    began = time.thread_time()
    model.flush()
    assert view_of(model, 1999).subtitle == "1999/card · 5 MB"
    assert time.thread_time() - began < 0.5


def test_what_there_is_of_each_kind_is_counted_row_by_row() -> None:
    board = Board(run(1), run(2, state=RunState.FAILED), output(1, state=OutputState.SAVED, size=7))
    runs = RunModel(board.store, board.events, ManualClock())
    outputs = OutputModel(board.store, board.events)
    board.publish(What.STATE, run(1, state=RunState.FINISHED))
    board.publish(What.REMOVED, run(2, state=RunState.FAILED))
    board.publish(What.ADDED, output(2, state=OutputState.SAVED, size=HUGE))
    board.publish(What.STATE, output(1, state=OutputState.WAITING, size=7))
    for model in (runs, outputs):
        model.flush()
    assert +runs.in_state == {RunState.FINISHED: 1}
    assert (+outputs.in_state, outputs.saved_size) == ({OutputState.SAVED: 1, OutputState.WAITING: 1}, HUGE)


def test_thousands_of_runs_do_not_slow_down_what_happens_to_videos() -> None:
    videos = [asset(f"{number}.mp4") for number in range(2000)]
    board = Board(*videos, *(replace(run(n), asset_id=row.id) for n, row in enumerate(videos)))
    model = RunModel(board.store, board.events, ManualClock())
    ear = Ear(model)
    began = time.thread_time()
    for video in videos:
        board.publish(What.STATE, replace(video, state=AssetState.PAUSED))
    model.flush()
    assert time.thread_time() - began < 0.5
    assert ear.changed == [(0, 1999)]


def test_a_run_that_has_ended_does_not_tick() -> None:
    clock = ManualClock()
    ended = run(1, state=RunState.FINISHED, started_at=clock.now())  # nobody heard when
    board = Board(ended, run(2, state=RunState.RUNNING, started_at=clock.now()))
    model = RunModel(board.store, board.events, clock)
    ear = Ear(model)
    model._on_tick()
    model.flush()
    assert ear.changed == [(0, 0)]
    assert [view_of(model, row).end_text for row in range(2)] == ["0:00", "–"]


def test_rows_that_are_moved_take_their_selection_along() -> None:
    board = Board(*(asset(f"{name}.mp4", position=n) for n, name in enumerate("abcd")))
    model = AssetModel(board.store, board.events)
    tester = strict(model)
    selected = QPersistentModelIndex(model.index(3, 0))
    board.publish(What.STATE, asset("d.mp4", position=-1.0))
    board.publish(What.STATE, asset("a.mp4", position=1.5))
    until(lambda: names(model) == ["d.mp4", "b.mp4", "a.mp4", "c.mp4"])
    assert (selected.row(), selected.data()) == (0, "d.mp4")
    assert tester.model() is not None


def test_a_row_that_comes_back_stands_where_it_was_and_is_checked_as_it_was() -> None:
    rows = [asset(f"{name}.mp4", position=n) for n, name in enumerate("abc")]
    board = Board(*rows)
    model = AssetModel(board.store, board.events)
    model.set_checked(["a.mp4"], True)
    for row in rows[:2]:
        board.publish(What.REMOVED, row)
    model.flush()
    assert (names(model), model.checked_ids()) == (["c.mp4"], ())
    for row in rows[:2]:
        board.publish(What.ADDED, row)
    model.flush()
    assert (names(model), model.checked_ids()) == (["a.mp4", "b.mp4", "c.mp4"], ("a.mp4",))


def test_what_happens_to_many_rows_is_told_once() -> None:
    rows = [asset(f"{number}.mp4", position=float(number)) for number in range(200)]
    board = Board(*rows)
    model = AssetModel(board.store, board.events)
    tester = strict(model)
    ear, told = Ear(model), []
    model.rows_changed.connect(lambda: told.append(model.rowCount()))
    model.set_checked([row.id for row in rows], True)
    assert ear.changed == [(0, 199)]
    selected = QPersistentModelIndex(model.index(101, 0))
    for row in rows[::2]:
        board.publish(What.REMOVED, row)
    until(lambda: model.rowCount() == 100)
    assert (ear.removed, told) == ([(100, 199)], [100])
    assert (selected.row(), selected.data()) == (50, "101.mp4")
    assert names(model) == [row.name for row in rows[1::2]]
    assert tester.model() is not None


def test_progress_alone_changes_no_more_than_numbers() -> None:
    row = asset("a.mp4", HUGE, UPLOADING)
    board = Board(row)
    model = AssetModel(board.store, board.events)
    told: list[bool] = []
    model.rows_changed.connect(lambda: told.append(True))
    board.publish(What.PROGRESS, replace(row, bytes_done=HUGE // 2))
    model.flush()
    assert told == []
    board.publish(What.STATE, replace(row, state=AssetState.PAUSED))
    model.flush()
    assert told == [True]


@pytest.mark.parametrize("seed", range(5))
def test_random_work_keeps_the_model_consistent(seed: int) -> None:
    chance = random.Random(seed)
    board = Board()
    model = AssetModel(board.store, board.events)
    shown = RowFilter(model)
    testers = strict(model), strict(shown)
    living: list[str] = []
    places: dict[str, float] = {}

    def row(name: str, state: AssetState = UPLOADING, **more: object) -> Asset:
        return asset(name, HUGE, state, position=places[name], **more)

    for step in range(300):
        match chance.choice(["add", "add", "remove", "progress", "state", "check", "flush", "filter", "move"]):
            case "add":
                living.append(f"{step}.mp4")
                places[living[-1]] = chance.choice([float(step), chance.random() * step])
                board.publish(What.ADDED, row(living[-1]))
            case "remove" if living:
                name = living.pop(chance.randrange(len(living)))
                board.publish(What.REMOVED, row(name))
            case "progress" if living:
                done = chance.randrange(HUGE)
                board.publish(What.PROGRESS, row(chance.choice(living), bytes_done=done))
            case "state" if living:
                board.publish(What.STATE, row(chance.choice(living), chance.choice(list(AssetState))))
            case "move" if living:
                name = chance.choice(living)
                places[name] = chance.random() * step
                board.publish(What.STATE, row(name))
            case "check" if living:
                model.set_checked([chance.choice(living)], chance.random() < 0.5)
            case "filter":
                shown.set_text(chance.choice(["", "1", "no such"]))
            case "flush":
                model.flush()
            case _:
                QCoreApplication.processEvents()
    model.flush()
    assert list(model.ids()) == sorted(living, key=lambda name: places[name])
    assert set(model.checked_ids()) <= set(living)
    runnable = [row for row in model.assets() if row.id in model.runnable_ids()]
    assert model.choice.runnable == len(runnable)
    assert model.choice.waiting == sum(row.state is not AssetState.READY for row in runnable)
    assert (model.tally.count, model.tally.size) == (len(living), sum(row.size for row in model.assets()))
    checked = [row for row in model.assets() if row.id in model.checked_ids()]
    assert model.choice.tally.count == len(checked)
    assert {row.state for row in model.choice.tally.samples()} == {row.state for row in checked}
    assert {row.state for row in model.tally.samples()} == {row.state for row in model.assets()}
    assert all(tester.model() is not None for tester in testers)


def test_a_row_that_comes_and_goes_in_one_turn_is_never_seen() -> None:
    board = Board()
    model = AssetModel(board.store, board.events)
    ear = Ear(model)
    board.publish(What.ADDED, asset("notes.txt"))
    board.publish(What.REMOVED, asset("notes.txt"))
    model.flush()
    assert (ear.inserted, model.rowCount(), model.checked_ids()) == ([], 0, ())


def test_checks_are_kept_by_id_and_told() -> None:
    board = Board(asset("old.mp4"))
    model = AssetModel(board.store, board.events)
    told: list[tuple[str, ...]] = []
    model.checked_changed.connect(lambda: told.append(model.checked_ids()))
    assert model.checked_ids() == ()
    board.publish(What.ADDED, asset("fresh.mp4", state=AssetState.PROBING))
    model.flush()
    assert list(told[0]) == ["fresh.mp4"]
    model.setData(model.index(0, 0), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert list(told[-1]) == ["old.mp4", "fresh.mp4"]
    assert model.index(0, 0).data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    board.publish(What.REMOVED, asset("old.mp4"))
    model.flush()
    assert list(told[-1]) == ["fresh.mp4"]


def test_a_failed_video_stays_checked_but_cannot_be_run() -> None:
    board = Board()
    model = AssetModel(board.store, board.events)
    board.publish(What.ADDED, asset("a.mp4"))
    model.flush()
    assert model.runnable_ids() == ("a.mp4",)
    problem = Problem(Code.FILE_CHANGED)
    board.publish(What.STATE, asset("a.mp4", state=AssetState.FAILED, problem=problem))
    model.flush()
    assert (model.checked_ids(), model.runnable_ids()) == (("a.mp4",), ())


def test_the_filter_looks_at_words_and_states() -> None:
    clock = ManualClock()
    board = Board(run(1, state=RunState.FAILED), run(2, state=RunState.FINISHED), run(3, state=RunState.FAILED))
    model = RunModel(board.store, board.events, clock)
    shown = RowFilter(model)
    shown.set_states([RunState.FAILED])
    assert [shown.id_at(shown.index(row, 0)) for row in range(shown.rowCount())] == ["run-3", "run-1"]
    shown.set_text("reframe A.MP4")
    assert shown.rowCount() == 2
    shown.set_text("reframe nothing")
    assert shown.rowCount() == 0
    shown.set_states(None)
    shown.set_text("finished")
    assert shown.rowCount() == 1
    board.publish(What.STATE, run(2, state=RunState.DROPPED))
    model.flush()
    assert shown.rowCount() == 0


def test_a_saved_output_shows_facts_and_a_moving_one_its_state() -> None:
    board = Board(output(1, state=OutputState.SAVED, size=HUGE, duration=48.0))
    board.publish(What.ADDED, output(2, state=OutputState.DOWNLOADING, size=HUGE, bytes_done=HUGE // 2, eta=9.0))
    model = OutputModel(board.store, board.events)
    views = [model.index(row, 0).data(RowRole) for row in range(2)]
    moving, saved = (view for view in views if isinstance(view, RowView))
    assert (saved.state, saved.subtitle) == ("", "0:48 · 6.44 GB")
    assert (moving.state, moving.right_text, moving.progress) == ("Downloading 50 %", "9 s left", 500)


@pytest.mark.parametrize("owned", [True, False])
def test_a_closed_model_is_freed_and_hears_nothing_more(owned: bool, qapp: QApplication) -> None:
    board = Board(asset("a.mp4"))
    parent = QObject()
    model = AssetModel(board.store, board.events, parent if owned else None)
    gone = weakref.ref(model)
    listeners = len(board.events._listeners)
    del model
    if owned:
        gc.collect()
        assert gone() is not None
        parent.deleteLater()
    else:
        parent.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    del parent
    gc.collect()
    assert gone() is None
    assert len(board.events._listeners) == listeners - 1
    board.publish(What.STATE, asset("a.mp4"))


def test_a_row_that_is_told_after_the_model_was_opened_stands_once() -> None:
    board = Board()
    board.store._keep(run(1))  # known, but not told yet: the journal is being written
    model = RunModel(board.store, board.events, ManualClock())
    strict(model)
    board.publish(What.ADDED, run(1, state=RunState.RUNNING))
    model.flush()
    assert [row.state for row in model.runs()] == [RunState.RUNNING]
