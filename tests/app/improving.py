"""What tests of Improve share: lists of actions that were found out, and runs that only queue."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from litmus_core.experiments import (
    RunsService,
)
from litmus_core.types import (
    Action,
    ActionCost,
    ActionList,
    Folds,
    Gain,
    LearningCurve,
    Run,
    RunPlan,
    RunQueued,
    Statement,
    to_plain,
)
from tests.app.visit import visit
from tests.app.world import EXPERIMENT, RUN, SECOND_RUN, World

GAIN = Gain(value=0.02, low=0.005, high=0.035, measured=0.03)
CURVE = LearningCurve(
    x_title=Statement.of("curve", "all"),
    x=(100.0, 200.0, 400.0, 800.0),
    y=(0.7, 0.75, 0.8, 0.83),
    low=(0.6, 0.7, 0.75, 0.8),
    high=(0.8, 0.8, 0.85, 0.9),
    n_predicted=1,
)


def action(key: str, **changes: Any) -> Action:
    told: dict[str, Any] = {
        "key": key, "kind": "folds", "title": Statement.of("folds", "title", n_folds=5),
        "statements": (Statement.plain("Five times."),), "evidence": (Statement.plain("Tried."),),
        "gain": GAIN, "cost": ActionCost(minutes=2.0), "plan": RunPlan(folds=Folds(5)),
    }  # fmt: skip
    return Action(**(told | changes))


def keep(world: World, *actions: Action, **facts: tuple[str, ...]) -> None:
    """Keep a list as if it had been found out."""
    found = ActionList(metric="roc_auc", run_id=RUN, actions=actions, n_rows=240, seconds=6.0, **facts)
    folder = world.workspace.run_dir(RUN)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "actions.json").write_text(json.dumps(to_plain(found)))


def improve(**query: str) -> AppTest:
    return visit("improve", experiment=EXPERIMENT, **query)


def keys(app: AppTest) -> list[str]:
    return [each.key for each in app.button if each.key]


def started(monkeypatch: pytest.MonkeyPatch, world: World) -> list[RunPlan]:
    """Have runs queued and not trained; return their plans."""
    plans: list[RunPlan] = []

    def start(self: RunsService, experiment_id: str, plan: RunPlan | None = None) -> Run:
        plans.append(plan or RunPlan())
        experiment = self.context.experiment(experiment_id)
        self.context.record(RunQueued(run_id=SECOND_RUN, number=2, experiment=experiment, plan=plans[-1]))
        return self.context.run(SECOND_RUN)

    monkeypatch.setattr(RunsService, "start", start)
    return plans
