"""Sources: read every kind of file that holds a table into one staged Parquet file."""

from litmus_core.data._sources._options import checked_options
from litmus_core.data._sources._rows_file import rows_file
from litmus_core.data._sources._stage import FILE_KINDS, TABLE_SUFFIXES, stage, steady
from litmus_core.data._sources._staged import Staged

__all__ = ["FILE_KINDS", "TABLE_SUFFIXES", "Staged", "checked_options", "rows_file", "stage", "steady"]
