"""Tables beyond this machine: read them into a file, and write them back.

Litmus contacts only addresses that somebody named.
"""

from litmus_core.connectors._address import SCHEMES, IfExists, TableAddress, as_address, without_password
from litmus_core.connectors._delta import (
    check_delta_target,
    is_delta,
    is_delta_target,
    read_delta,
    write_delta,
)
from litmus_core.connectors._delta_objects import is_delta_address
from litmus_core.connectors._fetch import fetch_table
from litmus_core.connectors._fetched_table import FetchedTable
from litmus_core.connectors._send import check_writable, send_table

__all__ = [
    "SCHEMES",
    "FetchedTable",
    "IfExists",
    "TableAddress",
    "as_address",
    "check_delta_target",
    "check_writable",
    "fetch_table",
    "is_delta",
    "is_delta_address",
    "is_delta_target",
    "read_delta",
    "send_table",
    "without_password",
    "write_delta",
]
