"""CSV and similar files: what is detected about the file, with the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.data._sources._options import refuse_others
from litmus_core.data._sources._staged import Staged
from litmus_core.data._sources.csv_files.table import CsvTable
from litmus_core.runtime import Dialect, find_dialect, open_text, shown_delimiter
from litmus_core.types import Detected

if TYPE_CHECKING:
    import duckdb

    from litmus_core.types import Column, ReadOptions

OPTIONS = ("delimiter", "quote", "encoding", "decimal", "thousands", "date_order", "header_row")


def stage_text(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    *,
    name: str,
    scratch: Path,
    options: ReadOptions,
    expected: Sequence[Column],
) -> Staged:
    """Detect how to read a CSV file; raises DataError if it is not one."""
    refuse_others(options, OPTIONS, name=name, subject="a text file")
    text = open_text(source, scratch=scratch, encoding=options.encoding)
    dialect = find_dialect(text.path, name=name, columns=expected, options=options)
    table = CsvTable(
        connection=connection,
        text=text.path,
        dialect=dialect,
        name=name,
        staged=scratch / "staged.parquet",
        options=options,
    )
    notes = [text.note]
    if not dialect.has_header:
        notes.append("The file has no header; its columns are numbered.")
    detected = [Detected(option="encoding", value=text.encoding, why=text.why), *_dialect_facts(dialect)]
    return Staged(
        csv=table,
        names=dialect.names,
        notes=tuple(filter(None, notes)),
        detected=tuple(detection for detection in detected if getattr(options, detection.option) is None),
    )


def _dialect_facts(dialect: Dialect) -> Iterator[Detected]:
    shown = shown_delimiter(dialect.delimiter)
    if dialect.is_one_column:
        why = "no separator gives the rows the same number of values"
    else:
        width = len(dialect.names)
        why = f"{dialect.n_agreeing:,} of {dialect.n_seen:,} rows have {width:,} values with '{shown}'"
        if dialect.n_seen > 1_000:
            why = f"{why}, of those at the beginning"
    yield Detected(option="delimiter", value=shown, why=why)
    if dialect.quote == "'":
        yield Detected(option="quote", value="'", why="its texts are in single quotes")
    yield _header(dialect)


def _header(dialect: Dialect) -> Detected:
    if not dialect.has_header:
        why = "the first row looks like those below it"
        return Detected(option="header_row", value="0", why=why)
    line = dialect.n_skipped + 1
    why = f"line {line:,} names the columns"
    if dialect.n_skipped:
        why += "; what is above it is not part of the table"
    return Detected(option="header_row", value=str(line), why=why)
