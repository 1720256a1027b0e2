"""``litmus report``: a table and what was found in it, as one HTML file to forward."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from litmus_core.cli._checking import TableArgument, tell_checks, version_of
from litmus_core.cli._options import (
    DateOrder,
    Decimal,
    Delimiter,
    Encoding,
    HeaderRow,
    Quote,
    Sheet,
    Table,
    Thousands,
    read_options,
)
from litmus_core.cli._session import JsonOption, WorkspaceOption, reporting, say, show
from litmus_core.errors import UsageError, writing


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    source: TableArgument,
    to: Annotated[Path, typer.Option(help="Where to write the page.")],
    target: Annotated[str | None, typer.Option(help="The column to predict.")] = None,
    delimiter: Delimiter = None,
    quote: Quote = None,
    encoding: Encoding = None,
    decimal: Decimal = None,
    thousands: Thousands = None,
    date_order: DateOrder = None,
    header_row: HeaderRow = None,
    sheet: Sheet = None,
    table: Table = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the data report: what a table holds, what would make a model lie, what was mended."""
    options = read_options(locals())
    from litmus_core.experiments import Studio

    with reporting(as_json=as_json), Studio.open(workspace) as studio:
        if to.is_dir():
            raise UsageError(f"'{to}' is a folder.", hint="Name a file in it, such as report.html.")
        version = version_of(studio, source, options=options)
        studio.check(version.id, target=target, on_progress=tell_checks)
        page = studio.data_report(version.id, target=target)
        with writing(to):
            to.write_text(page, encoding="utf-8")
        say(f"Written to {to}")
        show({"version": version.id, "to": str(to)}, as_json=as_json, text=lambda: str(to))
