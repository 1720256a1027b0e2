"""Convert values between Polars and the columns layout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.frame._encoders.encoder import encoding_of
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._pipeline.runner import column_reader
from litmus_core.frame._values.raw_values import check_exact, stored_as_number
from litmus_core.types import Column

if TYPE_CHECKING:
    import polars as pl

_NUMPY: dict[Dtype, Any] = {"number": np.float64, "flag": np.bool_, "code": np.int32, "marks": np.uint8}


def as_series(values: Any, dtype: Dtype) -> pl.Series:
    """Return n values (a list, an array or a Series) as Polars' Series for ``dtype``.

    Missing is null; numbers in a Series may also have NaN. Raises UnicodeEncodeError for a text with half of
    a surrogate pair.
    """
    import polars as pl

    if isinstance(values, pl.Series) and values.dtype != pl.Object:
        wanted = polars_type(dtype)
        return values if values.dtype == wanted else values.cast(wanted)
    if dtype == "text":
        return pl.Series(list(values), dtype=pl.String)
    if dtype == "moment":
        return pl.Series(np.asarray(values, dtype="datetime64[us]"))
    return pl.Series(values=np.asarray(values, dtype=_NUMPY[dtype]), nan_to_null=dtype == "number")


def series_or_objects(values: Any, dtype: Dtype) -> pl.Series:
    """Return :func:`as_series`, or objects if a text has half of a surrogate pair."""
    import polars as pl

    try:
        return as_series(values, dtype)
    except UnicodeEncodeError:
        return pl.Series(list(values), dtype=pl.Object)


def as_column(values: pl.Series, dtype: Dtype) -> Any:
    """Return a Series as the columns layout has it: a list of texts, or an array."""
    if dtype == "text":
        return values.to_list()
    if dtype == "number":
        return values.to_numpy().astype(np.float64, copy=False)
    return values.to_numpy()


@lru_cache(maxsize=64)
def polars_type(dtype: Dtype, *, width: int = 0) -> Any:
    """Return a computed column's type in Polars; ``width`` is that of marks."""
    import polars as pl

    types = {"number": pl.Float64, "flag": pl.Boolean, "text": pl.String, "code": pl.Int32}
    if dtype == "moment":
        return pl.Datetime("us")
    return pl.Array(pl.UInt8, width) if dtype == "marks" else types[dtype]


def series_reader(column: Column, *, exact: bool = False) -> Callable[[Any], Any]:
    """Return a reader for a raw column of a Polars frame, with the same values as from any other table.

    ``exact`` is as in :func:`column_reader`.
    """
    read = column_reader(column, exact=exact)
    kind = encoding_of(column)

    def read_series(raw: pl.Series) -> Any:
        plain = _PLAIN.get(kind, _as_texts)(raw, column)
        if exact and kind == "number" and plain is not None:
            plain = _exact(plain, column)
        return read(raw.to_list()) if plain is None else plain

    return read_series


def _as_numbers(raw: Any, _: Column) -> Any:
    is_plain = raw.dtype.is_float() or raw.dtype.is_integer() or raw.dtype == _types().Boolean
    return raw if is_plain and raw.dtype != _types().Int128 else None


def _as_truths(raw: Any, _: Column) -> Any:
    return raw if raw.dtype == _types().Boolean else None


def _as_moments(raw: Any, _: Column) -> Any:
    if raw.dtype == _types().Datetime("us"):
        return raw
    return raw.to_numpy() if raw.dtype.is_temporal() and raw.dtype != _types().Time else None


def _as_texts(raw: Any, column: Column) -> Any:
    is_text = raw.dtype in (_types().String, _types().Categorical, _types().Enum)
    return raw if is_text and not stored_as_number(column) else None


def _exact(raw: Any, column: Column) -> Any:
    if raw.dtype.is_float():
        if column.stores_numbers and np.isinf(raw.to_numpy()).any():
            return raw.set(raw.is_infinite().fill_null(False), None)
    elif raw.dtype in (_types().Int64, _types().UInt64) and len(raw):
        check_exact(
            np.array([bound for bound in (raw.min(), raw.max()) if bound is not None], object), column
        )
    return raw


def _types() -> Any:
    import polars as pl

    return pl


_PLAIN: dict[str, Callable[[Any, Column], Any]] = {
    "number": _as_numbers,
    "boolean": _as_truths,
    "date": _as_moments,
}


def joined(parts: Sequence[pl.Series], order: pl.Series) -> pl.Series:
    """Return the rows of two frames in ``order``; objects if one holds what UTF-8 cannot."""
    import polars as pl

    if all(part.dtype != pl.Object for part in parts):
        return pl.concat(parts).gather(order)
    values = [value for part in parts for value in part.to_list()]
    return pl.Series([values[at] for at in order], dtype=pl.Object)


def name_of(place: int) -> str:
    """Return the Polars name of the column at an index of a graph; it contains no user text."""
    return f"v{place}"


class PolarsValues:
    """The columns computed so far for ``n_rows`` rows, by index: Series, and their NumPy or Python form."""

    def __init__(
        self, series: dict[int, pl.Series], columns: dict[int, Any], n_rows: int, dtypes: Sequence[Dtype]
    ) -> None:
        self.n_rows, self._dtypes = n_rows, dtypes
        self._series, self._columns = series, columns

    def column(self, place: int) -> Any:
        """Return a column as the columns layout has it."""
        if place not in self._columns:
            self._columns[place] = as_column(self._series[place], self._dtypes[place])
        return self._columns[place]

    def series(self, place: int) -> pl.Series:
        """Return a column as a Polars Series; missing may also be NaN if it has never left Polars."""
        if place not in self._series:
            self._series[place] = as_series(self._columns[place], self._dtypes[place])
        return self._series[place]

    def output(self, place: int) -> pl.Series:
        """Return an output column: missing is null."""
        if self._dtypes[place] == "number":
            return as_series(self.column(place), "number")
        return self.series(place)

    def outputs(self, places: Sequence[int]) -> tuple[pl.Series, ...]:
        """Return output columns: missing is null."""
        return tuple(map(self.output, places))

    def frame(self, places: Sequence[int]) -> pl.DataFrame:
        """Return columns in a frame, by the names of their indexes."""
        import polars as pl

        return pl.DataFrame([self.series(place).alias(name_of(place)) for place in places])

    def take(self, place: int, values: Any) -> None:
        """Store a step's result: a Series, or as the columns layout has it."""
        (self._series if hasattr(values, "to_list") else self._columns)[place] = values
