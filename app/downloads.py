"""What people download: CSV whose cells no spreadsheet runs as formulas, and zipped folders."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.types import safe_cell

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["csv_bytes", "zip_bytes"]


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return ``frame`` as CSV (UTF-8 with BOM, so that spreadsheets show every letter), without index.

    Texts and names that would be run as formulas get ``'`` in front; numbers and dates stay unchanged.
    """
    texts = frame.select_dtypes(include=["object"]).columns
    safe = frame.assign(
        **{
            name: frame[name].map(lambda cell: safe_cell(cell) if isinstance(cell, str) else cell)
            for name in texts
        }
    )
    safe.columns = [safe_cell(str(name)) for name in frame.columns]
    return safe.to_csv(index=False).encode("utf-8-sig")


def zip_bytes(folder: Path) -> bytes:
    """Return the files of ``folder``, zipped."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return packed.getvalue()
