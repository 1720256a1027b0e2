"""An MLflow model: the bundle, and a pyfunc loader that MLflow imports."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from litmus_core.runtime import Bundle
from litmus_core.types import Column

_LOADER = '''\
"""Asks a Litmus bundle in MLflow's words. Made by Litmus; needs what python_env.yaml names."""

from litmus_core import load_bundle


class LitmusModel:
    """predict() takes a pandas DataFrame, or a list of dicts, and returns a DataFrame of the answers."""

    def __init__(self, path):
        self.bundle = load_bundle(path)

    def predict(self, model_input, params=None):
        """Return ``prediction`` and, in classification, one column ``probability <class>`` a class."""
        import pandas as pd

        form, answers = self.bundle.form, self.bundle.predict_raw(model_input)
        shares = answers.T if answers.ndim == 2 else ()
        return pd.DataFrame(dict(zip(form.columns, [form.predictions(answers), *shares])))


def _load_pyfunc(path):
    return LitmusModel(path)
'''
# MLflow's types have no missing integer or boolean, and refuse other spellings: Litmus checks rows itself,
# with row and
# column in its messages, so only numbers are declared as such.
_TYPES = {"DOUBLE": "double"}


def write(bundle: Bundle, folder: Path) -> None:
    """Write MLmodel, its loader, the environment's files and the bundle, unpacked."""
    shutil.copytree(bundle.folder, folder / "bundle")
    (folder / "code").mkdir()
    (folder / "code" / "litmus_pyfunc.py").write_text(_LOADER, encoding="utf-8")
    wheels = sorted((bundle.folder / "wheels").glob("*.whl"))
    if wheels:
        shutil.copytree(bundle.folder / "wheels", folder / "wheels")
    shutil.copy2(bundle.folder / "requirements.txt", folder / "requirements.txt")
    python = bundle.manifest.versions["python"]
    environment = f'python: "{python}"\ndependencies:\n  - -r requirements.txt\n'
    (folder / "python_env.yaml").write_text(environment, encoding="utf-8")
    (folder / "MLmodel").write_text(_mlmodel(bundle, python), encoding="utf-8")
    example = {"dataframe_split": _split(bundle)}
    (folder / "input_example.json").write_text(json.dumps(example, ensure_ascii=False), encoding="utf-8")


def _mlmodel(bundle: Bundle, python: str) -> str:
    """Return the MLmodel file. JSON is YAML, and needs no library to write."""
    created = datetime.fromisoformat(bundle.manifest.created_at)
    facts = {
        "artifact_path": "model",
        "flavors": {
            "python_function": {
                "loader_module": "litmus_pyfunc",
                "code": "code",
                "data": "bundle",
                "env": {"virtualenv": "python_env.yaml"},
                "python_version": python,
            }
        },
        "metadata": {"litmus_bundle": bundle.manifest.id, "sha256": bundle.sha256},
        "signature": {
            "inputs": json.dumps([_input(column) for column in bundle.columns], ensure_ascii=False),
            "outputs": None,
            "params": None,
        },
        "utc_time_created": created.strftime("%Y-%m-%d %H:%M:%S.%f"),
    }
    return json.dumps(facts, indent=1, ensure_ascii=False) + "\n"


def _input(column: Column) -> dict[str, Any]:
    return {"type": _TYPES.get(column.storage, "any"), "name": column.name, "required": True}


def _split(bundle: Bundle) -> dict[str, Any]:
    names = [column.name for column in bundle.columns]
    rows = bundle.examples[:3]
    return {"columns": names, "data": [[row.get(name) for name in names] for row in rows]}
