"""Match recipe steps with listed actions, whose predicted gain is also the step's."""

from __future__ import annotations

from collections.abc import Iterator

from litmus_core.advice import action_title, format_gain
from litmus_core.recipes._recipe import Step
from litmus_core.recipes._walk import Walk, WalkStep
from litmus_core.types import Action, ActionList, ReusedModel, RunPlan, Task

_KINDS = {  # kinds of actions that do the same as a step of this kind
    "gather": ("rows",),
    "refine": ("faster",),
}


def expected_gain(step: Step, listed: ActionList, task: Task) -> str:
    """Return the sentence on a step's expected gain, from the action that does the same; "" without one."""
    action = matching_action(step, listed)
    if action is None:
        return ""
    value, low, high = (
        format_gain(task, one) for one in (action.gain.value, action.gain.low, action.gain.high)
    )
    return f"As “{action_title(action)}” it should bring {value} ({low} to {high}, four times in five)."


def matching_action(step: Step, listed: ActionList) -> Action | None:
    """Return the most promising listed action that does the same as ``step``; None if none does."""
    return next((action for action in listed.actions if action.key in {*_keys(step, listed)}), None)


def steps_by_action(walk: Walk, listed: ActionList) -> dict[str, WalkStep]:
    """Return the coming steps that listed actions do, by the action's key; the first of several."""
    places: dict[str, WalkStep] = {}
    for place in walk.places:
        if place.state in ("next", "later") and (action := matching_action(place.step, listed)) is not None:
            places.setdefault(action.key, place)
    return places


def _keys(step: Step, listed: ActionList) -> Iterator[str]:
    kinds = _KINDS.get(step.kind, ())
    yield from (listed_action.key for listed_action in listed.actions if listed_action.kind in kinds)
    if step.tuning is not None or any(pipeline.tuning is not None for pipeline in step.pipelines):
        yield from _if_same_models("tune", step, listed)
    elif step.kind == "try":
        yield from _training_actions(step, listed)
    wanted = {part.reference for part in step.postprocess}
    for action in listed.actions:
        plan = action.plan
        added = () if plan is None or plan.origin_as(ReusedModel) is None else plan.postprocess
        if wanted & {part.reference for part in added}:
            yield action.key


def _training_actions(step: Step, listed: ActionList) -> Iterator[str]:
    """Yield the keys of actions that train in folds or train a new model family, as the step does."""
    if step.folds is not None or any(pipeline.folds is not None for pipeline in step.pipelines):
        yield from _if_same_models("folds", step, listed)
    families = _named_families(step)
    for action in listed.actions:
        if action.kind == "family" and action.plan is not None and {*action.plan.families[-1:]} & families:
            yield action.key


def _if_same_models(key: str, step: Step, listed: ActionList) -> Iterator[str]:
    """Yield ``key`` unless that action trains other models than the step, whose gain differs."""
    for action in listed.actions:
        plan = action.plan or RunPlan()
        named = {*plan.families, *(algorithm.key for algorithm in plan.algorithms)}
        named |= {model.reference for model in plan.models}
        if action.key == key and (not named or not _named_families(step) or named & _named_families(step)):
            yield key


def _named_families(step: Step) -> set[str]:
    """Return the model families that a step names; none means the leading models."""
    named = [
        (*pipeline.families, *(algorithm.key for algorithm in pipeline.algorithms))
        for pipeline in step.pipelines
    ]
    return {family for families in named for family in families}
