"""The place where a follow-up run trains: the same cluster, or this machine if that is gone."""

from __future__ import annotations

from dataclasses import replace

from litmus_core.cluster import HERE, check_place, place_of
from litmus_core.errors import MissingExtraError, UsageError
from litmus_core.types import RunPlan


def follow(plan: RunPlan) -> RunPlan:
    """Return ``plan``, whose place comes from an earlier run; on this machine if nothing answers there."""
    place = place_of(plan.compute.where)
    if place == HERE:
        return plan
    try:
        check_place(place, purpose="Training on Ray")
    except (UsageError, MissingExtraError):
        here = replace(plan.compute, where="here", train=None)  # these limits were per task on the cluster
        return replace(plan, compute=here)
    return plan
