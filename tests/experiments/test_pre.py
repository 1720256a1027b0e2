"""Pre-processing of one's own, from a file in a folder to a bundle that answers elsewhere."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from litmus_core import Compute, Training, load_bundle, train
from litmus_core.cli import app
from litmus_core.errors import BundleError, UsageError
from litmus_core.experiments import TrainingHandle
from litmus_core.experiments._api.preprocessors import pre_parts
from litmus_core.runtime import read_manifest
from litmus_core.types import PluginRef
from tests.trained import table
from tests.warm import client as warm

ROOT = Path(__file__).resolve().parents[2]
_TIDY = """
import numpy as np
from shop_words import LONG


class Tidy:
    def __init__(self, *, least: float = 0.0):
        self.least = least

    def fit(self, frame, target):
        self.mean_ = frame["size"].mean()

    def transform(self, frame):
        frame = frame.copy()
        frame["root"] = np.sqrt(frame["size"].fillna(self.mean_).clip(lower=self.least))
        frame["code"] = frame["colour"].map(LONG)
        return frame.drop(columns=["size"])


class ByHand(Tidy):
    def transform(self, frame):
        return super().transform(frame).assign(letters=[len(each or "") for each in frame["colour"]])
"""
_WORDS = """
LONG = {"red": 1.0, "green": 2.0}
"""
_ASK = """
import json, sys
from litmus_core import load_bundle

bundle = load_bundle(sys.argv[1])
rows = json.loads(sys.argv[2])
one_by_one = [bundle.predict_records([row])[0] for row in rows]
print(json.dumps([bundle.check(), bundle.predict_records(rows), one_by_one]))
"""
ROWS = [
    {"size": 4.5, "colour": "red", "day": "2024-02-02"},
    {"size": None, "colour": "teal", "day": None, "more": 1},
]


def trained(base: Path, workspace: Path, reference: str, **more: Any) -> TrainingHandle:
    (base / "shop_steps.py").write_text(_TIDY)
    (base / "shop_words.py").write_text(_WORDS)
    table(300).to_csv(base / "shop.csv", index=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(base)
        handle = train(
            "shop.csv",
            "sold",
            training=Training(models=["linear"], preprocess=[reference]),
            compute=Compute(time_limit_s=15),
            folds=0,
            workspace=workspace,
            **more,
        )
    for name in ("shop_steps.py", "shop_words.py"):
        (base / name).unlink()
    return handle.wait(timeout_s=200)


@pytest.fixture(scope="module")
def traced(_session_workspace: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingHandle]:
    folder = tmp_path_factory.mktemp("traced")
    handle = trained(folder, folder / "workspace", "shop_steps.py:Tidy(least=1)")
    yield handle
    handle.studio.close()


@pytest.fixture(scope="module")
def coded(_session_workspace: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingHandle]:
    folder = tmp_path_factory.mktemp("coded")
    handle = trained(folder, folder / "workspace", "shop_steps:ByHand")
    yield handle
    handle.studio.close()


def asked(bundle: Path) -> Any:
    script = bundle.with_name("ask.py")
    script.write_text(_ASK)
    run = subprocess.run(
        [*warm.PYTHON, str(script), str(bundle), json.dumps(ROWS)],
        cwd=script.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


def test_a_traced_one_is_compiled_and_its_bundle_holds_no_code(
    traced: TrainingHandle, tmp_path: Path
) -> None:
    bundle = tmp_path / "shop"
    traced.best.export(bundle)
    differences, together, alone = asked(bundle)

    assert "Your pre-processor Tidy became part of the model: production needs no code." in traced.run.message
    assert traced.best.facts.form == "compiled"
    assert read_manifest(bundle).executor == "compiled"
    assert [each.name for each in read_manifest(bundle).signature.columns] == ["size", "colour", "day"]
    assert not (bundle / "modules").exists()
    assert differences == []
    assert together == alone == traced.best.predictor().predict_records(ROWS)


@pytest.mark.exhaustive(
    reason="tests/engine/test_pre.py runs one in place, tests/deploy/test_bundle_parts.py ships a "
    "class with what it imports"
)
def test_one_that_runs_as_python_is_shipped_with_its_code(coded: TrainingHandle, tmp_path: Path) -> None:
    bundle = tmp_path / "shop"
    coded.best.export(bundle)
    differences, together, alone = asked(bundle)
    chosen = coded.best.facts

    assert "(ByHand) runs as Python in production, which is slower" in coded.run.message
    assert chosen.form == "native"
    assert chosen.native_reason.startswith("its pre-processing is code of your own (ByHand runs as Python: ")
    assert chosen.latency_at(1) is not None
    assert sorted(path.name for path in (bundle / "modules").iterdir()) == ["shop_steps.py", "shop_words.py"]
    assert differences == []
    assert together == alone == coded.best.predictor().predict_records(ROWS)


def test_a_compiled_bundle_that_asks_for_code_is_refused(traced: TrainingHandle, tmp_path: Path) -> None:
    from litmus_core.runtime import seal_folder

    bundle = tmp_path / "shop"
    traced.best.export(bundle)
    state = json.loads((bundle / "pipeline.json").read_text())
    state |= {"code": [{"module": "os", "name": "x", "file": "0.pkl", "columns": state["raw"]}]}
    del state["before"]
    manifest = read_manifest(bundle)
    (bundle / "pipeline.json").write_text(json.dumps(state))
    for name in ("manifest.json", "manifest.sha256"):
        (bundle / name).unlink()
    seal_folder(bundle, manifest)

    with (
        load_bundle(bundle) as loaded,
        pytest.raises(BundleError, match="asks for code that it does not bring"),
    ):
        loaded.predict_records(ROWS)


def test_the_run_keeps_what_was_asked_for(traced: TrainingHandle) -> None:
    (part,) = traced.run.plan.preprocess

    assert (part.module, part.name, part.parameters) == ("shop_steps", "Tidy", (("least", 1),))
    assert len(part.sha256) == 64


def test_pre_processors_are_named_in_several_ways() -> None:
    asked_for = PluginRef(point="preprocess", reference="a:B")

    assert pre_parts("tidy.py:Tidy") == (PluginRef(point="preprocess", reference="tidy.py:Tidy"),)
    assert pre_parts([TrainingHandle, asked_for]) == (
        PluginRef(point="preprocess", reference="litmus_core.experiments._api.handles.handle:TrainingHandle"),
        asked_for,
    )
    (function,) = pre_parts(pre_parts)
    assert function.reference == "litmus_core.experiments._api.preprocessors:pre_parts"
    assert pre_parts(["tidy"]) == (PluginRef(point="preprocess", reference="tidy"),)  # a plug-in's name
    with pytest.raises(UsageError, match="is not the class or function of a pre-processor"):
        pre_parts([3])  # type: ignore[list-item]


def test_the_command_line_refuses_what_cannot_be_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "steps.py").write_text("class Nothing:\n    pass\n")
    table(60).to_csv(tmp_path / "shop.csv", index=False)
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(
        app, ["train", "shop.csv", "--target", "sold", "--pre", "steps.py:Nothing", "--workspace", "here"]
    )

    assert said.exit_code == 2
    assert "steps.py has 'Nothing', which has no transform" in said.output
