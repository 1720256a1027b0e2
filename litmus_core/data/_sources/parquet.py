# ruff: noqa: S608 - names and paths are quoted by _duckdb
"""Parquet sources: the types that Litmus keeps, and the conversions of all others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.data._duckdb import identifier, parquet, path_literal
from litmus_core.data._types.evidence import LARGEST
from litmus_core.data._types.numbers.formats import are_long_codes, digits_of, find_codes
from litmus_core.data._types.numbers.lossy_values import infinite_note, rounded_note, zeros_note
from litmus_core.data._types.numbers.notes import codes_note
from litmus_core.data._types.typed_column import Typed
from litmus_core.errors import DataError
from litmus_core.frame import DURATIONS, LISTS
from litmus_core.runtime import MAX_COLUMNS
from litmus_core.text import format_count, quote_names

if TYPE_CHECKING:
    import duckdb

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_REAL = ("FLOAT", "DOUBLE")
_LARGE = ("HUGEINT", "UHUGEINT", "UBIGINT")
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_BEYOND_WHOLE = 2**63 - 1
_WIDEST_DECIMAL = 38  # digits; DuckDB reads wider ones as doubles
_COLUMNS_AT_ONCE = 200  # in one query, whose time and memory grow faster than its columns


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A column of the file: its name, the SQL of its values, and their DuckDB type.

    ``unit`` is that of a duration, which DuckDB reads as a whole number: "s", "ms", "us" or "ns".
    """

    name: str
    value: str
    storage: str = ""
    unit: str = ""

    @property
    def scalar(self) -> str:
        """The DuckDB type, or "" for lists: "DECIMAL(38,0)[]" begins like a number."""
        return "" if self.storage.endswith("]") else self.storage

    @property
    def is_large(self) -> bool:
        """Whether its integers may exceed 64 bits."""
        return self.scalar in _LARGE or (self.scalar.startswith("DECIMAL") and self.scalar.endswith(",0)"))

    @property
    def is_number(self) -> bool:
        """Whether the column is numeric."""
        is_number = self.scalar in (*_WHOLE, *_REAL, *_LARGE) or self.scalar.startswith("DECIMAL")
        return is_number and not self.unit


def read_schema(
    connection: duckdb.DuckDBPyConnection, source: Path, *, name: str
) -> tuple[tuple[str, ...], tuple[Typed, ...], tuple[str, ...]]:
    """Return the original names of ``source``'s columns, their types (in SQL over the file), and notes.

    A column of records becomes one column for each field, lists become texts. Notes name each column that is
    not kept completely. Raises DataError if the file is damaged, has no rows, or has a column of binary data.
    """
    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(source)
        if file.metadata.num_rows == 0 or not file.schema_arrow.names:
            raise DataError(f"'{name}' has no rows.", hint="Choose a file with at least one row.")
        if not (sources := _sources(connection, source, file.schema_arrow)):
            raise DataError(f"'{name}' has no columns but row labels.", hint="Choose another file.")
        if len(sources) > MAX_COLUMNS:
            raise DataError(
                f"'{name}' has {len(sources):,} columns; Litmus takes up to {MAX_COLUMNS:,}.",
                hint="Leave out the columns that cannot matter.",
            )
        described = connection.execute(
            f"DESCRIBE SELECT {', '.join(item.value for item in sources)} FROM {parquet(source)}"
        ).fetchall()
        sources = [replace(item, storage=str(row[1])) for item, row in zip(sources, described, strict=True)]
        sizes = _sizes(connection, source, sources)
        numbers = {item.value: item.name for item in sources if item.is_number}
        codes = find_codes(connection, parquet(source), numbers)
        columns = tuple(
            _as_code(item) if item.value in codes else _typed_column(item, sizes.get(item.value), source=name)
            for item in sources
        )
        finite = _surely_finite(connection, source)
        losses = _losses(connection, source, finite, sources, columns)
    except duckdb.OutOfMemoryException:
        raise  # the file may be sound
    except (pa.ArrowException, duckdb.Error, OSError) as damaged:
        raise DataError(
            f"'{name}' is damaged or not a Parquet file.", hint="Write or download it again."
        ) from damaged
    return tuple(item.name for item in sources), columns, (*_notes(file.schema_arrow, sources), *losses)


def _sources(connection: duckdb.DuckDBPyConnection, source: Path, schema: Any) -> list[_Source]:
    """Return each column with the SQL of its values; records give one for each field.

    DuckDB numbers columns and fields whose names it considers equal; only its own names find them.
    """
    import pyarrow as pa

    described = connection.execute(f"DESCRIBE SELECT * FROM {parquet(source)}").fetchall()
    items, left_out = [], unnamed_index(schema)
    for field, (called, *_) in zip(schema, described, strict=True):
        if field.name in left_out:
            continue
        column = identifier(str(called))
        if pa.types.is_struct(field.type) and field.type.num_fields:
            for place, inner in enumerate(field.type, start=1):
                picked = f"struct_extract_at({column}, {place})"
                unit = _unit(inner.type)
                items.append(_Source(name=f"{field.name}.{inner.name}", value=picked, unit=unit))
        else:
            items.append(_Source(name=field.name, value=column, unit=_unit(field.type)))
    return items


