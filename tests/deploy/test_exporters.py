"""Other forms of a bundle hold what their own tools look for."""

from __future__ import annotations

import importlib.util
import json
import tarfile
from pathlib import Path

import pytest
import yaml

from litmus_core import load_bundle
from litmus_core.deploy import write_form
from litmus_core.deploy._exporters import _docker
from litmus_core.errors import BundleError, UnknownNameError, UsageError
from tests import tiny


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    tiny.bundle(tmp_path / "bundle")
    return tmp_path / "bundle"


def test_an_mlflow_model_names_its_loader_which_answers_as_the_bundle_does(bundle: Path) -> None:
    """What MLflow's load_model does: the code folder on the path, the loader's module, the data's path."""
    folder = write_form(bundle, "mlflow", to=bundle.with_name("model"))

    facts = json.loads((folder / "MLmodel").read_text())
    flavor = facts["flavors"]["python_function"]
    spec = importlib.util.spec_from_file_location(
        "loader", folder / flavor["code"] / f"{flavor['loader_module']}.py"
    )
    assert spec is not None
    assert spec.loader is not None
    loader = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loader)
    answers = loader._load_pyfunc(str(folder / flavor["data"])).predict(tiny.FRAME)
    assert answers.columns.tolist() == ["prediction", "probability no", "probability yes"]
    assert answers["probability yes"].tolist() == load_bundle(bundle).predict_proba(tiny.FRAME)[:, 1].tolist()
    assert {column["type"] for column in json.loads(facts["signature"]["inputs"])} == {"any"}
    kinds = {"size": "number", "zip": "category", "day": "date", "new": "boolean"}
    assert facts["metadata"]["columns"] == kinds
    outputs = {column["name"]: column["type"] for column in json.loads(facts["signature"]["outputs"])}
    assert outputs == {"prediction": "string", "probability no": "double", "probability yes": "double"}
    example = json.loads((folder / facts["saved_input_example_info"]["artifact_path"]).read_text())
    assert json.loads((folder / "serving_input_example.json").read_text()) == {"dataframe_split": example}


def test_an_mlflow_model_names_what_mlflow_installs_to_serve_it(bundle: Path) -> None:
    """MLflow reads the names of both files, whichever it builds with, and runs its server in there."""
    folder = write_form(bundle, "mlflow", to=bundle.with_name("model"))

    env = json.loads((folder / "MLmodel").read_text())["flavors"]["python_function"]["env"]
    python_env, conda = (yaml.safe_load((folder / env[key]).read_text()) for key in ("virtualenv", "conda"))
    assert python_env["dependencies"] == ["-r requirements.txt"]
    assert conda["dependencies"] == [
        f"python={python_env['python']}",
        "pip",
        {"pip": ["-r requirements.txt"]},
    ]
    needed = (folder / "requirements.txt").read_text().splitlines()
    assert needed[-2:] == ["mlflow>=3.5,<4", "pandas"]
    assert needed[:-2] == (bundle / "requirements.txt").read_text().splitlines()


def test_an_mlflow_model_of_numbers_answers_one_column(bundle: Path) -> None:
    tiny.bundle(bundle.with_name("numbers.zip"), model=tiny.predictor(classes=()), zipped=True)

    to = write_form(bundle.with_name("numbers.zip"), "mlflow", to=bundle.with_name("model.tar"))

    with tarfile.open(to) as archive:
        assert {"MLmodel", "bundle/manifest.json", "code/litmus_pyfunc.py"} <= set(archive.getnames())


def test_a_docker_context_is_the_bundle_and_says_that_it_is_unbuilt(bundle: Path, tmp_path: Path) -> None:
    with load_bundle(bundle) as loaded:
        for name in ("Dockerfile", "compose.yaml"):
            (bundle / name).write_text("x")
        (tmp_path / "context").mkdir()
        _docker.write(loaded, tmp_path / "context")

    assert (tmp_path / "context" / "Dockerfile").read_text() == "x"
    assert "**The image was not built**" in (tmp_path / "context" / "BUILD.md").read_text()


def test_a_bundle_without_container_files_gives_no_context(bundle: Path) -> None:
    with load_bundle(bundle) as loaded:
        (bundle / "Dockerfile").unlink(missing_ok=True)
        with pytest.raises(BundleError, match="no Dockerfile"):
            _docker.write(loaded, bundle.with_name("context"))


def test_a_form_that_is_not_known_or_taken_is_refused(bundle: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"There is no form 'mlflo'\. Did you mean 'mlflow'"):
        write_form(bundle, "mlflo", to=bundle.with_name("model"))
    with pytest.raises(UsageError, match="already exists"):
        write_form(bundle, "mlflow", to=bundle)
