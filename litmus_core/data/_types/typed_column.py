"""The inferred type of a staged column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.types import HasStorage


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed(HasStorage):
    """The inferred type of a staged column: its DuckDB type, the SQL that converts it, and a note.

    ``written_as`` is how the file spells dates or numbers that are not ISO or plain, as in a Column.
    ``cells`` is the SQL of the original text, empty if the file holds typed values; ``form`` is the format of
    dates; ``misfit`` names the option that kept the column a text. ``differs``: a table whose types it has
    writes it in another way.
    """

    storage: str
    expression: str
    note: str = ""
    written_as: str = ""
    cells: str = ""
    form: str = ""
    misfit: Literal["", "decimal", "date_order"] = ""
    differs: bool = False
