"""A trained forecast that forecasts: the next values of each series, and what new values change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import BundleError, DataError, LitmusError, UnknownNameError, UsageError
from litmus_core.forecasting._models.boosters import BoosterModel
from litmus_core.forecasting._series.frequency import Frequency
from litmus_core.forecasting._series.limits import LARGEST_VALUE
from litmus_core.forecasting._series.panel import Series
from litmus_core.forecasting._series.table import SeriesColumns
from litmus_core.forecasting._series.times import read_times, time_text
from litmus_core.forecasting._states import ForecastState
from litmus_core.forecasting._texts import of_series, say
from litmus_core.forecasting._training.ensemble import combine
from litmus_core.forecasting._training.intervals import LEVELS, Band
from litmus_core.types import Column

Array = NDArray[Any]
BOOSTERS = "boosters"
_GENERAL = SeriesColumns(time="time", value="value", id="series")
DAMAGED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)  # of numbers that are none
_SAME = 1e-6  # a part of a value, by which another of its spellings may differ
_LONGEST_GAP = 1_000  # values that may be missing before an observed one


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forecast:
    """The next values of a series: ``times``, ``values``, and intervals at ``level``, each (horizon,)."""

    series: str
    times: Array
    values: Array
    low: Array
    high: Array
    level: float

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each step, as JSON and CSV have it."""
        return [
            {"series": self.series, "time": time_text(time), "value": value, "low": low, "high": high}
            for time, value, low, high in zip(
                self.times, self.values.tolist(), self.low.tolist(), self.high.tolist(), strict=True
            )
        ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learned:
    """What all series of a forecaster share.

    ``fallback`` forecasts where a series has none of the models in ``weights``. ``codes`` are the texts of
    columns known ahead that are not numbers, in the order of their codes. ``columns`` are those of the table,
    and ``spelled`` says how its file spells them.
    """

    frequency: Frequency
    season: int
    horizon: int
    level: float
    is_positive: bool
    weights: dict[str, float]
    fallback: str
    boosters: BoosterModel | None
    known_columns: tuple[str, ...]
    codes: dict[str, tuple[str, ...]]
    columns: SeriesColumns = _GENERAL
    spelled: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeriesModels:
    """One series: its last values, and each model at its end."""

    series: Series
    states: dict[str, ForecastState]


class Forecaster:
    """Forecasts of the series that it was trained on; ``litmus_core.load_forecaster`` opens one.

    It never changes: ``observe`` returns another, which knows more.
    """

    def __init__(self, learned: Learned, models: Iterable[SeriesModels], band: Band) -> None:
        self.learned, self.band = learned, band
        self.models = tuple(models)
        self._index = {one.series.name: index for index, one in enumerate(self.models)}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the series; "" is that of a table's only one."""
        return tuple(self._index)

    @property
    def horizon(self) -> int:
        """How many values it forecasts."""
        return self.learned.horizon

    def last_time(self, series: str | None = None) -> Any:
        """Return the time of the last known value."""
        one = self.models[self._index_of(series)].series
        return self.learned.frequency.times(np.array([one.end - 1]))[0]

    def forecast_times(self, series: str | None = None) -> Array:
        """Return the times of the values that it forecasts."""
        one = self.models[self._index_of(series)].series
        return np.asarray(self.learned.frequency.times(one.end + np.arange(self.horizon)))

    def forecast(
        self,
        series: str | None = None,
        *,
        horizon: int | None = None,
        level: float | None = None,
        future: Mapping[str, Sequence[Any]] | None = None,
    ) -> Forecast:
        """Return the next values of ``series``; None: the only one.

        ``horizon`` is at most the trained one, which None stands for. ``level`` (0.5 to 0.95) is the share
        of intervals that hold the truth. ``future`` are the columns known ahead, by name, a value for each
        step; they are needed where the trees count and the table went no further. Raises UsageError or
        UnknownNameError for values that do not fit.
        """
        index = self._index_of(series)
        n_steps = self._n_steps(horizon)
        level = self.learned.level if level is None else level
        if not LEVELS[0] <= level <= LEVELS[-1]:
            text = f"Intervals at a level of {level:g} are not known."
            raise UsageError(text, hint=f"Choose a level from {LEVELS[0]:g} to {LEVELS[-1]:g}.")
        self._check_columns(future or {})
        one = self.models[index]
        with _undamaged():
            values = self._values(one, n_steps, future or {})
            half = self.band.half_widths(index, level)[:n_steps]
            times = self.learned.frequency.times(one.series.end + np.arange(n_steps))
            values, low, high = (self._clipped(array) for array in (values, values - half, values + half))
        return Forecast(series=one.series.name, times=times, values=values, low=low, high=high, level=level)

    def observe(
        self,
        times: Sequence[Any],
        values: Sequence[float],
        *,
        series: str | None = None,
        **future: Sequence[Any],
    ) -> Forecaster:
        """Return a forecaster that knows further ``values`` of ``series``, without training.

        Values that it knows already are passed over, and another one for their time is refused: training
        rests on them. One that is missing in between is filled from the past.
        ``future`` are columns known ahead. Raises DataError for values that do not fit.
        """
        index = self._index_of(series)
        one = self.models[index]
        positions, numbers = self._placed(times, values, one.series)
        columns = self._covariates(future, len(values)) if future else None
        with _undamaged():
            for row, (position, value) in enumerate(zip(positions, numbers, strict=True)):
                if position >= one.series.end:
                    one = self._continued(one, position, value, None if columns is None else columns[row])
                else:
                    self._check_known(one.series, position, value)
            models = list(self.models)
            models[index] = replace(one, series=self._shortened(one.series))
        return Forecaster(self.learned, models, self.band)

    def foresee(
        self, times: Sequence[Any], *, series: str | None = None, **future: Sequence[Any]
    ) -> Forecaster:
        """Return a forecaster that knows what the columns known ahead will be at ``times``.

        What the training table said of them stays where ``future`` says nothing.
        """
        index = self._index_of(series)
        one = self.models[index].series
        positions, _ = self._placed(times, [0.0] * len(times), one)
        missing = {name: [np.nan] * len(times) for name in self.learned.known_columns if name not in future}
        rows = self._covariates({**missing, **future}, len(times))
        places = positions - one.start
        n_more = max(int(places.max()) + 1 - len(one.covariates), 0)
        covariates = np.concatenate([one.covariates, np.full((n_more, one.covariates.shape[1]), np.nan)])
        is_ahead = places >= len(one)
        covariates[places[is_ahead]] = np.where(np.isnan(rows), covariates[places], rows)[is_ahead]
        models = list(self.models)
        models[index] = replace(models[index], series=replace(one, covariates=covariates))
        return Forecaster(self.learned, models, self.band)

    def _check_known(self, series: Series, position: int, value: float) -> None:
        """Refuse another value for a time that the models know, as far back as its value is there."""
        place = position - series.start
        if place < 0 or np.isclose(series.values[place], value, rtol=_SAME, atol=0.0):
            return
        time = time_text(self.learned.frequency.times(np.array([position]))[0])
        present = f"{series.values[place]:.6g}"
        how = f"is known as {present}"
        if series.is_filled[place]:
            how = f"was missing, and {present} stands there"
        raise DataError(
            f"{time} {how}, so {value:.6g} changes nothing{of_series(series.name)}.",
            hint="Leave it out, or train again with the corrected value.",
        )

    def _continued(self, one: SeriesModels, position: int, value: float, ahead: Array | None) -> SeriesModels:
        """Return a series with the value at ``position``, and what is missing before it."""
        if position - one.series.end > _LONGEST_GAP:
            times = self.learned.frequency.times(np.array([position, one.series.end]))
            observed, due = map(time_text, times)
            raise DataError(
                f"{observed} is more than {_LONGEST_GAP:,} values after {due}, which would be the next one.",
                hint="Give the values in between, or train again.",
            )
        while one.series.end < position:
            back = self.learned.season if len(one.series) >= self.learned.season else 1
            one = _later(one, float(one.series.values[-back]), None)
        unknown = np.full(one.series.covariates.shape[1], np.nan)
        return _later(one, float(value), unknown if ahead is None else ahead)

    def _values(self, one: SeriesModels, n_steps: int, future: Mapping[str, Sequence[Any]]) -> Array:
        forecasts = {key: state.forecast(n_steps) for key, state in one.states.items()}
        boosters = self.learned.boosters
        if boosters is not None and boosters.can_answer(one.series):
            ahead = self._with_future(one.series, n_steps, future)
            forecasts[BOOSTERS] = boosters.forecast(ahead, n_steps)
        return combine(forecasts, self.learned.weights, fallback=self.learned.fallback)

    def _index_of(self, series: str | None) -> int:
        if series is None:
            if len(self.models) == 1:
                return 0
            raise UsageError(
                f"This forecast is of {len(self.models)} series.", hint="Say which: series='…', see names."
            )
        if series not in self._index:
            if self.names == ("",):
                text = f"This forecast is of one series without a name, not of {series!r}."
                raise UsageError(text, hint="Leave the series out.")
            raise UnknownNameError(kind="series", name=series, names=self.names)
        return self._index[series]

    def _n_steps(self, horizon: int | None) -> int:
        if horizon is None:
            return self.horizon
        if not 1 <= horizon <= self.horizon:
            text = f"A horizon of {horizon} was not trained."
            raise UsageError(text, hint=f"Ask for 1 to {self.horizon} steps, or train for more.")
        return horizon

    def _clipped(self, values: Array) -> Array:
        return np.maximum(values, 0.0) if self.learned.is_positive else values

    def _placed(self, times: Sequence[Any], values: Sequence[float], series: Series) -> tuple[Array, Array]:
        frequency = self.learned.frequency
        read = read_times(times, are_steps=frequency.unit == "step")
        try:
            numbers = np.asarray(values, dtype=np.float64)
        except (TypeError, ValueError):
            numbers = np.full(len(values), np.nan)
        if numbers.shape != read.shape or not np.isfinite(numbers).all():
            raise DataError(
                f"There are {len(read)} times for {len(numbers)} values, or a value is not a number.",
                hint="Give a number for each time.",
            )
        if len(large := numbers[np.abs(numbers) > LARGEST_VALUE]):
            text = f"{large[0]:g} is too large a value to forecast with."
            raise DataError(text, hint=f"Give values up to {LARGEST_VALUE:g}, in another unit.")
        wrong = read[~frequency.has(read)]
        positions = frequency.positions(read)
        if len(wrong):
            next_time = time_text(frequency.times(np.array([series.end]))[0])
            raise DataError(
                f"{time_text(wrong[0])} is not a time of a series that is {frequency.name}.",
                hint=f"The next one is {next_time}.",
            )
        if (np.diff(positions) <= 0).any():
            raise DataError("The times do not ascend.", hint="Give each time once, the earliest first.")
        return positions, numbers

    def _with_future(self, series: Series, n_steps: int, future: Mapping[str, Sequence[Any]]) -> Series:
        """Return the series with what is known of the next steps."""
        if not self.learned.known_columns:
            return series
        past = series.covariates[: len(series)]
        if future:
            return replace(series, covariates=np.concatenate([past, self._covariates(future, n_steps)]))
        ahead = series.covariates[len(series) : len(series) + n_steps]
        if len(ahead) < n_steps or not np.isfinite(ahead).all():
            columns = ", ".join(self.learned.known_columns)
            n_known = int(np.isfinite(ahead).all(axis=1).cumprod().sum())
            time = time_text(self.learned.frequency.times(np.array([series.end + n_known]))[0])
            text = say("future", n=n_steps, columns=columns, of_series=of_series(series.name), time=time)
            raise DataError(text, hint=say("future hint"))
        return series

    def _check_columns(self, columns: Mapping[str, Sequence[Any]]) -> None:
        for name in columns:
            if name not in self.learned.known_columns:
                raise UnknownNameError(kind="column known ahead", name=name, names=self.learned.known_columns)

    def _covariates(self, columns: Mapping[str, Sequence[Any]], n: int) -> Array:
        """Return columns known ahead (n, k) as numbers."""
        self._check_columns(columns)
        names = self.learned.known_columns
        matrix = np.full((n, len(names)), np.nan)
        for place, name in enumerate(names):
            if len(columns.get(name, ())) != n:
                raise DataError(say("ahead", column=name, n=n), hint=say("ahead hint"))
            texts = self.learned.codes.get(name)
            for row, value in enumerate(columns[name]):
                is_text = texts is not None and str(value) in texts
                matrix[row, place] = texts.index(str(value)) if texts and is_text else _number(value, texts)
        return matrix

    def _shortened(self, series: Series) -> Series:
        """Return a series' last values, as many as an answer reads."""
        n_read = self.n_read
        drop = max(len(series) - n_read, 0)
        return replace(
            series,
            start=series.start + drop,
            values=series.values[drop:],
            is_filled=series.is_filled[drop:],
            covariates=series.covariates[drop:],
        )

    def spelled_as(self, spelled: tuple[Column, ...]) -> Forecaster:
        """Return the same forecaster, which knows how the table's file spells its columns."""
        return Forecaster(replace(self.learned, spelled=spelled), self.models, self.band)

    @property
    def n_read(self) -> int:
        """How many values of each series an answer, or the next value after a gap, reads."""
        boosters = self.learned.boosters
        return max(self.learned.season, 1 if boosters is None else boosters.design.n_read)

    def shortened(self) -> Forecaster:
        """Return the same forecaster without the values that no answer reads."""
        models = [replace(one, series=self._shortened(one.series)) for one in self.models]
        return Forecaster(self.learned, models, self.band)


@contextmanager
def _undamaged() -> Iterator[None]:
    """Raise BundleError where the numbers of a folder cannot be used: somebody changed them."""
    try:
        yield
    except LitmusError:
        raise
    except DAMAGED as error:
        raise BundleError(f"The forecast is damaged: {error}.", hint="Export it again.") from error


def _number(value: Any, texts: Sequence[str] | None) -> float:
    if texts is not None:
        return float("nan")  # a text that training did not see
    try:
        return float(value)
    except (TypeError, ValueError):
        raise DataError(f"{value!r} is not a number.", hint="Give a number for each step.") from None


def _later(one: SeriesModels, value: float, ahead: Array | None) -> SeriesModels:
    """Return a series one value later."""
    series, n = one.series, len(one.series)
    row = np.full(series.covariates.shape[1], np.nan) if ahead is None else ahead
    covariates = series.covariates
    if len(covariates) <= n:
        covariates = np.concatenate([covariates, row[None]])
    elif ahead is not None and np.isfinite(row).any():
        covariates = np.concatenate([covariates[:n], row[None], covariates[n + 1 :]])
    return SeriesModels(
        series=replace(
            series,
            values=np.append(series.values, value),
            is_filled=np.append(series.is_filled, ahead is None),
            covariates=covariates,
        ),
        states={key: state.observe(value) for key, state in one.states.items()},
    )
