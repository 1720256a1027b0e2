"""The commands, gathered."""

from __future__ import annotations

import typer

from litmus_core.cli import _app, _data, _demo, _production, _training

app = typer.Typer(
    name="litmus",
    help="Flexible AutoML: from a table to an honestly judged, deployable model.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (_demo, _app, _data, _training, _production):
    module.register(app)


def main() -> None:
    """Run the command line."""
    app()
