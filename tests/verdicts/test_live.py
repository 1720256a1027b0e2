"""The live verdict: false alarms are as rare as promised, falls are found, and words follow the facts."""

from __future__ import annotations

import numpy as np
import pytest

from litmus_core.metrics import LabelCase, ValueCase, get_metric
from litmus_core.types import Bar, LiveJudgement, Score
from litmus_core.verdicts import expected_score, judge_live, live_sentence
from litmus_core.verdicts._live.evidence import evidence_of_fall, weights_of_starts
from litmus_core.verdicts._live.increments import WithoutBlocks, increments_of, rows_of, value_of
from litmus_core.verdicts._live.interval import anytime_interval

N = 4_000


def labels(n: int = N, *, seed: int = 0, right: float = 0.8) -> LabelCase:
    """Two classes; the answer is right as often as said, and the probabilities say so."""
    rng = np.random.default_rng(seed)
    sure = rng.beta(8 * right, 8 * (1 - right), size=n)
    second = np.where(rng.random(n) < 0.4, sure, 1 - sure)
    codes = (rng.random(n) < second).astype(np.int64)
    return LabelCase(
        codes=codes, probabilities=np.column_stack([1 - second, second]), positive=1, threshold=None
    )


def values(n: int = N, *, seed: int = 0, error: float = 1.0) -> ValueCase:
    """Numbers, predicted with normal errors."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(scale=3.0, size=n)
    return ValueCase(truth=truth, predicted=truth + error * rng.normal(size=n))


def joined(one: LabelCase, other: LabelCase) -> LabelCase:
    """The rows of one, then those of the other."""
    return LabelCase(
        codes=np.r_[one.codes, other.codes],
        probabilities=np.r_[one.probabilities, other.probabilities],
        positive=1,
        threshold=None,
    )


@pytest.mark.parametrize("metric", ["accuracy", "f1", "precision", "recall", "log_loss"])
def test_increments_by_row_average_to_nothing_exactly_at_the_bar(metric: str) -> None:
    case = labels()
    score = value_of(get_metric(metric), case)
    at_bar = increments_of(get_metric(metric), score, case)

    assert at_bar is not None
    assert at_bar.is_exact
    assert at_bar.values.sum() == pytest.approx(0.0, abs=1e-8 * N)
    assert at_bar.values.min() >= -at_bar.lower - 1e-12


@pytest.mark.parametrize("metric", ["rmse", "mae", "mape"])
def test_losses_of_values_are_by_row_too(metric: str) -> None:
    case = values()
    at_bar = increments_of(get_metric(metric), value_of(get_metric(metric), case), case)

    assert at_bar is not None
    assert at_bar.is_exact
    assert at_bar.values.mean() == pytest.approx(0.0, abs=1e-8)


@pytest.mark.parametrize("metric", ["roc_auc", "balanced_accuracy", "brier"])
def test_blocks_score_on_average_as_all_rows_do(metric: str) -> None:
    case = labels(40_000)
    increments = increments_of(get_metric(metric), value_of(get_metric(metric), case), case)

    assert increments is not None
    assert len(increments.values) > 1_000
    assert abs(increments.values.mean()) < 4 * increments.values.std() / np.sqrt(len(increments.values))


@pytest.mark.parametrize(
    ("metric", "case"), [("mcc", labels()), ("average_precision", labels()), ("r2", values())]
)
def test_pseudo_values_average_to_the_score(metric: str, case: LabelCase | ValueCase) -> None:
    increments = increments_of(get_metric(metric), value_of(get_metric(metric), case), case)

    assert increments is not None
    assert not increments.is_exact
    assert abs(increments.values.mean()) < 0.01


def test_a_block_is_long_enough_to_hold_some_rows_of_each_class() -> None:
    rng = np.random.default_rng(0)
    codes = (rng.random(3_000) < 0.03).astype(np.int64)
    rare = LabelCase(codes=codes, probabilities=rng.dirichlet([1, 1], 3_000), positive=1, threshold=None)
    increments = increments_of(get_metric("roc_auc"), 0.5, rare)

    assert increments is not None
    starts = [0, *increments.ends[:-1].tolist()]
    blocks = [codes[start:end] for start, end in zip(starts, increments.ends.tolist(), strict=True)]
    assert min(int(block.sum()) for block in blocks) == 3
    assert min(len(block) for block in blocks) >= 30


def test_leaving_a_block_out_is_scoring_the_others() -> None:
    case, blocks = labels(300), np.arange(300) // 100
    rest = rows_of(case, np.flatnonzero(blocks != 1))

    for name in ("accuracy", "roc_auc", "log_loss"):
        metric = get_metric(name)
        assert metric.evaluate(case, WithoutBlocks(blocks))[1] == pytest.approx(value_of(metric, rest))


def test_false_alarms_over_a_whole_life_are_as_rare_as_promised() -> None:
    metric, alarms = get_metric("accuracy"), 0
    bar = value_of(metric, labels(200_000, seed=99))
    for seed in range(100):
        increments = increments_of(metric, bar, labels(2_000, seed=seed))
        assert increments is not None
        alarms += evidence_of_fall(increments).alarm is not None

    assert alarms <= 9  # 5 of 100 and two standard errors; in truth some 2


def test_a_fall_is_found_and_dated() -> None:
    metric = get_metric("accuracy")
    bar = value_of(metric, labels(200_000, seed=99))
    case = joined(labels(3_000, seed=1), labels(3_000, seed=2, right=0.7))
    judgement = judge_live(metric, Bar(metric="accuracy", op=">=", value=bar), case)

    assert judgement.state == "not any more"
    assert judgement.evidence > 20
    assert judgement.began_at_row is not None
    assert 2_500 < judgement.began_at_row < 3_500
    assert judgement.score_since == pytest.approx(value_of(metric, labels(100_000, right=0.7)), abs=0.03)


def test_starts_weigh_one_in_all() -> None:
    for n_rows in (100, 10_000_000):
        weights = weights_of_starts(np.linspace(n_rows / 50, n_rows, 50))
        assert (weights > 0).all()
        assert 0.25 < weights.sum() < 1.0


@pytest.mark.parametrize(
    ("bar", "state"), [(0.6, "still meets"), (0.79, "probably"), (0.81, "doubtful"), (0.9, "not any more")]
)
def test_a_state_says_where_score_and_bar_stand(bar: float, state: str) -> None:
    case = labels(1_500, seed=5)
    assert 0.792 < value_of(get_metric("accuracy"), case) < 0.808
    judgement = judge_live(get_metric("accuracy"), Bar(metric="accuracy", op=">=", value=bar), case)

    assert judgement.state == state


def test_a_long_good_life_does_not_hide_a_recent_fall() -> None:
    case = joined(labels(4_000, seed=1, right=0.85), labels(400, seed=2, right=0.6))
    judgement = judge_live(get_metric("accuracy"), Bar(metric="accuracy", op=">=", value=0.75), case)

    assert judgement.score is not None
    assert judgement.score.low > 0.75
    assert 1 < judgement.evidence < 20
    assert judgement.state == "doubtful"


def test_lower_is_better_where_the_metric_says_so() -> None:
    rmse = get_metric("rmse")
    for value, state in ((1.5, "still meets"), (0.7, "not any more")):
        assert judge_live(rmse, Bar(metric="rmse", op="<=", value=value), values()).state == state


def test_few_outcomes_of_one_class_and_no_bar_are_no_verdict() -> None:
    auc, bar = get_metric("roc_auc"), Bar(metric="roc_auc", op=">=", value=0.8)
    one_class = LabelCase(
        codes=np.zeros(500, dtype=np.int64), probabilities=np.full((500, 2), 0.5), positive=1, threshold=None
    )

    assert judge_live(auc, bar, None).state == "too few outcomes"
    assert judge_live(auc, bar, labels(49)).state == "too few outcomes"
    assert judge_live(auc, bar, one_class).state == "too few outcomes"
    assert judge_live(auc, None, labels(500)).state == "no bar"


def test_all_right_so_far_is_no_certainty() -> None:
    case = LabelCase(
        codes=np.zeros(60, dtype=np.int64),
        probabilities=np.tile([0.9, 0.1], (60, 1)),
        positive=1,
        threshold=None,
    )
    score = anytime_interval(get_metric("accuracy"), case, seed=0)

    assert score is not None
    assert score.value == score.high == 1.0
    assert score.low < 0.97


def test_the_range_reaches_further_to_where_large_errors_may_come() -> None:
    rmse, truth = get_metric("rmse"), np.zeros(400)
    alike, rare = np.tile([1.0, 1.5], 200), np.where(np.arange(400) == 7, 40.0, 1.0)
    even, wide = (
        anytime_interval(rmse, ValueCase(truth=truth, predicted=predicted), seed=0)
        for predicted in (alike, rare)
    )

    assert even is not None
    assert wide is not None
    assert even.high - even.value == pytest.approx(even.value - even.low, rel=0.2)
    assert wide.high > value_of(rmse, ValueCase(truth=np.zeros(403), predicted=np.append(rare, [40.0] * 3)))
    assert wide.high - wide.value > 1.5 * (wide.value - wide.low)


def test_the_score_to_expect_follows_the_answers() -> None:
    metric, reference = get_metric("accuracy"), labels(2_000, seed=1)
    for right in (0.8, 0.7):
        live = labels(1_000, seed=2, right=right)
        expected = expected_score(metric, live, reference, seed=0)
        assert expected is not None
        assert expected.low < value_of(metric, live) < expected.high
        assert expected.value == pytest.approx(value_of(metric, labels(100_000, right=right)), abs=0.03)


def test_shifted_probabilities_are_recalibrated() -> None:
    case = labels(3_000)
    logit = np.log(case.probabilities[:, 1] / case.probabilities[:, 0])
    second = 1 / (1 + np.exp(-3 * logit))  # far too sure of itself
    boastful = LabelCase(
        codes=case.codes, probabilities=np.column_stack([1 - second, second]), positive=1, threshold=None
    )
    expected = expected_score(get_metric("accuracy"), boastful, boastful, seed=0)

    assert expected is not None
    assert expected.value == pytest.approx(value_of(get_metric("accuracy"), boastful), abs=0.005)


def test_what_the_same_estimate_missed_on_rows_with_outcomes_is_added() -> None:
    rng = np.random.default_rng(0)
    probabilities = np.tile([0.8, 0.1, 0.1], (3_000, 1))
    codes = np.where(rng.permutation(3_000) < 0.81 * 3_000, 0, 1)  # a point better than it says
    case = LabelCase(codes=codes, probabilities=probabilities, positive=0, threshold=None)
    expected = expected_score(get_metric("accuracy"), case, case, seed=0)

    assert expected is not None
    assert expected.value == pytest.approx(0.81, abs=0.002)


def test_probabilities_that_are_no_guide_give_no_expectation() -> None:
    case = labels(3_000)
    three = LabelCase(
        codes=case.codes,
        probabilities=np.column_stack([np.full((3_000, 2), 0.05), np.full(3_000, 0.9)]),
        positive=1,
        threshold=None,
    )

    assert expected_score(get_metric("accuracy"), three, three, seed=0) is None
    assert expected_score(get_metric("accuracy"), rows_of(case, slice(99)), case, seed=0) is None


def test_money_has_its_sign_in_the_live_sentence_and_its_bar():
    bar = Bar(metric="mae", op="<=", value=350.0)
    score = Score(metric="mae", value=481.0, low=423.0, high=547.0, n_rows=1400)
    fallen = LiveJudgement(state="not any more", bar=bar, score=score, began_at_row=3, score_since=625.0)
    said = live_sentence(
        fallen, get_metric("mae"), n_outcomes=1400, n_answers=1400, began_at="2026-11-24T10:00", unit="$"
    )
    assert said == (
        "It no longer meets its bar of at most $350. The model is off by $481 on average (likely $423 to "
        "$547) on 1,400 outcomes. The fall most likely began on 2026-11-24; since then the score is $625."
    )
