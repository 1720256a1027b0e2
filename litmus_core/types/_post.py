"""What steps after a model did to its answers, as Results says it."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.types._verdicts import Score


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReport:
    """One step: ``n_touched`` rows it applied to, ``n_changed`` rows whose answer it changed."""

    step: str
    n_touched: int
    n_changed: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostReport:
    """A candidate with its steps against the same model without, on the same validation rows.

    ``score`` is of the rows it answers, ``all_rows`` of all, had it not abstained; ``plain`` without steps.
    ``halves``: steps that learn were fitted on one half of the rows and scored on the other, so that their
    gain is no flattery. ``steps_ms`` is what the steps alone cost for one row (median).
    """

    candidate_id: str
    plain_id: str
    n_rows: int
    n_changed: int
    n_abstained: int
    score: Score
    all_rows: Score
    plain: Score | None
    halves: bool
    steps: tuple[StepReport, ...]
    steps_ms: float | None = None
