"""The main entry point: registers all commands."""

from __future__ import annotations

import sys
from traceback import print_exc
from typing import Annotated, Any

import typer

from litmus_core import __version__
from litmus_core.cli import (
    _actions,
    _agents,
    _app,
    _assertions,
    _certificates,
    _checks,
    _cluster,
    _compression,
    _data,
    _decisions,
    _demo,
    _endpoints,
    _explanations,
    _forecasts,
    _gates,
    _handoffs,
    _intervals,
    _maintenance,
    _outcomes,
    _plugins,
    _postprocess,
    _production,
    _promotion,
    _recipes,
    _reports,
    _runs,
    _scoring,
    _targets,
    _tracking,
    _training,
    _trust,
    _versions,
    _warm_start,
)
from litmus_core.cli._session import CANNOT_SAY, print_json, say

app = typer.Typer(
    name="litmus",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (
    _demo,
    _app,
    _data,
    _versions,
    _checks,
    _reports,
    _cluster,
    _training,
    _gates,
    _decisions,
    _assertions,
    _actions,
    _runs,
    _postprocess,
    _warm_start,
    _compression,
    _recipes,
    _handoffs,
    _intervals,
    _explanations,
    _scoring,
    _forecasts,
    _targets,
    _production,
    _certificates,
    _tracking,
    _endpoints,
    _promotion,
    _outcomes,
    _agents,
    _plugins,
    _trust,
    _maintenance,
):
    module.register(app)


def _print_version(requested: bool) -> None:
    if requested:
        typer.echo(f"litmus {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help="Show the version and exit."),
    ] = False,
) -> None:
    """Flexible AutoML: from a table to an honestly judged, deployable model."""


_WrongUsage: type[Any] = typer.BadParameter.__bases__[0]  # a class of typer without a public name
_INTERRUPTED = 130


def main() -> None:
    """Run the command line; with ``--json``, usage errors are printed as JSON too."""
    try:
        status = app(standalone_mode=False)
    except _WrongUsage as error:
        if "--json" in sys.argv:
            message = {"type": "UsageError", "message": error.format_message(), "hint": "See --help."}
            print_json({"error": message})
        error.show()
        sys.exit(error.exit_code)
    except typer.Abort:  # a question that was answered with no, or that nobody is there to answer
        say("Nothing was done. With --yes you are not asked.")
        sys.exit(CANNOT_SAY)
    except Exception:  # noqa: BLE001 - a bug: its traceback, and not the status of a command's own no
        print_exc()
        sys.exit(CANNOT_SAY)
    if status == _INTERRUPTED:
        say("Interrupted. Queued runs continue: see 'litmus leaderboard'; 'litmus runs stop RUN' stops one.")
    sys.exit(status)
