"""A recipe's step that makes the leading model faster: its plan, or why it is skipped."""

from __future__ import annotations

from dataclasses import replace

from litmus_core.advice import unresolved_part
from litmus_core.errors import NotFoundError, TrainingError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._recipes.facts import leading
from litmus_core.experiments._runs.compression import SHARES, compression_plan
from litmus_core.experiments._runs.lineage import trained_run
from litmus_core.recipes import Step
from litmus_core.types import Run, RunPlan


def faster_plan(context: Context, runs: list[Run], step: Step) -> tuple[RunPlan | None, str]:
    """Return the plan that makes the leading run's best model faster, or None and the reason.

    If the leading run reused or compressed a model, the plan starts from the run that trained it, since
    variants of variants lose accuracy. The post-processing is the leading run's. Raises UsageError while that
    run is not over.
    """
    leader = leading(context, runs)
    if leader is None:
        return None, ""
    leading_run = context.run(leader.candidate.run_id)
    if leading_run.status in ("queued", "running"):
        raise UsageError(
            f"{leading_run.title}, which leads, is {leading_run.status}.",
            hint="Wait for its end, or finish it.",
        )
    trained = trained_run(context, leading_run)
    try:
        plan = compression_plan(context, trained.id, shares=step.shares or SHARES)
    except (UsageError, TrainingError, NotFoundError) as refused:
        return None, str(refused)
    earlier_run = next(
        (run for run in runs if run.plan.origin == plan.origin and run.verdict is not None), None
    )
    if earlier_run is not None:
        return None, f"'{earlier_run.title}' made faster variants of it already."
    if trained.id != leading_run.id:
        plan = replace(plan, postprocess=tuple(map(unresolved_part, leading_run.plan.postprocess)))
    return plan, ""
