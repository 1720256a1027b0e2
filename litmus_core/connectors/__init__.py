"""Tables beyond this machine: read into a file, and written back. Nothing is contacted that nobody named."""

from litmus_core.connectors._address import TableAddress, as_address
from litmus_core.connectors._fetch import fetch_table
from litmus_core.connectors._fetched_table import FetchedTable

__all__ = ["FetchedTable", "TableAddress", "as_address", "fetch_table"]
