"""Sessions with a PostgreSQL server; errors say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from litmus_core.connectors._address import TableAddress
from litmus_core.errors import DataError, LitmusError, MissingExtraError

_CONNECT_S = 10
# Read in one snapshot, change nothing, and read large tables from their beginning.
_READING = (
    "-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read "
    "-c synchronize_seqscans=off -c TimeZone=UTC"
)
_WRITING = "-c TimeZone=UTC"
_CREDENTIALS = (
    "Set PGUSER and PGPASSWORD, or a line in ~/.pgpass. A password that was right may have expired since."
)
_READ_ONLY = "25006"
_BY_STATE = {
    "42501": "Ask the owner of the database for the right to it.",
    _READ_ONLY: "Litmus reads in a transaction that changes nothing: name a SELECT.",
    "3F000": "Check the schema's name, or have its owner create it.",
    "42601": "Try the query in psql first.",
    "42703": "Check the column's name.",
    "42P01": "Check the name; a table outside of the search path is named with its schema.",
}


@contextmanager
def session(address: TableAddress, *, writes: bool = False) -> Iterator[Any]:
    """Yield a cursor of one transaction, committed at the end if it ``writes``, else rolled back.

    Raises MissingExtraError without the driver, DataError for what the server refuses.
    """
    dbapi = _driver()
    with (
        _plain_errors(address, dbapi),
        dbapi.connect(_target(address, writes=writes)) as connection,
        connection.cursor() as cursor,
    ):
        yield cursor
        if writes:
            connection.commit()


def identifier(name: str) -> str:
    """Return a name quoted as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text quoted as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def _driver() -> Any:
    try:
        from adbc_driver_postgresql import dbapi
    except ModuleNotFoundError as error:
        raise MissingExtraError(subject="PostgreSQL", extra="postgres") from error
    return dbapi


def _target(address: TableAddress, *, writes: bool) -> str:
    """Return the address for the driver, which takes missing parts from PG* variables and ~/.pgpass."""
    named = dict(address.parameters)
    options = f"{named.pop('options', '')} {_WRITING if writes else _READING}".strip()
    parameters = {"connect_timeout": str(_CONNECT_S), "application_name": "litmus", **named}
    return replace(address, parameters=(*parameters.items(), ("options", options))).with_secrets()


@contextmanager
def _plain_errors(address: TableAddress, dbapi: Any) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except LitmusError:
        raise
    except (dbapi.Error, pa.ArrowException, OSError) as error:  # errors while rows arrive are Arrow's
        if isinstance(error, OSError) and error.errno is not None:  # of a file here
            raise
        # Not chained: the driver's message may hold the address with its password.
        raise _error_of(error, address) from None


def _error_of(error: Exception, address: TableAddress) -> DataError:
    text = address.without_secrets(str(error))
    place = f"'{address.server or 'the default server'}'"
    state = getattr(error, "sqlstate", None)
    if state is None and "read-only transaction" in text:
        state = _READ_ONLY
    if state in _BY_STATE:
        return DataError(f"{place} refused: {_reason(text)}.", hint=_BY_STATE[state])
    if "Failed to connect" not in text:
        return DataError(
            f"{place} stopped: {_reason(text)}.", hint="Nothing was changed. Try again, or ask who runs it."
        )
    if "password" in text or "authentication" in text:
        return DataError(f"{place} refused the sign-in: {_reason(text)}.", hint=_CREDENTIALS)
    if "does not exist" in text:
        return DataError(f"{place} refused: {_reason(text)}.", hint="Check the address for typing errors.")
    if "FATAL:" in text:  # said by the server: too many connections, a role that may not sign in
        return DataError(
            f"{place} refused the connection: {_reason(text)}.", hint="Try again, or ask who runs it."
        )
    return DataError(
        f"No PostgreSQL server answers at {place}: {_reason(text)}.",
        hint="Check host and port, and whether this machine may reach it.",
    )


def _reason(text: str) -> str:
    """Return the server's message out of the driver's."""
    _, marker, rest = text.partition("FATAL:")
    if not marker:
        _, marker, rest = text.partition("ERROR:")
    if not marker:
        _, marker, rest = text.partition("failed: ")
    first = (rest if marker else text).strip().partition("\n")[0]
    return first.partition(" SQLSTATE")[0].strip().rstrip(".")
