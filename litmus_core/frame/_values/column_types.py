"""Infer column types from rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import numpy as np

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.frame._layouts.selection import Form
from litmus_core.frame._values import raw_values
from litmus_core.frame._values.column_names import check_names

# "flag": true or false and never missing; "boolean": may be missing, and is read as 1, 0 and NaN.
# "whole", "mixed", "missing": numbers with more details, see SourceKind.
InferredType = Literal["number", "whole", "mixed", "missing", "flag", "boolean", "text", "date"]

_NAMES = ("number", "text", "date", "boolean")
_OF_TYPES: tuple[tuple[tuple[type, ...], InferredType], ...] = (
    ((bool, np.bool_), "flag"),
    ((str,), "text"),
    ((int, float, np.integer, np.floating, Decimal), "number"),
    ((datetime, date, np.datetime64), "date"),
)
_FLOATS = {float, np.float64, np.float32, np.float16}
_OF_KINDS: Mapping[str, InferredType] = {
    "b": "flag",
    "i": "whole",
    "u": "whole",
    "f": "number",
    "M": "date",
    "U": "text",
}


def infer_columns(
    rows: Any, form: Form, types: Mapping[str, InferredType]
) -> tuple[dict[str, InferredType], Any]:
    """Return the type of each column of ``rows`` by name, and the rows; dicts get all columns.

    ``types`` sets the type of columns that would be read otherwise, such as dates written as texts.
    """
    if form == "records":
        names, rows = _of_records(rows)
    else:
        names = list(rows.collect_schema().names() if hasattr(rows, "collect_schema") else rows)
    _check_names(names, types)
    return {name: types.get(name) or _infer_column(rows, name, form) for name in names}, rows


def _of_records(rows: Any) -> tuple[list[Any], list[Any]]:
    odd = next((at for at, row in enumerate(rows) if not isinstance(row, Mapping)), None)
    if odd is not None:
        raise UsageError(
            f"Row {odd} is {type(rows[odd]).__name__}, not a dict with one value per column.",
            hint='Each row is a dict such as {"column": value}.',
        )
    names = list(dict.fromkeys(name for row in rows for name in row))
    if all(len(row) == len(names) for row in rows):
        return names, list(rows)
    missing = dict.fromkeys(names)
    return names, [{**missing, **row} for row in rows]


def _check_names(names: list[Any], types: Mapping[str, InferredType]) -> None:
    if not names:
        raise UsageError(
            "These rows have no columns.",
            hint="Give at least one row, or a dict or frame that names columns.",
        )
    check_names(names)
    for name, type_ in types.items():
        if name not in names:
            raise UnknownNameError(kind="column", name=name, names=names)
        if type_ not in _NAMES:
            raise UnknownNameError(kind="type", name=type_, names=_NAMES)


def _infer_column(rows: Any, name: str, form: Form) -> InferredType:
    if form == "polars":
        return _of_polars(rows, name)
    if form == "records":
        return _of_values((row[name] for row in rows), name)
    values = rows[name]
    if isinstance(values, list | tuple):
        return _of_values(values, name)
    dtype = getattr(values, "dtype", None)
    if dtype is None:
        raise UsageError(
            f"The column '{name}' is {type(values).__name__}.", hint="Give a list, an array or a Series."
        )
    kind = "O" if dtype == "category" else str(getattr(dtype, "kind", "O"))
    if kind == "O":
        return _of_values(values.tolist(), name)
    if kind in "biu" and getattr(values, "hasnans", False):
        return "boolean" if kind == "b" else "mixed"
    if kind not in _OF_KINDS:
        raise _unsupported_values(name, str(dtype))
    return _OF_KINDS[kind]


def _of_polars(rows: Any, name: str) -> InferredType:
    import polars as pl

    dtype = rows.collect_schema()[name]
    has_no_missing = isinstance(rows, pl.DataFrame) and rows[name].null_count() == 0
    if dtype == pl.Boolean:
        return "flag" if has_no_missing else "boolean"
    if dtype == pl.Null:
        return "missing"
    if dtype.is_numeric():
        return "number" if dtype.is_float() else "whole" if has_no_missing and dtype.is_integer() else "mixed"
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return "text"
    if dtype in (pl.Date, pl.Datetime):
        return "date"
    if dtype == pl.Object and isinstance(rows, pl.DataFrame):
        return _of_values(rows[name].to_list(), name)
    raise _unsupported_values(name, str(dtype))


def _of_values(values: Iterable[Any], name: str) -> InferredType:
    """Return the type of Python values."""
    present = list(values)
    n_values, kinds = len(present), _kinds(present, name)
    if len(kinds) > 1 or None in kinds:  # NaN means missing among texts, too
        present = [value for value in present if not raw_values.is_missing(value)]
        kinds = _kinds(present, name)
    if kinds == {"flag"}:
        return "flag" if len(present) == n_values else "boolean"
    if kinds <= {"number", "flag"}:
        return _of_numbers(present, n_values)
    if len(kinds) > 1:
        kinds_text = " and ".join(f"{kind}s" for kind in sorted(map(str, kinds)))
        raise UsageError(
            f"The column '{name}' holds {kinds_text}.",
            hint=f"Make them of one kind, or pass types={{'{name}': 'text'}} to read all as texts.",
        )
    return "text" if "text" in kinds else "date"


def _of_numbers(present: list[Any], n_values: int) -> InferredType:
    """Return the type of Python numbers; ``n_values`` counts missing ones too."""
    kinds = set(map(type, present))
    if kinds <= _FLOATS:
        has_numbers = any(value == value for value in present)
        return "number" if has_numbers else "missing"
    is_integral = len(present) == n_values and all(
        issubclass(kind, int | np.integer) for kind in kinds - {bool}
    )
    return "whole" if is_integral and bool not in kinds else "mixed"


def _kinds(values: Iterable[Any], name: str) -> set[InferredType | None]:
    """Return the kinds of values by their Python types; None for a type that means missing."""
    types: set[InferredType | None] = set()
    for class_ in set(map(type, values)):
        is_gap = class_.__name__ in ("NoneType", "NAType", "NaTType")
        kind = next((type_ for bases, type_ in _OF_TYPES if issubclass(class_, bases)), None)
        if kind is None and not is_gap:
            raise _unsupported_values(name, class_.__name__)
        types.add(None if is_gap else kind)
    return types


def _unsupported_values(name: str, kinds_text: str) -> UsageError:
    return UsageError(
        f"The column '{name}' holds values of {kinds_text}.",
        hint="A column holds numbers, truth values, texts or dates.",
    )
