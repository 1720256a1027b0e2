"""Kinds of question from the guide's own text: in a run, a bundle and the shell."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import litmus_core
from litmus_core import Compute, Data, Training
from litmus_core.cli import app
from litmus_core.errors import BundleError, LitmusError, UnknownNameError, UsageError
from litmus_core.experiments import Studio, TrainingHandle, train
from litmus_core.experiments._tasks import TaskWishes, make_task
from litmus_core.runtime import read_manifest
from tests.elsewhere import script

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "plugin-task-types.md"
CALL, PLUGIN = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
_ASK = """
import json, sys
from litmus_core import load_bundle

bundle = load_bundle(sys.argv[1])
print(json.dumps([bundle.check(), bundle.predict_records(json.loads(sys.argv[2]))]))
"""
ROWS = [{"size": 1.0, "colour": "red"}, {"size": 4.0, "colour": None}]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the guide's plug-in and a table of prices, and of profits, over several sizes."""
    folder = tmp_path_factory.mktemp("kinds")
    random = np.random.default_rng(0)
    size = random.uniform(0, 6, 300)
    frame = pd.DataFrame({"size": size.round(3), "colour": random.choice(["red", "blue"], 300)})
    frame["price"] = np.exp(1 + size + 0.05 * random.normal(size=300)).round(2)
    worth = 1.5 * (size - 3) + 0.05 * random.normal(size=300)
    frame["profit"] = (np.sign(worth) * np.expm1(np.abs(worth))).round(2)
    frame.to_csv(folder / "shop.csv", index=False)
    (folder / "kinds.py").write_text(PLUGIN)
    return folder


@pytest.fixture(scope="module")
def studio(_session_workspace: None, shop: Path) -> Iterator[Studio]:
    """A workspace in which the guide's plug-ins are ready."""
    with Studio.open(shop / "workspace") as studio:
        file = studio.workspace.path / "plugins" / "kinds.py"
        file.parent.mkdir()
        file.write_text(PLUGIN)
        studio.plugins.trust(file)
        reports = studio.plugins.check_file(file)
        assert [(each.name, each.reason) for each in reports] == [("SignedLog", ""), ("Bands", "")]
        yield studio


@pytest.fixture(scope="module")
def profits(studio: Studio, shop: Path) -> Iterator[TrainingHandle]:
    """A run of the plug-in that learns numbers on a scale of its own, asked for by its name."""
    handle = train(
        Data(shop / "shop.csv", task="SignedLog(unit=0.5)", only=["size", "colour"]),
        "profit",
        training=Training(models=["linear"]),
        compute=Compute(time_limit_s=20),
        folds=0,
        workspace=studio.workspace.path,
    )
    handle.wait(timeout_s=200)
    yield handle
    handle.studio.close()


def test_a_run_learns_on_the_scale_and_is_judged_by_what_was_asked(profits: TrainingHandle) -> None:
    run, task = profits.run, profits.experiment.task

    assert run.status == "finished", run.message
    assert (task.problem_type, task.metric) == ("regression", "mae")
    assert run.plan.scoring.task_type is not None
    assert (run.plan.scoring.task_type.name, run.plan.scoring.task_type.parameters) == (
        "SignedLog",
        (("unit", 0.5),),
    )
    assert run.verdict is not None
    assert run.verdict.score.value < 0.25 * run.verdict.baseline
    report = profits.studio.runs.diagnostics(run.id)
    assert report is not None
    assert "task='plugins/kinds.py:SignedLog(unit=0.5)'" in profits.code


