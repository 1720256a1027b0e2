"""``litmus intervals``: the coverage of a trained model's intervals or label sets."""

from __future__ import annotations

from typing import Annotated

import typer

from litmus_core.cli._production import candidate_id_of
from litmus_core.cli._session import Session, studio_command
from litmus_core.errors import NotFoundError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("intervals")(intervals)


@studio_command
def intervals(
    session: Session,
    model: Annotated[str, typer.Argument(help="A candidate, or a run or experiment for its chosen one.")],
    level: Annotated[float, typer.Option(help="The share of answers that hold the truth.")] = 0.9,
    by: Annotated[
        str | None, typer.Option(help="Count separately for each group by this column; '' ends that.")
    ] = None,
) -> None:
    """Show how often a model's intervals or label sets hold the truth, and on how many rows."""
    from litmus_core.verdicts import certainty_sentences

    studio = session.studio
    candidate = candidate_id_of(studio, model)
    if by is not None:
        studio.intervals.group_by(candidate, by)
    calibration = studio.intervals.calibration(candidate)
    if calibration is None:
        raise NotFoundError(
            kind="predictions of model", id=candidate, hint="Its files were removed; train it again."
        )
    session.show(
        {"candidate": candidate, "calibration": calibration.facts()},
        text=lambda: "\n".join(certainty_sentences(calibration, level=level)),
    )
