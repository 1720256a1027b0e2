"""An experiment goes by the run whose model leads, wherever it is shown, and not by its latest run."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from litmus_core.errors import NotFoundError
from litmus_core.experiments import Studio
from litmus_core.experiments._context import Context
from litmus_core.experiments._runs.comparison import leader
from litmus_core.jobs import retention
from litmus_core.store import Workspace
from litmus_core.types import Candidate, RunDeleted, Task
from tests.app.world import EXPERIMENT, RUN, SECOND_RUN, World


@pytest.fixture
def world() -> World:
    world = World(Workspace.locate())
    world.run(world.experiment(), outcome="meets")
    return world


@pytest.fixture
def worse(world: World) -> World:
    world.worse_run(world.asked)
    return world


def test_boards_reports_and_exports_go_by_it(worse: World) -> None:
    with Studio.open() as studio:
        [summary] = studio.experiments.summaries()
        leading = studio.experiments.leading_run(EXPERIMENT)
        assert leading is not None
        assert leading.id == RUN
        assert summary.best == studio.candidates.chosen(RUN) == studio.experiments.best_candidate(EXPERIMENT)
        assert summary.verdict == studio.runs.get(RUN).verdict
        assert (summary.n_runs, summary.latest_run_id) == (2, SECOND_RUN)
        assert "Run 1 (this report)" in studio.reports.experiment(EXPERIMENT)


def test_it_is_found_once_for_each_set_of_runs(worse: World, monkeypatch) -> None:
    asked: list[list[str]] = []
    compare = leader.leading_of

    def counted(context: Context, task: Task, models: Sequence[Candidate]) -> Candidate | None:
        asked.append([model.run_id for model in models])
        return compare(context, task, models)

    monkeypatch.setattr(leader, "leading_of", counted)
    for _ in range(2):  # what one process found, another knows
        with Studio.open() as studio:
            studio.experiments.summaries()
            studio.experiments.leading_run(EXPERIMENT)
    assert asked == [[RUN, SECOND_RUN]]
    with Studio.open() as studio:
        assert studio.experiments.leading_runs() == {EXPERIMENT: RUN}
        worse.journal.append(RunDeleted(run_id=RUN))
        assert studio.experiments.leading_runs() == {}  # at once, as all that is read
        leading = studio.experiments.leading_run(EXPERIMENT)
        assert leading is not None
        assert leading.id == SECOND_RUN


def test_what_could_not_be_read_for_a_moment_is_compared_again(worse: World, monkeypatch) -> None:
    def unread(*_: object) -> None:
        raise PermissionError("for now")

    with Studio.open() as studio:
        with monkeypatch.context() as broken:
            broken.setattr(leader, "leading_of", unread)
            assert studio.experiments.leading_runs() == {EXPERIMENT: SECOND_RUN}
        assert studio.experiments.leading_runs() == {EXPERIMENT: RUN}


def test_the_app_finds_it_before_a_page_asks(worse: World) -> None:
    with Studio.open() as studio:
        studio.watch(every_s=0.02)
        ends = time.monotonic() + 20
        while not worse.workspace.leading_path.exists():
            assert time.monotonic() < ends
            time.sleep(0.02)


def test_it_is_found_where_nothing_can_be_kept(worse: World) -> None:
    kept = worse.workspace.leading_path
    kept.mkdir()  # no file can be put there
    with Studio.open() as studio:
        assert studio.experiments.summaries()[0].best == studio.candidates.chosen(RUN)
    kept.rmdir()
    kept.write_text("torn")
    with Studio.open() as studio:
        assert studio.experiments.summaries()[0].best == studio.candidates.chosen(RUN)
    assert [each.name for each in kept.parent.glob("leading*")] == ["leading.json"]


def test_answers_that_cannot_be_read_break_no_page(worse: World) -> None:
    for run_id in (RUN, SECOND_RUN):
        folder = worse.workspace.run_dir(run_id)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "validated.npz").write_bytes(b"PK torn")
    with Studio.open() as studio:
        assert studio.experiments.summaries()[0].verdict == studio.runs.get(SECOND_RUN).verdict


def test_before_a_verdict_none_leads_and_after_one_that_does(world: World) -> None:
    with Studio.open() as studio:
        with pytest.raises(NotFoundError):
            studio.experiments.leading_run("ex_0000000000")
        leading = studio.experiments.leading_run(EXPERIMENT)
        assert leading is not None
        assert leading.id == RUN
        assert studio.experiments.leading_runs() == {}  # none of several


def test_room_is_never_made_of_it(worse: World, monkeypatch) -> None:
    with Studio.open() as studio:
        monkeypatch.setattr(studio.store, "leading_runs", set)  # the best by the score alone is another
        spared = studio.experiments.leading_runs().values()
        assert [run.id for run in retention(studio.store, older_than_days=0)] == [RUN, SECOND_RUN]
        assert [run.id for run in retention(studio.store, older_than_days=0, spared=spared)] == [SECOND_RUN]
