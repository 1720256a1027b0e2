"""States answer as the library that fitted them, and take further values by its own recursions."""

from __future__ import annotations

import numpy as np
import pytest

from litmus_core.errors import BundleError
from litmus_core.forecasting._models.statistical import fit_state
from litmus_core.forecasting._states import (
    DriftState,
    EtsState,
    SeasonalNaiveState,
    state_from_plain,
    state_to_plain,
)

_ABSENT = "the optional part 'forecast' is not installed"
_MODELS = {"ets": "AutoETS", "theta": "AutoTheta", "arima": "AutoARIMA"}


def _values(n: int, season: int) -> np.ndarray:
    draw = np.random.default_rng(n)
    return (
        100 + np.arange(n) * 0.7 + np.resize([9.0, -6.0, 2.0, -5.0], n) * (season > 1) + draw.normal(0, 3, n)
    )


@pytest.mark.parametrize("season", [1, 4])
@pytest.mark.parametrize("model", _MODELS)
def test_a_state_answers_as_statsforecast(model: str, season: int) -> None:
    models = pytest.importorskip("statsforecast.models", reason=_ABSENT)
    values = _values(44, season)
    state = fit_state(model, values, season)
    assert state is not None
    expected = getattr(models, _MODELS[model])(season_length=season).fit(values).predict(9)["mean"]
    np.testing.assert_allclose(state.forecast(9), expected, rtol=1e-9)
    again = state_from_plain(state_to_plain(state))
    assert (again.forecast(9) == state.forecast(9)).all()


@pytest.mark.parametrize("model", ["ets", "arima"])
def test_further_values_continue_a_state_as_statsforecast_does(model: str) -> None:
    models = pytest.importorskip("statsforecast.models", reason=_ABSENT)
    values = _values(52, 4)
    state = fit_state(model, values[:44], 4)
    assert state is not None
    for value in values[44:]:
        state = state.observe(float(value))
    fitted = getattr(models, _MODELS[model])(season_length=4).fit(values[:44])
    expected = fitted.forward(y=values, h=6)["mean"]
    np.testing.assert_allclose(state.forecast(6), expected, rtol=1e-9)


def test_more_values_are_learned_in_the_form_of_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    models = pytest.importorskip("statsforecast.models", reason=_ABSENT)
    values, searched = _values(60, 4), []
    search = models.AutoETS.__init__

    def init(self: object, **options: object) -> None:
        searched.append(options)
        search(self, **options)

    monkeypatch.setattr(models.AutoETS, "__init__", init)
    first = fit_state("ets", values[:44], 4)
    again = fit_state("ets", values, 4, like=first)
    assert isinstance(first, EtsState)
    assert isinstance(again, EtsState)
    assert (again.trend, again.seasonal) == (first.trend, first.seasonal)
    assert searched[1] == {
        "season_length": 4,
        "model": f"Z{first.trend}{first.seasonal}",
        "damped": first.phi < 1.0,
    }


def test_baselines_say_what_their_names_say() -> None:
    season = SeasonalNaiveState((1.0, 2.0, 3.0)).observe(4.0)
    assert season.forecast(4).tolist() == [2.0, 3.0, 4.0, 2.0]
    assert DriftState(0.0, 8.0, 5).observe(10.0).forecast(2).tolist() == [12.0, 14.0]


def test_a_series_that_never_changes_stays_as_it_is() -> None:
    state = fit_state("ets", np.full(20, 7.0), 4)
    assert state is not None
    assert state.forecast(3).tolist() == [7.0, 7.0, 7.0]


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(BundleError, match="'oracle'"):
        state_from_plain({"kind": "oracle", "last": 1.0})
