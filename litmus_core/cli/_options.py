"""Command options shared by commands: reading files, resources, tuning."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from litmus_core.types import Pruner, Sampler, Tuning

# The options for reading a file, by the fields of ReadOptions, in order.
READING: dict[str, Any] = {
    "delimiter": Annotated[
        str | None, typer.Option(help="The delimiter: , ; | or a word: tab, space, none.")
    ],
    "quote": Annotated[str | None, typer.Option(help="The quotes around texts: double, single or none.")],
    "encoding": Annotated[str | None, typer.Option(help="The encoding: utf-8, cp1252, utf-16, …")],
    "decimal": Annotated[str | None, typer.Option(help="The decimal mark: . or ,")],
    "thousands": Annotated[str | None, typer.Option(help="The mark between thousands: , . ' space or none.")],
    "date_order": Annotated[str | None, typer.Option(help="The order in dates: d/m, m/d or y/m/d.")],
    "header_row": Annotated[
        int | None, typer.Option(help="The line (in a sheet: row) that names the columns; 0 when none does.")
    ],
    "sheet": Annotated[
        str | None, typer.Option(help="The workbook's sheet. Default: the first with a table.")
    ],
    "table": Annotated[str | None, typer.Option(help="The database's table.")],
    "query": Annotated[str | None, typer.Option(help="A SELECT for PostgreSQL to run, in place of a table.")],
}
On = Annotated[
    str,
    typer.Option(help="Where to run: here; ray; or a Ray cluster as host:port or auto."),
]
OpenOption = Annotated[
    bool, typer.Option("--open-to-network", help="With --host: let in every machine that can reach this one.")
]
TokensOption = Annotated[
    Path | None,
    typer.Option(
        "--tokens", help="A TOML file that says which OIDC tokens callers may send instead of a key."
    ),
]
AllowHostOption = Annotated[
    list[str] | None,
    typer.Option("--allow-host", help="A further host name to answer to, as behind a proxy (repeat)."),
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