def test_its_bundle_compiles_brings_the_kind_and_answers_elsewhere(
    profits: TrainingHandle, tmp_path: Path
) -> None:
    best = profits.candidates()[0]
    record = profits.studio.bundles.export(best.id, to=tmp_path / "model.zip")
    manifest = read_manifest(record.path)
    ran = subprocess.run(
        [*script(_ASK, tmp_path), record.path, json.dumps(ROWS)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    problems, answers = json.loads(ran.stdout)

    assert (manifest.format, manifest.executor, manifest.has_own_steps) == (3, "compiled", True)
    assert [part.reference for part in manifest.postprocess] == ["kinds:SignedLog"]
    assert manifest.task is not None
    assert manifest.task.task_type is not None
    assert manifest.task.task_type.reference == "kinds:SignedLog"
    assert "someone's own code" in manifest.trust
    assert problems == []
    assert [each["value"] for each in answers] == profits.studio.candidates.predictor(best.id).predict(
        ROWS
    ).tolist()
    assert answers[0]["value"] < 0
    with pytest.raises(BundleError, match="'SignedLog' takes its answers back"):
        profits.studio.bundles.export_onnx(best.id, to=tmp_path / "model.onnx")


def test_the_guides_call_compiles_without_anybodys_code(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop)
    monkeypatch.setenv("LITMUS_HOME", str(tmp_path / "home"))
    names: dict[str, TrainingHandle] = {}
    exec(compile(CALL, "plugin-task-types.md", "exec"), names)
    handle = names["handle"]
    record, verdict = handle.best.export(tmp_path / "ratio.zip"), handle.run.verdict
    handle.studio.close()
    manifest = read_manifest(record.path)

    assert verdict is not None
    assert verdict.score.metric == "mape"
    assert (manifest.executor, manifest.has_own_steps) == ("compiled", False)
    assert "no pickles" in manifest.trust
    with litmus_core.load_bundle(record.path) as bundle:
        (answer,) = bundle.predict_records([{**ROWS[0], "profit": 0.0}])
    assert answer["value"] > 0


def test_labels_of_ones_own_need_no_code_in_production(shop: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(
        app,
        [
            *("train", str(shop / "shop.csv"), "--target", "profit", "--family", "linear", "--folds", "3"),
            *("--task", f"{shop / 'kinds.py'}:Bands(much=20)", "--time-limit", "15", "--leave-out"),
            *("price", "--workspace", str(tmp_path / "workspace"), "--json"),
        ],
    )
    assert ran.exit_code == 0, ran.output
    report = json.loads(ran.stdout)
    with Studio.open(tmp_path / "workspace") as studio:
        best = studio.candidates.get(report["best"]["candidate"])
        candidates = studio.candidates.list(best.run_id)
        record = studio.bundles.export(best.id, to=tmp_path / "bands.zip")
        rows = studio.runs.validation_rows(best.run_id, 20)

    assert {each.name for each in candidates} == {"Linear model", "Linear model, on all rows"}
    assert not best.refit_of  # of equal scores, the mean of the folds
    assert set(rows["profit"]) <= {"a loss", "little", "much"}
    manifest = read_manifest(record.path)
    assert (manifest.format, manifest.has_own_steps, manifest.postprocess) == (2, False, ())
    assert set(manifest.signature.classes) == {"a loss", "little", "much"}
    assert not [name for name in manifest.files if name.startswith("modules/")]


@pytest.mark.parametrize(
    ("target", "kind", "said"),
    [
        ("price", "ration", "Did you mean 'ratio'"),
        ("price", "ratio(ofset=1)", "Did you mean 'offset'"),
        ("price", "SignedLog(unit=0)", "unit of SignedLog is between 0.001 and 1e+09, not 0"),
        ("profit", "ratio", "have no logarithm: 'profit' is -"),
        ("colour", "above(limit=3)", "'colour' of 'shop' holds no numbers"),
        ("colour", "SignedLog", "does not hold numbers"),
    ],
)
def test_what_cannot_be_meant_is_said_before_training(
    studio: Studio, shop: Path, target: str, kind: str, said: str
) -> None:
    version = studio.datasets.import_file(shop / "shop.csv")
    with pytest.raises(LitmusError) as error:
        make_task(studio.workspace, version, target, TaskWishes(task_type=kind))

    assert said in f"{error.value} {error.value.hint}"


def test_a_kind_and_another_problem_type_cannot_both_be_meant(studio: Studio, shop: Path) -> None:
    version = studio.datasets.import_file(shop / "shop.csv")

    with pytest.raises(UsageError, match="'above' is put as a binary question, not as a regression one"):
        make_task(
            studio.workspace,
            version,
            "price",
            TaskWishes(task_type="above(limit=5)", problem_type="regression"),
        )
    with pytest.raises(UnknownNameError, match="Did you mean 'SignedLog'"):
        make_task(studio.workspace, version, "price", TaskWishes(task_type="SignedLg"))


def test_a_kind_that_nobody_trusts_is_not_run(shop: Path, tmp_path: Path) -> None:
    with Studio.open(tmp_path / "workspace") as studio:
        file = studio.workspace.path / "plugins" / "kinds.py"
        file.parent.mkdir()
        file.write_text("raise SystemExit('it ran')\n" + PLUGIN)
        version = studio.datasets.import_file(shop / "shop.csv")

        with pytest.raises(UsageError, match="not trusted, so none of it was run"):
            make_task(studio.workspace, version, "price", TaskWishes(task_type="plugins/kinds.py:Bands"))
