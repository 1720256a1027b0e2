"""Whole runs: what a door was given is asked of the fitted models in the run's folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from litmus_core import Algorithm, Compute, Integers, Studio, train
from litmus_core.engine._autogluon.trainer_folder import open_trainer
from litmus_core.engine._run_folder.fitted_values import reported_values, same_value
from litmus_core.experiments import TaskWishes, make_task
from litmus_core.recipes import plan_of_step, read_recipe

OWN = """
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
# By the beginning of AutoGluon's name: what the fitted model is to have.
ASKED = {"forest": {"n_estimators": 7}, "custom-Shares": {"slope": 0.025}}
SKLEARN = {
    "custom-LogisticRegression": {"C": 1e-6},
    "custom-MLPClassifier": {"hidden_layer_sizes": [3, 2]},
}
LAYERS = "sklearn.neural_network:MLPClassifier"
TEXTS = [
    "forest(n_estimators=7)",
    "Shares(slope=0.025)",
    "sklearn.linear_model:LogisticRegression(C=1e-6)",
    f"{LAYERS}(hidden_layer_sizes=[3, 2])",
]


def reached_by(door: str, folder: Path) -> str:
    """Train by a door in ``folder``, and return "carried", or what was lost."""
    random = np.random.default_rng(0)
    size = random.normal(size=200)
    sold = np.where(size + random.normal(size=200) > 0, "yes", "no")
    pd.DataFrame({"size": size, "rooms": random.integers(1, 9, 200), "sold": sold}).to_csv(
        folder / "shop.csv", index=False
    )
    (folder / "shares.py").write_text(OWN)
    with Studio.open(folder / "workspace") as studio:
        studio.plugins.add(folder / "shares.py")
    run_id = DOORS[door](folder)
    asked = ASKED if door == "recipe" else {**ASKED, **SKLEARN}
    trainer = open_trainer(folder / "workspace" / "runs" / run_id)
    for head, values in asked.items():
        names = [each for each in trainer.get_model_names() if each.startswith(head)]
        if not names:
            return f"lost: no model {head} by {door}"
        for name in names:
            has = reported_values(trainer.load_model(name))
            for parameter, value in values.items():
                if not same_value(value, has.get(parameter)):
                    return f"lost: {parameter}={value!r} by {door}, {name} has {has.get(parameter)!r}"
    return "carried"


def _wait(handle: Any) -> str:
    run_id: str = handle.run_id
    handle.wait(timeout_s=400)
    handle.studio.close()
    return run_id


def _python(folder: Path, algorithm: Any = None, **wishes: Any) -> str:
    asked = algorithm or [
        Algorithm("forest", n_estimators=7),
        Algorithm("Shares", slope=0.025),
        Algorithm("sklearn.linear_model:LogisticRegression", C=1e-6),
        Algorithm(LAYERS, hidden_layer_sizes=[3, 2]),
    ]
    limit = Compute(time_limit_s=60)
    wishes = {"folds": 0, "compute": limit, "workspace": folder / "workspace", **wishes}
    return _wait(train(folder / "shop.csv", "sold", algorithm=[asked], **wishes))


def _in_folds(folder: Path) -> str:
    return _python(folder, folds=2)


def _tuned(folder: Path) -> str:
    spaces = [
        Algorithm("forest", n_estimators=7, max_depth=Integers(2, 4)),
        Algorithm("Shares", slope=0.025),
        Algorithm("sklearn.linear_model:LogisticRegression", C=1e-6, max_iter=Integers(50, 90)),
        Algorithm(LAYERS, hidden_layer_sizes=[3, 2], max_iter=Integers(50, 90)),
    ]
    return _python(folder, spaces)


def _command(folder: Path) -> str:
    words = [word for text in TEXTS for word in ("--algorithm", text)]
    line = ["train", "shop.csv", "--target", "sold", *words, "--folds", "0", "--time-limit", "60"]
    line += ["--workspace", "workspace", "--json"]
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from litmus_core.cli import main; main()",
            *line,
            "--workspace",
            "workspace",
            "--json",
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    run_id: str = json.loads(done.stdout)["run"]
    return run_id


def _recipe(folder: Path) -> str:
    with Studio.open(folder / "workspace") as studio:
        described = studio.plugins.get("algorithm", "Shares").described
        reference = "" if described is None else described.reference
        recipe = read_recipe(
            "format: 1\nname: one\nversion: 1\ndescription: Values.\npipelines:\n  given:\n    algorithms:\n"
            f"      - forest: {{n_estimators: 7}}\n      - {reference}: {{slope: 0.025}}\n"
            "steps:\n  - try: given\n"
        )
        version = studio.datasets.import_file(folder / "shop.csv")
        experiment = studio.experiments.create(
            make_task(studio.workspace, version, "sold", TaskWishes(time_limit_s=60))
        )
        plan = plan_of_step(recipe, recipe.steps[0], leader=None, led_by=None)
        run = studio.runs.start(experiment.id, plan)
        studio.runs.wait(run.id, timeout_s=400)
        return run.id


def _repeated(folder: Path) -> str:
    first = _python(folder)
    with Studio.open(folder / "workspace") as studio:
        code = studio.code.script(first).partition("print(")[0]
    scope: dict[str, Any] = {}
    exec(code, scope)
    return _wait(scope["handle"])


DOORS: dict[str, Callable[[Path], str]] = {
    "python": _python,
    "python text": lambda folder: _python(folder, TEXTS),
    "folds and all rows": _in_folds,
    "tuning": _tuned,
    "command line": _command,
    "recipe": _recipe,
    "repeated": _repeated,
}
