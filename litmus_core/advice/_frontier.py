"""The frontier: candidates that no other candidate beats in both score and cost.

Scores are validation scores; test scores are not used.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from litmus_core.metrics import get_metric
from litmus_core.types import Candidate, Compression, Run

Spent = Literal["time", "size", "cost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A kind of cost: time (p95 in ms of a call with ``batch_rows`` rows), size (MB of 1e6 bytes) or money.

    Money is US dollars for a million rows at ``price_per_hour_usd``, in calls of ``batch_rows`` (p50).
    """

    spent: Spent
    batch_rows: int = 1
    price_per_hour_usd: float | None = None

    def of(self, candidate: Candidate) -> float | None:
        """Return a candidate's cost; None if it was not measured."""
        if self.spent == "size":
            return None if candidate.size_bytes is None else candidate.size_bytes / 1e6
        figure = candidate.latency_at(self.batch_rows)
        if figure is None:
            return None
        if self.spent == "time":
            return figure.p95_ms
        if self.price_per_hour_usd is None:
            return None
        hours = figure.p50_ms / 3.6e6 * 1e6 / self.batch_rows
        return hours * self.price_per_hour_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPoint:
    """A candidate and its cost ``spent``, in the axis's unit; ``on_edge`` if no other beats it."""

    candidate: Candidate
    spent: float
    on_edge: bool


def frontier(candidates: Iterable[Candidate], axis: Axis) -> tuple[FrontierPoint, ...]:
    """Return the scored and measured candidates by cost, then by score.

    A candidate is on the edge if all others that cost no more have worse scores.
    """
    spendings = [
        (spent, candidate)
        for candidate in candidates
        if (spent := axis.of(candidate)) is not None and _is_scored(candidate)
    ]
    spendings.sort(key=lambda pair: (pair[0], -signed_score(pair[1]), pair[1].id))
    points, best = [], -math.inf
    for spent, candidate in spendings:
        value = signed_score(candidate)
        points.append(FrontierPoint(candidate=candidate, spent=spent, on_edge=value > best))
        best = max(best, value)
    return tuple(points)


def runs_of_one_source(run: Run, runs: Iterable[Run]) -> dict[str, str]:
    """Return the run that ``run`` was originally compressed from, and all runs that compress its candidates.

    Each comes with the candidate that its variants are made from ("": none).
    """
    by_id = {other.id: other for other in runs} | {run.id: run}
    root = run
    while (before := root.plan.origin_as(Compression)) is not None and before.run_id in by_id:
        root = by_id[before.run_id]
    family = {root.id: ""}
    for variant_run in sorted(by_id.values(), key=lambda one: one.number):
        refines = variant_run.plan.origin_as(Compression)
        if refines is not None and refines.run_id in family:
            family[variant_run.id] = refines.candidate_id
    return family


def parents_of(candidates: Iterable[Candidate], family: Mapping[str, str]) -> dict[str, str]:
    """Return the parent of each candidate: the source of its run, or its counterpart in folds."""
    parents = {candidate.id: family.get(candidate.run_id) or candidate.refit_of for candidate in candidates}
    return {child: parent for child, parent in parents.items() if parent}


def signed_score(candidate: Candidate) -> float:
    """Return the validation score with its sign turned so that more is better; minus infinity without one."""
    score = candidate.validation
    if score is None:
        return -math.inf
    return score.value if get_metric(score.metric).greater_is_better else -score.value


def _is_scored(candidate: Candidate) -> bool:
    return candidate.validation is not None and not math.isnan(candidate.validation.value)
