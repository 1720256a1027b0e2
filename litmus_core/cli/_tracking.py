"""``litmus mlflow``: send runs to an MLflow tracking server."""

from __future__ import annotations

from typing import Annotated

import typer

from litmus_core.cli._session import Session, studio_command
from litmus_core.types import to_plain


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("mlflow")(mlflow)


@studio_command
def mlflow(
    session: Session,
    runs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RUN]...", help="Send these runs. Default: the runs that could not be sent before."
        ),
    ] = None,
) -> None:
    """Send runs to the MLflow server that MLFLOW_TRACKING_URI names; status 1 if it did not take all."""
    tracking = session.studio.tracking
    sent = [tracking.send(run) for run in runs] if runs else tracking.send_left()
    lines = [mirrored.sentence for mirrored in sent] or ["Nothing is left to send."]
    session.show(to_plain(sent), text=lambda: "\n".join(lines))
    if not all(mirrored.is_confirmed for mirrored in sent):
        raise typer.Exit(1)
