"""Run plans of recipe steps."""

from __future__ import annotations

from dataclasses import replace

from litmus_core.advice import unresolved_part, unresolved_plan
from litmus_core.errors import UsageError
from litmus_core.recipes._pipelines import plan_of
from litmus_core.recipes._recipe import Recipe, Step
from litmus_core.types import Algorithm, Candidate, RecipeStep, RunPlan


def plan_of_step(
    recipe: Recipe,
    step: Step,
    *,
    leader: Candidate | None,
    algorithm: Algorithm | None = None,
    led_by: RunPlan | None,
    refined: RunPlan | None = None,
    trained_by: RunPlan | None = None,
) -> RunPlan:
    """Return the run plan of ``step``.

    ``leader`` is the leading single model. ``tune: leader`` tunes its family (or ``algorithm``, with its
    fixed values), with the pre-processing and weights of ``trained_by``, the plan that trained it. ``led_by``
    is the plan of the leading model's run, which ``post-process`` trains again, in its time unless the step
    names another. ``refined`` is the plan of the run that makes the leading model faster. Raises UsageError
    if the required model does not exist yet.
    """
    if step.kind == "refine":
        plan = _required_plan(step, refined)
    elif step.kind == "post-process":
        led = _required_plan(step, led_by)
        plan = replace(repeated_plan(led), origin=led.origin)  # a compressed model stays compressed
        plan = replace(plan, postprocess=tuple(map(unresolved_part, (*plan.postprocess, *step.postprocess))))
    elif step.pipelines:
        plan = plan_of(step.pipelines)
    else:
        if leader is None:
            raise UsageError(
                f"Step {step.number} tunes the leading model, and there is none yet.",
                hint="Train something first.",
            )
        trained = RunPlan() if trained_by is None else unresolved_plan(trained_by)
        plan = RunPlan(
            families=(leader.family,) if algorithm is None else (),
            algorithms=() if algorithm is None else (algorithm,),
            preprocess=trained.preprocess,
            training=replace(trained.training, without_rows=(), stack=False),
        )
    limit_s = plan.compute.time_limit_s if step.kind == "post-process" else None
    if step.tuning is not None:
        plan = replace(plan, tuning=step.tuning)
    if step.folds is not None:
        plan = replace(plan, folds=step.folds)
    return replace(
        plan,
        step=RecipeStep(recipe=recipe.name, version=recipe.version, number=step.number),
        compute=replace(plan.compute, time_limit_s=limit_s if step.minutes is None else 60.0 * step.minutes),
    )


def _required_plan(step: Step, plan: RunPlan | None) -> RunPlan:
    if plan is None:
        raise UsageError(
            f"Step {step.number} comes after the leading model, and there is none yet.",
            hint="Train something first.",
        )
    return plan


def repeated_plan(plan: RunPlan) -> RunPlan:
    """Return a run's plan for another run: without its recipe step and the action it followed.

    The new run sets its own step.
    """
    return replace(unresolved_plan(plan), action=None, step=None, origin=None)
