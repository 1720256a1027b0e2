"""Rows of tables as series read them: under the names of the file, with times as they were written."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.experiments._data.sources import open_source
from litmus_core.forecasting import SeriesColumns
from litmus_core.store import Workspace
from litmus_core.types import DETECT_ALL, Column, DatasetVersion

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.forecasting import Learned


def read_new(workspace: Workspace, source: Path | str, learned: Learned) -> pd.DataFrame:
    """Return a table of newer values, spelled as the training table is; nothing of it is stored."""
    from litmus_core.data import import_table, read_rows

    with (
        tempfile.TemporaryDirectory(prefix="litmus-new-") as scratch,
        open_source(workspace, source, DETECT_ALL) as opened,
    ):
        temporary = Workspace(Path(scratch)).create()
        like = _trained(learned)
        version = import_table(temporary, opened.path, like=like, options=opened.options)
        columns = learned.columns
        if columns.time not in (*version.column_names, *(one.original_name for one in version.columns)):
            columns = replace(columns, time="time")
        return renamed(read_rows(temporary, version, n_rows=version.n_rows), version, columns)


def _trained(learned: Learned) -> DatasetVersion:
    """Return the training table's columns but the times, which series tell; values under ``value``, too."""
    columns = [one for one in learned.spelled if learned.columns.time not in (one.name, one.original_name)]
    general = {learned.columns.value: "value", learned.columns.id: "series"}
    names = {one.name for one in columns}
    columns += [
        replace(one, name=name, original_name=name)
        for one in learned.spelled
        for column, name in general.items()
        if column in (one.name, one.original_name) and name not in names
    ]
    return DatasetVersion.of_columns(tuple(columns), name="the training table")


def renamed(table: pd.DataFrame, version: DatasetVersion, columns: SeriesColumns) -> pd.DataFrame:
    """Return a version's rows under the names that its file had, where ``columns`` uses those."""
    for column in version.columns:
        if columns.time in (column.name, column.original_name):
            table[column.name] = _as_written(table[column.name], column, version)
            table[column.name] = _zoned(table[column.name], column, version)
    original = {
        column.name: column.original_name
        for column in version.columns
        if column.original_name in columns.names and column.original_name not in table.columns
    }
    return table.rename(columns=original)


def _as_written(times: pd.Series[Any], column: Column, version: DatasetVersion) -> pd.Series[Any]:
    """Return dates as the file has them where day and month can be either: the series say which."""
    form = column.written_as
    has_order = "%d" in form and "%m" in form and not form.startswith("%Y")
    if version.options.date_order or not has_order or not (times.dropna().dt.day <= 12).all():
        return times
    written: pd.Series[Any] = times.dt.strftime(form)
    return written


def _zoned(times: pd.Series[Any], column: Column, version: DatasetVersion) -> pd.Series[Any]:
    """Return times that became UTC in the zone that they were written in; UTC where there are several."""
    for item in version.detected:
        if item.option == "zone" and item.column in (column.name, column.original_name):
            zone = "UTC" if item.value == "several" else item.value
            zoned: pd.Series[Any] = times.dt.tz_localize("UTC").dt.tz_convert(zone)
            return zoned
    return times
