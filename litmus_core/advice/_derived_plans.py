"""The plan of a run that takes a trained model as it is, with steps after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from litmus_core.builtin_preprocessors import MODULE as COLUMNS
from litmus_core.runtime import ABSTAIN, THRESHOLD
from litmus_core.types import Candidate, Part, ReusedModel, RunPlan

_BY_SEGMENT = "thresholds_by_segment"


def standalone_plan(plan: RunPlan) -> RunPlan:
    """Return the plan of a run of its own: no step of a recipe, and not going on with a model."""
    return replace(plan, step=None, continues=None, retrains="", takes=None, refines=None, follows=None)


def unresolved_plan(plan: RunPlan) -> RunPlan:
    """Return a plan without what its run found out about the sources of models and steps, and its hooks.

    Those that are ready when the next run starts are added to that one. Steps after the model are as they
    were: see :func:`unresolved_part`.
    """
    return replace(
        plan,
        models=tuple(replace(each, module="", name="", sha256="") for each in plan.models),
        preprocess=tuple(map(unresolved_part, plan.preprocess)),
        hooks=(),
        metric=None,
    )


def unresolved_part(part: Part) -> Part:
    """Return a part as it was asked for, without what the run before found out about its source."""
    return replace(part, module="", name="", version="", sha256="")


def follow_up_plan(plan: RunPlan, candidate: Candidate, parts: Sequence[Part]) -> RunPlan:
    """Return the plan of a run that has ``parts`` after the model of ``candidate``, which ``plan`` trained.

    Steps that the candidate has stay before them, but for those that the new ones take the place of. The
    model is taken as it is; one with code of one's own in it is trained again.
    """
    own_steps = [each for each in plan.preprocess if not each.reference.startswith(f"{COLUMNS}:")]
    with_code = bool(plan.models or own_steps) or any(":" in each.key for each in plan.algorithms)
    taken = ReusedModel(candidate_id=candidate.id, run_id=candidate.run_id, model=candidate.model)
    return replace(
        unresolved_plan(plan),
        cards=plan.cards or _own_card(plan, candidate),
        postprocess=tuple(map(unresolved_part, _joined(candidate.postprocess, parts))),
        tuning=plan.tuning if with_code else None,
        follows=None,
        continues=None,
        retrains="",
        step=None,
        takes=None if with_code else taken,
        refines=None,
    )


def _own_card(plan: RunPlan, candidate: Candidate) -> tuple[str, ...]:
    """Return the card of a model that went on learning: its plan names none."""
    return (candidate.card,) if plan.continues is not None else ()


def _joined(before: Sequence[Part], parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the steps in their order, those about unsure answers last."""
    replaced = {part.reference for part in parts}
    if replaced & {THRESHOLD, _BY_SEGMENT}:
        replaced |= {THRESHOLD, _BY_SEGMENT}  # of what says where yes begins, the later one counts
    steps = [*(part for part in before if part.reference not in replaced), *parts]
    return tuple(sorted(steps, key=lambda part: part.reference == ABSTAIN))
