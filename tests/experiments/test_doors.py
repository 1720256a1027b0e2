"""Each door by which a person asks for values: they reach what is fitted, whatever kind of model it is."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from app.controllers.user_requests import _plan
from app.presenters.training.families import algorithm_of
from app.views.training.train import StartRun
from litmus_core import Algorithm, Floats, Integers, Studio, Training, train
from litmus_core.cli import app
from litmus_core.engine import FitRequest, tunable_algorithms
from litmus_core.engine._fit.workers import requested_values
from litmus_core.errors import UsageError
from litmus_core.experiments import make_task
from litmus_core.experiments._handoffs.answers import _plan_with
from litmus_core.jobs._stages.fit_request import custom_models, family_algorithms
from litmus_core.recipes import plan_of_step, read_recipe, repeated_plan
from litmus_core.types import Algorithm as Planned
from litmus_core.types import Folds, Hyperparameter, Run, RunPlan, Task, Tuning
from tests.trained import table
from tests.walks import RECIPE

MINE = """
class Mine:
    def __init__(self, C=1.0, kind="plain", layers=()):
        self.C, self.kind, self.layers = C, kind, layers

    def fit(self, X, y):
        return self

    def predict_proba(self, X):
        return None
"""
HALVES = """
from autogluon.core.models import AbstractModel


class Halves(AbstractModel):
    ag_key = "HALVES"
    ag_name = "Halves"

    def _fit(self, X, y, **kwargs):
        self.model = self._get_model_params()["share"]
"""
PLUG_IN = """
from litmus_core.plugins import algorithm


@algorithm
class Shares:
    def __init__(self, slope: float = 0.1):
        self.slope = slope

    def fit(self, X, y):
        self.share_ = float(y.mean())
        return self

    def predict_proba(self, X):
        import numpy as np

        p = np.clip(self.share_ + self.slope * np.tanh(X[:, 0]) / 10, 0.01, 0.99)
        return np.column_stack([1 - p, p])
"""
SKLEARN = "sklearn.linear_model:LogisticRegression"
# By AutoGluon's name of each model: the values that it is to be fitted with.
REACHED = {
    "lightgbm-eta=0.3, num_leaves=5": {"eta": 0.3, "num_leaves": 5},
    "forest-n_estimators=7": {"n_estimators": 7},
    "custom-Mine, C=1e-06, kind=a b, layers=64 32": {"C": 1e-6, "kind": "a b", "layers": (64, 32)},
    "custom-Halves, share=0.1": {"share": 0.1},
    "custom-LogisticRegression, C=1e-06": {"C": 1e-6},
    "custom-Shares, slope=0.2": {"slope": 0.2},
}


IN_TEXTS = ("lightgbm-eta=0.3, num_leaves=5", "forest-n_estimators=7", "custom-Shares, slope=0.2")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a table, models of one's own, and a workspace whose plug-ins are ready."""
    home = tmp_path_factory.mktemp("doors")
    table(80).to_csv(home / "shop.csv", index=False)
    (home / "mine.py").write_text(MINE)
    (home / "halves.py").write_text(HALVES)
    (home / "shares.py").write_text(PLUG_IN)
    with Studio.open(home / "workspace") as studio:
        assert all(each.passed for each in studio.plugins.add(home / "shares.py"))
    return home


