"""Files as people really have them, or as somebody who means ill writes them, and what becomes of each."""

from __future__ import annotations

from tests.data.hostile._archives import archives
from tests.data.hostile._databases import ducks, sqlites
from tests.data.hostile._file import Hostile
from tests.data.hostile._records import parquet, records
from tests.data.hostile._texts import encodings, texts
from tests.data.hostile._workbooks import workbooks

__all__ = ["CORPUS", "Hostile"]

CORPUS: tuple[Hostile, ...] = (
    *texts(), *encodings(), *archives(), *records(), *parquet(), *workbooks(), *sqlites(), *ducks()
)  # fmt: skip
