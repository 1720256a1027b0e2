"""What is checked once the horizon is known, before anything learns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from numbers import Integral

import numpy as np

from litmus_core.errors import DataError, RemediableError, UsageError
from litmus_core.forecasting._series.findings import finding
from litmus_core.forecasting._series.limits import fewest_values, longest_horizon
from litmus_core.forecasting._series.panel import Panel, Series, seasonal_scale
from litmus_core.forecasting._series.times import time_text
from litmus_core.forecasting._texts import of_series, say
from litmus_core.forecasting._training.origins import plan_origins
from litmus_core.types import Finding

_FEW_ORIGINS = 5


def check_panel(panel: Panel, horizon: int) -> tuple[Panel, tuple[Finding, ...]]:
    """Return the series that are long enough for ``horizon``, with what else there is to say.

    Raises DataError where none is, or where a column cannot be known ahead.
    """
    if not isinstance(horizon, Integral) or horizon < 1:
        raise UsageError(
            f"A horizon of {horizon} is not a forecast.", hint="Ask for 1 step or more, as a whole number."
        )
    _check_known(panel, horizon)
    fewest = fewest_values(horizon)
    fitting = tuple(series for series in panel.series if len(series) >= fewest)
    findings = []
    if not fitting:
        raise _too_short(max(panel.series, key=len), horizon)
    n_short = len(panel.series) - len(fitting)
    if n_short:
        text = say("left out short", n=n_short, fewest=fewest)
        findings.append(finding("short_series", "warning", text))
    panel = replace(panel, series=fitting)
    _check_changing(panel, horizon)
    _check_compared(panel, horizon)
    return panel, (*findings, *_findings(panel, horizon))


def _check_changing(panel: Panel, horizon: int) -> None:
    """Refuse series that all repeat themselves before they are forecast first: their errors have no unit."""
    first = [one.values[: plan_origins(len(one), horizon).validation[0]] for one in panel.series]
    if not any(seasonal_scale(values, panel.season) for values in first):
        raise DataError(say("all constant"), hint=say("all constant hint"))


def _check_compared(panel: Panel, horizon: int) -> None:
    """Refuse series without any value where models are compared; where they are judged the last one is."""
    origins = [plan_origins(len(one), horizon).validation for one in panel.series]
    spans = [(at[0], at[-1] + horizon) for at in origins]
    if not all(one.is_filled[slice(*span)].all() for one, span in zip(panel.series, spans, strict=True)):
        return
    (start, stop), one = spans[0], panel.series[0]
    first, last = panel.frequency.times(one.start + np.array([start, stop - 1]))
    text = say("uncompared", first=time_text(first), last=time_text(last), of_series=of_series(one.name))
    raise RemediableError(text, hint=say("uncompared hint"), remedies=[{"gaps": "zero"}])


def _too_short(longest: Series, horizon: int) -> DataError:
    n, possible = len(longest), longest_horizon(len(longest))
    where = of_series(longest.name)
    if possible < 1:
        return DataError(
            say("hopeless", n=n, of_series=where), hint=say("hopeless hint", fewest=fewest_values(1))
        )
    text, hint = say("short", horizon=horizon, n=n, of_series=where), say("short hint", longest=possible)
    return RemediableError(text, hint=hint, remedies=[{"horizon": possible}])


def _findings(panel: Panel, horizon: int) -> Iterator[Finding]:
    constant = sum(not np.ptp(series.values) for series in panel.series)
    if constant:
        yield finding("constant_series", "hint", say("constant", n=constant))
    starts = [plan_origins(len(series), horizon).validation for series in panel.series]
    if panel.season > 1:
        n_short = sum(len(series) <= 2 * panel.season for series in panel.series)
        n_late = sum(origins[0] <= 2 * panel.season for origins in starts) - n_short
        for key, n in (("no season", n_short), ("late season", n_late)):
            if n:
                yield finding("no_season", "hint", say(key, n=n, season=panel.season))
    for place, name in enumerate(panel.known_columns):
        ends = [series.covariates[len(series) : len(series) + horizon, place] for series in panel.series]
        if any(len(ahead) < horizon or np.isnan(ahead).any() for ahead in ends):
            yield finding("no_future", "hint", say("future missing", column=name, n=horizon))
    n_origins = sum(map(len, starts))
    if n_origins < _FEW_ORIGINS:
        yield finding("few_origins", "hint", say("few origins", n=n_origins))


def _check_known(panel: Panel, horizon: int) -> None:
    """Refuse columns known ahead that have holes, or that are the values themselves, now or later."""
    for place, name in enumerate(panel.known_columns):
        holes = sum(int(np.isnan(series.covariates[: len(series), place]).sum()) for series in panel.series)
        if holes:
            text = say("known missing", column=name, n=holes)
            raise RemediableError(text, hint=say("known missing hint"), remedies=[{"without": name}])
        for shift in range(horizon + 1):
            if all(_repeats(series, place, shift) for series in panel.series):
                when = f" {shift} steps later" if shift > 1 else " a step later" if shift else ""
                text = say("not ahead", column=name, shift=when)
                raise RemediableError(text, hint=say("not ahead hint"), remedies=[{"without": name}])


def _repeats(series: Series, place: int, shift: int) -> bool:
    """Whether a column is a line of the values ``shift`` steps later."""
    ahead = series.values[shift:]
    column = series.covariates[: len(ahead), place]
    if len(ahead) < 3 or not np.ptp(ahead) or not np.ptp(column):
        return False
    return bool(abs(np.corrcoef(ahead, column)[0, 1]) > 0.9999)
