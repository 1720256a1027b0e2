"""What every model forecasts at each rolling origin, from what was known there."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.forecasting._models.boosters import BoosterModel, fit_boosters
from litmus_core.forecasting._models.statistical import fit_state
from litmus_core.forecasting._series.panel import Panel, Series
from litmus_core.forecasting._states import ForecastState

Array = NDArray[Any]
BASELINES = ("naive", "seasonal_naive", "drift")
BOOSTERS = "boosters"
_MANY = 40  # series from which on processes share them
_PIECE = 10  # series that a process gets at a time
States = dict[str, ForecastState]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedModels:
    """Every model fitted on the first values of each series: states by series and key, and the boosters."""

    states: tuple[States, ...]
    boosters: BoosterModel | None

    def roll(self, index: int, series: Series, origins: Sequence[int], horizon: int) -> dict[str, Array]:
        """Return each model's forecasts (k, horizon) of series ``index`` at ``origins``, ascending.

        The first origin is that of the fit; states take the values up to the later ones.
        """
        forecasts = {}
        for model, state in self.states[index].items():
            rows = []
            for start, origin in zip((origins[0], *origins), origins, strict=False):
                for value in series.values[start:origin]:
                    state = state.observe(float(value))
                rows.append(state.forecast(horizon))
            forecasts[model] = np.array(rows)
        if self.boosters is not None and origins[0] >= self.boosters.design.first_origin:
            forecasts[BOOSTERS] = self.boosters.forecast_from(series, np.array(origins), horizon)
        return forecasts


def fit_models(
    panel: Panel, models: Sequence[str], horizon: int, *, seed: int, report: Callable[[float], None]
) -> FittedModels:
    """Return ``models`` fitted on ``panel``: states of each series, one booster of all.

    ``report`` is told the share of series that are done. Where a model finds no fit, it is missing.
    """
    statistical = [model for model in models if model != BOOSTERS]
    jobs = [(series.values, panel.season, statistical) for series in panel.series]
    states = []
    for index, result in enumerate(_fit_all(jobs)):
        states.append(result)
        report((index + 1) / len(jobs))
    boosters = fit_boosters(panel, horizon, seed=seed) if BOOSTERS in models else None
    return FittedModels(states=tuple(states), boosters=boosters)


def _fit_all(jobs: Sequence[tuple[Array, int, Sequence[str]]]) -> Iterable[States]:
    """Yield the states of each job, in order; many jobs are shared by processes."""
    n_processes = min(len(os.sched_getaffinity(0)), len(jobs))
    if len(jobs) < _MANY or n_processes < 2:
        yield from map(_fit_one, jobs)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(n_processes, mp_context=context) as pool:
        yield from pool.map(_fit_one, jobs, chunksize=_PIECE)


def _fit_one(job: tuple[Array, int, Sequence[str]]) -> States:
    values, season, models = job
    fitting = season if len(values) > 2 * season else 1
    states = {}
    for model in models:
        state = fit_state(model, values, season if model == "seasonal_naive" else fitting)
        if state is not None:
            states[model] = state
    return states
