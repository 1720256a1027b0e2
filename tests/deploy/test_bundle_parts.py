"""What a bundle of format 2 brings: requirements, container files, a model card, modules of one's own."""

from __future__ import annotations

import ast
import json
import pickle
import subprocess
import sys
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest

from litmus_core.deploy._bundles import modules as modules
from litmus_core.deploy._bundles.export import signature_of
from litmus_core.deploy._bundles.model_card import Origin, markdown, page
from litmus_core.deploy._bundles.pickles import modules_in
from litmus_core.errors import BundleError
from litmus_core.runtime import ModelInfo, load_bundle, read_manifest
from litmus_core.types import Bar, DatasetVersion, Folds, RunPlan, Score, Task, to_plain
from tests import plans, tiny


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(plans.bundle(tmp_path_factory.mktemp("compiled") / "bundle").path)


def test_a_compiled_bundle_answers_as_its_plan_says_and_brings_no_pickle(compiled: Path) -> None:
    with load_bundle(compiled) as bundle:
        answer = bundle.predict_records([{"size": 10.0, "rooms": 5, "zip": "02134"}])[0]
        assert answer["label"] == "yes"
        assert answer["probabilities"]["yes"] == pytest.approx(1 / (1 + 2.718281828459045**-1.0), abs=1e-6)
        assert bundle.check() == []
        assert bundle.manifest.format == 2
        assert "no pickles" in bundle.manifest.trust


def test_a_compiled_bundle_requires_the_base_and_its_very_wheel(compiled: Path) -> None:
    lines = (compiled / "requirements.txt").read_text().splitlines()
    wheel = next((compiled / "wheels").iterdir()).name

    assert lines[1] == f"litmus-automl=={wheel.split('-')[1]}"
    assert lines[2] == "--find-links wheels"
    assert {line.partition("==")[0] for line in lines[3:]} >= {"numpy", "onnxruntime", "fastapi", "uvicorn"}
    assert not {line.partition("==")[0] for line in lines[3:]} & {"pip", "scikit-learn", "autogluon-tabular"}
    assert f"numpy=={metadata.version('numpy')}" in lines


def test_a_native_bundle_requires_the_training_parts_with_exact_versions(tmp_path: Path) -> None:
    lines = (Path(tiny.bundle(tmp_path / "model").path) / "requirements.txt").read_text().splitlines()

    assert lines[1].startswith("litmus-automl[train]==0.1.0+c")
    assert f"autogluon-tabular=={metadata.version('autogluon.tabular')}" in lines
    assert f"scikit-learn=={metadata.version('scikit-learn')}" in lines


def test_the_container_runs_without_rights_and_is_asked_for_its_health(compiled: Path) -> None:
    text = (compiled / "Dockerfile").read_text()

    assert text.splitlines()[0].startswith("# Made with this bundle, and not built there")
    assert f"FROM python:{sys.version_info.major}.{sys.version_info.minor}-slim\n" in text
    assert "COPY --chown=litmus . ./bundle\nUSER litmus\n" in text
    assert "HEALTHCHECK" in text
    assert "libgomp1" not in text
    assert "build: ." in (compiled / "compose.yaml").read_text()


def test_a_bundle_knows_how_its_table_spells_the_target() -> None:
    spelled = replace(plans.COLUMNS[0], name="sold", written_as="decimal comma", examples=("1,5",))
    dataset = replace(version_from("/home/ada/shop.csv"), columns=(spelled,))
    info = tiny.predictor().info
    signature = signature_of(info, Origin(dataset=dataset))
    assert signature.target_column == replace(spelled, examples=())
    assert ModelInfo.of(to_plain(signature)) == signature
    assert signature_of(info, None) == info


