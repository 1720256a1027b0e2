"""Choose a run's candidate: the best by validation score within the budget."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from litmus_core.errors import TrainingError
from litmus_core.metrics import get_metric
from litmus_core.types import Budget, Candidate, LatencyFigure, Task


def keeps_budget(budget: Budget, *, latency: Sequence[LatencyFigure], size_bytes: int | None) -> bool | None:
    """Return whether measured figures meet the budget; None without a budget, or if a figure is missing.

    >>> keeps_budget(Budget(max_size_mb=1.0), latency=(), size_bytes=2_000_000)
    False
    """
    limits = [limit for limit in (_fast_enough(budget, latency), _small_enough(budget, size_bytes)) if limit]
    if "no" in limits:
        return False
    return None if not limits or "unknown" in limits else True


def _fast_enough(budget: Budget, latency: Sequence[LatencyFigure]) -> str | None:
    if budget.max_latency_ms is None:
        return None
    figure = next((measured for measured in latency if measured.batch_rows == budget.batch_rows), None)
    if figure is None:
        return "unknown"
    return "yes" if figure.p95_ms <= budget.max_latency_ms else "no"


def _small_enough(budget: Budget, size_bytes: int | None) -> str | None:
    if budget.max_size_mb is None:
        return None
    if size_bytes is None:
        return "unknown"
    return "yes" if size_bytes <= budget.max_size_mb * 1e6 else "no"


def choose(candidates: Sequence[Candidate], task: Task, *, among: str = "") -> tuple[str, str]:
    """Return the chosen candidate's id and why, in a sentence; test scores are not used.

    The best by validation score among those within the budget; if there are none, the best of all, and the
    sentence says so. A model retrained on all rows has the score of its folds, and the mean of these is
    better on new rows (docs/adr/0046): so the folds come first; then the faster, then the smaller. ``among``
    describes the candidates if there are others. Raises TrainingError if no candidate is scored.
    """
    scored = [
        candidate
        for candidate in candidates
        if candidate.validation and not math.isnan(candidate.validation.value)
    ]
    if not scored:
        raise TrainingError(
            "No model was finished and scored.", hint="Allow more time, or choose faster model families."
        )
    sign = -1.0 if get_metric(task.metric).greater_is_better else 1.0

    def order(candidate: Candidate) -> tuple[float, bool, float, float]:
        figure = candidate.latency_at(task.budget.batch_rows)
        score = candidate.validation.value if candidate.validation else float("inf")
        return (
            sign * score,
            bool(candidate.refit_of),
            float("inf") if figure is None else figure.p95_ms,
            float("inf") if candidate.size_bytes is None else float(candidate.size_bytes),
        )

    best = min(scored, key=order)
    if not task.budget.has_limit:
        return best.id, f"{best.name} has the best validation score{among}."
    inside = [candidate for candidate in scored if candidate.in_budget]
    if not inside:
        return best.id, f"No model keeps the budget; {best.name} has the best validation score{among}."
    chosen = min(inside, key=order)
    if chosen.id == best.id:
        return chosen.id, f"{chosen.name} has the best validation score{among} and keeps the budget."
    return chosen.id, (
        f"{chosen.name} has the best validation score of the {len(inside)} inside the budget; "
        f"{best.name} scores better but exceeds it."
    )


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Order a leaderboard: the chosen candidate, then the others by validation score, unscored ones last."""

    def key(candidate: Candidate) -> tuple[bool, bool, float]:
        score = candidate.validation
        if score is None or math.isnan(score.value):
            return not candidate.chosen, True, 0.0
        sign = -1.0 if get_metric(score.metric).greater_is_better else 1.0
        return not candidate.chosen, False, sign * score.value

    return sorted(candidates, key=key)
