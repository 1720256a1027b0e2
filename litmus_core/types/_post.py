"""The effect of post-processing steps on a model's predictions."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.types._verdicts import Score


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReport:
    """One step: it applied to ``n_touched`` rows and changed the prediction of ``n_changed``."""

    step: str
    n_touched: int
    n_changed: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostReport:
    """A comparison of a candidate with and without its post-processing steps, on the same validation rows.

    ``score`` is on the rows with a prediction, ``all_rows`` on all rows without abstaining; ``plain`` is
    without steps. ``halves``: steps that learn were fitted on one half of the rows and scored on the other,
    so that their gain is honest. ``steps_ms`` is the median time of the steps alone for one row.
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
