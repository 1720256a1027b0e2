"""Read series from a table, and say before training what does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import DataError, RemediableError, UnknownNameError, UsageError
from litmus_core.forecasting._series.closed import check_closed, closed_findings, every_day, open_days
from litmus_core.forecasting._series.edges import incomplete_periods
from litmus_core.forecasting._series.findings import (
    check_regular,
    check_scale,
    finding,
    gap_findings,
    incomplete_findings,
    negative_findings,
)
from litmus_core.forecasting._series.frequency import (
    Frequency,
    detect_frequency,
    frequency_names,
    named_frequency,
)
from litmus_core.forecasting._series.limits import LARGEST_VALUE, fewest_values
from litmus_core.forecasting._series.panel import Panel, Series
from litmus_core.forecasting._series.time_column import read_time_column
from litmus_core.forecasting._series.times import time_text
from litmus_core.forecasting._texts import of_series, say
from litmus_core.types import Finding

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[Any]
Rows = slice | Array  # where they stand
Duplicates = Literal["refuse", "sum", "mean", "last"]
Gaps = Literal["past", "zero"]
_MOST_MISSING = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesColumns:
    """Which columns of a table are what. ``id`` None: one series.

    ``known_future`` are columns whose future values are known when a forecast is made (a
    promotion, a holiday); ``static`` never change within a series. No other column is read.
    """

    time: str
    value: str
    id: str | None = None
    known_future: tuple[str, ...] = ()
    static: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return (*filter(None, (self.id,)), self.time, self.value, *self.known_future, *self.static)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRules:
    """How a table becomes regular series.

    ``frequency`` None: found from the times. With a name ("monthly"), times are merged to it, as
    ``duplicates`` says. ``gaps``: a missing value is the one a season earlier, or 0. ``season`` None: the
    usual one of the frequency.
    """

    frequency: str | None = None
    season: int | None = None
    duplicates: Duplicates = "refuse"
    gaps: Gaps = "past"


def read_panel(
    table: pd.DataFrame, columns: SeriesColumns, rules: SeriesRules
) -> tuple[Panel, tuple[Finding, ...]]:
    """Return the series of a table, the gaps filled, and what was found on the way.

    Raises DataError where they cannot be forecast as they are, with the nearest valid thing as its hint.
    """
    rows = _Rows.of(table, columns)
    frequency, remaining, left_out = _common_frequency(rows, rules)
    season = rules.season or frequency.season
    findings = [*rows.findings]
    if left_out:
        text = say("left out frequency", n=left_out, frequency=frequency.name)
        findings.append(finding("mixed_frequency", "warning", text))
    pieces = [_Piece.of(rows, name, where, frequency, rules) for name, where in remaining]
    findings += closed_findings(frequency)
    findings += incomplete_findings([piece.incomplete for piece in pieces], frequency)
    pieces = [piece for piece in pieces if np.isfinite(piece.values).any()]
    if not pieces:
        raise DataError(
            say("hopeless", n=0, of_series=""), hint=say("hopeless hint", fewest=fewest_values(1))
        )
    n_merged = sum(piece.n_merged for piece in pieces)
    if n_merged:
        text = say("merged", n=n_merged, how=rules.duplicates)
        findings.append(finding("doubled_times", "hint", text, n_rows=n_merged))
    end = max(piece.end for piece in pieces) if rules.gaps == "zero" else None
    if rules.gaps == "past":
        for piece in pieces:
            check_closed(piece.name, piece.start, piece.values, frequency, season)
    series = tuple(piece.series(season, rules.gaps, end) for piece in pieces)
    findings += gap_findings(series, rules.gaps)
    findings += negative_findings(rows.values, columns.value)
    if rules.gaps == "zero":  # as good as any other value, then
        series = tuple(replace(one, is_filled=np.zeros_like(one.is_filled)) for one in series)
    panel = Panel(
        frequency=frequency,
        season=season,
        series=series,
        known_columns=columns.known_future,
        static_columns=columns.static,
        codes=rows.codes,
    )
    return panel, tuple(findings)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The columns as arrays, by series and time, with the names of the series and where each stands."""

    times: Array
    values: Array
    covariates: Array
    static: Array
    parts: list[tuple[str, slice]]
    codes: dict[str, tuple[str, ...]]
    columns: SeriesColumns
    findings: tuple[Finding, ...]

    def incomplete(self, where: Rows, frequency: Frequency) -> tuple[int, ...]:
        """Return the positions of periods at the ends of some rows that those fill in part."""
        times, values = self.times[where], self.values[where]
        return incomplete_periods(np.unique(times[np.isfinite(values)]), frequency)

    def steps(self, where: Rows, frequency: Frequency) -> Rows:
        """Return some rows without those that stand for a day that is no step, and have no value."""
        if frequency.unit != "workday":
            return where
        keep = np.isfinite(self.values[where]) | frequency.has(self.times[where])
        return np.arange(len(self.times))[where][keep]

    @classmethod
    def of(cls, table: pd.DataFrame, columns: SeriesColumns) -> _Rows:
        for name in columns.names:
            if name not in table.columns:
                raise UnknownNameError(kind="column", name=name, names=map(str, table.columns))
        findings = []
        if columns.id is not None:
            names = read_ids(table[columns.id])
            n_blank = int((names == "").sum())
            if n_blank == len(names):
                raise DataError(say("no ids", column=columns.id), hint=say("no ids hint"))
            if n_blank:
                text = say("blank ids", n=n_blank, column=columns.id)
                findings.append(finding("blank_ids", "warning", text, n_rows=n_blank))
            table, ids = table[names != ""], names[names != ""]
        else:
            ids = np.full(len(table), "")
        times, notes = read_time_column(table[columns.time], columns.time, ids)
        findings += [finding("read_times", "hint", note) for note in notes]
        values = read_numbers(table[columns.value], columns.value)
        codes: dict[str, tuple[str, ...]] = {}
        covariates = _stack([_coded(table[name], name, codes) for name in columns.known_future], len(table))
        static = _stack([_coded(table[name], name, codes) for name in columns.static], len(table))
        order = np.lexsort((times, ids))
        times, values, ids, covariates, static = (
            array[order] for array in (times, values, ids, covariates, static)
        )
        if not np.isfinite(values).any():
            raise DataError(say("empty"), hint=say("empty hint"))
        starts = np.flatnonzero(np.r_[True, ids[1:] != ids[:-1]])
        parts = [
            (str(ids[start]), slice(int(start), int(stop)))
            for start, stop in zip(starts, [*starts[1:], len(ids)], strict=True)
            if np.isfinite(values[start:stop]).any()
        ]
        return cls(times, values, covariates, static, parts, codes, columns, tuple(findings))


