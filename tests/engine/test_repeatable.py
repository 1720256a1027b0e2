"""The same seed, iterations and processors are the same model, bit for bit, in every family."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.engine import FitRequest, available_families, fit_models, validation_predictions
from litmus_core.types import Algorithm, Compute, Folds, Hyperparameter, Resources
from tests.cases import thinned
from tests.engine.conftest import COLUMNS, table, task

TESTS = Path(__file__).resolve().parents[1]
# So few iterations that no time limit cuts in; families without an entry are quick by themselves.
FIXED: dict[str, dict[str, Any]] = {
    "lightgbm": {"num_boost_round": 20},
    "lightgbm_random": {"num_boost_round": 20},
    "xgboost": {"n_estimators": 20},
    "catboost": {"iterations": 20},
    "forest": {"n_estimators": 20},
    "extra_trees": {"n_estimators": 20},
    "network": {"num_epochs": 2},
}
REPEATED = ("lightgbm", "catboost", "forest")
HASHED = ("linear", "text_linear")  # what counts words and categories
THREADED = "lightgbm"
CARDS = [
    each.key
    for each in available_families("regression", COLUMNS)
    if not each.stock and each.key != "encoder"  # its weights are a download
]


def rows(family: str) -> pd.DataFrame:
    """More rows than AutoGluon's linear model looks at for a column's quantiles, and such a column.

    The others get fewer.
    """
    frame = table(10_600 if family == "linear" else 1_600)
    frame["count"] = np.exp(frame["count"].astype(float)).round()
    return frame.assign(answer=frame["signal"])


def digest(folder: Path, family: str, *, seconds: float, problem_type: str = "regression") -> str:
    frame = rows(family)
    if problem_type == "binary":
        frame["answer"] = np.where(frame["signal"] > 1, "yes", "no")
    values = tuple(Hyperparameter(name=name, value=value) for name, value in FIXED.get(family, {}).items())
    asked = (Algorithm(key=family, hyperparameters=values),) if values else ()
    there: list[str] = []
    fit_models(
        FitRequest(
            folder=folder,
            train=frame[:-400],
            validation=frame[-400:],
            columns=COLUMNS,
            task=task(problem_type, "rmse" if problem_type == "regression" else "roc_auc"),
            families=() if asked else (family,),
            algorithms=asked,
            deadline=time.time() + seconds,
            folds=Folds(0),
            compute=Compute(train=Resources(cpus=2)),
        ),
        on_model=lambda model: there.append(model.model),
        on_start=lambda _: None,
        should_stop=lambda: False,
    )
    return hashlib.sha256(validation_predictions(folder, there[0])[1].tobytes()).hexdigest()


@pytest.mark.parametrize(
    "family",
    thinned(
        CARDS,
        keep=[place for place, each in enumerate(CARDS) if each not in REPEATED],
        reason="tests/experiments/test_repeat_run.py repeats whole runs of these, bit for bit",
    ),
)
def test_a_family_learns_the_same_whatever_was_drawn_before(family: str, tmp_path: Path) -> None:
    first = digest(tmp_path / "first", family, seconds=300)
    np.random.default_rng().random()
    np.random.random(7)  # of the chance that libraries share
    assert digest(tmp_path / "second", family, seconds=500) == first


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What a process of other hashes makes of ``HASHED`` and, twice, of ``THREADED`` in two threads."""
    code = (
        "import json, sys, types; from pathlib import Path; tests = types.ModuleType('tests'); "
        f"tests.__path__ = [{str(TESTS)!r}]; sys.modules['tests'] = tests; "
        "from tests.engine.test_repeatable import digest; "
        "print(json.dumps([digest(Path(sys.argv[1]) / str(n), each, seconds=300, problem_type='binary')"
        f" for n, each in enumerate({(*HASHED, THREADED, THREADED)!r})]))"
    )
    other_hashes = {**os.environ, "PYTHONHASHSEED": "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"}
    other_hashes.pop("OMP_THREAD_LIMIT", None)
    there = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path_factory.mktemp("there"))],
        env=other_hashes, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: list[str] = json.loads(there.stdout.splitlines()[-1])
    return found


def test_a_time_limit_that_does_not_bind_and_other_hashes_change_nothing(
    elsewhere: list[str], tmp_path: Path
) -> None:
    assert elsewhere[: len(HASHED)] == [
        digest(tmp_path / each, each, seconds=500, problem_type="binary") for each in HASHED
    ]


def test_a_family_learns_the_same_in_several_threads(elsewhere: list[str]) -> None:
    first, second = elsewhere[len(HASHED) :]
    assert first == second
