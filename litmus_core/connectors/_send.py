"""Write a table to an address."""

from __future__ import annotations

from pathlib import Path

from litmus_core.connectors._address import IfExists, TableAddress


def check_writable(address: TableAddress, *, if_exists: IfExists) -> None:
    """Raise what would stop :func:`send_table` before its first row, so that nothing is computed in vain."""
    from litmus_core.connectors._postgres.writing import check_rows_target

    check_rows_target(address, if_exists=if_exists)


def send_table(address: TableAddress, file: Path, *, if_exists: IfExists) -> None:
    """Write the table in the Parquet ``file`` to ``address``: the rows appear all at once, or not at all.

    ``if_exists`` says what to do with a table that is there: "fail", "append" to it, or "replace" its rows.
    Raises UsageError or DataError with what to do; then nothing was changed.
    """
    from litmus_core.connectors._postgres.writing import send_rows

    send_rows(address, file, if_exists=if_exists)