def read_ids(column: pd.Series[Any]) -> Array:
    """Return the names of series (n,); "" where there is none."""
    import pandas as pd

    if pd.api.types.is_float_dtype(column) and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    names = column.astype(str).str.strip().to_numpy(dtype=str)
    return np.where(column.isna().to_numpy(), "", names)


def read_numbers(column: pd.Series[Any], name: str) -> Array:
    """Return values (n,), NaN where there is none; raises DataError for others than numbers."""
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    wrong = np.isnan(numbers) & column.notna().to_numpy() | np.isinf(numbers)
    wrong |= np.abs(numbers) > LARGEST_VALUE
    if wrong.any():
        example = str(column.to_numpy()[wrong][0])
        text = say("values", n=int(wrong.sum()), column=name, example=example)
        raise DataError(text, hint=say("values hint"))
    return np.asarray(numbers)


def _coded(column: pd.Series[Any], name: str, codes: dict[str, tuple[str, ...]]) -> Array:
    """Return a column as numbers, or as codes of its texts, which are put into ``codes``."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        return np.asarray(column.to_numpy(np.float64, na_value=np.nan))
    texts = sorted(set(column.dropna().astype(str)))
    codes[name] = tuple(texts)
    code_of = {text: float(code) for code, text in enumerate(texts)}
    return np.array([code_of.get(str(value), np.nan) for value in column])


def _stack(columns: Sequence[Array], n: int) -> Array:
    return np.column_stack(columns) if columns else np.empty((n, 0))


def _common_frequency(rows: _Rows, rules: SeriesRules) -> tuple[Frequency, list[tuple[str, slice]], int]:
    """Return the frequency, the series that have it, and how many do not."""
    if rules.frequency is not None:
        return _named(rows, rules.frequency)
    frequencies: dict[Frequency, list[tuple[str, slice]]] = {}
    lone = []
    for name, where in rows.parts:
        times = np.unique(rows.times[where])
        if len(times) < 3:
            lone.append((name, where))
            continue
        detected = detect_frequency(times)
        detected = every_day(detected) if rules.gaps == "zero" else detected
        frequencies.setdefault(detected, []).append((name, where))
    if not frequencies:
        name, where = rows.parts[0]
        n = where.stop - where.start
        raise DataError(
            say("hopeless", n=n, of_series=of_series(name)),
            hint=say("hopeless hint", fewest=fewest_values(1)),
        )
    common = max(frequencies, key=lambda frequency: len(frequencies[frequency]))
    if len(frequencies) > 1:
        raise _mixed(rows, frequencies, common)
    if rules.gaps == "past":
        common = open_days(common, rows.times[np.isfinite(rows.values)])
    return common, [*next(iter(frequencies.values())), *lone], 0


def _mixed(
    rows: _Rows, frequencies: dict[Frequency, list[tuple[str, slice]]], common: Frequency
) -> RemediableError:
    """Return that series have different frequencies, or one on different days."""
    names = [frequency.name for frequency in frequencies]
    counted = []
    for frequency, parts in sorted(frequencies.items(), key=lambda item: -len(item[1])):
        first = time_text(rows.times[parts[0][1].start])
        which = f" from {first}" if names.count(frequency.name) > 1 else ""
        counted.append(f"{frequency.name}{which} ({len(parts)} series)")
    counted[3:] = [f"{len(counted) - 3} others"] if len(counted) > 4 else counted[3:]
    if len({every_day(frequency) for frequency in frequencies}) == 1:
        text, hint = say("mixed", names=counted), say("mixed weekdays hint")
        return RemediableError(text, hint=hint, remedies=[{"gaps": "zero"}])
    remedies = [{"frequency": common.name}] if common.name in frequency_names() else []
    hint = say("mixed hint" if len(set(names)) > 1 else "mixed days hint", nearest=common.name)
    return RemediableError(say("mixed", names=counted), hint=hint, remedies=remedies)


def _named(rows: _Rows, name: str) -> tuple[Frequency, list[tuple[str, slice]], int]:
    """Return the frequency of a name, with the series that have at least as many values."""
    frequency = named_frequency(name)
    if frequency is None:
        names = frequency_names()
        raise UsageError(say("frequency", name=name), hint=say("frequency hint", names=names))
    fitting = []
    for series, where in rows.parts:
        positions = np.unique(frequency.positions(rows.times[where]))
        if len(positions) >= _MOST_MISSING * (positions[-1] - positions[0] + 1):
            detected = detect_frequency(np.unique(rows.times[where])) if len(positions) > 2 else frequency
            fitting.append((series, where, detected if detected.name == name else frequency))
    if not fitting:
        share = 1.0 - len(positions) / float(positions[-1] - positions[0] + 1)
        text = say("holes", share=share, frequency=name, of_series=of_series(series))
        raise DataError(text, hint=say("holes hint"))
    alike = {shape for _, _, shape in fitting}
    common = alike.pop() if len(alike) == 1 else frequency
    return common, [(series, where) for series, where, _ in fitting], len(rows.parts) - len(fitting)


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """One series on its grid: values (n,) with NaN for gaps, and what is known for each position.

    ``has_row`` (n,) is where the table has a row; ``absent`` (k,) is what a column known ahead has at zero.
    """

    name: str
    start: int
    values: Array
    covariates: Array
    has_row: Array
    absent: Array
    static: Array
    n_merged: int
    incomplete: tuple[int, ...]

    @property
    def end(self) -> int:
        """The position after the last value."""
        return self.start + int(np.flatnonzero(np.isfinite(self.values))[-1]) + 1

    @classmethod
    def of(cls, rows: _Rows, name: str, where: Rows, frequency: Frequency, rules: SeriesRules) -> _Piece:
        where = rows.steps(where, frequency)
        times, values = rows.times[where], rows.values[where]
        if rules.frequency is None:
            check_regular(times, frequency, name)
        check_scale(times, values, name)
        positions = frequency.positions(times)
        unique, first, counts = np.unique(positions, return_index=True, return_counts=True)
        n_merged = int((counts - 1).sum())
        if n_merged and rules.duplicates == "refuse":
            doubled = unique[counts > 1]
            text = say(
                "doubled",
                n=len(doubled),
                example=time_text(frequency.times(doubled[:1])[0]),
                of_series=of_series(name),
            )
            remedies = [{"duplicates": how} for how in ("sum", "mean", "last")]
            raise RemediableError(text, hint=say("doubled hint"), remedies=remedies)
        start, stop = int(unique[0]), int(unique[-1]) + 1
        grid = np.full(stop - start, np.nan)
        grid[unique - start] = _merged(values, first, counts, rules.duplicates)
        judged = slice(None) if rules.gaps == "zero" else where
        incomplete = rows.incomplete(judged, frequency) if rules.frequency else ()
        left_out = tuple(one for one in incomplete if start <= one < stop and np.isfinite(grid[one - start]))
        grid[[one - start for one in left_out]] = np.nan
        covariates = np.full((stop - start, rows.covariates.shape[1]), np.nan)
        covariates[unique - start] = rows.covariates[where][first + counts - 1]
        has_row = np.isin(np.arange(start, stop), unique)
        absent = np.array([-1.0 if column in rows.codes else 0.0 for column in rows.columns.known_future])
        static = _constant(rows, name, where)
        return cls(name, start, grid, covariates, has_row, absent, static, n_merged, left_out)

    def series(self, season: int, gaps: Gaps, end: int | None) -> Series:
        """Return the series from its first value to its last, or to ``end``; what is known beyond stays."""
        first = int(np.flatnonzero(np.isfinite(self.values))[0])
        last = (self.end if end is None else end) - self.start
        n_beyond = max(last - len(self.values), 0)
        values = np.r_[self.values, np.full(n_beyond, np.nan)][first:last]
        covariates = np.pad(self.covariates, ((0, n_beyond), (0, 0)), constant_values=np.nan)[first:]
        has_row = np.pad(self.has_row, (0, n_beyond))[first:]
        is_filled = np.isnan(values)
        for index in np.flatnonzero(is_filled):  # from the past alone, so that no origin sees ahead
            earlier = index - (season if index >= season else 1)
            values[index] = 0.0 if gaps == "zero" else values[earlier]
            if not has_row[index]:
                covariates[index] = covariates[earlier]
        if gaps == "zero":  # in the rows ahead, too
            covariates[~has_row] = self.absent
        return Series(
            name=self.name,
            start=self.start + first,
            values=values,
            is_filled=is_filled,
            covariates=covariates,
            static=self.static,
        )


def _merged(values: Array, first: Array, counts: Array, how: Duplicates) -> Array:
    if (counts == 1).all():
        return np.asarray(values[first])
    if how == "last":
        places = np.where(np.isfinite(values), np.arange(len(values)), -1)
        return np.asarray(values[np.maximum(np.maximum.reduceat(places, first), first)])
    sums = np.add.reduceat(np.nan_to_num(values), first)
    n_there = np.add.reduceat(np.isfinite(values).astype(float), first)
    merged = sums if how == "sum" else sums / np.maximum(n_there, 1)
    return np.where(n_there > 0, merged, np.nan)


def _constant(rows: _Rows, name: str, where: Rows) -> Array:
    static = rows.static[where]
    for index, column in enumerate(rows.columns.static):
        constants = static[np.isfinite(static[:, index]), index]
        if len(constants) and (constants != constants[0]).any():
            text = say("changing", column=column, of_series=of_series(name))
            raise RemediableError(text, hint=say("changing hint"), remedies=[{"without": column}])
    return np.asarray(static[0])
