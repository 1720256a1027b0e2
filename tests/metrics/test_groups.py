"""Metrics by group: the mean of their groups' values, in scores, intervals, subsets and live verdicts."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from litmus_core.engine._autogluon.grouped_labels import pack_labels, unpack_labels
from litmus_core.errors import DataError, UsageError
from litmus_core.metrics import (
    EveryRow,
    Metric,
    ValueCase,
    mean_over_groups,
    paired_difference,
    rows_by_group,
    score_interval,
)
from litmus_core.types import Bar
from litmus_core.verdicts import judge_live


def best_is_first(case: ValueCase) -> np.ndarray:
    """Return of each group whether its best row has the largest answer; NaN for a single row."""
    groups = list(rows_by_group(case.groups))
    return np.array(
        [
            np.nan if len(rows) < 2 else float(case.truth[rows].argmax() == case.predicted[rows].argmax())
            for rows in groups
        ]
    )


FIRST = Metric(
    name="best_is_first",
    label="Best is first",
    phrase="puts the best row first {value} of the time",
    greater_is_better=True,
    problem_types=("regression",),
    needs="values",
    unit="share",
    formula=partial(mean_over_groups, best_is_first),
    by_group=True,
    is_custom=True,
)


def orders(n_groups: int, *, right: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return groups of four rows, in no order, with truth and answers of which a share are right."""
    rng = np.random.default_rng(seed)
    groups = rng.permutation(np.repeat(np.arange(n_groups), 4))
    truth, answers = np.zeros(len(groups)), np.zeros(len(groups))
    for code, is_right in enumerate(rng.random(n_groups) < right):
        rows = np.flatnonzero(groups == code)
        truth[rows[0]], answers[rows[0 if is_right else 1]] = 1.0, 1.0
    return groups, truth, answers


def test_a_score_is_the_mean_over_groups_and_one_without_a_score_is_left_out():
    metric = FIRST.grouped(["b", "a", "b", "a", "c"])

    assert metric.score([1, 0, 0, 1, 1], [0.9, 0.8, 0.1, 0.2, 0.5]) == 0.5
    assert metric.at(np.array([0, 2, 4])).score([1, 0, 1], [0.9, 0.1, 0.5]) == 1.0
    with pytest.raises(DataError, match="none of their groups has a score"):
        metric.at(np.array([4])).score([1], [0.5])


def test_without_groups_nothing_is_scored():
    with pytest.raises(UsageError, match="nothing says which belong together"):
        FIRST.score([1, 0], [1, 0])


@pytest.mark.parametrize("are_blocks", [False, True])
def test_an_interval_draws_groups_however_rows_are_drawn(are_blocks: bool):
    groups, truth, answers = orders(400, right=0.7)
    score, _ = score_interval(
        FIRST.grouped(groups), truth, answers, blocks=groups if are_blocks else None, seed=0
    )
    half = 1.96 * np.sqrt(score.value * (1 - score.value) / 400)

    assert score.low == pytest.approx(score.value - half, abs=0.01)
    assert score.high == pytest.approx(score.value + half, abs=0.01)


def test_two_models_are_compared_on_the_same_draws_of_groups():
    groups, truth, answers = orders(200, right=0.6)
    difference = paired_difference(FIRST.grouped(groups), truth, truth, answers, seed=0)

    assert difference.value == pytest.approx(1 - FIRST.grouped(groups).score(truth, answers))
    assert difference.low > 0.3


@pytest.mark.parametrize(("right", "state"), [(0.95, "still meets"), (0.4, "not any more")])
def test_a_live_verdict_counts_groups(right: float, state: str):
    groups, truth, answers = orders(600, right=right)
    metric = FIRST.grouped(groups)
    judgement = judge_live(metric, Bar(metric=FIRST.name, op=">=", value=0.75), metric.case(truth, answers))

    assert judgement.state == state
    assert judgement.score is not None
    assert judgement.score.value == pytest.approx(metric.score(truth, answers))
    assert judgement.score.n_rows == 600


def test_labels_carry_numbers_and_groups_through_any_choice_of_rows():
    rng = np.random.default_rng(0)
    numbers, groups = rng.normal(size=1_000).astype(np.float32), rng.integers(0, 2**20, 1_000)
    rows = rng.permutation(1_000)[:300]
    unpacked, codes = unpack_labels(pack_labels(numbers, groups)[rows])

    assert (unpacked == numbers[rows]).all()
    assert (codes == groups[rows]).all()
    with pytest.raises(DataError, match="at most 1,048,576 can be learned from"):
        pack_labels(numbers[:1], np.array([2**20]))


def test_every_row_is_drawn_once():
    case = FIRST.grouped([0, 0]).case([1, 0], [1, 0])
    assert FIRST.evaluate(case, EveryRow(2)).tolist() == [1.0]
