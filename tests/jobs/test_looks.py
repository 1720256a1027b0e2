"""How many test scores were looked at before, on the very same test rows."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from litmus_core.jobs._looks import looks_before
from litmus_core.types import Bar, CandidateTested, CandidateTrained, RunQueued, Score, SplitPlan
from tests.advice.test_choice import model
from tests.store import facts

SCORE = Score(metric="roc_auc", value=0.9, low=0.8, high=1.0, n_rows=10)


def _run(run_id: str, experiment, *tested: str):
    """Return the facts of a run whose candidates ``tested`` had their test scores looked at."""
    trained = [
        CandidateTrained(candidate=replace(model(name, 0.9), run_id=run_id))
        for name in (*tested, f"{run_id}-x")
    ]
    looked = [CandidateTested(candidate_id=name, test=SCORE, reason="chosen") for name in tested]
    queued = RunQueued(run_id=run_id, number=1, experiment=experiment, plan=facts.queued().plan)
    return [queued, *trained, *looked]


def _before(experiment, *of_runs, mine: str = "me") -> int:
    events = [SimpleNamespace(fact=fact) for run in of_runs for fact in run]
    journal = SimpleNamespace(events=lambda **_: events)
    return looks_before(SimpleNamespace(journal=journal, experiment=experiment), mine)


HERE = facts.experiment("ex_1")


def test_a_first_look_has_none_before_it():
    assert _before(HERE, _run("run_1", HERE)) == 0


def test_looks_of_earlier_runs_count_and_ones_own_does_not():
    assert _before(HERE, _run("run_1", HERE, "a", "b"), _run("run_2", HERE, "me")) == 2


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
