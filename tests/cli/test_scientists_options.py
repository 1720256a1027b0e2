"""``litmus train`` with algorithms, folds and metrics of one's own."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.cluster import Machine, _connection
from litmus_core.experiments import Studio
from litmus_core.experiments._runs import plan_checks
from litmus_core.types import Algorithm, Folds, Hyperparameter, Resources
from tests.trained import table


def run(*words: object) -> object:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "shop.csv"
    table(n_rows=240).to_csv(path, index=False)
    return path


def test_folds_in_order_of_time_and_values_of_ones_own_reach_the_run(shop, tmp_path):
    result = run(
        "train", shop, "--target", "sold", "--leave-out", "day", "--algorithm", "linear",
        "--algorithm", "forest(n_estimators=10)", "--folds", 3, "--folds-kind", "time:day",
        "--split", "time:day", "--gap", 4, "--embargo", "3 hours",
        "--metric", "roc_auc", "--metric", "accuracy", "--cpus", 1, "--time-limit", 60,
        "--workspace", tmp_path / "workspace", "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    with Studio.open(tmp_path / "workspace") as studio:
        plan = studio.runs.get(report["run"]).plan
        (best, *_) = studio.candidates.list(report["run"])

    assert "within 4 rows and 3 hours of those that judge it" in report["verdict"]["sentence"]
    forest = Algorithm(key="forest", hyperparameters=(Hyperparameter(name="n_estimators", value=10),))
    assert (plan.families, plan.algorithms) == (("linear",), (forest,))
    assert plan.folds == Folds(3, kind="time", column="day", refit=True, gap=4, embargo="3 hours")
    assert plan.compute.train == Resources(cpus=1)
    assert {"Linear model", "Random forest: n_estimators=10"} <= {
        each["name"] for each in report["leaderboard"]
    }
    assert report["best"]["metric"] == "roc_auc"
    assert 0 < report["best"]["also_validation"]["accuracy"] < 1
    assert 0 < report["best"]["also_test"]["accuracy"] < 1
    assert 130 < best.validation.n_rows < 160  # of 192 that train and validate; the earliest are not scored


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--algorithm", "forest(n_estimator=10)"), "Did you mean 'n_estimators'?"),
        (("--algorithm", "forest(10)"), "has a value without a name"),
        (("--folds-kind", "time:day"), "The number of folds is missing."),
        (("--folds", 3, "--folds-kind", "tme:day"), "Did you mean 'time'?"),
        (("--folds", 3, "--folds-kind", "group"), "need a column"),
        (("--gap", 4), "Split by time too"),
        (("--split", "time:day", "--embargo", "3"), "'day' holds dates"),
        (
            ("--split", "time:day", "--folds", 3, "--gap", 180),
            "leaves no row to learn from before fold 1 of 3",
        ),
        (("--metric", "roc_auc", "--metric", "rmse"), "does not fit a binary question"),
        (("--cpus", 0), "0 processors is not possible"),
    ],
)
def test_what_cannot_be_meant_ends_in_words(shop, options, said):
    result = run("train", shop, "--target", "sold", *options)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--on", "ray"], "pip install 'litmus-automl[ray]'"),
        (["--on", "127.0.0.1:many"], "No Ray cluster answers at '127.0.0.1:many'"),
        (["--on", "ray", "--gpus", -1], "is not possible"),
        (["--on", "ray", "--gpus", 1], "needs gpus 1, and no machine has more than 0"),
        (["--on", "ray", "--memory-gb", 9], "needs memory 9 GB, and no machine has more than 8 GB"),
        (["--on", "moon"], "'moon' is not a place to work."),
    ],
)
def test_where_folds_cannot_be_fitted_is_said_before_anything_starts(
    shop, tmp_path, monkeypatch, words, said
):
    has_ray = said != "pip install 'litmus-automl[ray]'"
    monkeypatch.setattr(_connection, "find_spec", lambda name: object() if has_ray else None)

    monkeypatch.setattr(
        plan_checks, "inspect_machine", lambda on: (Machine(id="a", name="a", cpus=4, gpus=0, memory_gb=8),)
    )

    refused = run("train", shop, "--target", "sold", "--workspace", tmp_path / "workspace", *words)

    assert refused.exit_code == 2
    assert said in refused.stderr
