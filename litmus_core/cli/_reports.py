"""``litmus report``: write a table with its findings, or an experiment, as one HTML file to forward."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litmus_core.cli._checks import print_check_progress, version_of
from litmus_core.cli._session import (
    Session,
    say,
    studio_command,
)
from litmus_core.errors import UsageError, check_overlap, writing
from litmus_core.types import DETECT_ALL, ReadOptions

if TYPE_CHECKING:
    from litmus_core.experiments import Studio


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


@studio_command
def report(
    session: Session,
    source: Annotated[
        str,
        typer.Argument(
            metavar="TABLE|EXPERIMENT",
            help="A file to import, a stored version (dv_…), an experiment (ex_…) or a run (run_…).",
        ),
    ],
    to: Annotated[Path, typer.Option("--to", "-o", help="Where to write the page.")],
    target: Annotated[str | None, typer.Option(help="The column to predict.")] = None,
    options: ReadOptions = DETECT_ALL,
) -> None:
    """Write one HTML file about a table and its findings, or about an experiment's results."""
    if to.is_dir():
        raise UsageError(f"'{to}' is a folder.", hint="Name a file in it, such as report.html.")
    check_overlap(to, Path(source))
    summary, page = _page(session.studio, source, target, options)
    with writing(to):
        to.write_text(page, encoding="utf-8")
    say(f"Written to {to}")
    session.show({**summary, "to": str(to)}, text=lambda: str(to))


def _page(
    studio: Studio, source: str, target: str | None, options: ReadOptions
) -> tuple[dict[str, str], str]:
    """Return the id of the page's subject, and the HTML page."""
    if source.startswith(("ex_", "run_")) and not Path(source).exists():
        run_id = source if source.startswith("run_") else None
        experiment_id = studio.runs.get(source).experiment_id if run_id else source
        page = studio.reports.experiment(experiment_id, run_id=run_id)
        return {"experiment": experiment_id}, page
    version = version_of(studio, source, options=options)
    studio.checks.run(version.id, target=target, on_progress=print_check_progress)
    return {"version": version.id}, studio.reports.data(version.id, target=target)
