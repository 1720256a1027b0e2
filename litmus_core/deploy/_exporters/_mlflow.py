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

import warnings

from litmus_core import load_bundle


class LitmusModel:
    """predict() takes a pandas DataFrame, or a list of dicts, and returns a DataFrame of the answers."""

    def __init__(self, path):
        self.bundle = load_bundle(path)

    def predict(self, model_input, params=None):
        """Return ``prediction`` and, in classification, one column ``probability <class>`` a class."""
        import pandas as pd

        form = self.bundle.form
        answers, notes = self.bundle.with_notes(self.bundle.predict_raw, model_input)
        for note in notes:
            warnings.warn(note, stacklevel=2)
        return pd.DataFrame(dict(zip(form.columns, form.table(answers))))


def _load_pyfunc(path):
    return LitmusModel(path)
'''
# What MLflow itself runs in the model's environment: its server, and the frames that it gives the loader.
_SERVED_BY = ("mlflow>=3.5,<4", "pandas")
_TYPES = {str: "string", float: "double", int: "long", bool: "boolean"}
_EXAMPLE = {
    "artifact_path": "input_example.json",
    "serving_input_path": "serving_input_example.json",
    "type": "dataframe",
    "pandas_orient": "split",
}
_ENVIRONMENTS = {
    "virtualenv": ("python_env.yaml", 'python: "{0}"\ndependencies:\n  - -r requirements.txt\n'),
    "conda": (
        "conda.yaml",
        "dependencies:\n  - python={0}\n  - pip\n  - pip:\n      - -r requirements.txt\n",
    ),
}


def write(bundle: Bundle, folder: Path) -> None:
    """Write MLmodel, its loader, the environment's files and the bundle, unpacked."""
    shutil.copytree(bundle.folder, folder / "bundle")
    (folder / "code").mkdir()
    (folder / "code" / "litmus_pyfunc.py").write_text(_LOADER, encoding="utf-8")
    wheels = sorted((bundle.folder / "wheels").glob("*.whl"))
    if wheels:
        shutil.copytree(bundle.folder / "wheels", folder / "wheels")
    needed = (bundle.folder / "requirements.txt").read_text(encoding="utf-8").rstrip("\n")
    (folder / "requirements.txt").write_text("\n".join((needed, *_SERVED_BY, "")), encoding="utf-8")
    python = bundle.manifest.versions["python"]
    for file, text in _ENVIRONMENTS.values():
        (folder / file).write_text(text.format(python), encoding="utf-8")
    (folder / "MLmodel").write_text(_mlmodel(bundle, python), encoding="utf-8")
    example = _split(bundle)
    for key, rows in (("artifact_path", example), ("serving_input_path", {"dataframe_split": example})):
        (folder / _EXAMPLE[key]).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


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
                "env": {manager: file for manager, (file, _) in _ENVIRONMENTS.items()},
                "python_version": python,
            }
        },
        "saved_input_example_info": _EXAMPLE,
        "metadata": {
            "litmus_bundle": bundle.manifest.id,
            "sha256": bundle.sha256,
            "columns": {column.name: column.kind for column in bundle.columns},
        },
        "signature": {
            "inputs": json.dumps([_input(column) for column in bundle.columns], ensure_ascii=False),
            "outputs": json.dumps(_outputs(bundle), ensure_ascii=False),
            "params": None,
        },
        "utc_time_created": created.strftime("%Y-%m-%d %H:%M:%S.%f"),
    }
    return json.dumps(facts, indent=1, ensure_ascii=False) + "\n"


def _input(column: Column) -> dict[str, Any]:
    # Litmus checks each row itself. MLflow's own types would refuse rows that it answers: a column of numbers
    # without a gap is whole in pandas, and 21.16 may be spelled as a text.
    return {"type": "any", "name": column.name, "required": True}


def _outputs(bundle: Bundle) -> list[dict[str, Any]]:
    return [
        {"type": _TYPES.get(kind, "any"), "name": name, "required": True}
        for name, kind in bundle.form.columns.items()
    ]


def _split(bundle: Bundle) -> dict[str, Any]:
    names = [column.name for column in bundle.columns]
    rows = bundle.examples[:3]
    return {"columns": names, "data": [[row.get(name) for name in names] for row in rows]}
