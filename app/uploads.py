"""What is said of a file that is no table. The uploaders take any: their own refusal speaks of MIME types."""

from __future__ import annotations

from pathlib import Path

from litmus_core.errors import DataError

__all__ = ["refuse_other_than_rows", "refuse_workbook"]

_ROWS = (".csv", ".parquet", ".pq")
_WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")


def refuse_workbook(name: str) -> None:
    """Raise DataError, with the way out, where a file's name is that of an Excel or other workbook.

    >>> refuse_workbook("orders.csv")
    """
    if Path(name).suffix.lower() in _WORKBOOKS:
        raise DataError(
            f"'{Path(name).name}' is a workbook, which may hold several sheets, formulas and notes.",
            hint="Open it in Excel, choose the sheet, then File > Save as > CSV UTF-8, and add that file.",
        )


def refuse_other_than_rows(name: str) -> None:
    """Raise DataError where a file cannot be scored: its answers go into a file of the same kind."""
    refuse_workbook(name)
    if Path(name.lower().removesuffix(".gz")).suffix not in _ROWS:
        raise DataError(
            f"'{Path(name).name}' is neither a CSV nor a Parquet file by its name.",
            hint="Save the rows as one of these; the answers come back in the same kind of file.",
        )
