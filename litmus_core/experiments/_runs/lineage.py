"""Find the run that trained the model that another run reused or compressed, and its plan."""

from __future__ import annotations

import logging
from dataclasses import replace

from litmus_core.errors import LitmusError, NotFoundError
from litmus_core.experiments._context import Context
from litmus_core.types import Compression, ReusedModel, Run, RunPlan, WarmStart

_log = logging.getLogger(__name__)


def trained_run(context: Context, run: Run) -> Run:
    """Return the run that trained the model that ``run`` reused or compressed; otherwise ``run`` itself.

    It has the trained families and the training time. If it was deleted, the earliest remaining run in the
    chain is returned.
    """
    while (before := run.plan.origin_as(ReusedModel) or run.plan.origin_as(Compression)) is not None:
        try:
            run = context.run(before.run_id)
        except NotFoundError:
            break
    return run


def plan_that_trains(context: Context, run: Run) -> RunPlan:
    """Return the plan that trained ``run``'s model, with the run's own post-processing.

    The plan of a run that reused, compressed or continued a model does not contain it.
    """
    trained = trained_run(context, run)
    plan = replace(trained.plan, postprocess=run.plan.postprocess)
    has_trained_on = plan.origin_as(WarmStart) is not None and trained.chosen_id is not None
    return _of_continued(context, trained, plan) if has_trained_on else plan


def _of_continued(context: Context, run: Run, plan: RunPlan) -> RunPlan:
    """Return the plan with the families of its run's model, and the steps before its first run's model."""
    from litmus_core.engine import settings_of

    try:
        families, algorithms = settings_of(context.workspace.run_dir(run.id), context.chosen(run.id).model)
    except (LitmusError, FileNotFoundError) as gone:
        _log.info("What %s went on with is not known any more: %s", run.id, gone)
        return plan
    source = plan.origin_as(WarmStart)
    began = context.store.find_run(source.run_id) if source else None
    steps = () if began is None else plan_that_trains(context, began).preprocess
    return replace(plan, families=families, algorithms=algorithms, preprocess=steps)
