"""Score addresses as files: fetch rows before, and send the result when it is complete."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from litmus_core.connectors import (
    IfExists,
    as_address,
    check_delta_target,
    check_writable,
    fetch_table,
    is_delta,
    is_delta_target,
    read_delta,
    send_table,
    write_delta,
)
from litmus_core.errors import UsageError
from litmus_core.types import ReadOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFiles:
    """The files to score and to write; ``table`` is a table of a database file."""

    source: Path
    to: Path
    table: str | None


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
        raise UsageError(
            f"'{to}' is a file: there is no table that may exist.",
            hint="Leave --if-exists out: a file is replaced.",
        )
    if delta is None and target is None and address is None and not is_delta(Path(source)):
        yield LocalFiles(source=Path(source), to=Path(to), table=table)
        return
    if target is not None:
        if target.is_database:
            target, _ = target.with_choice(ReadOptions(table=table or target.table))
        check_writable(target, if_exists=if_exists)
    if delta is not None:
        check_delta_target(delta, if_exists=if_exists)
    with tempfile.TemporaryDirectory(prefix="litmus-rows-") as folder:
        rows = Path(source) if address is None else fetch_table(address, Path(folder)).file
        if is_delta(rows):
            rows = read_delta(rows, Path(folder)).file
        if delta is not None:
            written = Path(folder, "scored", "rows.parquet")
            yield LocalFiles(source=rows, to=written, table=None)
            write_delta(written, delta, if_exists=if_exists)
            return
        if target is None:
            yield LocalFiles(source=rows, to=Path(to), table=table)
            return
        named = "rows.parquet" if target.is_database else target.name
        written = Path(folder, "scored", named)
        yield LocalFiles(source=rows, to=written, table=None if target.is_database else table)
        send_table(target, written, if_exists=if_exists)
