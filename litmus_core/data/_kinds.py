# ruff: noqa: S608 - names and paths are quoted by _duck
"""What a stored column means: number, category, text, date, boolean, or an id that only names the row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.data._duck import identifier, parquet
from litmus_core.types import Column, ColumnKind

if TYPE_CHECKING:
    import duckdb

_COLUMNS_AT_ONCE = 40
_EXACT_ROWS = 2_000_000  # distinct values are counted exactly up to here, within about 2 % beyond
_EXAMPLE_ROWS = 200
_EXAMPLE_LETTERS = 80
_FEWEST_ROWS_FOR_ID = 20
_ID_NAME = re.compile(
    r"(^|[\s_.\-])(id|ids|key|uuid|guid|index|rownames?|row_?(id|nr|no|number)|unnamed: ?\d+)$"
    r"|[a-z](ID|Id|Key|Uuid|Guid)$|^(id|row)[\s_\-]"
)
_ROW_NAME = re.compile(r"(unnamed: ?\d+|rownames?|index|row_?(id|nr|no|number)|column 1|)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Counts over one stored column; lengths in characters, ``words`` as a mean per value."""

    n_values: int
    n_distinct: int
    words: float = 0.0
    mean_length: float = 0.0
    longest: int = 0
    span: int = 0  # of whole numbers: largest minus smallest, plus one
    in_row_order: bool = False


def describe(
    connection: duckdb.DuckDBPyConnection,
    table: Path,
    *,
    original_names: Sequence[str],
    written_as: Sequence[str],
) -> tuple[Column, ...]:
    """Return the columns of the Parquet file ``table`` with kinds, counts and examples."""
    relation = connection.execute(f"DESCRIBE SELECT * FROM {parquet(table)}").fetchall()
    stored = [(str(row[0]), str(row[1])) for row in relation]
    n_rows = _one(connection, f"SELECT count(*) FROM {parquet(table)}")
    facts: list[Facts] = []
    for start in range(0, len(stored), _COLUMNS_AT_ONCE):
        facts += _facts(connection, table, stored[start : start + _COLUMNS_AT_ONCE], n_rows=n_rows)
    examples = _examples(connection, table, [name for name, _ in stored])
    return tuple(
        Column(
            name=name,
            original_name=original,
            kind=kind_of(name, storage, found, n_rows=n_rows),
            storage=storage,
            n_missing=n_rows - found.n_values,
            n_distinct=found.n_distinct,
            examples=shown,
            written_as=written,
        )
        for (name, storage), original, written, found, shown in zip(
            stored, original_names, written_as, facts, examples, strict=True
        )
    )


def kind_of(name: str, storage: str, facts: Facts, *, n_rows: int) -> ColumnKind:
    """Judge a column by its name, its DuckDB type and its ``facts``."""
    if storage == "BOOLEAN":
        return "boolean"
    if storage == "TIMESTAMP":
        return "date"
    if storage == "VARCHAR":
        return _kind_of_texts(name, facts, n_rows=n_rows)
    return "id" if storage == "BIGINT" and _is_id_number(name, facts, n_rows=n_rows) else "number"


def looks_like_id(name: str) -> bool:
    """Say whether a column's name says that it only names the row.

    >>> looks_like_id("product ID"), looks_like_id("customer_id"), looks_like_id("paid")
    (True, True, False)
    """
    return bool(_ID_NAME.search(name) or _ID_NAME.search(name.lower()) or _ROW_NAME.fullmatch(name))


def _is_id_number(name: str, facts: Facts, *, n_rows: int) -> bool:
    if facts.n_values < n_rows or facts.n_values < 2 or facts.n_distinct < 0.99 * n_rows:
        return looks_like_id(name) and n_rows >= _FEWEST_ROWS_FOR_ID and _share(facts) > 0.9
    counts_up = facts.in_row_order and facts.span <= 2 * n_rows
    if n_rows < _FEWEST_ROWS_FOR_ID:
        return counts_up and looks_like_id(name)
    return counts_up or looks_like_id(name)


