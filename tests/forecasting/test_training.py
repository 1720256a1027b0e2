"""Origins, weights, intervals and the verdict of a training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from litmus_core.errors import UsageError
from litmus_core.forecasting import ForecastReport, forecast_sentences, read_series
from litmus_core.forecasting._training.ensemble import choose_weights, combine
from litmus_core.forecasting._training.intervals import conformal_band, recent_movement
from litmus_core.forecasting._training.origins import plan_origins
from litmus_core.forecasting._training.rolling import FitPlan, fit_models
from litmus_core.forecasting._training.scores import (
    Rolled,
    chance_to_pass,
    coverage_of,
    is_gain,
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
    if plan.early:
        assert plan.early[0] < plan.validation[0]
        assert plan.early[-1] == plan.validation[-1]


def test_a_forecast_does_not_move_when_the_future_changes() -> None:
    pytest.importorskip("statsforecast", reason="the optional part 'forecast' is not installed")
    panel, _ = read_series(shops(), SPEC)
    series, origins = panel.series[0], (32, 34)
    start = replace(panel, series=tuple(one.until(32) for one in panel.series))
    fitted = fit_models(start, FitPlan(models=("ets", "theta", "boosters"), horizon=4))
    changed = replace(series, values=np.r_[series.values[:34], -9.0 * series.values[34:]])
    before, after = (fitted.roll(0, one, origins, 4) for one in (series, changed))
    assert set(before) == {"ets", "theta", "boosters"}
    assert all((before[model] == after[model]).all() for model in before)


def test_fits_before_the_origins_answer_as_later_rolls_of_them() -> None:
    pytest.importorskip("statsforecast", reason="the optional part 'forecast' is not installed")
    panel, _ = read_series(shops(), SPEC)
    origins = [(32, 34)] * 2
    fitted = fit_models(panel, FitPlan(models=("ets", "theta", "boosters"), horizon=4), origins=origins)
    for index, series in enumerate(panel.series):
        rolled = fitted.roll(index, series, origins[index], 4)
        assert set(rolled) == set(fitted.forecasts[index]) == {"ets", "theta", "boosters"}
        assert all((rolled[model] == rows).all() for model, rows in fitted.forecasts[index].items())


def test_weights_leave_out_what_is_far_behind() -> None:
    weights = choose_weights({"ets": 1.0, "theta": 1.2, "drift": 1.5, "naive": 1.3}, fallback="drift")
    assert set(weights) == {"ets", "theta", "drift"}
    assert weights["ets"] / weights["theta"] == pytest.approx(1.44)
    assert weights["drift"] == pytest.approx(0.1)
    assert combine({"ets": np.array([1.0])}, weights, fallback="drift").tolist() == [1.0]
    assert combine({"drift": np.array([3.0])}, weights, fallback="drift").tolist() == [3.0]


@pytest.mark.parametrize(("error", "models"), [(0.99, {"seasonal_naive"}), (0.9, {"ets", "seasonal_naive"})])
def test_the_last_season_answers_alone_where_models_hardly_beat_it(error: float, models: set[str]) -> None:
    panel, _ = read_series(shops(), SPEC)
    work = _Work(panel, ForecastGoal(horizon=4), ("seasonal_naive", "ets"))
    truth = [
        truths(one.values, one.is_filled, plan.validation, 4)
        for one, plan in zip(panel.series, work.plans, strict=True)
    ]
    forecasts = [{"seasonal_naive": rows + 1.0, "ets": rows - error} for rows in truth]
    off = [{"seasonal_naive": rows + 1.0, "ets": rows + error} for rows in truth]
    assert set(work.weights({"validation": off})) == models
    assert set(work.weights({"validation": forecasts})) == {
        "ets",
        "seasonal_naive",
    }  # together they are nearly right


def _rolled(n_series: int, n_origins: int, *, off: float = 1.0) -> list[Rolled]:
    draw = np.random.default_rng(n_series)
    truth = draw.normal(0, off, (n_series, n_origins, 3))
    return [Rolled(truth=rows, answer=0 * rows, unit=1.0) for rows in truth]


def test_intervals_hold_what_they_promise_on_values_of_their_kind() -> None:
    past, later = _rolled(60, 5), _rolled(61, 5)
    band = conformal_band([one.errors for one in past], np.ones(60))
    widths = [band.half_widths(0, 0.8)] * 61
    assert 0.8 <= coverage_of(later, widths)[0] <= 0.92  # a panel's are wider: series may move together
    assert (np.diff(band.profile) >= 0).all()
    assert pinball_of(later, widths) < pinball_of(later, [half * 4 for half in widths])


def test_intervals_are_wider_where_little_is_known_or_the_newest_errors_are_large() -> None:
    errors = np.random.default_rng(0).normal(size=(40, 3))
    many, few = (conformal_band([rows], np.ones(1)).quantiles for rows in (errors, errors[:4]))
    assert (few > 1.1 * many)[3:].all()
    grown = errors * np.linspace(1, 6, 40)[:, None]
    rising, falling = (conformal_band([rows], np.ones(1)).scales[0] for rows in (grown, grown[::-1]))
    assert rising > 1.2 * falling
    wider = conformal_band([errors], np.ones(1), np.array([4.0])).half_widths(0, 0.8)
    assert wider == pytest.approx(2 * conformal_band([errors], np.ones(1)).half_widths(0, 0.8))


def test_a_series_that_moves_more_at_its_end_is_given_more_room() -> None:
    steps = np.resize([1.0, -1.0], 80)
    calm, wild = np.cumsum(steps), np.cumsum(np.r_[steps[:60], 3 * steps[60:]])
    assert recent_movement(calm, range(40, 60), 1, 4) == 1.0
    assert recent_movement(wild, range(40, 60), 1, 4) == pytest.approx(3.0)
    assert recent_movement(np.zeros(80), range(40, 60), 1, 4) == 1.0


def test_a_gain_that_may_be_chance_is_none() -> None:
    ours = _rolled(12, 4)
    assert not is_gain("mase", [(ours, ours)])
    worse = [replace(one, answer=one.answer + 3.0) for one in ours]
    assert is_gain("mase", [(ours, worse)])
    lucky = [*ours[:11], replace(ours[11], answer=ours[11].answer + 3.0)]  # better in one series of twelve
    assert is_gain("mase", [(ours, lucky)])
    mixed = [replace(one, answer=one.truth + (9.0 if at else -60.0)) for at, one in enumerate(ours)]
    even = [replace(one, answer=one.truth + 10.0) for one in ours]
    assert not is_gain("mase", [(mixed, even)])


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


def test_stretches_that_are_gaps_alone_do_not_count() -> None:
    one = _rolled(1, 9)[0]
    truth = one.truth.copy()
    truth[3:6] = np.nan
    gapped = [replace(one, truth=truth)]
    for metric in ("mase", "wape"):
        score = judged_score(metric, gapped)
        assert score.n_effective == 2
        assert np.isfinite([score.value, score.low, score.high]).all()


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
    n_origins, n_distinct = report.n_origins, 2 * (report.n_origins + 3)
    assert f"in {8 * n_origins} forecasts of {n_distinct} values of 2 series that no model had seen" in text
    assert "lay within intervals that promise 80 %" in text


def test_a_bar_on_another_metric_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be on 'rmse'"):
        read_series(shops(), replace(SPEC, bar=Bar(metric="rmse", op="<=", value=1.0)))


@pytest.mark.parametrize("horizon", [0, -1, 1.5])
def test_a_horizon_is_a_whole_number_of_steps(horizon: float) -> None:
    with pytest.raises(UsageError, match=f"A horizon of {horizon} is not a forecast"):
        read_series(shops(), replace(SPEC, horizon=horizon))
