"""Actions that became runs: said where they were offered, and the way to those of another experiment."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.advice import OBSTACLES
from litmus_core.types import ActionOutcome

__all__ = ["Done", "GoneOnView", "present_gone_on"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The run that an action became, and how that is said."""

    said: str
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneOnView:
    """A run of another experiment that goes on from here; ``leads``: to go there is the thing to do."""

    run_id: str
    sentence: str
    leads: bool


def present_gone_on(outcome: ActionOutcome, *, title: str, said: str) -> GoneOnView:
    """Phrase where an action went on: ``title`` is its own, ``said`` names the run that it became.

    What did worse on validation rows is no way to go; what makes the score true always is.
    """
    came = outcome.validation
    worse = outcome.kind not in OBSTACLES and came is not None and came < 0
    how = ", which made it worse" if worse else ""
    return GoneOnView(
        run_id=outcome.run_id,
        sentence=f"{title or outcome.key} was done in an experiment of its own: {said}{how}.",
        leads=not worse,
    )
