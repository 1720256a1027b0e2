"""Rows as they come: dicts, pandas, polars or a file, made into one table typed like the schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from litmus_core.errors import MissingExtraError, RowError, UsageError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from litmus_core.types import Column

    Rows = Sequence[Mapping[str, Any]] | pd.DataFrame | pl.DataFrame | Path | str


def to_frame(rows: Rows, columns: Sequence[Column]) -> pd.DataFrame:
    """Return a table with exactly ``columns``, typed as in training, with a RangeIndex.

    Raises RowError where a column is missing or a value cannot be what its column holds, UsageError
    where ``rows`` is nothing that holds rows, DataError where a file cannot be read.
    """
    if isinstance(rows, str | Path):
        from litmus_core.runtime._files import read_table

        return conform(read_table(Path(rows)), columns)
    if isinstance(rows, list | tuple):
        return _from_dicts(rows, columns)
    library = type(rows).__module__.partition(".")[0]
    if library == "polars":
        return conform(_polars_to_pandas(rows), columns)
    if library == "pandas" and hasattr(rows, "columns"):
        return conform(cast("pd.DataFrame", rows), columns)
    if isinstance(rows, Mapping):
        raise UsageError("Rows came as one dict.", hint="Put it into a list: predict([row]).")
    raise UsageError(
        f"Rows cannot come as {type(rows).__name__}.",
        hint="Give a list of dicts, a pandas or polars data frame, or the path of a CSV or Parquet file.",
    )


def conform(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Return ``frame``'s ``columns``, each in the type it had in training; index dropped.

    A column may also go by the name that the training file had. Values that are already right are not
    copied one by one; the rest are read as :func:`litmus_core.frame.coerce` reads JSON.
    """
    import pandas

    sources = {column.name: _find(frame, column) for column in columns}
    wrong = [column for column in columns if not _is_right(frame[sources[column.name]], column)]
    ready = frame[list(sources.values())].reset_index(drop=True)
    ready.columns = pandas.Index(list(sources))
    if not wrong or len(ready) == 0:
        return ready
    names = [column.name for column in wrong]
    mended = _coerce(ready[names].astype(object).to_dict("records"), wrong)
    return ready.assign(**{name: mended[name] for name in names})


def _from_dicts(rows: Sequence[Any], columns: Sequence[Column]) -> pd.DataFrame:
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise RowError(
                f"Row {number} is {type(row).__name__}, not an object with one value per column.",
                row=number,
                hint='Each row is a dict such as {"column": value}.',
            )
    return _coerce(rows, columns)


def _coerce(rows: Sequence[Any], columns: Sequence[Column]) -> pd.DataFrame:
    from litmus_core.frame import coerce

    try:
        return coerce(rows, columns)
    except ModuleNotFoundError as error:  # pandas is not part of the base install
        raise MissingExtraError(what="Running this model", extra="train") from error


def _find(frame: pd.DataFrame, column: Column) -> str:
    for name in (column.name, column.original_name):
        if name in frame.columns:
            if list(frame.columns).count(name) > 1:
                raise UsageError(f"The rows have more than one column '{name}'.", hint="Rename one of them.")
            return name
    raise RowError(
        f"The column '{column.name}' is missing.",
        field=column.name,
        hint="The model was trained with it. Leave single values empty where they are unknown.",
    )


def _is_right(values: pd.Series[Any], column: Column) -> bool:
    """Say whether a column already has the type that reading the training data gave it."""
    import pandas
    from pandas.api import types

    if column.kind == "number" or (column.kind == "id" and types.is_numeric_dtype(values.dtype)):
        return values.dtype.kind in "iuf" and not types.is_extension_array_dtype(values.dtype)
    if column.kind == "date":
        return values.dtype.kind == "M" and getattr(values.dtype, "tz", None) is None
    if values.dtype != object:
        return False
    wanted = "boolean" if column.kind == "boolean" else "string"
    return pandas.api.types.infer_dtype(values, skipna=True) in (wanted, "empty")


def _polars_to_pandas(rows: Any) -> pd.DataFrame:
    if not hasattr(rows, "to_pandas"):
        raise UsageError("Rows came as a lazy polars frame.", hint="Collect it first: frame.collect().")
    frame: pd.DataFrame = rows.to_pandas()
    return frame
