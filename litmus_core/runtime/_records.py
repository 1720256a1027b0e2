"""Records in rows to score: their fields become columns, such as ``address.city``, as at import."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from litmus_core.errors import RowError

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.types import Column

T = TypeVar("T")
_Places = Sequence[tuple["Column", tuple[tuple[str, str], ...]]]


def with_records(answer: Callable[[Any], T], rows: Any, columns: Sequence[Column]) -> T:
    """Return ``answer(rows)``; where it lacks a field of a record, its answer to :func:`flat_rows`."""
    try:
        return answer(rows)
    except RowError:
        flat = flat_rows(rows, columns)
        if flat is rows:
            raise
    return answer(flat)


def flat_rows(rows: Any, columns: Sequence[Column]) -> Any:
    """Return dicts or a frame with the fields of records that ``columns`` name; ``rows`` if there are none.

    The fields of an empty or missing record are missing. A field that a record lacks is not added.
    """
    places = [(column, pairs) for column in columns if (pairs := tuple(_places_of(column)))]
    if not places:
        return rows
    if isinstance(rows, list | tuple):
        flat = [_flat_row(row, places) for row in rows]
        return rows if all(new is row for new, row in zip(flat, rows, strict=True)) else flat
    return _flat_frame(rows, places)


def _places_of(column: Column) -> Iterator[tuple[str, str]]:
    """Yield the record and the field that may be meant: each point in the name may part them."""
    for name in dict.fromkeys((column.original_name, column.name)):
        parts = name.split(".")
        for at in range(1, len(parts)):
            yield ".".join(parts[:at]), ".".join(parts[at:])


def _flat_row(row: Any, places: _Places) -> Any:
    if not isinstance(row, Mapping):
        return row
    fields: dict[str, Any] = {}
    for column, pairs in places:
        for record, field in () if column.name in row else pairs:
            value = row.get(record, "")
            if _is_empty(value):
                fields[column.name] = None
                break
            if isinstance(value, Mapping) and field in value:
                fields |= {record: None, column.name: value[field]}
                break
    return {**row, **fields} if fields else row


def _is_empty(record: Any) -> bool:
    return record is None or record == {} or (isinstance(record, float) and record != record)


def _flat_frame(rows: Any, places: _Places) -> Any:
    library = type(rows).__module__.partition(".")[0]
    if library not in ("pandas", "polars") or not hasattr(rows, "columns"):
        return rows
    names = list(rows.columns)
    wanted = {
        column.name: pair
        for column, pairs in places
        if column.name not in names and column.original_name not in names
        for pair in reversed(pairs)
        if names.count(pair[0]) == 1
    }
    picked = {name: _values_of(rows[record], field) for name, (record, field) in wanted.items()}
    fields = {name: values for name, values in picked.items() if values is not None}
    if not fields:
        return rows
    frame = cast("pd.DataFrame", rows.to_pandas() if library == "polars" else rows)
    records: dict[str, Any] = {wanted[name][0]: None for name in fields}
    return frame.assign(**records, **{name: _as_series(values, frame) for name, values in fields.items()})


def _values_of(records: Any, field: str) -> list[Any] | None:
    """Return a field's values; None where no record has it, or values are no records."""
    values = records.to_list()
    filled = [value for value in values if not _is_empty(value)]
    if not all(isinstance(value, Mapping) for value in filled):
        return None
    if filled and not any(field in value for value in filled):
        return None
    return [None if _is_empty(value) else value.get(field) for value in values]


def _as_series(values: list[Any], frame: pd.DataFrame) -> pd.Series[Any]:
    import pandas as pd

    return pd.Series(values, index=frame.index, dtype=object).infer_objects()
