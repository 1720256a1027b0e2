"""Started actions: their runs, and links to those in other experiments."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.advice import OBSTACLES
from litmus_core.types import ActionOutcome

__all__ = ["ContinuationView", "StartedAction", "present_continuation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedAction:
    """The run of an action, and the text about it."""

    message: str
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuationView:
    """A run in another experiment that continues this one; ``leads``: to open it is the next step."""

    run_id: str
    sentence: str
    leads: bool


def present_continuation(outcome: ActionOutcome, *, title: str, sentence: str) -> ContinuationView:
    """Present an action that continued in another experiment: ``title`` is the action's, ``sentence`` names
    its run.

    A run that scored worse on validation rows is not proposed; one that corrects the score always is.
    """
    measured = outcome.validation
    worse = outcome.kind not in OBSTACLES and measured is not None and measured < 0
    how = ", which made it worse" if worse else ""
    return ContinuationView(
        run_id=outcome.run_id,
        sentence=f"{title or outcome.key} was done in a separate experiment: {sentence}{how}.",
        leads=not worse,
    )
