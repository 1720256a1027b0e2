"""Read the table at an address into a file."""

from __future__ import annotations

from pathlib import Path

from litmus_core.connectors._address import TableAddress
from litmus_core.connectors._fetched_table import FetchedTable
from litmus_core.errors import writing


def fetch_table(address: TableAddress, scratch: Path) -> FetchedTable:
    """Read the table at ``address``, in its state at one moment, into the folder ``scratch``.

    Raises DataError with a remedy if the server is out of reach, refuses, or has no such table.
    """
    from litmus_core.connectors._downloads import download
    from litmus_core.connectors._objects import fetch_object
    from litmus_core.connectors._postgres.fetch import fetch_rows

    fetch = {"postgresql": fetch_rows, "s3": fetch_object, "https": download, "http": download}
    with writing(scratch):
        return fetch[address.scheme](address, scratch)
