"""Forecasts of real series: MASE beside single methods, coverage, time, a planted column, 1,000 series."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import _race_environments as environments
from benchmarks._paradigms_series import SeriesTable
from litmus_core.forecasting._models.statistical import fit_state
from litmus_core.forecasting._series.panel import Panel, seasonal_scale
from litmus_core.forecasting._series.table import SeriesColumns, SeriesRules, read_panel
from litmus_core.forecasting._training.forecast import forecaster_of
from litmus_core.forecasting._training.training import ForecastGoal, train_panel

PEERS = "forecasting"
SINGLE = ("ets", "theta", "seasonal_naive")
_CHILD = Path(__file__).with_name("_paradigms_forecast_peers.py")
_COLUMNS = SeriesColumns(time="time", value="value", id="id")
_LEVEL = 0.8


def measure(table: SeriesTable, peers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return, over all windows and series, each method's MASE and seconds, and our coverage at 80 %.

    A window is the last horizon of what is left after the later windows are cut off; every method learns
    from all that lies before it. ``peers`` are what ``ask_peers`` has of each window.
    """
    panels = windows_of(table)
    windows = [_one_window(panel, table.horizon, peer) for panel, peer in zip(panels, peers, strict=True)]
    return {
        "frequency": panels[0].frequency.name,
        "series": len(panels[0].series),
        "values": int(sum(map(len, panels[0].series))),
        "mase": _pooled([window["mase"] for window in windows]),
        "seconds": _pooled([window["seconds"] for window in windows]),
        "inside": int(sum(window["inside"] for window in windows)),
        "points": int(sum(window["points"] for window in windows)),
    }


def windows_of(table: SeriesTable) -> list[Panel]:
    """Return the panel as it is before each window's end, the last window first."""
    rules = SeriesRules(frequency="weekly" if table.frequency == "weekly" else None)
    panel, _ = read_panel(table.load(), _COLUMNS, rules)
    return [panel.until(window * table.horizon) for window in range(table.windows)]


def ask_peers(tables: Sequence[SeriesTable]) -> list[list[dict[str, Any]]]:
    """Return what skforecast forecasts in its own environment, and its seconds, by table and window."""
    panels = [(panel.until(table.horizon), table.horizon) for table in tables for panel in windows_of(table)]
    asked = [
        {"series": [series.values.tolist() for series in panel.series], "season": panel.season,
         "horizon": horizon}
        for panel, horizon in panels
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "series.json"
        path.write_text(json.dumps(asked), encoding="utf-8")
        environments.run_in(environments.python_of(PEERS), [str(_CHILD), str(path)])
        answers = iter(json.loads(path.read_text(encoding="utf-8")))
    return [[next(answers) for _ in range(table.windows)] for table in tables]


def _pooled(windows: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([window[name] for window in windows])) for name in windows[0]}


def _one_window(panel: Panel, horizon: int, peer: dict[str, Any]) -> dict[str, Any]:
    history = panel.until(horizon)
    truth = np.stack([series.values[-horizon:] for series in panel.series])
    scales = np.array([seasonal_scale(series.values, panel.season) for series in history.series])
    started = time.process_time()
    goal = ForecastGoal(horizon=horizon, level=_LEVEL)
    forecaster = forecaster_of(train_panel(history, goal), goal)
    forecasts = [forecaster.forecast(name) for name in forecaster.names]
    seconds = {"litmus": time.process_time() - started, "skforecast": peer["seconds"]}
    predictions = {
        "litmus": np.stack([forecast.values for forecast in forecasts]),
        "skforecast": np.array(peer["forecasts"]),
    }
    for method in SINGLE:
        started = time.process_time()
        values = [_alone(method, series.values, panel.season, horizon) for series in history.series]
        predictions[method], seconds[method] = np.stack(values), time.process_time() - started
    varies = scales > 0
    return {
        "mase": {
            method: float(np.mean(np.abs(answer - truth).mean(axis=1)[varies] / scales[varies]))
            for method, answer in predictions.items()
        },
        "seconds": seconds,
        "inside": int(sum(
            ((forecast.low <= row) & (row <= forecast.high)).sum()
            for forecast, row in zip(forecasts, truth, strict=True)
        )),
        "points": truth.size,
    }  # fmt: skip