def unnamed_index(schema: Any) -> tuple[str, ...]:
    """Return the columns with the row labels of a data frame that have no name; those with dates stay.

    pandas writes them unless the rows are numbered in order. A data frame's own are left out as well.
    """
    import pyarrow as pa

    wrote = schema.pandas_metadata or {}
    names = {one.get("field_name") for one in wrote.get("columns", ()) if one.get("name") is None}
    indices = [name for name in wrote.get("index_columns", ()) if isinstance(name, str) and name in names]
    return tuple(
        name for name in indices if name in schema.names and not pa.types.is_temporal(schema.field(name).type)
    )


def left_out_note(names: Iterable[str]) -> str:
    """Return the note on row labels that were left out."""
    return f"Row labels that pandas wrote were left out: {quote_names(names)}."


def _unit(kind: Any) -> str:
    """Return the unit of a duration's type; "" for others."""
    import pyarrow as pa

    return str(kind.unit) if pa.types.is_duration(kind) else ""


@dataclass(frozen=True, slots=True)
class _Sizes:
    """The largest absolute value of integers, and whether each of their digits matters."""

    largest: int
    are_codes: bool = False


def _sizes(
    connection: duckdb.DuckDBPyConnection, source: Path, sources: Sequence[_Source]
) -> dict[str, _Sizes]:
    """Return the sizes of integers that may exceed 2**53; only those that do are looked at more closely."""
    kinds = {item.value: item.scalar for item in sources if item.is_large or item.scalar == "BIGINT"}
    sizes = {
        value: _Sizes(max(int(high or 0), -int(low or 0)))
        for value, (high, low) in _query_each(connection, source, kinds, lambda v: (f"max({v})", f"min({v})"))
    }
    beyond = [value for value, size in sizes.items() if size.largest > LARGEST]
    for value, (n, n_distinct, n_beyond, n_rounded) in _query_each(
        connection, source, beyond, lambda v: _digits(v, kinds[v])
    ):
        are_codes = are_long_codes(n, n_distinct=n_distinct, n_beyond=n_beyond, n_rounded=n_rounded)
        sizes[value] = replace(sizes[value], are_codes=are_codes)
    return sizes


def _digits(value: str, kind: str) -> tuple[str, ...]:
    """Return the SQL that counts integers: all, different ones, those beyond 2**53, those no double holds."""
    return (
        f"count({value})",
        f"approx_count_distinct({value})",
        f"count_if(abs({value}::DOUBLE) > {LARGEST})",
        f"count_if({_is_rounded(value, kind)})",
    )


