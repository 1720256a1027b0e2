"""How many test scores were looked at before, on the very same test rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest

from litmus_core.jobs._judging.test_set_history import earlier_evaluations
from litmus_core.store import Journal, Workspace
from litmus_core.types import (
    Bar,
    CandidateTested,
    CandidateTrained,
    Fix,
    Lineage,
    RepeatedRun,
    RunJudged,
    RunPlan,
    RunQueued,
    Score,
    SplitPlan,
)
from tests.advice.test_choice import model
from tests.store import facts

PLAN = RunPlan()
SCORE = Score(metric="roc_auc", value=0.9, low=0.8, high=1.0, n_rows=10)


def _run(run_id: str, experiment, *tested: str):
    """Return the facts of a run whose candidates ``tested`` had their test scores looked at."""
    trained = [
        CandidateTrained(candidate=replace(model(name, 0.9), id=f"{run_id}-{name}", run_id=run_id))
        for name in (*tested, "x")
    ]
    looked = [
        CandidateTested(candidate_id=f"{run_id}-{name}", test=SCORE, reason="chosen") for name in tested
    ]
    queued = RunQueued(run_id=run_id, number=1, experiment=experiment, plan=facts.queued().plan)
    return [queued, *trained, *looked]


def _before(experiment, *of_runs, mine: str = "me", versions=(), outer_folds: int = 0, plan=PLAN) -> int:
    known = {each.id: each for each in versions}
    with _journal(*of_runs) as journal:
        context = SimpleNamespace(
            journal=journal, experiment=experiment, versions=lambda: known, plan=plan, run_id="run_mine"
        )
        return earlier_evaluations(context, mine, outer_folds=outer_folds)


@contextmanager
def _journal(*of_runs) -> Iterator[Journal]:
    with TemporaryDirectory() as folder:
        journal = Journal(Workspace(folder).create())
        journal.append(*(fact for run in of_runs for fact in run))
        try:
            yield journal
        finally:
            journal.close()


def _version(version_id: str, how="imported", parent=None, *fixes: Fix, n_rows: int = 100):
    return facts.version(
        id=version_id, lineage=Lineage(how=how, parent_id=parent, fixes=fixes), n_rows=n_rows
    )


HERE = facts.experiment("ex_1")


def test_a_first_look_has_none_before_it():
    assert _before(HERE, _run("run_1", HERE)) == 0


def test_looks_of_earlier_runs_count_and_ones_own_does_not():
    assert _before(HERE, _run("run_1", HERE, "a", "b"), _run("run_2", HERE, "me"), mine="run_2-me") == 2


def test_the_same_look_said_twice_is_one():
    twice = _run("run_1", HERE, "a")
    assert _before(HERE, twice, twice) == 1


@pytest.mark.parametrize(
    "changes",
    [{"bar": Bar(metric="roc_auc", op=">=", value=0.7)}, {"metric": "accuracy"}, {"time_limit_s": 9.0}],
)
def test_another_bar_metric_or_time_makes_no_fresh_test_rows(changes):
    other = facts.experiment("ex_2", **changes)
    assert _before(HERE, _run("run_1", other, "a")) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"dataset_version_id": "dv_2"},
        {"seed": 1},
        {"target": "stays"},
        {"split": SplitPlan(test_fraction=0.3)},
        {"test_version_id": "dv_9"},
    ],
)
def test_other_test_rows_are_looked_at_for_the_first_time(changes):
    other = facts.experiment("ex_2", **changes)
    assert _before(HERE, _run("run_1", other, "a")) == 0


def test_a_test_file_of_ones_own_is_the_same_whatever_is_trained_on():
    first, second = (
        facts.experiment(test_version_id="dv_9", dataset_version_id=each) for each in ("dv_1", "dv_2")
    )
    assert _before(first, _run("run_1", second, "a")) == 1


TRIM = Fix(kind="trim", columns=("plan",))


@pytest.mark.parametrize(
    ("fixes", "n_evaluations"),
    [
        ((TRIM,), 1),
        ((TRIM, Fix(kind="leave_out", columns=("plan",))), 1),
        ((Fix(kind="trim", columns=(HERE.task.target,)),), 0),  # classes are parted anew
        ((Fix(kind="drop_rows", rows=(3,)),), 0),
        ((TRIM, Fix(kind="drop_duplicates")), 0),
    ],
)
def test_fixes_of_other_columns_make_no_fresh_test_rows(fixes, n_evaluations):
    versions = [_version("dv_1"), _version("dv_2", "fixed", "dv_1", *fixes)]
    fixed = facts.experiment("ex_2", dataset_version_id="dv_2")
    assert _before(fixed, _run("run_1", HERE, "a"), versions=versions) == n_evaluations
    assert _before(HERE, _run("run_1", fixed, "a"), versions=versions) == n_evaluations


def test_two_ways_to_fix_the_same_rows_share_their_test_rows():
    drop = Fix(kind="drop_rows", rows=(3,))
    versions = [
        _version("dv_1"),
        _version("dv_2", "fixed", "dv_1", drop),
        _version("dv_3", "fixed", "dv_2", TRIM, drop),
    ]
    one, other = (facts.experiment(each, dataset_version_id=each) for each in ("dv_2", "dv_3"))
    assert _before(one, _run("run_1", other, "a"), versions=versions) == 1


@pytest.mark.parametrize("fix", [TRIM, Fix(kind="drop_duplicates")])
@pytest.mark.parametrize(("n_rows", "n_evaluations"), [(150, 1), (250, 0)])
def test_looks_count_on_where_most_test_rows_of_a_grown_table_are_the_old_ones(fix, n_rows, n_evaluations):
    """Rows are appended to what a table was before its fixes, which are made again."""
    versions = [
        _version("dv_1"),
        _version("dv_2", "fixed", "dv_1", fix),
        _version("dv_3", "appended", "dv_1", n_rows=n_rows),
        _version("dv_4", "fixed", "dv_3", fix, n_rows=n_rows),
    ]
    here = facts.experiment("ex_1", dataset_version_id="dv_2")
    split = replace(HERE.task.split, grown_from=(100,))
    grown = facts.experiment("ex_4", dataset_version_id="dv_4", split=split)
    again = facts.experiment("ex_4", dataset_version_id="dv_4")  # all rows are parted anew
    assert _before(grown, _run("run_1", here, "a"), versions=versions) == n_evaluations
    assert _before(again, _run("run_1", here, "a"), versions=versions) == 0


def test_looks_count_on_however_a_table_was_fixed_and_how_often_it_grew():
    drop = Fix(kind="drop_duplicates")
    versions = [
        _version("dv_1"),
        _version("dv_2", "appended", "dv_1", n_rows=130),
        _version("dv_3", "appended", "dv_2", n_rows=160),
        _version("dv_4", "fixed", "dv_3", drop, n_rows=150),
    ]
    split = replace(HERE.task.split, grown_from=(100,))  # it went on from the first, fixed since
    grown = facts.experiment("ex_4", dataset_version_id="dv_4", split=split)
    between = facts.experiment("ex_2", dataset_version_id="dv_2")  # parted anew
    assert _before(grown, _run("run_1", HERE, "a"), versions=versions) == 1
    assert _before(grown, _run("run_1", between, "a"), versions=versions) == 0


def test_a_run_that_repeats_another_shows_nothing_new() -> None:
    def run(run_id: str, **plan: Any) -> list[object]:
        return [
            RunQueued(run_id=run_id, number=1, experiment=HERE, plan=RunPlan(**plan)),
            CandidateTrained(candidate=replace(model(run_id, 0.9), id=f"{run_id}-a", run_id=run_id)),
            CandidateTested(candidate_id=f"{run_id}-a", test=SCORE, reason="chosen"),
        ]

    assert _before(HERE, run("run_1"), run("run_2", origin=RepeatedRun(run_id="run_1")), mine="run_3-a") == 1
    repeating = RunPlan(origin=RepeatedRun(run_id="run_1"))
    assert _before(HERE, run("run_1"), mine="run_mine-a", plan=repeating) == 0


def _judged(run_id: str, *, outer_folds: int) -> RunJudged:
    verdict = replace(facts.verdict(f"{run_id}-x"), outer_folds=outer_folds)
    return RunJudged(run_id=run_id, candidate_id=f"{run_id}-x", verdict=verdict)


def test_outer_folds_look_at_the_rows_of_every_run_of_the_table():
    otherwise = facts.experiment("ex_2", split=SplitPlan(test_fraction=0.4), seed=7)
    elsewhere = facts.experiment("ex_3", dataset_version_id="dv_9")
    runs = [_run("run_1", HERE, "a"), _run("run_2", otherwise, "b"), _run("run_3", elsewhere, "c")]
    assert _before(HERE, *runs) == 1
    assert _before(HERE, *runs, outer_folds=5) == 2


def test_what_outer_folds_judged_has_looked_at_the_test_rows_to_come():
    otherwise = facts.experiment("ex_2", split=SplitPlan(test_fraction=0.4), seed=7)
    by_folds = [*_run("run_1", otherwise, "a"), _judged("run_1", outer_folds=5)]
    by_test_part = [*_run("run_2", otherwise, "b"), _judged("run_2", outer_folds=0)]
    assert _before(HERE, by_folds, by_test_part) == 1
