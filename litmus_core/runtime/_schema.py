"""A pandera schema of a model's input, which rejects the values that the model rejects."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from litmus_core.errors import MissingExtraError, RowError
from litmus_core.frame import read_rows

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

    from litmus_core.types import Column


def input_schema(columns: Sequence[Column], *, name: str) -> pa.DataFrameSchema:
    """Return a schema of frames with ``columns``; raises MissingExtraError without pandera."""
    try:
        import pandera.pandas as pa
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] not in ("pandera", "pandas"):
            raise
        raise MissingExtraError(subject="A schema", extra="schema") from error
    return pa.DataFrameSchema({column.name: _column_schema(column) for column in columns}, name=name)


def rows_schema(columns: Sequence[Column]) -> dict[str, Any]:
    """Return the JSON schema of a request's body: ``{"rows": [{column: value, …}, …]}``."""
    row = {
        "type": "object",
        "properties": {column.name: dict(column.traits.json_schema) for column in columns},
        "required": [column.name for column in columns],
    }
    return {
        "type": "object",
        "properties": {"rows": {"type": "array", "items": row}},
        "required": ["rows"],
    }


def _column_schema(column: Column) -> pa.Column:
    import pandera.pandas as pa

    def reads(values: pd.Series[Any]) -> pd.Series[bool]:
        """Return for each value whether the model can read it."""
        return values.notna() if _reads_all(values, column) else values.map(partial(_reads, column))

    kind = column.traits
    check = pa.Check(reads, name=f"is {kind.asks_for}", error=f"is not {kind.asks_for}{kind.example}")
    written = f", written as {column.written_as}" if column.written_as else ""
    return pa.Column(
        None,
        checks=check,
        nullable=True,
        description=f"{kind.label}{written}",
        metadata={"kind": column.kind, "storage": column.storage, "written_as": column.written_as},
    )


def _reads_all(values: pd.Series[Any], column: Column) -> bool:
    if column.traits.reads == "number" and values.dtype.kind in "iuf":
        return True
    return _can_read(values.tolist(), column)


def _reads(column: Column, value: Any) -> bool:
    return _can_read([value], column)


def _can_read(values: Sequence[Any], column: Column) -> bool:
    if column.traits.reads == "number":  # in a frame true is 1, which it is not in JSON
        values = [int(value) if isinstance(value, bool) else value for value in values]
    try:
        read_rows([{column.name: value} for value in values], [column])
    except RowError:
        return False
    return True
