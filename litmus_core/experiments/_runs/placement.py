"""Where a run that follows another trains: there, too, or here once that cluster is gone."""

from __future__ import annotations

from dataclasses import replace

from litmus_core.cluster import HERE, check_place, place_of
from litmus_core.errors import MissingExtraError, UsageError
from litmus_core.types import RunPlan


def follow(plan: RunPlan) -> RunPlan:
    """Return ``plan``, which takes its place from an earlier run; here where nobody answers at that place."""
    place = place_of(plan.on)
    if place == HERE:
        return plan
    try:
        check_place(place, what="Training on Ray")
    except (UsageError, MissingExtraError):
        return replace(plan, on="here", train=None)  # which was what a task there takes
    return plan