def _kind_of_texts(name: str, facts: Facts, *, n_rows: int) -> ColumnKind:
    if facts.n_values == 0:
        return "category"
    share = _share(facts)
    reads_like_text = facts.words >= 3 and facts.mean_length >= 12
    if reads_like_text and (share > 0.3 or (facts.n_distinct > 1000 and share > 0.05)):
        return "text"
    if facts.mean_length > 100 and facts.words >= 3 and facts.n_distinct > 20:
        return "text"
    if n_rows < _FEWEST_ROWS_FOR_ID or facts.n_values < _FEWEST_ROWS_FOR_ID:
        return "category"
    if share > 0.95 and facts.longest <= 64 and (facts.words < 1.5 or looks_like_id(name)):
        return "id"
    return "text" if share > 0.8 and facts.words >= 2 else "category"


def _share(facts: Facts) -> float:
    return facts.n_distinct / max(facts.n_values, 1)


def _facts(
    connection: duckdb.DuckDBPyConnection, table: Path, stored: Sequence[tuple[str, str]], *, n_rows: int
) -> list[Facts]:
    distinct = "count(DISTINCT {})" if n_rows <= _EXACT_ROWS else "approx_count_distinct({})"
    asked = []
    for name, storage in stored:
        column = identifier(name)
        asked += [f"count({column})", distinct.format(column)]
        if storage == "VARCHAR":
            asked += [
                f"avg(length({column}) - length(replace({column}, ' ', '')) + 1)",
                f"avg(length({column}))",
                f"max(length({column}))",
                "0",
            ]
        elif storage == "BIGINT":
            asked += ["0", "0", "0", f"max({column})::HUGEINT - min({column}) + 1"]
        else:
            asked += ["0"] * 4
    answers = connection.execute(f"SELECT {', '.join(asked)} FROM {parquet(table)}").fetchone() or ()
    found = []
    for index, (name, storage) in enumerate(stored):
        n_values, n_distinct, words, mean_length, longest, span = answers[6 * index : 6 * index + 6]
        nearly_unique = storage == "BIGINT" and n_values == n_rows and n_distinct >= 0.99 * n_rows
        found.append(
            Facts(
                n_values=n_values,
                n_distinct=min(n_distinct, n_values),
                words=float(words or 0.0),
                mean_length=float(mean_length or 0.0),
                longest=int(longest or 0),
                span=int(span or 0),
                in_row_order=nearly_unique and runs_in_row_order(table, name),
            )
        )
    return found


def runs_in_row_order(table: Path, column: str) -> bool:
    """Say whether a column of numbers only rises, or only falls, from the first row to the last."""
    import numpy as np
    import pyarrow.parquet as pq

    values = pq.read_table(table, columns=[column]).column(column).drop_null().to_numpy()
    steps = np.diff(values)
    return bool(len(steps)) and bool((steps >= 0).all() or (steps <= 0).all())


def _examples(
    connection: duckdb.DuckDBPyConnection, table: Path, names: Sequence[str]
) -> list[tuple[str, ...]]:
    """Return up to three different values of each column: the first ones, or one from further down."""
    rows = connection.execute(f"SELECT * FROM {parquet(table)} LIMIT {_EXAMPLE_ROWS}").fetchall()
    columns = [[value for value in values if value is not None] for values in zip(*rows, strict=True)]
    late = [place for place, values in enumerate(columns) if not values]
    if late:
        asked = ", ".join(f"any_value({identifier(names[place])})" for place in late)
        found = connection.execute(f"SELECT {asked} FROM {parquet(table)}").fetchone() or ()
        for place, value in zip(late, found, strict=True):
            columns[place] = [] if value is None else [value]
    return [tuple(list(dict.fromkeys(map(as_text, values)))[:3]) for values in columns]


def as_text(value: Any) -> str:
    """Return a cell as people read it: ISO dates, ``true`` and ``false``, 860 not 860.0, long texts cut."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= _EXAMPLE_LETTERS else text[: _EXAMPLE_LETTERS - 1] + "…"


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
