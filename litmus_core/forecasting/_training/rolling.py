"""What every model forecasts at each rolling origin, from what was known there."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
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
Answers = dict[str, Array]  # of each model at the origins of one series, (k, horizon)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedModels:
    """Every model fitted on the first values of each series: states by series and key, and the boosters.

    ``forecasts`` are those of each series at the origins that were asked for.
    """

    states: tuple[States, ...]
    boosters: BoosterModel | None
    forecasts: tuple[Answers, ...] = ()

    def roll(self, index: int, series: Series, origins: Sequence[int], horizon: int) -> Answers:
        """Return each model's forecasts (k, horizon) of series ``index`` at ``origins``, ascending.

        The first origin is that of the fit; states take the values up to the later ones.
        """
        forecasts = _roll_states(self.states[index], series.values, origins, horizon)
        if self.boosters is not None and origins[0] >= self.boosters.design.first_origin:
            forecasts[BOOSTERS] = self.boosters.forecast_from(series, np.array(origins), horizon)
        return forecasts


@dataclass(frozen=True, slots=True, kw_only=True)
class FitPlan:
    """What is fitted: ``models``, for ``horizon`` steps, with ``seed`` for the boosters."""

    models: tuple[str, ...]
    horizon: int
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Job:
    """One series: what learns from its values before the first of ``origins``, and forecasts at each.

    Without origins all values are learned from. ``like`` are models of fewer of its values.
    """

    values: Array
    season: int
    models: tuple[str, ...]
    horizon: int
    origins: tuple[int, ...]
    like: States


@contextmanager
def series_workers(n_series: int) -> Iterator[Executor | None]:
    """Give processes that share the series of a panel; None where they are few."""
    n_processes = min(len(os.sched_getaffinity(0)), n_series)
    if n_series < _MANY or n_processes < 2:
        yield None
        return
    with ProcessPoolExecutor(n_processes, mp_context=multiprocessing.get_context("spawn")) as workers:
        yield workers


def fit_models(
    panel: Panel,
    plan: FitPlan,
    *,
    origins: Sequence[tuple[int, ...]] = (),
    like: Sequence[States] = (),
    workers: Executor | None = None,
    report: Callable[[float], None] = lambda share: None,
) -> FittedModels:
    """Return models fitted on ``panel``: states of each series, one booster of all.

    With ``origins`` of each series, models learn from the values before the first, and forecast at each.
    ``like`` are states of fewer values, whose form is taken over. ``report`` gets the share of series that
    are done. Where a model finds no fit, it is missing.
    """
    jobs = _jobs(panel, plan, origins, like)
    states, rolled = [], []
    done = map(_fit_one, jobs) if workers is None else workers.map(_fit_one, jobs, chunksize=_PIECE)
    for index, (fitted, forecasts) in enumerate(done):
        states.append(fitted)
        rolled.append(forecasts)
        report((index + 1) / len(jobs))
    boosters = None
    if BOOSTERS in plan.models:
        boosters = fit_boosters(_learned(panel, origins), plan.horizon, seed=plan.seed)
    for series, at, forecasts in zip(panel.series, origins, rolled, strict=False):
        if boosters is not None and at[0] >= boosters.design.first_origin:
            forecasts[BOOSTERS] = boosters.forecast_from(series, np.array(at), plan.horizon)
    return FittedModels(states=tuple(states), boosters=boosters, forecasts=tuple(rolled) if origins else ())


def _jobs(
    panel: Panel, plan: FitPlan, origins: Sequence[tuple[int, ...]], like: Sequence[States]
) -> list[_Job]:
    nothing: Sequence[Any] = [()] * len(panel.series)
    return [
        _Job(
            values=series.values,
            season=panel.season,
            models=tuple(model for model in plan.models if model != BOOSTERS),
            horizon=plan.horizon,
            origins=at,
            like=dict(earlier),
        )
        for series, at, earlier in zip(panel.series, origins or nothing, like or nothing, strict=True)
    ]


def _learned(panel: Panel, origins: Sequence[tuple[int, ...]]) -> Panel:
    """Return the values that models learn from."""
    if not origins:
        return panel
    series = [one.until(at[0]) for one, at in zip(panel.series, origins, strict=True)]
    return replace(panel, series=tuple(series))


def _fit_one(job: _Job) -> tuple[States, Answers]:
    values = job.values[: job.origins[0]] if job.origins else job.values
    fitting = job.season if len(values) > 2 * job.season else 1
    states = {}
    for model in job.models:
        season = job.season if model == "seasonal_naive" else fitting
        state = fit_state(model, values, season, like=job.like.get(model))
        if state is not None:
            states[model] = state
    return states, _roll_states(states, job.values, job.origins, job.horizon)


def _roll_states(states: States, values: Array, origins: Sequence[int], horizon: int) -> Answers:
    """Return what states at the first of ``origins`` forecast there and, after more values, at the later."""
    forecasts = {}
    for model, state in states.items():
        rows = []
        for start, origin in zip((*origins[:1], *origins), origins, strict=False):
            for value in values[start:origin]:
                state = state.observe(float(value))
            rows.append(state.forecast(horizon))
        forecasts[model] = np.array(rows)
    return forecasts
