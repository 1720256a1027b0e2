"""Convert input rows (dicts, pandas, polars or a file) into one table of raw values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from litmus_core.errors import MissingExtraError, RowError, UsageError
from litmus_core.frame import (
    cell_fixes,
    codes_width,
    has_source_format,
    holds_durations,
    is_fixed,
    is_infinite,
    read_rows,
    to_plain_format,
)
from litmus_core.runtime._files.csv import CsvChunk, CsvSource
from litmus_core.runtime._files.parquet import ParquetChunk
from litmus_core.runtime._files.tables import open_table, read_columns, read_table
from litmus_core.runtime._files.unchanged import unchanged

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from litmus_core.types import Column

    Rows = Sequence[Mapping[str, Any]] | pd.DataFrame | pl.DataFrame | CsvChunk | ParquetChunk | Path | str


def to_frame(rows: Rows, columns: Sequence[Column]) -> pd.DataFrame:
    """Return a table with exactly ``columns`` and a RangeIndex, ready for the pipeline.

    Raises RowError if a column is missing or a dict's value does not fit its column, UsageError if ``rows``
    is not a supported form, DataError if a file cannot be read.
    """
    with _needing_pandas():
        if isinstance(rows, list | tuple):
            return _from_dicts(rows, columns)
        if isinstance(rows, str | Path):
            with unchanged(Path(rows)), open_table(Path(rows), columns) as table:
                return pick(read_table(table), columns)
        if isinstance(rows, CsvChunk | ParquetChunk):
            return pick(rows.frame(), columns)
        return pick(_from_library(rows, columns), columns)


def to_columns(rows: Rows, columns: Sequence[Column]) -> dict[str, Any]:
    """Return rows other than dicts as lists, arrays and Series by name, with the values of :func:`to_frame`.

    A CSV file, or a chunk of one, needs no pandas.
    """
    with _needing_pandas():
        if isinstance(rows, str | Path):
            with unchanged(Path(rows)), open_table(Path(rows), columns) as table:
                if isinstance(table, CsvSource):
                    return _pick_cells(read_columns(table), columns)
                return _pick_values(read_table(table), columns)
        if isinstance(rows, CsvChunk):
            return _pick_cells(rows.columns(), columns)
        frame = rows.frame() if isinstance(rows, ParquetChunk) else _from_library(rows, columns)
        return _pick_values(frame, columns)


@contextmanager
def _needing_pandas() -> Iterator[None]:
    """Raise a helpful error if pandas is missing: the base install does not include it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in ("pandas", "pyarrow"):
            raise
        raise MissingExtraError(subject="Running this model", extra="train") from error


def _from_library(rows: Any, columns: Sequence[Column]) -> pd.DataFrame:
    """Return a pandas or polars frame as a pandas frame with at least ``columns``, if it has them."""
    library = type(rows).__module__.partition(".")[0]
    if library == "polars" and hasattr(rows, "to_pandas") and hasattr(rows, "columns"):
        return _polars_to_pandas(rows, columns)
    if library == "pandas" and hasattr(rows, "columns"):
        names = {name for column in columns for name in (column.name, column.original_name)}
        return with_labels(cast("pd.DataFrame", rows), names)
    raise UsageError(f"Rows cannot come as {type(rows).__name__}.", hint=_hint(rows))


def labels_of(frame: pd.DataFrame) -> list[str]:
    """Return the names of a frame's row labels that are no columns, too."""
    return [name for name in frame.index.names if isinstance(name, str) and name not in frame.columns]


def with_labels(frame: pd.DataFrame, names: Collection[str]) -> pd.DataFrame:
    """Return a frame with its row labels of these names as columns, in front; unchanged without any."""
    wanted = [name for name in labels_of(frame) if name in names]
    if not wanted:
        return frame
    frame = frame.copy(deep=False)
    for place, name in enumerate(wanted):
        frame.insert(place, name, frame.index.get_level_values(name).array)
    return frame


def _polars_to_pandas(rows: Any, columns: Sequence[Column]) -> pd.DataFrame:
    wanted = {column.name for column in columns} | {column.original_name for column in columns}
    frame: pd.DataFrame = rows.select([name for name in rows.columns if name in wanted]).to_pandas()
    return frame