@pytest.fixture(autouse=True)
def queued(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Have runs queued and never started: what was asked for is all that matters."""
    monkeypatch.setattr("litmus_core.jobs._queue.queue.dispatch", lambda *_, **__: None)
    monkeypatch.syspath_prepend(str(home))
    monkeypatch.chdir(home)


def reached(plan: RunPlan, task: Task) -> dict[str, Any]:
    """Return what is to be fitted with which values, as the run's worker reads its plan."""
    request = FitRequest(
        folder=Path(),
        train=pd.DataFrame(),
        validation=None,
        columns=(),
        task=task,
        families=plan.families,
        deadline=0.0,
        algorithms=family_algorithms(plan),
        custom=custom_models(plan),
        folds=Folds(0),
    )
    return {name: dict(values) for name, values in requested_values(request).items()}


def of_run(studio: Studio, run: Run) -> dict[str, Any]:
    return reached(run.plan, studio.experiments.get(run.experiment_id).task)


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    with Studio.open(home / "workspace") as studio:
        yield studio


def texts(home: Path) -> list[str]:
    return [
        "lightgbm(eta=0.3, num_leaves=5)",
        "forest(n_estimators=7)",
        f"{home / 'mine.py'}:Mine(C=1e-6, kind='a b', layers=[64, 32])",
        "halves.py:Halves(share=0.1)",
        f"{SKLEARN}(C=1e-6)",
        "Shares(slope=0.2)",
    ]


def specs(home: Path) -> list[Any]:
    mine = importlib.import_module("mine").Mine
    learn = importlib.import_module("sklearn.linear_model").LogisticRegression
    return [
        Algorithm("lightgbm", eta=0.3, num_leaves=5),
        Algorithm("forest", n_estimators=7),
        Algorithm(mine, C=1e-6, kind="a b", layers=[64, 32]),
        Algorithm("halves.py:Halves", share=0.1),
        Algorithm(learn, C=1e-6),
        Algorithm("Shares", slope=0.2),
    ]


@pytest.mark.parametrize("asked", [texts, specs])
def test_python_train(home, asked):
    handle = train(home / "shop.csv", "sold", algorithm=[asked(home)], folds=0, workspace=home / "workspace")

    assert of_run(handle.studio, handle.run) == REACHED
    handle.studio.close()


def test_models_of_ones_own_are_trained_as_they_are_beside_those_with_values(home):
    reference = f"{home / 'mine.py'}:Mine"
    handle = train(
        home / "shop.csv",
        "sold",
        training=Training(models=[reference]),
        algorithm=[[f"{reference}(C=1e-6)"]],
        folds=0,
        workspace=home / "workspace",
    )

    assert of_run(handle.studio, handle.run) == {"custom-Mine, C=1e-06": {"C": 1e-6}, "custom-Mine": {}}
    handle.studio.close()


def test_the_command_line(home, monkeypatch):
    found: list[dict[str, Any]] = []

    def queue(*given: Any, **wishes: Any) -> None:
        handle = train(*given, **wishes)
        found.append(of_run(handle.studio, handle.run))
        handle.studio.close()
        raise UsageError("Queued, and that is all.")

    monkeypatch.setattr("litmus_core.experiments.train", queue)
    words = [word for text in texts(home) for word in ("--algorithm", text)]
    asked = ["train", str(home / "shop.csv"), "--target", "sold", *words]

    result = CliRunner().invoke(app, [*asked, "--workspace", str(home / "workspace")])

    assert (found, result.stderr) == ([REACHED], "Queued, and that is all.\n")


def test_a_recipe(home, studio):
    plug_in = studio.plugins.get("algorithm", "Shares").described.reference
    text = RECIPE.replace(
        "steps:",
        "pipelines:\n  given:\n    algorithms:\n"
        "      - lightgbm: {eta: 0.3, num_leaves: 5}\n      - forest: {n_estimators: 7}\n"
        f"      - {plug_in}: {{slope: 0.2}}\nsteps:",
    ).replace("- try: linear", "- try: given")
    recipe = read_recipe(text)
    task = make_task(studio.workspace, studio.datasets.import_file(home / "shop.csv"), "sold")
    experiment = studio.experiments.create(task)

    run = studio.runs.start(experiment.id, plan_of_step(recipe, recipe.steps[0], leader=None, led_by=None))

    assert of_run(studio, run) == {name: REACHED[name] for name in REACHED if name in IN_TEXTS}


def test_plug_ins_that_are_picked_on_the_page_and_that_answer_a_hand_off(home, studio):
    plug_in = studio.plugins.get("algorithm", "Shares").described
    part = plug_in.part(slope=0.2)
    task = make_task(studio.workspace, studio.datasets.import_file(home / "shop.csv"), "sold")
    experiment = studio.experiments.create(task)
    of_page = _plan(StartRun(families=("linear",), folds=0, plugged=(part,)))
    of_answer = _plan_with(studio.context, task, RunPlan(families=("linear",)), part)

    for plan in (of_page, of_answer):
        run = studio.runs.start(experiment.id, plan)

        assert of_run(studio, run) == {"linear": {}, "custom-Shares, slope=0.2": {"slope": 0.2}}


def test_families_that_are_set_on_the_page_and_their_recipe_and_code(home, studio):
    task = make_task(studio.workspace, studio.datasets.import_file(home / "shop.csv"), "sold")
    experiment = studio.experiments.create(task)
    cards = (algorithm_of("lightgbm", (("num_leaves", 12), ("extra_trees", False))),)

    run = studio.runs.start(experiment.id, _plan(StartRun(families=("linear",), folds=0, algorithms=cards)))

    assert of_run(studio, run) == {
        "linear": {},
        "lightgbm-num_leaves=12, extra_trees=False": {"num_leaves": 12, "extra_trees": False},
    }
    studio.store.refresh()
    assert "Algorithm('lightgbm', num_leaves=12, extra_trees=False)" in studio.code.script(run.id)
    assert repeated_plan(run.plan).algorithms == cards


def test_the_code_that_repeats_a_run_and_the_run_trained_again(home, studio):
    handle = train(home / "shop.csv", "sold", algorithm=[texts(home)], folds=0, workspace=home / "workspace")
    studio.store.refresh()
    code = studio.code.script(handle.run_id).partition("print(")[0]
    handle.studio.close()
    scope: dict[str, Any] = {}

    exec(code, scope)

    again = scope["handle"]
    assert of_run(again.studio, again.run) == REACHED
    assert (
        of_run(again.studio, again.studio.runs.start(again.experiment.id, repeated_plan(again.run.plan)))
        == REACHED
    )
    again.studio.close()


def test_values_stay_fixed_while_others_are_looked_for(home):
    handle = train(
        home / "shop.csv",
        "sold",
        algorithm=[
            [
                Algorithm("lightgbm", eta=0.3, num_leaves=Integers(4, 9)),
                Algorithm(f"{home / 'mine.py'}:Mine", kind="a b", C=Floats(1e-6, 1e-3)),
            ]
        ],
        folds=0,
        workspace=home / "workspace",
    )

    lightgbm, mine = tunable_algorithms(handle.run.plan, ())

    assert [(each.name, each.value) for each in lightgbm.hyperparameters if each.space is None] == [
        ("eta", 0.3)
    ]
    assert [(each.name, each.value) for each in mine.hyperparameters if each.space is None] == [
        ("kind", "a b")
    ]
    handle.studio.close()


def test_a_card_is_not_tuned_over_a_value_that_was_given_by_another_name():
    given = Planned(key="lightgbm", hyperparameters=(Hyperparameter(name="eta", value=0.3),))

    (found,) = tunable_algorithms(RunPlan(algorithms=(given,), tuning=Tuning()), ())

    names = [each.name for each in found.hyperparameters]
    assert "learning_rate" not in names
    assert {"eta", "num_leaves"} <= set(names)
