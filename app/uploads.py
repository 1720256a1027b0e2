"""Which files the uploaders take, and what is said of a workbook: taken, so that words can answer it."""

from __future__ import annotations

from pathlib import Path

from litmus_core.errors import DataError

__all__ = ["TABLES", "WORKBOOKS", "refuse_workbook"]

TABLES = ("csv", "tsv", "txt", "parquet", "pq", "gz")
WORKBOOKS = ("xlsx", "xls", "xlsm", "xlsb", "ods")  # the uploader's own refusal speaks of MIME types


def refuse_workbook(name: str) -> None:
    """Raise DataError, with the way out, where a file's name is that of an Excel or other workbook.

    >>> refuse_workbook("orders.csv")
    """
    if Path(name).suffix.lower().lstrip(".") in WORKBOOKS:
        raise DataError(
            f"'{Path(name).name}' is a workbook, which may hold several sheets, formulas and notes.",
            hint="Open it in Excel, choose the sheet, then File > Save as > CSV UTF-8, and add that file.",
        )
