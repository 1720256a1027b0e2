"""What runs where: on the board while it is done, once, and where it was begun last."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from litmus_core.cluster import Needs, TaskBoard, TaskRunner, board_in, read_board, running
from tests.cluster.pretend import PretendRay


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> PretendRay:
    """Three machines, and what a task imports as Ray."""
    pretended = PretendRay(*[{"CPU": 2.0}] * 3)
    monkeypatch.setitem(sys.modules, "ray", pretended)  # type: ignore[arg-type]
    return pretended


def shown(board: TaskBoard) -> list[tuple[str, str | None]]:
    return [(each.label, each.machine) for each in board.state().work]


def test_what_is_asked_waits_runs_somewhere_and_goes_when_it_is_done(ray: PretendRay) -> None:
    board = TaskBoard(ray)

    with board.listed("LightGBM, fold 1") as note, board.listed("LightGBM, fold 2"):
        assert shown(board) == [("LightGBM, fold 1", None), ("LightGBM, fold 2", None)]
        note.report_start()
        assert shown(board) == [("LightGBM, fold 1", "id 0"), ("LightGBM, fold 2", None)]
    assert shown(board) == []
    assert ray.facts == {}


def test_work_whose_machine_is_lost_waits_and_then_stands_where_it_was_begun_again(ray: PretendRay) -> None:
    board = TaskBoard(ray)

    with board.listed("LightGBM, fold 1") as note:
        note.report_start()
        since = board.state().work[0].since
        ray.lost = ["id 0"]
        assert shown(board) == [("LightGBM, fold 1", None)]
        ray.here = "id 2"
        note.report_start()
        (moved,) = board.state().work
        assert moved.machine == "id 2"
        assert since is not None
        assert moved.since is not None
        assert moved.since >= since


def test_boards_of_several_runs_on_one_cluster_do_not_mix(ray: PretendRay) -> None:
    one, other = TaskBoard(ray), TaskBoard(ray)

    with one.listed("LightGBM, fold 1") as note, other.listed("CatBoost, fold 1") as its:
        note.report_start()
        assert shown(other) == [("CatBoost, fold 1", None)]
        its.report_start()
        one.close()
        assert shown(other) == [("CatBoost, fold 1", "id 0")]


def test_work_is_done_whatever_becomes_of_its_note(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = PretendRay()
    for broken in (SimpleNamespace(), None):  # a Ray without what is asked of it, and none
        monkeypatch.setitem(sys.modules, "ray", broken)  # type: ignore[arg-type]
        assert TaskRunner(ray, pow, board=TaskBoard(ray))(2, 5, label="A power") == 32
    assert TaskRunner(ray, pow)(2, 5) == 32


def test_a_task_says_where_it_is(ray: PretendRay) -> None:
    board, found = TaskBoard(ray), []
    ray.here = "id 1"
    asking = TaskRunner(ray, lambda: found.append(shown(board)), board=board)
    asking(label="Linear model, fold 3")
    assert found == [[("Linear model, fold 3", "id 1")]]


def test_what_is_not_told_is_shown_as_it_was_known(ray: PretendRay) -> None:
    board = TaskBoard(ray)
    with board.listed("LightGBM, fold 1") as note:
        note.report_start()
        board.state()
        ray.experimental.internal_kv = None
        ray._private = None
        seen = board.state()
    assert [(each.label, each.machine) for each in seen.work] == [("LightGBM, fold 1", "id 0")]
    assert [each.cpus_used for each in seen.machines] == [None, None, None]


def wait_for(folder: Path) -> None:
    deadline = time.monotonic() + 20
    while not (folder / "cluster.json").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_file_tells_it_while_there_is_work_and_goes_with_it(tmp_path: Path, ray: PretendRay) -> None:
    ray.free = {"id 0": {"CPU": 0.5}}
    with board_in(tmp_path, ray, every_s=0.01) as board, board.listed("LightGBM, fold 1"):
        wait_for(tmp_path)
        deadline = time.monotonic() + 20
        while (seen := read_board(tmp_path, now=time.time())) is None or not seen.work:
            assert time.monotonic() < deadline  # its first look may come before the work is listed
            time.sleep(0.01)
        assert [(each.name, each.cpus, each.cpus_used) for each in seen.machines] == [
            ("node 0", 2.0, 1.5),
            ("node 1", 2.0, None),
            ("node 2", 2.0, None),
        ]
        assert [each.label for each in seen.work] == ["LightGBM, fold 1"]
    assert list(tmp_path.iterdir()) == []
    assert read_board(tmp_path, now=time.time()) is None


def test_a_look_that_fails_costs_nothing(tmp_path: Path, ray: PretendRay) -> None:
    looked, well = threading.Event(), ray.nodes

    def breaks() -> list[dict[str, object]]:
        looked.set()
        ray.nodes = well  # type: ignore[method-assign]
        raise OSError("no answer")

    ray.nodes = breaks  # type: ignore[method-assign, assignment]
    with board_in(tmp_path, ray, every_s=0.01):
        wait_for(tmp_path)
    assert looked.is_set()


@pytest.mark.parametrize("left", ["", "[]", '{"at": 1, "machines": [], "work": []}', '{"at": "x"}'])
def test_what_a_killed_run_or_another_litmus_left_is_not_believed(tmp_path: Path, left: str) -> None:
    (tmp_path / "cluster.json").write_text(left)
    assert read_board(tmp_path, now=1_000.0) is None


def test_on_ray_what_runs_is_shown_on_its_machine(tmp_path: Path) -> None:
    real = pytest.importorskip("ray", reason="Ray is an extra: pip install 'litmus-automl[ray]'")
    go_on = tmp_path / "go on"

    def waits(path: str) -> str:
        while not Path(path).exists():
            time.sleep(0.05)
        return path

    with running(processes=2) as ray, board_in(tmp_path, ray, every_s=0.1) as board:
        here = real.get_runtime_context().get_node_id()
        threads = [
            threading.Thread(
                target=TaskRunner(ray, waits, needs=Needs(cpus=1), board=board),
                args=(str(go_on),),
                kwargs={"label": f"fold {at}"},
            )
            for at in range(3)
        ]
        for each in threads:
            each.start()
        try:
            deadline = time.monotonic() + 120
            while True:
                seen = read_board(tmp_path, now=time.time())
                if seen and sorted(str(each.machine) for each in seen.work) == sorted(["None", here, here]):
                    break
                assert time.monotonic() < deadline, seen
                time.sleep(0.1)
        finally:
            go_on.touch()
            for each in threads:
                each.join()
    (machine,) = seen.machines
    assert (machine.id, machine.cpus) == (here, 2.0)
    assert [each.label for each in seen.work] == ["fold 0", "fold 1", "fold 2"]
    assert not (tmp_path / "cluster.json").exists()
