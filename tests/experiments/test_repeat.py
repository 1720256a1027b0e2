"""The code of any run: it makes the same run again, in a process that knows nothing else."""

from __future__ import annotations

import ast
import json
import os
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.builtin_preprocessors import reference_of
from litmus_core.cli import app
from litmus_core.experiments import TaskWishes, make_task
from litmus_core.types import (
    Algorithm,
    Bar,
    Budget,
    Compute,
    CustomModel,
    Fix,
    Folds,
    Hyperparameter,
    PluginRef,
    Resources,
    RunPlan,
    RunQueued,
    ScoringPlan,
    SplitPlan,
    TrainingOptions,
)
from tests.elsewhere import script
from tests.trained import table

_MODEL = """
import numpy as np


class Prior:
    def __init__(self, weight=1.0):
        self.weight = weight

    def fit(self, X, y):
        self.classes_, counts = np.unique(y, return_counts=True)
        self.shares_ = (counts + self.weight) / (counts + self.weight).sum()
        return self

    def predict_proba(self, X):
        return np.tile(self.shares_, (len(X), 1))
"""


def again(code: str, workspace: Path, folder: Path) -> None:
    """Run the code in a fresh process, in another folder."""
    folder.mkdir()
    environment = {**os.environ, "LITMUS_HOME": str(workspace)}
    done = subprocess.run(
        script(code, folder), cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def clicked(tmp_path_factory):
    """A run as pages start it, with much that is not a default; trained for real."""
    folder = tmp_path_factory.mktemp("clicked")
    table(240).to_csv(folder / "shop.csv", index=False)
    (folder / "priors.py").write_text(_MODEL)
    with Studio.open(folder / "workspace") as studio:
        version = studio.datasets.import_file(folder / "shop.csv")
        task = make_task(
            studio.workspace,
            version,
            "sold",
            TaskWishes(
                leave_out=["day"],
                metric="fbeta(beta=3)",
                bar=Bar(metric="fbeta(beta=3)", op=">=", value=0.5),
                budget=Budget(max_latency_ms=500, batch_rows=10),
                split=SplitPlan(test_fraction=0.25),
                time_limit_s=40,
                seed=11,
            ),
        )
        experiment = studio.experiments.create(task, name="As clicked")
        reference = f"{folder / 'priors.py'}:Prior"
        forest = Algorithm(
            key="forest",
            hyperparameters=(
                Hyperparameter(name="n_estimators", value=20),
                Hyperparameter(name="max_features", value="sqrt"),
            ),
        )
        plan = RunPlan(
            families=("linear",),
            algorithms=(
                forest,
                Algorithm(key=reference, hyperparameters=(Hyperparameter(name="weight", value=2.5),)),
            ),
            models=(CustomModel(reference=reference),),
            preprocess=(PluginRef(point="preprocess", reference=reference_of("Counts")),),
            folds=Folds(2, kind="stratified"),
            compute=Compute(train=Resources(cpus=1)),
            scoring=ScoringPlan(also_validation=("accuracy",), also_test=("log_loss",)),
            training=TrainingOptions(balanced=True, without_rows=(2, 3)),
        )
        run = studio.runs.start(experiment.id, plan)
        studio.runs.wait(run.id, timeout_s=200)
    return folder, run.id


def test_a_run_that_was_clicked_is_made_again_by_its_code(clicked, tmp_path):
    folder, run_id = clicked
    with Studio.open(folder / "workspace") as studio:
        code = studio.code.script(run_id)
    assert str(folder / "shop.csv") in code

    again(code, folder / "workspace", tmp_path / "elsewhere")

    with Studio.open(folder / "workspace") as studio:
        first = studio.runs.get(run_id)
        (second_id,) = {each.id for each in studio.store.runs()} - {run_id}
        second = studio.runs.get(second_id)
        tasks = [studio.experiments.get(each.experiment_id) for each in (first, second)]
        boards = [{each.name: each for each in studio.candidates.list(each.id)} for each in (first, second)]
    assert second.plan == first.plan
    assert tasks[1].task == tasks[0].task
    assert tasks[1].name == tasks[0].name == "As clicked"
    assert second.status == first.status == "finished"
    assert {"Linear model", "Random forest: n_estimators=20, max_features=sqrt", "Prior, weight=2.5"} <= set(
        boards[0]
    )
    assert {name: each.validation for name, each in boards[1].items()} == {
        name: each.validation for name, each in boards[0].items()
    }
    best, again_best = (next(iter(board.values())) for board in boards)
    assert best.also_test == again_best.also_test != ()  # others may have been looked at since, by hand


def test_metrics_that_look_on_stand_beside_the_one_that_decides(clicked):
    folder, run_id = clicked
    with Studio.open(folder / "workspace") as studio:
        candidates = studio.candidates.list(run_id)
        revealed = studio.candidates.reveal_test(candidates[1].id)
    assert all([score.metric for score in each.also_validation] == ["accuracy"] for each in candidates)
    assert [score.metric for score in candidates[0].also_test] == ["log_loss"]
    assert [score.metric for score in revealed.also_test] == ["log_loss"]
    assert all(each.validation.metric == "fbeta(beta=3)" for each in candidates)


def test_a_version_that_no_file_gives_is_named_by_its_id(tmp_path):
    table(60).to_csv(tmp_path / "shop.csv", index=False)
    with Studio.open(tmp_path / "workspace") as studio:
        version = studio.datasets.import_file(tmp_path / "shop.csv")
        fixed = studio.fixes.apply(version.id, [Fix(kind="leave_out", columns=("day",))])
        plain, changed = (studio.code.script(_queued(studio, each).id) for each in (version, fixed))
        table(61).to_csv(tmp_path / "shop.csv", index=False)
        os.utime(tmp_path / "shop.csv", (4e9, 4e9))
        later = studio.code.script(_queued(studio, version).id)
    assert repr(fixed.id) in changed
    assert repr(version.id) in plain  # it has a later version: importing the file would make another table
    assert repr(version.id) in later


def _queued(studio, version):
    task = make_task(studio.workspace, version, "sold")
    experiment = studio.experiments.create(task)
    fact = RunQueued(
        run_id=f"run_{version.id}_{len(studio.experiments.summaries())}",
        number=1,
        experiment=experiment,
        plan=RunPlan(),
    )
    studio.context.record(fact)
    return studio.runs.get(fact.run_id)


def test_the_command_prints_the_code_and_writes_a_notebook(clicked, tmp_path):
    folder, run_id = clicked
    words = ["runs", "code", run_id, "--workspace", str(folder / "workspace")]
    printed = CliRunner().invoke(app, words)
    as_json = CliRunner().invoke(app, [*words, "--json"])
    written = CliRunner().invoke(app, [*words, "--notebook", str(tmp_path / "run.ipynb")])

    ast.parse(printed.stdout)
    assert json.loads(as_json.stdout)["code"].rstrip() == printed.stdout.rstrip()
    assert written.exit_code == 0
    notebook = json.loads((tmp_path / "run.ipynb").read_text())
    kinds = [cell["cell_type"] for cell in notebook["cells"]]
    assert (notebook["nbformat"], kinds) == (4, ["markdown", "code", "code", "code"])
    assert "".join(notebook["cells"][1]["source"]).rstrip() == printed.stdout.rstrip()
    for cell in notebook["cells"][1:]:
        ast.parse("".join(cell["source"]))
        assert (cell["outputs"], cell["execution_count"]) == ([], None)


def test_an_unknown_run_is_said(tmp_path):
    result = CliRunner().invoke(app, ["runs", "code", "run_nowhere", "--workspace", str(tmp_path)])
    assert result.exit_code == 2
    assert "There is no run 'run_nowhere'" in result.stderr
