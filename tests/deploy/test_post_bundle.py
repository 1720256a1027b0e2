"""Bundles with steps: sealed with the rest, refused where they say more than the manifest does."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from litmus_core.compiled import write_plan
from litmus_core.deploy import draft_manifest, write_bundle
from litmus_core.errors import BundleError
from litmus_core.frame import FeaturePipeline
from litmus_core.runtime import Post, Predictor, Rule, executor_kind, load_bundle, parse_then, parse_when
from litmus_core.types import Experiment, PluginRef, Task
from tests import plans
from tests.advice.test_choice import model
from tests.runtime.conftest import forge

RULE = PluginRef(
    point="postprocess", reference="rule", parameters=(("when", "rooms > 5"), ("then", "answer = no"))
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A compiled bundle with a rule after it, as a folder."""
    scratch = tmp_path / "weights"
    write_plan(plans.logistic(), scratch)
    info = {"problem_type": "binary", "target": "sold", "classes": ["no", "yes"], "columns": plans.COLUMNS}
    rule = Rule(
        conditions=parse_when("rooms > 5"), then=parse_then("answer = no"), columns=plans.COLUMNS, place=0
    )
    pipeline = FeaturePipeline(plans.COLUMNS).fit(plans.FRAME)
    predictor = Predictor(info, pipeline, executor_kind("compiled").load(scratch), post=Post([rule]))
    task = Task(
        dataset_version_id="dv_1",
        target="sold",
        problem_type="binary",
        metric="accuracy",
        features=tuple(column.name for column in plans.COLUMNS),
    )
    experiment = Experiment(id="ex_1", name="Shop", task=task, created_at="2024-01-01T00:00:00+00:00")
    candidate = replace(model("run_1-plan-then", 0.9), postprocess=(RULE,))
    draft = draft_manifest(
        predictor.info, candidate, experiment, verdict=None, executor="compiled", native_reason=""
    )
    to = tmp_path / "bundle"
    write_bundle(predictor, draft, save_weights=scratch.rename, golden=plans.FRAME, to=to, zipped=False)
    return to


def test_the_steps_are_part_of_what_is_sealed_and_replayed(folder: Path) -> None:
    with load_bundle(folder) as bundle:
        assert bundle.check() == []
        assert bundle.predict(plans.FRAME).tolist()[-1] == "no"
    steps = folder / "postprocess.json"
    steps.write_text(steps.read_text().replace("5.0", "50.0"))
    with pytest.raises(BundleError, match=r"postprocess\.json"):
        load_bundle(folder)


def test_an_older_litmus_would_refuse_it(folder: Path) -> None:
    assert json.loads((folder / "manifest.json").read_text())["format"] == 3


def _reseal(folder: Path, change: Any = None) -> None:
    """Seal the folder's files as they are now, as a careful forger would."""
    from litmus_core.runtime._seal.hashes import hash_folder
    from litmus_core.types import to_plain

    files = {name: to_plain(entry) for name, entry in hash_folder(folder).items()}

    def changed(plain: dict[str, Any]) -> None:
        plain["files"] = files
        if change is not None:
            change(plain)

    forge(folder, changed)


def test_code_that_the_manifest_does_not_name_is_never_opened(folder: Path) -> None:
    own = {"reference": "evil:Step", "state": {"module": "evil", "name": "Step", "file": "postprocess/0.pkl"}}
    state = json.loads((folder / "postprocess.json").read_text())
    (folder / "postprocess.json").write_text(json.dumps({**state, "steps": [own]}))
    _reseal(folder)
    with load_bundle(folder) as bundle, pytest.raises(BundleError, match="'evil:Step'"):
        bundle.predict(plans.FRAME)

    (folder / "postprocess").mkdir()
    (folder / "postprocess" / "0.pkl").write_bytes(b"\x80\x04.")
    _reseal(folder)
    with pytest.raises(BundleError, match="can run code"):
        load_bundle(folder)


def test_a_step_that_lies_outside_the_bundle_is_not_read(folder: Path) -> None:
    own = {"reference": "evil:Step", "state": {"module": "evil", "name": "Step", "file": "../evil.pkl"}}
    (folder.parent / "evil.pkl").write_bytes(b"\x80\x04.")
    state = json.loads((folder / "postprocess.json").read_text())
    (folder / "postprocess.json").write_text(json.dumps({**state, "steps": [own]}))
    _reseal(folder, lambda plain: plain["postprocess"][0].update(reference="evil:Step"))

    with load_bundle(folder) as bundle, pytest.raises(BundleError, match="damaged"):
        bundle.predict(plans.FRAME)


def test_a_plain_bundle_of_an_older_litmus_loads_as_before(tmp_path: Path) -> None:
    record = plans.bundle(tmp_path / "plain")

    def older(plain: dict[str, Any]) -> None:
        del plain["postprocess"]
        del plain["signature"]["abstain_below"], plain["signature"]["abstain_label"]

    forge(Path(record.path), older)
    with load_bundle(record.path) as bundle:
        assert bundle.check() == []
