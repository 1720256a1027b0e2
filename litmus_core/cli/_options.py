"""Options that several commands have: how a file is to be read, and where work is done."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any

import typer

from litmus_core.types import ReadOptions

Delimiter = Annotated[
    str | None, typer.Option(help="What separates values: , ; | or a word: tab, space, none.")
]
Quote = Annotated[str | None, typer.Option(help="What stands around texts: double, single or none.")]
Encoding = Annotated[str | None, typer.Option(help="How letters are written: utf-8, cp1252, utf-16, …")]
Decimal = Annotated[str | None, typer.Option(help="The decimal mark: . or ,")]
Thousands = Annotated[str | None, typer.Option(help="The mark between thousands: , . ' space or none.")]
DateOrder = Annotated[str | None, typer.Option(help="What comes first in dates: d/m, m/d or y/m/d.")]
HeaderRow = Annotated[
    int | None, typer.Option(help="The line (in a sheet: row) that names the columns; 0 when none does.")
]
Sheet = Annotated[str | None, typer.Option(help="The workbook's sheet. Default: the first with a table.")]
Table = Annotated[str | None, typer.Option(help="The database's table.")]
On = Annotated[str, typer.Option(help="Where: here; ray (by Ray); or a Ray cluster as host:port or auto.")]


def read_options(given: dict[str, Any]) -> ReadOptions:
    """Return the options among a command's arguments."""
    return ReadOptions(**{field.name: given[field.name] for field in fields(ReadOptions)})


def taking(asked: dict[str, float | None], on: str) -> dict[str, Any]:
    """Return what training may take, and where it is, as ``train`` is told."""
    is_asked = any(each is not None for each in asked.values())
    return {"resources": {"train": asked} if is_asked else None, "on": on}
