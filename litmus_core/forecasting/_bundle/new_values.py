"""A table of newer values, as the system that wrote the training table exports it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import DataError, UnknownNameError
from litmus_core.forecasting._bundle.forecaster import Forecaster
from litmus_core.forecasting._series.table import read_ids, read_numbers
from litmus_core.forecasting._series.time_column import read_time_column
from litmus_core.forecasting._series.times import time_text, without_zone
from litmus_core.forecasting._series.written import written_times
from litmus_core.forecasting._texts import of_series, say

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[Any]


def observe_table(forecaster: Forecaster, table: pd.DataFrame) -> Forecaster:
    """Return a forecaster that knows the values of ``table``, without training.

    Its columns are called as in the training table, or ``time``, ``value`` and ``series``. Rows after the
    last value, their value empty, say what columns known ahead will be. Raises DataError or UnknownNameError
    for what does not fit.
    """
    columns = forecaster.learned.columns
    time, value = _column(table, columns.time, "time"), _column(table, columns.value, "value")
    ids = np.full(len(table), "")
    if forecaster.names != ("",):
        ids = read_ids(table[_column(table, columns.id or "series", "series")])
    times, values = _times(forecaster, table[time], time, ids), read_numbers(table[value], value)
    columns_ahead = [name for name in forecaster.learned.known_columns if name in table.columns]
    for name in dict.fromkeys(ids.tolist()):
        where = np.flatnonzero(ids == name)
        where = where[np.argsort(times[where], kind="stable")]
        is_new = np.isfinite(values[where])
        observed, ahead = where[is_new], where[~is_new]
        if len(ahead) and (not columns_ahead or (len(observed) and ahead[0] < observed[-1])):
            when = time_text(np.asarray(times)[ahead[0]])
            raise DataError(say("no value", time=when, of_series=of_series(name)), hint=say("no value hint"))
        is_complete = len(columns_ahead) == len(forecaster.learned.known_columns)
        future = {
            column: table[column].to_numpy()[observed].tolist() for column in columns_ahead if is_complete
        }
        forecaster = forecaster.observe([*times[observed]], values[observed].tolist(), series=name, **future)
        if len(ahead):
            future = {column: table[column].to_numpy()[ahead].tolist() for column in columns_ahead}
            forecaster = forecaster.foresee([*times[ahead]], series=name, **future)
    return forecaster


def _column(table: pd.DataFrame, trained: str, general: str) -> str:
    """Return the name of a column, as in the training table or the ``general`` one."""
    names = [str(name) for name in table.columns]
    for name in (trained, general):
        if name in names:
            return name
    raise UnknownNameError(kind="column", name=trained, names=names)


def _times(forecaster: Forecaster, column: pd.Series[Any], name: str, ids: Array) -> Array:
    """Return times (n,); where day and month could be either, those that the frequency has."""
    import pandas as pd

    frequency = forecaster.learned.frequency
    if frequency.unit == "step":
        return column.to_numpy()
    if not pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_datetime64_any_dtype(column):
        texts = [without_zone(text)[0] for text in column.astype(str)]
        fitting = [
            times
            for times in written_times(texts).values()
            if not np.isnat(times).any() and frequency.has(times).all()
        ]
        if fitting and all((times == fitting[0]).all() for times in fitting):
            return fitting[0]
    return read_time_column(column, name, ids)[0]
