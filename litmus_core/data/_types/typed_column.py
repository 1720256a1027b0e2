"""The inferred type of a staged column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.types import HasStorage


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed(HasStorage):
    """The inferred type of a staged column: its DuckDB type, the SQL that converts it, and a note.

    ``written_as`` is a Column's: how the file spells dates or numbers, where not ISO or plain; ``cells`` is
    the SQL of the text that was there, empty where the file holds typed values; ``form`` is that of dates;
    ``misfit`` names the option that kept the column a text.
    """

    storage: str
    expression: str
    note: str = ""
    written_as: str = ""
    cells: str = ""
    form: str = ""
    misfit: Literal["", "decimal", "date_order"] = ""
