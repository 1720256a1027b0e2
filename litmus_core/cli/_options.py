"""Command options shared by commands: reading files, resources, tuning."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer

from litmus_core.types import Pruner, Sampler, Tuning

# How a file is read: the fields of ReadOptions, in order.
READING: dict[str, Any] = {
    "delimiter": Annotated[
        str | None, typer.Option(help="What separates values: , ; | or a word: tab, space, none.")
    ],
    "quote": Annotated[str | None, typer.Option(help="What stands around texts: double, single or none.")],
    "encoding": Annotated[str | None, typer.Option(help="How letters are written: utf-8, cp1252, utf-16, …")],
    "decimal": Annotated[str | None, typer.Option(help="The decimal mark: . or ,")],
    "thousands": Annotated[str | None, typer.Option(help="The mark between thousands: , . ' space or none.")],
    "date_order": Annotated[str | None, typer.Option(help="What comes first in dates: d/m, m/d or y/m/d.")],
    "header_row": Annotated[
        int | None, typer.Option(help="The line (in a sheet: row) that names the columns; 0 when none does.")
    ],
    "sheet": Annotated[
        str | None, typer.Option(help="The workbook's sheet. Default: the first with a table.")
    ],
    "table": Annotated[str | None, typer.Option(help="The database's table.")],
    "query": Annotated[str | None, typer.Option(help="The SELECT that PostgreSQL answers, for a table.")],
}
On = Annotated[str, typer.Option(help="Where: here; ray (by Ray); or a Ray cluster as host:port or auto.")]
OpenOption = Annotated[
    bool, typer.Option("--open-to-network", help="With --host: let every machine that reaches this one in.")
]
AllowHostOption = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host", help="Another name by which it may be opened, as behind a proxy. Repeatable."
    ),
]


def tuning_of(
    trials: int | None,
    share: float | None,
    sampler: Sampler | None,
    pruner: Pruner | None,
    *,
    is_wanted: bool,
) -> Tuning | None:
    """Return the tuning that the options request; any one of them switches tuning on."""
    options = {"n_trials": trials, "time_share": share, "sampler": sampler, "pruner": pruner}
    plan = {name: value for name, value in options.items() if value is not None}
    return replace(Tuning(), **plan) if is_wanted or plan else None  # type: ignore[arg-type]
