"""Score addresses as files: fetch rows before, and send the result when it is complete."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from litmus_core.connectors import (
    FetchedTable,
    IfExists,
    TableAddress,
    as_address,
    check_delta_target,
    check_writable,
    fetch_table,
    is_delta,
    is_delta_address,
    is_delta_target,
    read_delta,
    send_table,
    write_delta,
)
from litmus_core.errors import UsageError, check_overlap
from litmus_core.runtime import scratch_folder
from litmus_core.types import ReadOptions

SQLITE_SUFFIXES = (".sqlite", ".sqlite3", ".db")


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFiles:
    """The files to score and to write; ``table`` is a table of a database file.

    ``notes`` name what was not read unchanged.
    """

    source: Path
    to: Path
    table: str | None
    notes: tuple[str, ...] = ()


@contextmanager
def local_files(
    source: Path | str, to: Path | str, *, table: str | None, if_exists: IfExists | None
) -> Iterator[LocalFiles]:
    """Yield a local file for each address, and send the result at the end.

    Local files are yielded unchanged. Raises UsageError before anything is fetched if ``to`` cannot be
    written.
    """
    target, address = as_address(to), as_address(source)
    delta = Path(to) if target is None and is_delta_target(Path(to)) else None
    if target is None and delta is None and if_exists is not None:
        raise _without_tables(Path(to))
    if delta is None and target is None and address is None and not is_delta(Path(source)):
        yield LocalFiles(source=Path(source), to=Path(to), table=table)
        return
    if target is not None:
        target = _writable(target, address, table=table, if_exists=if_exists)
    elif delta is not None:
        check_delta_target(delta, if_exists=if_exists)
    elif address is None:
        check_overlap(Path(to), Path(source))
    with scratch_folder("rows") as folder:
        read = _read(source, address, folder)
        if target is not None and read.unread:
            check_writable(target, if_exists=if_exists, unread=read.unread)
        local = LocalFiles(source=read.file, to=Path(to), table=table, notes=read.notes)
        if delta is not None:
            written = Path(folder, "scored", "rows.parquet")
            yield replace(local, to=written, table=None)
            write_delta(written, delta, if_exists=if_exists)
            return
        if target is None:
            yield local
            return
        is_table = target.is_database or is_delta_address(target)
        written = Path(folder, "scored", "rows.parquet" if is_table else target.name)
        yield replace(local, to=written, table=None if is_table else table)
        send_table(target, written, if_exists=if_exists)


def _without_tables(to: Path) -> UsageError:
    if to.suffix.lower() in SQLITE_SUFFIXES:
        return UsageError(
            f"'{to}' is an SQLite file: a table that it has stays as it is.",
            hint="Leave --if-exists out, and name a new table: --table NAME.",
        )
    return UsageError(
        f"'{to}' is a file, not a table.",
        hint="Leave --if-exists out: a file is replaced.",
    )


def _writable(
    target: TableAddress, source: TableAddress | None, *, table: str | None, if_exists: IfExists | None
) -> TableAddress:
    """Return the address to write with its table; raises the error that writing would raise."""
    if source is not None and target.joins(source):
        raise UsageError(
            f"'{target}' is part of what is read: writing would change it.",
            hint="Choose another address for the output.",
        )
    if target.is_database:
        target, _ = target.with_choice(ReadOptions(table=table or target.table))
    check_writable(target, if_exists=if_exists)
    return target


def _read(source: Path | str, address: TableAddress | None, folder: Path) -> FetchedTable:
    read = FetchedTable(file=Path(source)) if address is None else fetch_table(address, folder)
    return read_delta(read.file, folder) if is_delta(read.file) else read