def _alone(method: str, values: np.ndarray, season: int, horizon: int) -> np.ndarray:
    state = fit_state(method, values, season) or fit_state("seasonal_naive", values, season)
    assert state is not None
    return state.forecast(horizon)


def measure_leak(table: SeriesTable) -> dict[str, float]:
    """Return how far answers move when the table has a column with the next value (not at all), and whether
    the column is refused as one that is known ahead."""
    from litmus_core.errors import DataError

    frame = table.load()
    planted = frame.assign(next=frame.groupby("id")["value"].shift(-1).fillna(frame["value"]))
    answers = []
    for rows in (frame, planted):
        panel, _ = read_panel(rows, _COLUMNS, SeriesRules())
        goal = ForecastGoal(horizon=table.horizon)
        forecaster = forecaster_of(train_panel(panel, goal), goal)
        answers.append(np.stack([forecaster.forecast(name).values for name in forecaster.names]))
    return {
        "moved": float(np.abs(answers[0] - answers[1]).max()),
        "refused": float(_is_refused(planted, table.horizon, DataError)),
        "origins": _origins_that_saw_ahead(frame, table.horizon),
    }


def _is_refused(planted: Any, horizon: int, error: type[Exception]) -> bool:
    from litmus_core.forecasting._training.checks import check_panel

    panel, _ = read_panel(planted, replace(_COLUMNS, known_future=("next",)), SeriesRules())
    try:
        check_panel(panel, horizon)
    except error:
        return True
    return False


def _origins_that_saw_ahead(frame: Any, horizon: int) -> float:
    """Return at how many origins a forecast moves when all values after the origin are changed."""
    from litmus_core.forecasting._training.origins import plan_origins
    from litmus_core.forecasting._training.rolling import FitPlan, fit_models

    panel, _ = read_panel(frame, _COLUMNS, SeriesRules())
    series = panel.series[0]
    origins = plan_origins(len(series), horizon).validation
    start = replace(panel, series=(series.until(origins[0]),))
    models = ("naive", "ets", "theta", "boosters")
    fitted = fit_models(start, FitPlan(models=models, horizon=horizon))
    moved = 0
    for origin in origins:
        changed = replace(series, values=np.r_[series.values[:origin], -9.0 * series.values[origin:]])
        pair = [fitted.roll(0, one, (origins[0], origin), horizon) for one in (series, changed)]
        moved += any((pair[0][model][-1] != pair[1][model][-1]).any() for model in pair[0])
    return float(moved)


def _processor_s() -> float:
    """Return the processor time of this process and of its children that have ended."""
    import resource

    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def measure_many() -> dict[str, float]:
    """Return the time for 1,000 series of 200 values, of one answer, and how far a saved one differs."""
    import pandas as pd

    from litmus_core.forecasting import load_forecaster, save_forecaster

    rng = np.random.default_rng(0)
    times = pd.date_range("2025-01-01", periods=200, freq="D")
    waves = np.sin(np.arange(200) * 2 * np.pi / 7)
    frame = pd.concat(
        pd.DataFrame({"id": f"s{at:04}", "time": times, "value": 50 + rng.normal(0, 3, 200).cumsum() * 0.3
                      + 8 * rng.random() * waves + rng.normal(0, 2, 200)})
        for at in range(1000)
    )  # fmt: skip
    panel, _ = read_panel(frame, _COLUMNS, SeriesRules())
    goal = ForecastGoal(horizon=14)
    started, used = time.perf_counter(), _processor_s()
    trained = train_panel(panel, goal)
    wall, own = time.perf_counter() - started, _processor_s() - used
    forecaster = forecaster_of(trained, goal)
    with tempfile.TemporaryDirectory() as folder:
        save_forecaster(forecaster, Path(folder) / "model")
        opened = load_forecaster(Path(folder) / "model")
    apart = max(
        float(np.abs(opened.forecast(name).values - forecaster.forecast(name).values).max())
        for name in opened.names[:100]
    )
    started = time.process_time()
    for name in opened.names[:200]:
        opened.forecast(name)
    answer_ms = (time.process_time() - started) / 200 * 1e3
    return {"wall_s": wall, "own_s": own, "answer_ms": answer_ms, "apart": apart}
