"""Origins, weights, intervals and the verdict of a training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from litmus_core.errors import UsageError
from litmus_core.forecasting import ForecastReport, forecast_sentences, read_series
from litmus_core.forecasting._training.ensemble import choose_weights, combine
from litmus_core.forecasting._training.intervals import conformal_band
from litmus_core.forecasting._training.origins import plan_origins
from litmus_core.forecasting._training.rolling import fit_models
from litmus_core.forecasting._training.scores import (
    Rolled,
    chance_to_pass,
    coverage_of,
    judged_score,
    mase_of,
    pinball_of,
    truths,
    wape_of,
)
from litmus_core.forecasting._training.training import ForecastGoal, _Work
from litmus_core.types import Bar
from tests.forecasting.tables import SPEC, shops


@pytest.mark.parametrize("n", [12, 40, 300])
def test_no_validating_origin_sees_what_judges(n: int) -> None:
    plan = plan_origins(n, 4)
    assert plan.validation[-1] + 4 <= plan.test[0]
    assert plan.test[-1] + 4 == n
    assert plan.validation[0] >= 4


def test_a_forecast_does_not_move_when_the_future_changes() -> None:
    pytest.importorskip("statsforecast", reason="the optional part 'forecast' is not installed")
    panel, _ = read_series(shops(), SPEC)
    series, origins = panel.series[0], (32, 34)
    start = replace(panel, series=tuple(one.until(32) for one in panel.series))
    fitted = fit_models(start, ("ets", "theta", "boosters"), 4, seed=0, report=lambda share: None)
    changed = replace(series, values=np.r_[series.values[:34], -9.0 * series.values[34:]])
    before, after = (fitted.roll(0, one, origins, 4) for one in (series, changed))
    assert set(before) == {"ets", "theta", "boosters"}
    assert all((before[model] == after[model]).all() for model in before)


def test_weights_leave_out_what_is_far_behind() -> None:
    weights = choose_weights({"ets": 1.0, "theta": 1.2, "drift": 1.5})
    assert set(weights) == {"ets", "theta"}
    assert weights["ets"] / weights["theta"] == pytest.approx(1.44)
    assert combine({"ets": np.array([1.0])}, weights, fallback="drift").tolist() == [1.0]
    assert combine({"drift": np.array([3.0])}, weights, fallback="drift").tolist() == [3.0]


@pytest.mark.parametrize(("error", "models"), [(0.99, {"seasonal_naive"}), (0.9, {"ets", "seasonal_naive"})])
def test_the_last_season_answers_alone_where_models_hardly_beat_it(error: float, models: set[str]) -> None:
    panel, _ = read_series(shops(), SPEC)
    work = _Work(panel, ForecastGoal(horizon=4), ("seasonal_naive", "ets"), lambda stage, share: None)
    truth = [
        truths(one.values, one.is_filled, plan.validation, 4)
        for one, plan in zip(panel.series, work.plans, strict=True)
    ]
    forecasts = [{"seasonal_naive": rows + 1.0, "ets": rows - error} for rows in truth]
    off = [{"seasonal_naive": rows + 1.0, "ets": rows + error} for rows in truth]
    assert set(work.weights(off)) == models
    assert set(work.weights(forecasts)) == {"ets", "seasonal_naive"}  # together they are nearly right


def _rolled(n_series: int, n_origins: int, *, off: float = 1.0) -> list[Rolled]:
    draw = np.random.default_rng(n_series)
    truth = draw.normal(0, off, (n_series, n_origins, 3))
    return [Rolled(truth=rows, answer=0 * rows, unit=1.0) for rows in truth]


def test_intervals_hold_what_they_promise_on_values_of_their_kind() -> None:
    past, later = _rolled(60, 5), _rolled(61, 5)
    band = conformal_band([one.errors for one in past], np.ones(60))
    widths = [band.half_widths(0, 0.8)] * 61
    assert 0.8 <= coverage_of(later, widths)[0] <= 0.88  # a panel's are wider: series may move together
    assert (np.diff(band.profile) >= 0).all()
    assert pinball_of(later, widths) < pinball_of(later, [half * 4 for half in widths])


def test_scores_leave_filled_gaps_out() -> None:
    rolled = [Rolled(truth=np.array([[2.0, np.nan]]), answer=np.array([[1.0, 9.0]]), unit=2.0)]
    assert mase_of(rolled) == 0.5
    assert wape_of(rolled) == 0.5
    assert coverage_of(rolled, [np.array([1.0, 1.0])]) == (1.0, 1)


def test_a_single_stretch_proves_nothing_and_many_series_do() -> None:
    bar = Bar(metric="mase", op="<=", value=1.5)
    lone, many = _rolled(1, 1), _rolled(40, 4)
    assert judged_score("mase", lone).n_effective == 1
    assert chance_to_pass("mase", lone, bar) is None
    score = judged_score("mase", many)
    assert score.n_effective == 40
    assert score.low < 0.8 < score.high < 1.5  # the mean of a normal error's size is 0.8
    assert (chance_to_pass("mase", many, bar) or 0) > 0.99


def test_a_report_says_verdict_scores_and_weights(report: ForecastReport) -> None:
    assert report.verdict.outcome == "undecided"  # two shops, four stretches
    assert report.verdict.score.value == report.scores.mase
    assert sum(line.weight for line in report.models) == pytest.approx(1.0)
    assert {line.key for line in report.models if line.test is not None} == {
        "naive",
        "seasonal_naive",
        "drift",
    }
    text = "\n".join(forecast_sentences(report))
    assert "a verdict needs 10" in text
    assert "lay within intervals that promise 80 %" in text


def test_a_bar_on_another_metric_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be on 'rmse'"):
        read_series(shops(), replace(SPEC, bar=Bar(metric="rmse", op="<=", value=1.0)))
