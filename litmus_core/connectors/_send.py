"""Write a table to an address."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from litmus_core.connectors._address import IfExists, TableAddress
from litmus_core.errors import UsageError


def check_writable(address: TableAddress, *, if_exists: IfExists | None, unread: Sequence[str] = ()) -> None:
    """Raise the error that :func:`send_table` would raise before its first row.

    Callers check before they compute the table. Raises UsageError, too, if "replace" would empty values of
    the columns ``unread``, which the new rows do not have.
    """
    from litmus_core.connectors._delta_objects import check_delta_address, is_delta_address
    from litmus_core.connectors._objects import check_object
    from litmus_core.connectors._postgres.send import check_rows_target

    if address.is_database:
        check_rows_target(address, if_exists=if_exists or "fail", unread=unread)
    elif is_delta_address(address):
        check_delta_address(address, if_exists=if_exists)
    elif if_exists is not None:
        raise UsageError(
            f"'{address}' is a file, not a table.",
            hint="Leave --if-exists out: a file is replaced.",
        )
    elif address.scheme == "s3":
        check_object(address)
    else:
        raise UsageError(
            f"'{address}' can be read but not written.", hint="Write to a file, s3:// or postgresql://."
        )


def send_table(address: TableAddress, file: Path, *, if_exists: IfExists | None) -> None:
    """Write the table in ``file`` to ``address``: all at once, or not at all.

    Databases and Delta tables take a Parquet file. ``if_exists`` says what to do with a table that exists:
    "fail" (the default), "append" to it, or "replace" its rows. Raises UsageError or DataError with a remedy;
    then nothing was changed.
    """
    from litmus_core.connectors._delta_objects import is_delta_address, write_delta_object
    from litmus_core.connectors._objects import send_object
    from litmus_core.connectors._postgres.send import send_rows

    if address.is_database:
        send_rows(address, file, if_exists=if_exists or "fail")
    elif is_delta_address(address):
        write_delta_object(address, file, if_exists=if_exists)
    else:
        send_object(address, file)