def _query_each(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    values: Iterable[str],
    measures: Callable[[str], tuple[str, ...]],
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield each value with its measures over all rows."""
    measured = ((value, measures(value)) for value in values)
    while batch := list(islice(measured, _COLUMNS_AT_ONCE)):
        sql = ", ".join(one for _, wanted in batch for one in wanted)
        record = iter(connection.execute(f"SELECT {sql} FROM {parquet(source)}").fetchone() or ())
        for value, wanted in batch:
            yield value, tuple(islice(record, len(wanted)))


def _is_rounded(value: str, kind: str) -> str:
    """Return the SQL that tests whether a number is not a double."""
    return f"try_cast({value}::DOUBLE AS {kind}) IS DISTINCT FROM {value}"


def _as_code(column: _Source) -> Typed:
    return Typed(storage="VARCHAR", expression=digits_of(column.value), note=codes_note(column.name))


def _notes(schema: Any, sources: Sequence[_Source]) -> Iterator[str]:
    import pyarrow as pa

    if left_out := unnamed_index(schema):
        yield left_out_note(left_out)
    records = [field for field in schema if pa.types.is_struct(field.type) and field.type.num_fields]
    if records:
        inner = f"{records[0].name}.{records[0].type[0].name}"
        yield f"The fields of '{records[0].name}' became columns of their own, such as '{inner}'."
    if any(_is_nested(source.storage) for source in sources):
        yield "Lists were kept as texts."
    for field in schema:
        if pa.types.is_decimal(field.type) and field.type.precision > _WIDEST_DECIMAL:
            yield f"Numbers in '{field.name}' were kept to about 16 digits; the file has more."


def _is_nested(storage: str) -> bool:
    return storage.endswith("]") or storage.startswith(("STRUCT", "MAP"))


def _losses(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    finite: set[str],
    sources: Sequence[_Source],
    columns: Sequence[Typed],
) -> list[str]:
    """Return notes on lossy columns; infinite numbers are searched where they may occur."""
    conditions = [
        (item.name, condition, words)
        for item, typed in zip(sources, columns, strict=True)
        for condition, words in _loss(item, typed, may_be_infinite=item.name not in finite)
    ]
    if not conditions:
        return []
    counts = _query_each(
        connection, source, [condition for _, condition, _ in conditions], lambda sql: (f"count_if({sql})",)
    )
    return [words(n, name) for (name, _, words), (_, (n,)) in zip(conditions, counts, strict=True) if n]


def _loss(
    column: _Source, typed: Typed, *, may_be_infinite: bool
) -> Iterator[tuple[str, Callable[[int, str], str]]]:
    """Yield, as SQL, which values of a column change, and the note about them."""
    value, storage = column.value, column.scalar
    if storage in _REAL and may_be_infinite:
        yield f"isinf({value})", infinite_note
    elif typed.storage == "DOUBLE" and (column.is_large or storage.startswith("DECIMAL")):
        yield _is_rounded(value, storage), rounded_note
    elif typed.storage == "TIMESTAMP":
        in_calendar = f"coalesce({_is_in_calendar(_moment(column))}, false)"
        yield f"{value} IS NOT NULL AND NOT {in_calendar}", _late_note
    if storage == "TIMESTAMP_NS":
        yield f"{value}::TIMESTAMP::TIMESTAMP_NS IS DISTINCT FROM {value}", _nanoseconds_note
    if storage == "VARCHAR":
        yield f"contains({value}, chr(0))", zeros_note


def _nanoseconds_note(n: int, name: str) -> str:
    return f"{format_count(n, 'time')} in '{name}' {'was' if n == 1 else 'were'} cut to microseconds."


def _late_note(n: int, name: str) -> str:
    return f"{format_count(n, 'time')} in '{name}' outside the years 1 to 9999 became missing."


def _surely_finite(connection: duckdb.DuckDBPyConnection, source: Path) -> set[str]:
    """Return the columns whose smallest and largest numbers are finite, by the file's statistics.

    From DuckDB, since damaged statistics crash pyarrow's process.
    """
    records = connection.execute(
        "SELECT path_in_schema, bool_and(coalesce(isfinite(try_cast(stats_min_value AS DOUBLE)) "
        "AND isfinite(try_cast(stats_max_value AS DOUBLE)), false)) "
        f"FROM parquet_metadata({path_literal(source)}) WHERE type IN ('FLOAT', 'DOUBLE') GROUP BY ALL"
    ).fetchall()
    return {str(name) for name, is_finite in records if is_finite}


def _moment(column: _Source) -> str:
    zoned = "TIMESTAMPTZ" in column.storage or "WITH TIME ZONE" in column.storage
    if zoned:
        return f"timezone('UTC', try_cast({column.value} AS TIMESTAMPTZ))"
    return f"try_cast({column.value} AS TIMESTAMP)"  # a DATE reaches further


def _is_in_calendar(moment: str) -> str:
    """Return the SQL that tests whether a date is in the years that Python, pages and JSON support."""
    return f"{moment} >= TIMESTAMP '0001-01-01' AND {moment} < TIMESTAMP '10000-01-01'"


def _typed_column(column: _Source, sizes: _Sizes | None, *, source: str) -> Typed:
    value, storage = column.value, column.scalar
    if column.unit:
        return _duration(column, f"{value}::DOUBLE / {_PER_SECOND[column.unit]}")
    are_codes = sizes is not None and sizes.are_codes
    if not are_codes and (storage in _WHOLE or (sizes is not None and sizes.largest < _BEYOND_WHOLE)):
        return Typed(storage="BIGINT", expression=f"{value}::BIGINT")
    if not are_codes and (storage in _REAL or storage.startswith("DECIMAL") or column.is_large):
        number = f"{value}::DOUBLE"
        return Typed(storage="DOUBLE", expression=f"CASE WHEN isfinite({number}) THEN {number} END")
    if storage == "BOOLEAN":
        return Typed(storage="BOOLEAN", expression=value)
    if storage == "DATE" or storage.startswith("TIMESTAMP"):
        moment = _moment(column)
        return Typed(storage="TIMESTAMP", expression=f"CASE WHEN {_is_in_calendar(moment)} THEN {moment} END")
    if storage in ("BLOB", "BIT", "GEOMETRY"):
        raise DataError(
            f"Column '{column.name}' of '{source}' holds binary data, which Litmus cannot learn from.",
            hint="Write the file again without that column.",
        )
    if storage == "INTERVAL":
        return _duration(column, f"date_part('epoch', {value})")
    if _is_nested(column.storage):
        return Typed(storage="VARCHAR", expression=f"to_json({value})::VARCHAR", written_as=LISTS)
    text = f"{value}::VARCHAR"
    filled = f"CASE WHEN trim({text}) <> '' THEN replace({text}, chr(0), '') END"
    return Typed(storage="VARCHAR", expression=filled)


def _duration(column: _Source, seconds: str) -> Typed:
    note = f"'{column.name}' holds durations, in seconds."
    return Typed(storage="DOUBLE", expression=seconds, note=note, written_as=DURATIONS)
