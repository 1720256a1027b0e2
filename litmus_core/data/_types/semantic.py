# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""The kind of a stored column: an amount, a category or place, text, a date, a boolean, or an id."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.data._duckdb import identifier, parquet
from litmus_core.data._rows.cells import as_text
from litmus_core.frame import CODES, codes_of_width
from litmus_core.types import COLUMN_KINDS, Column, KindName, StoredType

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from litmus_core.data._profile.summary import Summary

_EXAMPLES, _EXAMPLE_ROWS = 3, 200
_FEWEST_ROWS_FOR_ID = 20
_CODE = re.compile("-?[0-9]{1,18}")
_UNIT = re.compile(r"(?:^|; )unit (.+)$")
_ID_NAME = re.compile(
    r"(^|[\s_.\-])(id|ids|key|uuid|guid|index|rownames?|row_?(id|nr|no|number)|unnamed: ?\d+)$"
    r"|[a-z](ID|Id|Key|Uuid|Guid)$|^(id|row)[\s_\-]"
)
_ROW_NAME = re.compile(r"(unnamed: ?\d+|rownames?|index|row_?(id|nr|no|number)|column 1|)", re.IGNORECASE)


_PLACE_NAME = re.compile(
    r"(^|[\W_])(city|cities|town|village|country|countries|country[\W_]?code|us[\W_]?state|province|region|county|district"
    r"|borough|neighbou?rhood|municipality|island|airport|address|street|location|zip([\W_]?code)?|post(al)?[\W_]?code"
    r"|postcode|plz|ort|stadt|land|bundesland|kanton|ville|pays|d[ée]partement|ciudad|pa[ií]s|provincia|citt[aà]|paese)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFacts:
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
    table: Path | pa.Table,
    summaries: Sequence[Summary],
    *,
    original_names: Sequence[str],
    written_as: Sequence[str],
    n_rows: int,
) -> tuple[Column, ...]:
    """Return the columns of a table, or of a Parquet file, with kinds, counts and examples."""
    examples = _examples(connection, table, [summary.name for summary in summaries])
    written_as = _find_codes(connection, table, summaries, written_as, examples)
    return tuple(
        Column(
            name=summary.name,
            original_name=original,
            kind=kind_in_unit(
                written, default=kind_of(summary.name, summary.storage, _facts(summary), n_rows=n_rows)
            ),
            storage=summary.storage,
            n_missing=n_rows - summary.n_values,
            n_distinct=summary.n_distinct,
            examples=shown,
            written_as=written,
        )
        for summary, original, written, shown in zip(
            summaries, original_names, written_as, examples, strict=True
        )
    )


def _find_codes(
    connection: duckdb.DuckDBPyConnection,
    table: Path | pa.Table,
    summaries: Sequence[Summary],
    written_as: Sequence[str],
    examples: Sequence[tuple[str, ...]],
) -> list[str]:
    """Return the formats, with that of codes for texts that are all whole numbers.

    pandas writes such numbers as 5.0 where one of them is missing, and without their leading zeros.
    """
    formats = list(written_as)
    places = [
        place
        for place, summary in enumerate(summaries)
        if StoredType(summary.storage).stores_text
        and formats[place] in ("", CODES)
        and examples[place]
        and all(_CODE.fullmatch(example) for example in examples[place])
    ]
    if not places:
        return formats
    names = [summaries[place].name for place in places]
    facts = (
        _digits_in_file(connection, table, names)
        if isinstance(table, Path)
        else ([_digits_in_memory(table.column(name)) for name in names])
    )
    for place, (are_codes, least, most, has_zeros) in zip(places, facts, strict=True):
        if are_codes:
            formats[place] = codes_of_width(most) if has_zeros and 1 < least == most else CODES
    return formats


def _digits_in_file(
    connection: duckdb.DuckDBPyConnection, table: Path, names: Sequence[str]
) -> list[Sequence[Any]]:
    """Return for each column whether all its texts are whole numbers, the least and most letters, and whether
    any begins with 0."""
    facts = ", ".join(
        f"bool_and(regexp_full_match({cell}, '{_CODE.pattern}')), min(length({cell})), max(length({cell})), "
        f"bool_or(starts_with({cell}, '0'))"
        for cell in map(identifier, names)
    )
    record = connection.execute(f"SELECT {facts} FROM {parquet(table)}").fetchone() or ()
    return [record[at : at + 4] for at in range(0, len(record), 4)]


def _digits_in_memory(column: pa.ChunkedArray) -> Sequence[Any]:
    """Return the same as :func:`_digits_in_file` for a column in memory."""
    import pyarrow.compute as pc

    lengths = pc.min_max(pc.utf8_length(column)).as_py()
    are_codes = pc.all(pc.match_substring_regex(column, f"^{_CODE.pattern}$")).as_py()
    return are_codes, lengths["min"], lengths["max"], pc.any(pc.starts_with(column, "0")).as_py()


def kind_of(name: str, storage: str, facts: ColumnFacts, *, n_rows: int) -> KindName:
    """Return the kind of a column by its name, its DuckDB type and its ``facts``."""
    stored = StoredType(storage)
    if stored.stores_truths:
        return "boolean"
    if stored.stores_times:
        return "date"
    if stored.stores_text:
        kind = _kind_of_texts(name, facts, n_rows=n_rows)
        return "place" if COLUMN_KINDS[kind].is_vocabulary and is_place_name(name) else kind
    return "id" if stored.stores_whole_numbers and _is_id_number(name, facts, n_rows=n_rows) else "number"


