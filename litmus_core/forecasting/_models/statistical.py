"""Statistical models of one series: fitted by statsforecast, answered by states of our own."""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import MissingExtraError
from litmus_core.forecasting._states import (
    ArimaState,
    DriftState,
    EtsState,
    ForecastState,
    NaiveState,
    SeasonalNaiveState,
    ThetaState,
)

Series = NDArray[Any]  # (n,) float64 without gaps


def check_statsforecast() -> None:
    """Raise MissingExtraError where the library of statistical models is not installed."""
    if find_spec("statsforecast") is None:
        raise MissingExtraError(subject="Forecasting", extra="forecast")


def fit_state(
    model: str, values: Series, season: int, *, like: ForecastState | None = None
) -> ForecastState | None:
    """Return ``model`` fitted on one series; None where the library finds no fit (a series too short).

    ``model`` is a key of ``_FITS``. ``season`` is the number of values in a season; 1: none. ``like`` is
    the model of fewer values of the series: its trend and season are taken over where searching is dear.
    """
    if model in ("ets", "theta", "arima") and np.ptp(values) == 0:
        return NaiveState(float(values[-1]))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # the library warns of each candidate that does not fit
        try:
            if isinstance(like, EtsState):
                state: ForecastState = _ets(values, season, like)
            else:
                state = _FITS[model](values, season)
        except Exception:  # noqa: BLE001 - it raises what it likes where a series is too short for it
            return None
    return state if np.isfinite(state.forecast(1)).all() else None


def _naive(values: Series, season: int) -> ForecastState:
    return NaiveState(float(values[-1]))


def _seasonal_naive(values: Series, season: int) -> ForecastState:
    if len(values) < season:
        return NaiveState(float(values[-1]))
    return SeasonalNaiveState(tuple(map(float, values[-season:])))


def _drift(values: Series, season: int) -> ForecastState:
    return DriftState(float(values[0]), float(values[-1]), len(values))


def _ets(values: Series, season: int, like: EtsState | None = None) -> ForecastState:
    from statsforecast.models import AutoETS

    if like is None:
        search = AutoETS(season_length=season)
    else:
        damped = like.phi < 1.0
        search = AutoETS(season_length=season, model=f"Z{like.trend}{like.seasonal}", damped=damped)
    fitted = search.fit(values).model_
    _, trend, seasonal, damped = fitted["components"]
    alpha, beta, gamma, phi = (float(value) for value in fitted["par"][:4])
    last = [float(value) for value in fitted["states"][-1]]
    has_trend = trend != "N"
    return EtsState(
        trend=trend,
        seasonal=seasonal,
        alpha=alpha,
        beta=beta if has_trend else 0.0,
        gamma=gamma if seasonal != "N" else 0.0,
        phi=phi if damped == "D" else 1.0,
        level=last[0],
        slope=last[1] if has_trend else 0.0,
        season=tuple(last[1 + has_trend :][: fitted["m"]]) if seasonal != "N" else (),
    )


def _theta(values: Series, season: int) -> ForecastState:
    from statsforecast.models import AutoTheta

    fitted = AutoTheta(season_length=season).fit(values).model_
    level, mean, intercept, slope, _ = (float(value) for value in fitted["states"][-1])
    effects = fitted["seas_forecast"]["mean"] if fitted.get("decompose", False) else ()
    return ThetaState(
        dynamic=fitted["modeltype"] in ("DSTM", "DOTM"),
        multiplicative=fitted.get("decomposition_type") == "multiplicative",
        alpha=float(fitted["par"]["alpha"]),
        theta=float(fitted["par"]["theta"]),
        n=len(values),
        level=level,
        mean=mean,
        intercept=intercept,
        slope=slope,
        season=tuple(map(float, effects)),
    )


def _arima(values: Series, season: int) -> ForecastState:
    from statsforecast.models import AutoARIMA

    fitted = AutoARIMA(season_length=season).fit(values).model_
    coefficients, parts = fitted["coef"], fitted["model"]
    return ArimaState(
        phi=_numbers(parts["phi"]),
        theta=_numbers(parts["theta"]),
        delta=_numbers(parts["delta"]),
        mean=_numbers(parts["a"]),
        covariance=_numbers(parts["P"]),
        constant=float(coefficients.get("intercept", 0.0)),
        drift=float(coefficients.get("drift", 0.0)),
        n=len(values),
    )


def _numbers(array: Any) -> tuple[float, ...]:
    return tuple(np.asarray(array, dtype=float).ravel().tolist())


_FITS: dict[str, Any] = {
    "naive": _naive,
    "seasonal_naive": _seasonal_naive,
    "drift": _drift,
    "ets": _ets,
    "theta": _theta,
    "arima": _arima,
}
