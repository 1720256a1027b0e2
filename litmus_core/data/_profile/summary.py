"""Summaries of stored columns: one pass over the Parquet file, a few columns at a time, in two threads.

All is exact up to four million values a column; above, some figures are estimates, which the summary names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from litmus_core.data._profile.block_summary import summarize_numbers, summarize_texts
from litmus_core.data._profile.number_summary import Numbers
from litmus_core.data._profile.profile_types import (
    DateRange,
    Histogram,
    NumberFigures,
    TextFigures,
    ValueCount,
)
from litmus_core.data._profile.text_summary import CountedTexts, HashedTexts, Truths
from litmus_core.types import HasStorage, StoredType

if TYPE_CHECKING:
    import pyarrow as pa

_THREADS = 2
_CELLS_AT_ONCE = 1_000_000  # for each thread
_COUNTED_ROWS = 100_000  # up to here every distinct text is kept and counted
_TOP = 10
_BINS = 20  # numbers with fewer distinct values are listed one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(HasStorage):
    """One stored column over all rows; what does not apply to its type is None, empty or 0.

    ``span`` is largest minus smallest plus one of whole numbers; ``is_in_order`` says that values only rise,
    or only fall, from the first row to the last. ``estimated`` names what is an estimate.
    """

    name: str
    storage: str
    n_values: int
    n_distinct: int
    numbers: NumberFigures | None = None
    dates: DateRange | None = None
    texts: TextFigures | None = None
    span: int = 0
    is_in_order: bool = False
    top: tuple[ValueCount, ...] = ()
    histogram: Histogram | None = None
    estimated: frozenset[str] = frozenset()


class _Collector(Protocol):
    """Collects the summary of one column, row group by row group."""

    needs_second_pass: bool

    def add(self, values: pa.ChunkedArray) -> None: ...

    def second_pass(self, values: pa.ChunkedArray) -> None: ...

    def summary(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored(HasStorage):
    """A column of the file: its DuckDB type, and whether the file stores its texts in dictionaries."""

    name: str
    storage: str
    is_listed: bool

    @property
    def is_slow(self) -> bool:
        return self.stores_text and not self.is_listed

    def collector(self, table: Path, *, n_rows: int) -> _Collector:
        if self.stores_text:
            is_counted = self.is_listed or n_rows <= _COUNTED_ROWS
            return CountedTexts(n_top=_TOP) if is_counted else HashedTexts(table, self.name, n_top=_TOP)
        if self.stores_truths:
            return Truths()
        return Numbers(self.storage, n_bins=_BINS, n_top=_TOP)


def summarize(table: Path | pa.Table, columns: Sequence[tuple[str, str]]) -> tuple[Summary, ...]:
    """Return a summary of each of ``columns`` (name and DuckDB type) of a table, or of a Parquet file."""
    import pyarrow.parquet as pq

    metadata: Any = pq.read_metadata(table) if isinstance(table, Path) else None
    n_rows: int = metadata.num_rows if isinstance(table, Path) else table.num_rows
    size = max(1, _CELLS_AT_ONCE // max(1, n_rows))

    def summarize_batch(some: Sequence[_Stored]) -> list[Summary]:
        if not isinstance(table, Path):
            return _summarize_block(some, table, n_rows=n_rows)
        if metadata.num_row_groups == 1 and n_rows <= _COUNTED_ROWS:
            with pq.ParquetFile(table, metadata=metadata) as file:
                read = file.read(columns=[column.name for column in some], use_threads=False)
            return _summarize_block(some, read, n_rows=n_rows)
        return _summarize_some(table, metadata, some)

    stored = _stored(metadata, columns)
    groups = [stored[start : start + size] for start in range(0, len(stored), size)]
    # The largest first, so that no thread gets one at the end.
    groups.sort(key=lambda group: -sum(1 for column in group if column.stores_text and not column.is_listed))
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="litmus-summary") as pool:
        summaries = {summary.name: summary for part in pool.map(summarize_batch, groups) for summary in part}
    return tuple(summaries[name] for name, _ in columns)


def _summarize_block(columns: Sequence[_Stored], table: pa.Table, *, n_rows: int) -> list[Summary]:
    """Summarise columns of a table that is short enough to be held as a whole."""
    summaries: dict[str, Summary] = {}
    for storage in {column.storage for column in columns}:
        names = [column.name for column in columns if column.storage == storage]
        fields = _fields([table.column(name) for name in names], storage, n_rows=n_rows)
        summaries |= {
            name: Summary(name=name, storage=storage, **field)
            for name, field in zip(names, fields, strict=True)
        }
    return [summaries[column.name] for column in columns]


def _fields(columns: Sequence[pa.ChunkedArray], storage: str, *, n_rows: int) -> list[dict[str, Any]]:
    stored = StoredType(storage)
    if stored.stores_text:
        return summarize_texts(columns, n_rows=n_rows, n_top=_TOP)
    if not stored.stores_truths:
        return summarize_numbers(columns, storage, n_bins=_BINS, n_top=_TOP)
    fields = []
    for column in columns:
        truths = Truths()
        truths.add(column)
        fields.append(truths.summary())
    return fields


def _stored(metadata: Any, columns: Sequence[tuple[str, str]]) -> list[_Stored]:
    if metadata is None:
        return [_Stored(name=name, storage=storage, is_listed=False) for name, storage in columns]
    places = {metadata.schema.column(place).name: place for place in range(metadata.num_columns)}

    def is_listed(name: str) -> bool:
        groups = (metadata.row_group(index) for index in range(metadata.num_row_groups))
        return all(group.column(places[name]).has_dictionary_page for group in groups)

    return [
        _Stored(name=name, storage=storage, is_listed=StoredType(storage).stores_text and is_listed(name))
        for name, storage in columns
    ]


def _summarize_some(table: Path, metadata: Any, columns: Sequence[_Stored]) -> list[Summary]:
    collectors = [column.collector(table, n_rows=metadata.num_rows) for column in columns]
    for values in _row_groups(table, metadata, columns):
        for collector, value in zip(collectors, values, strict=True):
            collector.add(value)
    again = [place for place, collector in enumerate(collectors) if collector.needs_second_pass]
    for values in _row_groups(table, metadata, [columns[place] for place in again]) if again else ():
        for place, read_values in zip(again, values, strict=True):
            collectors[place].second_pass(read_values)
    return [
        Summary(name=column.name, storage=column.storage, **collector.summary())
        for column, collector in zip(columns, collectors, strict=True)
    ]


def _row_groups(table: Path, metadata: Any, columns: Sequence[_Stored]) -> Iterator[list[pa.ChunkedArray]]:
    import pyarrow.parquet as pq

    names = [column.name for column in columns]
    listed = [column.name for column in columns if column.is_listed]
    with pq.ParquetFile(table, metadata=metadata, read_dictionary=listed) as file:
        for index in range(file.num_row_groups):
            read = file.read_row_group(index, columns=names, use_threads=False)
            yield [read.column(name) for name in names]
