"""Tables: import, rows, profiles, proposals for a task, its checks, its split and its baselines."""

from litmus_core.data._import import import_table
from litmus_core.data._read import read_rows

__all__ = ["import_table", "read_rows"]
