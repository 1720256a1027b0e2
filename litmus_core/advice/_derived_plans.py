"""Plans of runs that reuse a trained model, derived from the plan that trained it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from litmus_core.builtin_preprocessors import MODULE as COLUMNS
from litmus_core.runtime import ABSTAIN, THRESHOLD
from litmus_core.types import Candidate, Folds, PluginRef, ReusedModel, Run, RunPlan, WarmStart

_BY_SEGMENT = "thresholds_by_segment"


def standalone_plan(plan: RunPlan) -> RunPlan:
    """Return the plan as that of an independent run: no step of a recipe, no continued model."""
    return replace(plan, step=None, action=None, origin=None)


def folds_as_run(run: Run, n_folds: int) -> Folds:
    """Return the folds of a run's plan; where Litmus chose them, ``n_folds``, and what judged the run."""
    outer = 0 if run.verdict is None else run.verdict.outer_folds
    return run.plan.folds or Folds(n_folds, outer=outer)


def unresolved_plan(plan: RunPlan) -> RunPlan:
    """Return a plan without resolved sources of models and steps, and without hooks.

    The hooks enabled when the next run starts are added to it. Post-processing is unchanged: see
    :func:`unresolved_part`.
    """
    return replace(
        plan,
        models=tuple(replace(model, module="", name="", sha256="") for model in plan.models),
        preprocess=tuple(map(unresolved_part, plan.preprocess)),
        hooks=(),
        scoring=replace(plan.scoring, metric=None, reported=()),
    )


def unresolved_part(part: PluginRef) -> PluginRef:
    """Return a part as requested, without the source that the earlier run resolved."""
    return replace(part, module="", name="", version="", sha256="")


def follow_up_plan(plan: RunPlan, candidate: Candidate, parts: Sequence[PluginRef]) -> RunPlan:
    """Return the plan of a run with ``parts`` after the model of ``candidate``, which ``plan`` trained.

    The candidate's own steps stay first, except those that new ones replace. The model is reused; one with
    custom code is trained again.
    """
    plugin_steps = [step for step in plan.preprocess if not step.reference.startswith(f"{COLUMNS}:")]
    with_code = bool(plan.models or plugin_steps) or any(
        ":" in algorithm.key for algorithm in plan.algorithms
    )
    model = ReusedModel(candidate_id=candidate.id, run_id=candidate.run_id, model=candidate.model)
    return replace(
        unresolved_plan(plan),
        families=plan.families or _continued_family(plan, candidate),
        postprocess=tuple(map(unresolved_part, _join_steps(candidate.postprocess, parts))),
        tuning=plan.tuning if with_code else None,
        action=None,
        step=None,
        origin=None if with_code else model,
    )


def _continued_family(plan: RunPlan, candidate: Candidate) -> tuple[str, ...]:
    """Return the family of a continued model, which its plan does not name."""
    return (candidate.family,) if plan.origin_as(WarmStart) is not None else ()


def _join_steps(before: Sequence[PluginRef], parts: Sequence[PluginRef]) -> tuple[PluginRef, ...]:
    """Return the steps in order, those for uncertain predictions last."""
    replaced = {part.reference for part in parts}
    if replaced & {THRESHOLD, _BY_SEGMENT}:
        replaced |= {THRESHOLD, _BY_SEGMENT}  # of several decision thresholds the last one counts
    steps = [*(part for part in before if part.reference not in replaced), *parts]
    return tuple(sorted(steps, key=lambda part: part.reference == ABSTAIN))
