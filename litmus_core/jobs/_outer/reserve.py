"""How much time a run reserves for its outer folds: as much as those of the experiment's last run took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.jobs._outer.run import USUAL, rounds
from litmus_core.types import RunEnded, RunPlan, RunQueued

if TYPE_CHECKING:
    from litmus_core.jobs._context import RunContext

_ROOM = 1.5  # models of the next run, or another load of the machine, may make its folds slower


def reserved_share(context: RunContext, n_folds: int) -> float:
    """Return the time to reserve for all outer folds, as a multiple of the fit's.

    A fold has the machine's processors in part, yet learns from fewer rows and trains only the families that
    the run got done, so its share of the fit is measured: by the experiment's last run, with room to spare.
    Before one was measured a fold is given the time of the fit, and never more.
    """
    measured = _last_share(context)
    round_share = 1.0 if measured is None else min(1.0, _ROOM * measured)
    return round_share * rounds(context.plan, n_folds)


def _last_share(context: RunContext) -> float | None:
    """Return the time of one round of folds as a share of the fit's, in the experiment's last such run."""
    plans: dict[str, RunPlan] = {}
    share = None
    for event in context.journal.events(types=[RunQueued, RunEnded]):
        fact = event.fact
        if isinstance(fact, RunQueued) and fact.experiment.id == context.experiment.id:
            plans[fact.run_id] = fact.plan
        elif isinstance(fact, RunEnded) and fact.run_id in plans and fact.status == "finished":
            plan, seconds = plans[fact.run_id], fact.seconds or {}
            folds_s, fit_s = seconds.get("outer", 0.0), seconds.get("fit", 0.0)
            n_rounds = rounds(plan, plan.folds.outer if plan.folds else USUAL)
            if folds_s and fit_s and n_rounds:
                share = folds_s / n_rounds / fit_s
    return share