def test_the_card_tells_data_task_scores_limits_and_how_it_was_made(compiled: Path) -> None:
    score = Score(metric="roc_auc", value=0.91, low=0.88, high=0.94, n_rows=400)
    task = Task(
        dataset_version_id="dv_1",
        target="sold",
        problem_type="binary",
        metric="roc_auc",
        features=("size", "rooms"),
        bar=Bar(metric="roc_auc", op=">=", value=0.9),
        seed=7,
    )
    manifest = replace(
        read_manifest(compiled),
        task=task,
        results=replace(read_manifest(compiled).results, test=score),
        name="Shop <b>: Plan",
    )
    dataset = version_from("/home/ada/shop.csv")
    text = markdown(manifest, Origin(dataset=dataset, plan=RunPlan(families=("linear",), folds=Folds(3))))

    assert "Trained on 'shop', version 3: 1,200 rows from `shop.csv`" in text
    assert "| test | roc_auc | 0.910 | 0.880 to 0.940 | 400 |" in text
    assert "The bar was roc_auc >= 0.9." in text
    assert "## Limits" in text
    code = text.partition("```python\n")[2].partition("```")[0]
    assert "    goal=Goal(\n        'roc_auc >= 0.9',\n" in code
    assert "        models=['linear'],\n    ),\n    folds=Folds(n_folds=3),\n" in code
    ast.parse(code)
    html = page(manifest, Origin(dataset=dataset))
    assert "Shop &lt;b&gt;: Plan" in html
    assert "<td>0.880 to 0.940</td>" in html


def version_from(source: str) -> DatasetVersion:
    return DatasetVersion(
        id="dv_1", dataset_id="ds_1", name="shop", version=3, path="", n_rows=1200, n_bytes=1,
        content_hash="ab" * 32, columns=plans.COLUMNS, source=source, created_at="2024-01-01",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "shown", "read"),
    [
        ("/home/ada/shop.csv", "`shop.csv`", "'shop.csv'"),
        ("postgresql://ada@db.example/shop?query=SELECT 1", "`postgresql://…`", "'postgresql://…'"),
        (DatasetVersion.IN_MEMORY, "`a data frame`", "'YOUR_TABLE.csv'"),
    ],
)
def test_the_card_does_not_tell_strangers_folders_servers_and_queries(
    compiled: Path, source: str, shown: str, read: str
) -> None:
    task = Task(
        dataset_version_id="dv_1",
        target="sold",
        problem_type="binary",
        metric="roc_auc",
        features=("size", "rooms"),
    )
    manifest = replace(read_manifest(compiled), task=task)
    text = markdown(manifest, Origin(dataset=version_from(source), plan=RunPlan()))

    assert f"rows from {shown} (SHA-256" in text
    assert read in text.partition("litmus_core.train(")[2]
    assert "ada" not in text