def _hint(rows: object) -> str:
    if isinstance(rows, Mapping):
        return "One row goes into a list: [row]."
    if hasattr(rows, "collect"):
        return "Collect the lazy frame first: rows.collect()."
    return "Give a list of dicts, a pandas or polars data frame, or the path of a CSV or Parquet file."


def pick(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Return ``frame``'s ``columns`` under the names of the schema, without the index.

    A frame's column may have its name in the training file. Raises RowError for a missing one.
    """
    import pandas as pd

    picked = {name: getattr(values, "array", values) for name, values in _pick_values(frame, columns).items()}
    return pd.DataFrame(picked, index=pd.RangeIndex(len(frame)))


def _pick_values(frame: pd.DataFrame, columns: Sequence[Column]) -> dict[str, Any]:
    """Return the same as :func:`pick` as arrays by name (pandas' own types: Series), which is faster."""
    return {column.name: _values_of(frame[_find(frame, column)], column) for column in columns}


def _values_of(values: pd.Series[Any], column: Column) -> Any:
    """Return a column's values: infinite numbers become missing, as at import, and texts are normalised."""
    import numpy as np
    import pandas as pd

    if values.dtype.kind == "m" and holds_durations(column):
        values = values.dt.total_seconds()
    kind = values.dtype.kind
    if column.stores_numbers and kind in "fO":
        values = _finite(values)
    if has_source_format(column) and kind not in _plain_kinds(column):
        values = pd.Series(to_plain_format(values.astype(object).tolist(), column), dtype=object)
    elif is_fixed(column):
        values = _fixed(values, column)
    return values.to_numpy() if isinstance(values.dtype, np.dtype) else values


def _fixed(values: pd.Series[Any], column: Column) -> pd.Series[Any]:
    """Return numbers or moments with those replaced that fixes of the table replaced."""
    by_value = cell_fixes(column).by_value
    changed = values.isin(list(by_value))
    if not changed.any():
        return values
    fixed = values.astype("float64") if values.dtype.kind in "iu" else values.copy()
    return fixed.mask(changed, fixed[changed].map(by_value))


def with_fixes_of(rows: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Return rows of another table with what fixes of the table of ``columns`` put in place of values."""
    fixed = [column for column in columns if column.name in rows.columns and is_fixed(column)]
    return rows.assign(**{column.name: _values_of(rows[column.name], column) for column in fixed})


def _plain_kinds(column: Column) -> str:
    """Return the kinds of arrays that need no conversion from the training file's format."""
    if is_fixed(column) and not column.written_as:
        return "" if column.stores_text else "Mfiu"
    width = codes_width(column.written_as)
    return "Mf" if width is None else "M" if width else "Mfiu"


def _finite(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return numbers, or texts of numbers, with infinite ones missing, as at import."""
    import numpy as np
    import pandas as pd

    if values.dtype.kind == "f":
        return values.where(np.isfinite(values)) if np.isinf(values.to_numpy()).any() else values
    return pd.Series([None if is_infinite(value) else value for value in values], dtype=object)


def _find(frame: pd.DataFrame, column: Column) -> str:
    for name in (column.name, column.original_name):
        if name in frame.columns:
            if not frame.columns.is_unique and list(frame.columns).count(name) > 1:
                raise UsageError(f"The rows have more than one column '{name}'.", hint="Rename one of them.")
            return name
    raise _missing(column)


def _missing(column: Column) -> RowError:
    return RowError(
        f"The column '{column.name}' is missing.",
        field=column.name,
        hint="The model was trained with it. Leave single values empty where they are unknown.",
    )


def _pick_cells(cells: dict[str, list[str | None]], columns: Sequence[Column]) -> dict[str, Any]:
    """Return the same as :func:`pick`, for texts of a file by column name."""
    picked: dict[str, Any] = {}
    for column in columns:
        if column.name not in cells:
            raise _missing(column)
        values: list[Any] = cells[column.name]
        if column.stores_numbers:
            values = [None if is_infinite(value) else value for value in values]
        picked[column.name] = to_plain_format(values, column)
    return picked


def _from_dicts(rows: Sequence[Any], columns: Sequence[Column]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(read_rows(rows, columns), index=pd.RangeIndex(len(rows)), copy=False)
