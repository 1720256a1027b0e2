"""Which algorithms Litmus searches when it may choose: nothing is trained."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from litmus_core.engine import FitRequest, TuneRequest
from litmus_core.engine._tuning._tune import _promising, _search_all, _tuning_result
from litmus_core.types import Algorithm, Tuning
from tests.engine.conftest import COLUMNS, table
from tests.engine.test_tuning_search import Formula, X, search, trial

N_TRIALS = 9
SCORES = {"a": 5.0, "b": 1.0, "c": 4.0, "d": 2.0, "e": 3.0}  # RMSE of each algorithm's default


class ByKey(Formula):
    """Answers with a score of its own for each algorithm's key, a little better with more x."""

    def predict(self, key, settings, part, *, limit_s, share=1.0):
        return SCORES[key] - 0.01 * settings.get("x", 0.0)


def request(fitting, **facts):
    now, rows = time.time(), table(6)
    fit = FitRequest(
        folder=Path("run"),
        train=rows,
        validation=rows,
        columns=COLUMNS,
        task=fitting.request.task,
        families=(),
        deadline=now + 9000,
    )
    return TuneRequest(
        fit=fit,
        algorithms=tuple(Algorithm(key=key, hyperparameters=(X,)) for key in SCORES),
        tuning=Tuning(n_trials=N_TRIALS),
        deadline=now + 6000,
        train_s=3000.0,
        **facts,
    )


def looked_at(seconds):
    """Return a search for each algorithm whose default took so many ``seconds``."""
    return [
        search(X, key=key, earlier=[trial(2.0, SCORES[key], algorithm=key, origin="default", seconds=took)])
        for key, took in seconds.items()
    ]


@pytest.mark.parametrize("may_choose", [True, False])
def test_settings_of_the_best_three_are_tried_unless_somebody_named_what_to_search(may_choose):
    fitting = ByKey()
    searches = [search(X, fitting=fitting, key=key, n_trials=N_TRIALS) for key in SCORES]
    _search_all(request(fitting, may_choose=may_choose), searches, lambda trial, best: None, lambda: False)

    fewer = 1 if may_choose else N_TRIALS
    assert {one.label: len(one.trials) for one in searches} == {
        "a": fewer,
        "b": N_TRIALS,
        "c": fewer,
        "d": N_TRIALS,
        "e": N_TRIALS,
    }


@pytest.mark.parametrize(
    ("seconds", "left", "chosen"),
    [
        ({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}, 24, ["b", "d", "e"]),
        ({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}, 23, ["b", "d"]),
        ({"a": 1, "b": 9, "c": 1, "d": 1, "e": 9}, 24, ["d", "c", "a"]),
        ({"a": 4, "b": 9, "c": 3}, 20, ["c"]),
    ],
    ids=["time for three", "time for two", "two too slow", "time for none"],
)
def test_each_that_is_chosen_has_time_for_eight_trials_of_the_slowest(seconds, left, chosen):
    assert [one.label for one in _promising(looked_at(seconds), left)] == chosen


def test_what_there_was_no_time_for_is_a_note_if_another_was_tuned():
    """A run that tuned its best algorithm did what was asked of it."""
    fitting = ByKey()
    (tuned,), late = looked_at({"b": 1}), search(X, key="a")
    tuned.trials.append(trial(3.0, 0.5, algorithm="b", number=1))
    some = _tuning_result(request(fitting, may_choose=True), [tuned, late], stopped=False)
    none = _tuning_result(request(fitting, may_choose=True), [late], stopped=False)

    assert (len(some.missing), len(some.notes)) == (0, 1)
    assert (len(none.missing), len(none.notes)) == (1, 0)
