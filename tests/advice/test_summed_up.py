"""The list in a sentence: what to do, too few rows of a class, a bar out of reach."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from litmus_core.advice import action_list_limits, action_list_sentence, action_text, next_actions
from litmus_core.advice._summary import unmet_limits
from litmus_core.types import Action, ActionCost, Bar, Gain, Score, Statement
from tests.advice.situations import known_rows, numbers, situation_of, summed_up
from tests.cases import thinned


def _action(kind: str, value: float, high: float) -> Action:
    return Action(
        key=kind,
        kind=kind,  # type: ignore[arg-type]
        title=Statement.plain(kind),
        cost=ActionCost(minutes=1.0),
        gain=Gain(value=value, low=value, high=high, measured=value),
    )


@pytest.mark.parametrize(
    ("metric", "n_rare"),
    thinned(
        [("roc_auc", 1), ("f1", 3), ("average_precision", 3), ("roc_auc", 3), ("f1", 1)],
        keep=2,
        reason="scores of the order and of labels, and one row and three, are each looked at",
    ),
)
def test_few_rows_of_a_class_end_in_words_and_not_in_an_error(metric: str, n_rare: int) -> None:
    random = np.random.default_rng(1)
    frame = pd.DataFrame({"a": random.normal(size=2_500), "b": random.normal(size=2_500)})
    frame["y"] = np.where(np.arange(2_500) < n_rare, "yes", "no")
    known = known_rows(frame, "binary", metric)
    found = next_actions(situation_of(known), known, seconds=1)
    assert "too few to tell what helps. Collect more of them first." in action_list_sentence(found)
    (limit,) = action_list_limits(found)
    assert limit in action_list_sentence(found)
    assert "Collect more of them first." in limit
    assert all(np.isfinite(each.gain.value) for each in found.actions)


def test_one_rare_class_among_several_is_no_reason_to_say_nothing() -> None:
    labels = np.repeat(["a", "b", "c"], [60, 60, 3])
    frame = pd.DataFrame({"x": np.arange(123.0), "y": labels})
    known = known_rows(frame, "multiclass", "accuracy")
    rare = "Of 'c' there are at most 3 rows to learn from: too few to tell what helps there."
    sure = summed_up(situation_of(known), [_action("folds", 0.1, 0.2)], known)
    assert sure == f"folds: it should bring +10 points. {rare}"
    unsure = summed_up(situation_of(known), [_action("folds", 0.0, 0.2)], known)
    (limit,) = unmet_limits(situation_of(known), [_action("folds", 0.0, 0.2)], known)
    assert action_text(limit) == rare
    assert unsure.endswith(rare)


@pytest.mark.parametrize(
    ("bar", "is_reached"),
    [(Bar(metric="rmse", op="<=", value=0.2), True), (Bar(metric="rmse", op="<=", value=0.1), False)],
)
def test_a_bar_beyond_all_gains_at_their_best_is_said_with_what_is_near(bar: Bar, is_reached: bool) -> None:
    known = known_rows(numbers(50), "regression", "rmse")
    situation = situation_of(known)  # its model scores 0.5
    situation = replace(situation, task=replace(situation.task, bar=bar))
    found = [_action("folds", 0.1, 0.2), _action("time", 0.0, 0.1)]
    found += [_action("abstain", 0.4, 0.4), _action("rows", 0.1, 0.4)]  # not of these rows, all of them
    said = summed_up(situation, found, known)
    assert said.startswith("folds: it should bring")
    assert ("and the bar is" not in said) == is_reached
    assert is_reached or "about 0.150 is within reach at best" in said
    limits = [action_text(limit) for limit in unmet_limits(situation, found, known)]
    assert limits == ([] if is_reached else [said[said.index("With these") :]])
    for first in ("leak", "faster"):
        assert unmet_limits(situation, [_action(first, 0.1, 0.2)], known) == ()
    assert unmet_limits(situation, found, None) == ()  # nothing was tried
    verdict = SimpleNamespace(outcome="undecided")
    undecided = replace(situation, run=replace(situation.run, verdict=verdict))  # type: ignore[arg-type]
    assert "and the bar is" not in summed_up(undecided, found, known)  # its interval holds the bar


def test_a_bar_is_out_of_reach_of_the_judged_score_too() -> None:
    known = known_rows(numbers(50), "regression", "rmse")
    situation = situation_of(known)
    task = replace(situation.task, bar=Bar(metric="rmse", op="<=", value=0.2))
    judged = Score(metric="rmse", value=0.9, low=0.8, high=1.0, n_rows=50)
    verdict = SimpleNamespace(outcome="misses", score=judged)
    situation = replace(situation, task=task, run=replace(situation.run, verdict=verdict))  # type: ignore[arg-type]

    (limit,) = unmet_limits(situation, [_action("folds", 0.1, 0.3)], known)
    assert "about 0.50 is within reach at best, and the bar is 0.20" in action_text(limit)
