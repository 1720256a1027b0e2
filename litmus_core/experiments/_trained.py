"""Which run trained the models that another one took, or made faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.errors import NotFoundError
from litmus_core.types import Run

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio


def trained_run(studio: Studio, run: Run) -> Run:
    """Return the run that trained what ``run`` took as it is or made faster variants of; else itself.

    Which families were trained, and how long that took, is known there. Where that run was deleted it is the
    last one that is left, which says what it can.
    """
    while (before := run.plan.takes or run.plan.refines) is not None:
        try:
            run = studio.run(before.run_id)
        except NotFoundError:
            break
    return run
