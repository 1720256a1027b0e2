"""What a step should bring is what the list predicts of the action that does the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litmus_core.recipes import (
    PipelineStep,
    Step,
    Walk,
    WalkStep,
    matching_action,
    read_recipe,
    steps_by_action,
)
from litmus_core.types import (
    Action,
    ActionCost,
    ActionList,
    Algorithm,
    CustomModel,
    Folds,
    Gain,
    PluginRef,
    ReusedModel,
    RunPlan,
    Statement,
    Tuning,
)
from tests.walks import RECIPE

_TAKEN = ReusedModel(candidate_id="r-x", run_id="r", model="m")


def _action(key: str, kind: str, plan: RunPlan | None = None) -> Action:
    gain = Gain(value=0.01, low=0.0, high=0.02, measured=0.01)
    return Action(
        key=key,
        kind=kind,
        title=Statement.plain(key),
        gain=gain,
        cost=ActionCost(minutes=1.0),
        plan=plan,
    )  # type: ignore[arg-type]


def _part(reference: str) -> PluginRef:
    return PluginRef(point="postprocess", reference=reference)


_LISTED = ActionList(
    metric="roc_auc",
    run_id="r",
    n_rows=100,
    seconds=1.0,
    actions=(
        _action("leak", "leak"),
        _action("faster", "faster"),
        _action("rows of Fridges", "class rows"),
        _action("folds", "folds", RunPlan(folds=Folds(5))),
        _action("family linear", "family", RunPlan(families=("lightgbm", "linear"))),
        _action("models", "family", RunPlan()),
        _action("calibrate", "calibrate", RunPlan(postprocess=(_part("calibrate"),), origin=_TAKEN)),
        _action("rows", "rows"),
        _action("tune", "tune", RunPlan(tuning=Tuning())),
    ),
)
_BOOSTERS = PipelineStep(name="boosters", families=("lightgbm",))


def _step(kind: str, **more: object) -> Step:
    return Step(number=1, kind=kind, line=1, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("step", "key"),
    [
        (_step("tune", tuning=Tuning()), "tune"),
        (_step("tune", pipelines=(_BOOSTERS,), tuning=Tuning()), "tune"),
        (_step("try", pipelines=(_BOOSTERS,), folds=Folds(5)), "folds"),
        (
            _step("try", pipelines=(PipelineStep(name="l", algorithms=(Algorithm(key="linear"),)),)),
            "family linear",
        ),
        (_step("post-process", postprocess=(_part("calibrate"),)), "calibrate"),
        (_step("gather", request="More."), "rows"),
        (_step("try", pipelines=(_BOOSTERS,)), None),
        (_step("hand off", request="Why?"), None),
        (_step("check data"), None),
    ],
)
def test_a_step_is_taken_for_the_action_that_does_the_same(step: Step, key: str | None) -> None:
    found = matching_action(step, _LISTED)
    assert (None if found is None else found.key) == key


@pytest.mark.parametrize("key", ["tune", "folds"])
def test_a_step_with_other_models_than_the_action_is_not_taken_for_it(key: str) -> None:
    more = {"tuning": Tuning()} if key == "tune" else {"folds": Folds(5)}
    step = _step("tune" if key == "tune" else "try", pipelines=(_BOOSTERS,), **more)
    own = RunPlan(models=(CustomModel(reference="a.py:Own"),))
    assert matching_action(step, replace(_LISTED, actions=(_action(key, key, own),))) is None
    for families, found in ((("lightgbm", "linear"), key), (("linear",), None), ((), key)):
        listed = replace(_LISTED, actions=(_action(key, key, RunPlan(families=families)),))
        action = matching_action(step, listed)
        assert (None if action is None else action.key) == found


def test_actions_are_known_as_the_steps_to_come_that_do_the_same() -> None:
    done, first, again, refine, over = (
        WalkStep(step=step, state=state)  # type: ignore[arg-type]
        for step, state in (
            (_step("try", pipelines=(_BOOSTERS,), folds=Folds(5)), "done"),
            (_step("tune", tuning=Tuning()), "next"),
            (_step("tune", tuning=Tuning(), words="Once more"), "later"),
            (_step("refine"), "later"),
            (_step("gather", request="More."), "skipped"),
        )
    )
    places = (done, first, again, refine, over)
    walk = Walk(experiment_id="e", recipe=read_recipe(RECIPE), places=places, reached=False, why="")

    assert steps_by_action(walk, _LISTED) == {"tune": first, "faster": refine}