def test_the_code_on_the_card_is_understood_by_train(
    trained: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inspect import signature

    import litmus_core
    from litmus_core.deploy._code_templates import reproduce_code

    asked = {}

    def train(*positional: object, **wishes: object) -> None:
        asked.update(signature(real).bind(*positional, **wishes).arguments)
        raise InterruptedError

    real = litmus_core.train
    monkeypatch.setitem(vars(litmus_core), "train", train)
    with pytest.raises(InterruptedError):
        exec(reproduce_code(trained.experiment.task, None, trained.run.plan), {})  # type: ignore[attr-defined]
    assert asked["target"] == "sold"
    assert asked["goal"].bar == "roc_auc >= 0.75"
    assert asked["training"].models == ["lightgbm", "linear"]


# Modules of one's own

_MODEL = """
from shop_maths import twice

class Model:
    def predict_proba(self, features):
        import numpy as np
        share = np.full(len(features), twice(0.2))
        return np.column_stack([1 - share, share])
"""
_ASK = """
import json, pickle, sys
from litmus_core.runtime import ExecutorKind, load_bundle, register_executor

def load(folder):
    return pickle.loads((folder / "model.pkl").read_bytes())

register_executor("pickled", ExecutorKind(load=load, packages={}))
bundle = load_bundle(sys.argv[1])
before = "shop_model" in sys.modules
print(json.dumps([before, bundle.predict_records(bundle.examples[:1]), bundle.check()]))
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path with a model class of one's own, and the module that it uses."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "shop_model.py").write_text(_MODEL)
    (folder / "shop_maths.py").write_text("def twice(x):\n    return 2 * x\n")
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    for name in ("shop_model", "shop_maths"):
        sys.modules.pop(name, None)


def pickled_bundle(to: Path) -> Path:
    """Write a native bundle whose weights are a pickle of the class in shop_model."""
    import shop_model

    from litmus_core.deploy import draft_manifest, write_bundle
    from litmus_core.runtime import ExecutorKind, Predictor, register_executor
    from litmus_core.types import Candidate, Experiment

    model = shop_model.Model()
    register_executor(
        "pickled",
        ExecutorKind(load=lambda folder: pickle.loads((folder / "model.pkl").read_bytes()), packages={}),
    )
    info = tiny.predictor().info
    task = Task(dataset_version_id="d", target="sold", problem_type="binary", metric="f1", features=("size",))
    experiment = Experiment(id="ex_1", name="Shop", task=task, created_at="2024-01-01")
    candidate = Candidate(
        id="c", run_id="r", experiment_id="e", name="Own", model="Own", family="own", family_kind="own",
        is_ensemble=False, fit_s=0.0,
    )  # fmt: skip

    def save(folder: Path) -> None:
        folder.mkdir()
        (folder / "model.pkl").write_bytes(pickle.dumps(model))

    predictor = Predictor(info, tiny.predictor().pipeline, model)
    draft = draft_manifest(info, candidate, experiment, verdict=None, executor="pickled")
    return Path(
        write_bundle(predictor, draft, save_weights=save, golden=tiny.FRAME, to=to, zipped=False).path
    )


def test_a_class_of_ones_own_travels_with_what_it_imports_and_loads_where_it_is_not(
    own: Path, tmp_path: Path
) -> None:
    folder = pickled_bundle(tmp_path / "bundle")

    assert sorted(path.name for path in (folder / "modules").iterdir()) == ["shop_maths.py", "shop_model.py"]
    done = subprocess.run(
        [sys.executable, "-c", _ASK, str(folder)], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    answer = {"label": "no", "probabilities": {"no": 0.6, "yes": 0.4}}
    assert json.loads(done.stdout) == [False, [answer], []]


def test_another_module_of_the_same_name_in_this_process_is_refused_in_words(
    own: Path, tmp_path: Path
) -> None:
    folder = pickled_bundle(tmp_path / "bundle")
    (own / "shop_maths.py").write_text("def twice(x):\n    return 3 * x\n")

    with pytest.raises(BundleError, match="already has another module 'shop_maths'"):
        load_bundle(folder).check()


def test_a_changed_module_is_refused_before_it_is_imported(own: Path, tmp_path: Path) -> None:
    folder = pickled_bundle(tmp_path / "bundle")
    (folder / "modules" / "shop_model.py").write_text("raise SystemExit('it ran')")

    with pytest.raises(BundleError, match=r"modules/shop_model\.py is not as exported"):
        load_bundle(folder)


def test_a_class_from_a_notebook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"made in a notebook or script\. Put the class into a module"):
        modules.bring_modules(["__main__"], tmp_path)


def test_modules_of_pythons_installed_packages_and_litmus_stay_where_they_are(tmp_path: Path) -> None:
    assert modules.bring_modules(["json", "sys", "numpy", "litmus_core", "sklearn", "gone"], tmp_path) == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_pickles_are_read_without_being_opened(tmp_path: Path, protocol: int) -> None:
    from collections import OrderedDict
    from decimal import Decimal

    value = [OrderedDict(a=Decimal(1)), Decimal(2), Path("x")]
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(value, protocol=protocol))
    (tmp_path / "cut.pkl").write_bytes(pickle.dumps(value, protocol=protocol)[:40])
    (tmp_path / "none.txt").write_text("decimal")

    assert {"collections", "decimal"} <= modules_in(tmp_path)