def kind_in_unit(written_as: str, *, default: KindName) -> KindName:
    """Return the kind of numbers that a file wrote with a unit; ``default`` if no kind has that unit."""
    unit = _UNIT.search(written_as)
    if unit is None or not COLUMN_KINDS[default].is_quantity:
        return default
    return next((kind.name for kind in COLUMN_KINDS.values() if unit[1] in kind.units), default)


def kind_of_texts(name: str, values: Sequence[str | None]) -> KindName:
    """Return the kind of a column of n texts (None if missing) by the rules of import.

    >>> kind_of_texts("colour", ["red", "blue", None] * 10)
    'category'
    """
    texts = [value for value in values if value is not None]
    lengths, n_values = [len(text) for text in texts], max(1, len(texts))
    facts = ColumnFacts(
        n_values=len(texts),
        n_distinct=len(set(texts)),
        words=sum(text.count(" ") for text in texts) / n_values + 1 if texts else 0.0,
        mean_length=sum(lengths) / n_values,
        longest=max(lengths, default=0),
    )
    return _kind_of_texts(name, facts, n_rows=len(values))


def looks_like_id(name: str) -> bool:
    """Return whether a column's name says that it is an id.

    >>> looks_like_id("product ID"), looks_like_id("customer_id"), looks_like_id("paid")
    (True, True, False)
    """
    return bool(_ID_NAME.search(name) or _ID_NAME.search(name.lower()) or _ROW_NAME.fullmatch(name))


def names_rows(name: str) -> bool:
    """Return whether a column's name says that it only numbers the rows of a file.

    >>> names_rows("rownames"), names_rows("Unnamed: 0"), names_rows("invoice no")
    (True, True, False)
    """
    return _ROW_NAME.fullmatch(name) is not None


def is_place_name(name: str) -> bool:
    """Return whether a column's name says that it holds places.

    >>> is_place_name("home_city"), is_place_name("Zip code"), is_place_name("velocity")
    (True, True, False)
    """
    return _PLACE_NAME.search(name) is not None


def _is_id_number(name: str, facts: ColumnFacts, *, n_rows: int) -> bool:
    if facts.n_values < n_rows or facts.n_values < 2 or facts.n_distinct < 0.99 * n_rows:
        return looks_like_id(name) and n_rows >= _FEWEST_ROWS_FOR_ID and _share(facts) > 0.9
    counts_up = facts.in_row_order and facts.span <= 2 * n_rows
    if n_rows < _FEWEST_ROWS_FOR_ID:
        return counts_up and looks_like_id(name)
    return counts_up or looks_like_id(name)


def _kind_of_texts(name: str, facts: ColumnFacts, *, n_rows: int) -> KindName:
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


def _share(facts: ColumnFacts) -> float:
    return facts.n_distinct / max(facts.n_values, 1)


def _facts(summary: Summary) -> ColumnFacts:
    texts = summary.texts
    return ColumnFacts(
        n_values=summary.n_values,
        n_distinct=summary.n_distinct,
        words=texts.mean_words if texts else 0.0,
        mean_length=texts.mean_letters if texts else 0.0,
        longest=texts.most_letters if texts else 0,
        span=summary.span,
        in_row_order=summary.is_in_order,
    )


def runs_in_row_order(table: Path, column: str) -> bool:
    """Return whether a column of numbers only rises, or only falls, from the first row to the last."""
    import numpy as np
    import pyarrow.parquet as pq

    values = pq.read_table(table, columns=[column]).column(column).drop_null().to_numpy()
    steps = np.diff(values)
    return bool(len(steps)) and bool((steps >= 0).all() or (steps <= 0).all())


def _examples(
    connection: duckdb.DuckDBPyConnection, table: Path | pa.Table, names: Sequence[str]
) -> list[tuple[str, ...]]:
    """Return up to three different values of each column: the first ones, or one from further down."""
    if not isinstance(table, Path):
        return [_examples_in_memory(table.column(name)) for name in names]
    rows = connection.execute(f"SELECT * FROM {parquet(table)} LIMIT {_EXAMPLE_ROWS}").fetchall()
    columns = [[value for value in values if value is not None] for values in zip(*rows, strict=True)]
    late = [place for place, values in enumerate(columns) if not values]
    if late:
        values_sql = ", ".join(f"any_value({identifier(names[place])})" for place in late)
        record = connection.execute(f"SELECT {values_sql} FROM {parquet(table)}").fetchone() or ()
        for place, value in zip(late, record, strict=True):
            columns[place] = [] if value is None else [value]
    return [_first_distinct(values) for values in columns]


def _examples_in_memory(column: pa.ChunkedArray) -> tuple[str, ...]:
    """Return the examples of a column in memory; the first rows are nearly always enough."""
    for n_rows in (2 * _EXAMPLES, _EXAMPLE_ROWS):
        values = [value for value in column.slice(0, n_rows).to_pylist() if value is not None]
        shown = _first_distinct(values)
        if len(shown) == _EXAMPLES:
            return shown
    return shown or _first_distinct(column.drop_null().slice(0, 1).to_pylist())


def _first_distinct(values: Sequence[object]) -> tuple[str, ...]:
    shown: dict[str, None] = {}
    for value in values:
        shown[as_text(value)] = None
        if len(shown) == _EXAMPLES:
            break
    return tuple(shown)
