"""Intervals and label sets hold the truth as often as they promise, on rows that they do not come from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.engine import GROUP_ROWS, ScoredPredictions, calibrate, measure_coverage
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.metrics import get_metric
from litmus_core.runtime import LEVELS, Calibration, ModelInfo, conformal_quantiles, largest_level
from litmus_core.types import Column

_SHOP = Column(name="shop", original_name="shop", kind="category", storage="VARCHAR")


def scored(predictions: Any, truth: Any, *, shop: Any = None, **info: Any) -> ScoredPredictions:
    facts = {"problem_type": "regression", "target": "price", "columns": (_SHOP,), **info}
    shops = np.full(len(truth), "a") if shop is None else shop
    return ScoredPredictions(
        predictions=np.asarray(predictions, dtype=np.float64),
        rows=pd.DataFrame({"shop": pd.Series(shops, dtype=object)}),
        truth=np.asarray(truth),
        info=ModelInfo.of(facts),
        metric=get_metric("rmse" if facts["problem_type"] == "regression" else "accuracy"),
    )


def numbers(n_rows: int, seed: int, *, shift: float = 0.0) -> ScoredPredictions:
    """Values from 10 to 110, off by a tenth of themselves: the large ones are harder."""
    random = np.random.default_rng(seed)
    values = random.uniform(10, 110, n_rows) + shift
    return scored(values, values + random.normal(0, 0.1 * np.abs(values)))


def labels(
    n_rows: int, seed: int, *, n_classes: int = 4, sharp: float = 1.0, **info: Any
) -> ScoredPredictions:
    """Truth drawn from the probabilities that are predicted."""
    random = np.random.default_rng(seed)
    shares = random.dirichlet(np.full(n_classes, 1 / sharp), n_rows)
    truth = (shares.cumsum(axis=1) < random.random((n_rows, 1))).sum(axis=1).clip(0, n_classes - 1)
    problem = "multiclass" if n_classes > 2 else "binary"
    return scored(shares, truth, problem_type=problem, classes=tuple(range(n_classes)), **info)


def mean_share(calibrations: list[Calibration], rows: list[ScoredPredictions], level: float) -> float:
    pairs = zip(calibrations, rows, strict=True)
    return float(np.mean([measure_coverage(one, each, level=level).share for one, each in pairs]))


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_intervals_hold_as_many_numbers_as_they_promise(level: float) -> None:
    calibrations = [calibrate(numbers(1_000, seed), source="validation") for seed in range(20)]
    share = mean_share(calibrations, [numbers(1_000, 100 + seed) for seed in range(20)], level)

    assert share == pytest.approx(level, abs=0.01)


def test_intervals_are_wider_where_errors_are_larger() -> None:
    calibration = calibrate(numbers(2_000, 0), source="validation")
    low, high = calibration.interval(np.array([20.0, 100.0]), calibration.check(0.9))

    assert high - low == pytest.approx([2 * 1.645 * 2, 2 * 1.645 * 10], rel=0.15)
    constant = float(np.quantile(np.abs(numbers(2_000, 0).predictions * 0.1), 0.9))
    assert measure_coverage(calibration, numbers(2_000, 1), level=0.9).size < 2 * 1.645 * constant


def test_numbers_that_are_never_negative_get_no_interval_below_nothing() -> None:
    values = np.full(300, 2.0)
    truth = np.abs(np.random.default_rng(0).normal(2.0, 2.0, 300))
    calibration = calibrate(scored(values, truth), source="validation")
    low, high = calibration.interval(np.array([2.0, -3.0]), calibration.check(0.9))

    assert low.tolist() == [0.0, -3.0]  # a prediction stays inside its own interval
    assert high[0] > 4.0
    assert calibrate(numbers(300, 0, shift=-60), source="validation").lowest is None
    few = scored(values[:50], truth[:50])
    assert calibrate(few, source="validation").lowest is None  # by chance
    assert calibrate(few, source="validation", learned=truth[50:]).lowest == 0.0
    assert calibrate(few, source="validation", learned=np.append(truth[50:], -1)).lowest is None


@pytest.mark.parametrize(
    ("sharp", "n_classes", "least"), [(1.0, 4, 0.88), (20.0, 4, 0.9), (1.0, 2, 0.88), (8.0, 30, 0.88)]
)
def test_label_sets_hold_the_truth_and_are_never_empty(sharp: float, n_classes: int, least: float) -> None:
    shares = []
    for seed in range(10):
        calibration = calibrate(labels(1_000, seed, sharp=sharp, n_classes=n_classes), source="validation")
        found = measure_coverage(
            calibration, labels(1_000, 50 + seed, sharp=sharp, n_classes=n_classes), level=0.9
        )
        shares.append(found.share)
        assert found.size >= 1.0
    assert np.mean(shares) >= least


def test_a_model_that_is_right_more_often_than_promised_names_one_label() -> None:
    calibration = calibrate(labels(1_000, 0, sharp=40.0), source="validation")

    assert measure_coverage(calibration, labels(500, 1, sharp=40.0), level=0.8).size == 1.0


def test_the_predicted_label_is_in_the_set_wherever_the_threshold_lies() -> None:
    calibration = calibrate(labels(2_000, 0, n_classes=2, threshold=0.1), source="validation")
    inside = calibration.members(np.array([[0.85, 0.15]]), np.array([1]), calibration.check(0.5))

    assert inside[0, 1]


def test_a_label_that_the_model_has_never_seen_counts_against_it() -> None:
    rows = labels(1_000, 0)
    unknown = scored(
        rows.predictions, np.full(1_000, 99), problem_type="multiclass", classes=rows.info.classes
    )

    assert measure_coverage(calibrate(rows, source="validation"), unknown, level=0.9).share == 0.0
    assert calibrate(unknown, source="validation").check(0.5) == 1.0


def by_shop(n_rows: int, seed: int) -> ScoredPredictions:
    """Shop "b" is ten times as hard as "a", and rare; "c" is hardly there."""
    random = np.random.default_rng(seed)
    shop = random.choice(["a", "b", "c"], n_rows, p=[0.78, 0.2, 0.02])
    values = np.full(n_rows, 50.0)
    return scored(values, values + random.normal(0, np.where(shop == "b", 10.0, 1.0)), shop=shop)


def test_groups_keep_the_promise_each_when_it_is_asked_for() -> None:
    def share_of_b(by: str, seed: int) -> float:
        calibration = calibrate(by_shop(2_000, seed), source="validation", by=by)
        rows = by_shop(2_000, 100 + seed)
        hard = rows.at(np.flatnonzero(rows.rows["shop"] == "b"))
        return measure_coverage(calibration, hard, level=0.9).share

    assert np.mean([share_of_b("", seed) for seed in range(8)]) < 0.7
    assert np.mean([share_of_b("shop", seed) for seed in range(8)]) == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize("shares", [[0.6, 0.3, 0.1], [0.85, 0.1, 0.05]])
def test_the_average_keeps_the_promise_where_small_groups_are_the_hard_ones(shares: list[float]) -> None:
    def share(seed: int) -> float:
        calibration = calibrate(by_noise(240, seed, shares), source="validation", by="shop")
        return measure_coverage(calibration, by_noise(2_000, 100 + seed, shares), level=0.9).share

    assert 0.885 < np.mean([share(seed) for seed in range(20)]) < 0.93


def by_noise(n_rows: int, seed: int, shares: list[float]) -> ScoredPredictions:
    """Each shop is harder than the ones before it."""
    random = np.random.default_rng(seed)
    shop = random.choice(3, n_rows, p=shares)
    values = random.normal(size=n_rows)
    noise = random.normal(0, np.array([0.3, 1.0, 3.0])[shop])
    return scored(values, values + noise, shop=np.array(["a", "b", "c"])[shop])


def test_values_with_few_rows_and_new_ones_are_counted_together() -> None:
    calibration = calibrate(by_shop(2_000, 0), source="validation", by="shop")
    small = calibration.small_groups

    assert [(group.value, group.n_rows < GROUP_ROWS) for group in small] == [("c", True)]
    margins = calibration.margin(0.9, [{"shop": shop} for shop in ("a", "b", "c", "new", None)])
    assert isinstance(margins, np.ndarray)
    assert margins[0] < margins[2] < margins[1]
    assert margins[2:].tolist() == [calibration.check(0.9)] * 3
    with pytest.raises(UnknownNameError, match="shpo"):
        calibrate(by_shop(200, 0), source="validation", by="shpo")


@pytest.mark.parametrize("n_rows", [190, 240])
def test_errors_that_grow_with_the_value_keep_the_promise_for_any_number_of_rows(n_rows: int) -> None:
    def share(level: float, seed: int) -> float:
        calibration = calibrate(priced(n_rows, seed), source="validation")
        return measure_coverage(calibration, priced(1_000, 100 + seed), level=level).share

    for level in (0.5, 0.9):
        assert np.mean([share(level, seed) for seed in range(40)]) == pytest.approx(level, abs=0.03)


def priced(n_rows: int, seed: int) -> ScoredPredictions:
    """Return values that are off by a share of themselves."""
    random = np.random.default_rng(seed)
    values = np.exp(random.normal(size=n_rows))
    return scored(values, values * np.exp(random.normal(0, 0.2, n_rows)))


def test_a_level_that_few_rows_cannot_promise_is_refused_with_the_largest_that_they_can() -> None:
    calibration = calibrate(numbers(8, 0), source="validation")

    assert (largest_level(8), largest_level(0), largest_level(9)) == (0.88, None, 0.9)
    with pytest.raises(UsageError, match=r"90 % cannot be promised: it takes 9 rows .* there are 8") as error:
        calibration.check(0.9)
    assert error.value.hint == "Ask for up to 88 %."
    assert calibration.check(0.88) > 0


@pytest.mark.parametrize("level", [0.0, 0.49, 1.0, 0.905, 90, "0.9", None, True, float("nan")])
def test_what_is_no_level_is_refused(level: Any) -> None:
    with pytest.raises(UsageError, match="not a level"):
        calibrate(numbers(50, 0), source="validation").check(level)


def test_quantiles_are_the_conformal_ones() -> None:
    quantiles = conformal_quantiles(np.random.default_rng(0).permutation(np.arange(1.0, 20.0)))

    assert [quantiles[LEVELS.index(level)] for level in (0.5, 0.9, 0.95, 0.96)] == [10.0, 18.0, 19.0, None]


def test_perfect_and_constant_predictions_have_intervals_of_no_width_and_of_one() -> None:
    exact = calibrate(scored(np.arange(300.0), np.arange(300.0)), source="validation")
    constant = calibrate(scored(np.full(300, 5.0), np.tile([4.0, 6.0], 150)), source="validation")

    assert [each.tolist() for each in exact.interval(np.array([7.0]), exact.check(0.9))] == [[7.0], [7.0]]
    low, high = constant.interval(np.array([5.0]), constant.check(0.9))
    assert (low[0], high[0]) == pytest.approx((4.0, 6.0))


def test_it_survives_json() -> None:
    calibration = calibrate(by_shop(2_000, 0), source="out of fold", by="shop", is_final=True)
    again = Calibration.from_json(calibration.to_json())
    rows, values = [{"shop": "b"}, {"shop": "a"}], np.array([50.0, 51.0])

    assert again.to_json() == calibration.to_json()
    assert (again.source, again.is_final, again.small_groups[0].value) == ("out of fold", True, "c")
    for one, other in zip(
        again.interval(values, again.margin(0.9, rows)),
        calibration.interval(values, calibration.margin(0.9, rows)),
        strict=True,
    ):
        assert np.array_equal(one, other)
