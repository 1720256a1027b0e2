"""What a table holds as series, before anybody says how far to forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.forecasting._series.limits import longest_horizon
from litmus_core.forecasting._series.panel import Panel
from litmus_core.forecasting._series.table import SeriesColumns, SeriesRules, read_panel
from litmus_core.forecasting._series.times import time_text
from litmus_core.types import Finding

if TYPE_CHECKING:
    import pandas as pd

_SHARE = 5  # parts of the longest history, of which a proposed horizon is at most one


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFacts:
    """The series of a table: ``n_values`` of the longest one, ``n_missing`` gaps in all.

    ``ends`` are the times that a forecast of the longest series ends at, by its horizon: 1, 2, … up to
    ``longest_horizon``. ``horizon`` is the proposed one.
    """

    frequency: str
    n_series: int
    n_values: int
    n_missing: int
    first: str
    last: str
    ends: tuple[str, ...]
    horizon: int
    findings: tuple[Finding, ...]

    @property
    def longest_horizon(self) -> int:
        """The longest horizon that the history judges; 0: none."""
        return len(self.ends)


def read_facts(table: pd.DataFrame, columns: SeriesColumns, rules: SeriesRules) -> SeriesFacts:
    """Return what a table holds as series; raises DataError where it holds none that fit together."""
    panel, findings = read_panel(table, columns, rules)
    return _facts(panel, findings)


def _facts(panel: Panel, findings: tuple[Finding, ...]) -> SeriesFacts:
    longest = max(panel.series, key=len)
    n, frequency = len(longest), panel.frequency
    most = longest_horizon(n)
    times = [time_text(time) for time in frequency.times(longest.end + np.arange(most))]
    first, last = frequency.times(np.array([longest.start, longest.end - 1]))
    return SeriesFacts(
        frequency=frequency.name,
        n_series=len(panel.series),
        n_values=n,
        n_missing=int(sum(one.is_filled.sum() for one in panel.series)),
        first=time_text(first),
        last=time_text(last),
        ends=tuple(times),
        horizon=max(min(frequency.usual_horizon, most, n // _SHARE), 1),
        findings=findings,
    )
