"""Where yes begins, on rows whose true chance is known: of those said at s, a share s is so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from litmus_core.advice import (
    StoredPredictions,
    answered_curve,
    cheapest,
    keep_precision,
    point_at,
    threshold_curve,
)
from litmus_core.engine import ScoredPredictions
from litmus_core.metrics import get_metric
from litmus_core.runtime import ModelInfo


def said(n_rows: int = 4_000, *, seed: int = 0, metric: str = "f1") -> StoredPredictions:
    random = np.random.default_rng(seed)
    share = random.random(n_rows)
    truth = np.where(random.random(n_rows) < share, "yes", "no").astype(object)
    scored = ScoredPredictions(
        predictions=np.column_stack([1 - share, share]),
        rows=pd.DataFrame(index=range(n_rows)),
        truth=truth,
        info=ModelInfo(problem_type="binary", target="sold", columns=(), classes=("no", "yes")),
        metric=get_metric(metric),
    )
    return StoredPredictions(scored, None, seed)


def test_a_precision_is_kept_where_it_truly_is() -> None:
    found = keep_precision(said(), 0.8)
    assert found is not None
    whole, across = found
    assert whole.at == pytest.approx(0.6, abs=0.05)  # above s the share that is so is (1 + s) / 2
    assert whole.precision == pytest.approx(0.8, abs=0.001)
    assert across.precision == pytest.approx(0.8, abs=0.02)
    low, high = across.precision_interval()
    assert low < 0.8 < high


def test_the_best_point_of_few_rows_flatters_and_its_halves_do_not() -> None:
    flattering, honest = [], []
    for seed in range(30):
        found = keep_precision(said(80, seed=seed), 0.9)
        if found is not None:
            whole, across = found
            flattering.append(whole.precision)
            honest.append(across.precision or np.nan)
    assert min(flattering) >= 0.9
    assert np.nanmean(honest) < np.mean(flattering) - 0.02


def test_a_precision_that_nothing_reaches_is_none() -> None:
    known = said(500)
    random = np.random.default_rng(0)
    truth = random.permutation(np.array(["yes"] * 25 + ["no"] * 475, dtype=object))
    assert keep_precision(replace(known, scored=replace(known.scored, truth=truth)), 0.99) is None


def test_mistakes_cost_the_least_where_the_costs_say() -> None:
    found = cheapest(said(), alarm=1.0, miss=4.0)
    assert found is not None
    whole, across = found
    assert whole.at == pytest.approx(0.2, abs=0.06)
    assert whole.cost(alarm=1.0, miss=4.0) <= across.cost(alarm=1.0, miss=4.0)
    assert whole.cost(alarm=1.0, miss=4.0) <= point_at(said(), 0.5).cost(alarm=1.0, miss=4.0)


def test_costs_count_rows_by_their_weights() -> None:
    known = said()
    weights = np.where(known.scored.truth == "yes", 4.0, 1.0)  # a missed case counts as four
    metric = known.scored.metric.weighted(weights)
    weighted = replace(known, scored=replace(known.scored, metric=metric))

    found, known_at = cheapest(weighted, alarm=1.0, miss=1.0), point_at(known, 0.5)

    assert found is not None
    assert found[0].at == cheapest(known, alarm=1.0, miss=4.0)[0].at  # type: ignore[index]
    drawn = next(point for point in threshold_curve(weighted).points if point.at == 0.5)
    unweighted = known_at.cost(alarm=1.0, miss=4.0)
    assert drawn.cost(alarm=1.0, miss=1.0) == pytest.approx(unweighted * len(weights) / weights.sum())
    assert (drawn.alarms, drawn.hits) == (known_at.alarms, known_at.hits)  # cases count alike


def test_the_curve_counts_what_each_threshold_does() -> None:
    curve = threshold_curve(said())
    half = next(each for each in curve.points if each.at == 0.5)
    assert curve.positive == "yes"
    assert half == point_at(said(), 0.5)
    assert half.precision == pytest.approx(0.75, abs=0.02)
    assert half.recall == pytest.approx(0.75, abs=0.02)
    assert len(curve.scores) == len(curve.points) == 99
    assert threshold_curve(said(metric="roc_auc")).scores == ()


def test_the_surer_rows_are_answered_better() -> None:
    found = answered_curve(said(metric="accuracy"))
    assert found[0].left == 0
    assert found[0].right == found[0].score == pytest.approx(0.75, abs=0.02)
    assert found[-1].left == pytest.approx(0.5, abs=0.01)
    assert found[-1].score == pytest.approx(0.875, abs=0.02)  # of rows that are at least 75 % sure
    assert found[-1].below == pytest.approx(0.75, abs=0.02)


def test_no_alarm_has_no_precision() -> None:
    none = point_at(said(100), 1.0)
    assert none.precision is None
    assert none.precision_interval() == (0.0, 1.0)
