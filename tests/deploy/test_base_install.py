"""Scoring files where only the base install is: CSV goes into CSV and SQLite, Parquet is refused in words."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd

from litmus_core.frame import FeaturePipeline
from litmus_core.types import Column, to_plain

PROGRAM = """
import json, sys
from pathlib import Path
import numpy as np

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("pandas", "pyarrow", "polars", "duckdb", "autogluon", "sklearn"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name.partition(".")[0])

sys.meta_path.insert(0, Blocked())
from litmus_core.deploy import score_file
from litmus_core.errors import MissingExtraError
from litmus_core.frame import FeaturePipeline
from litmus_core.runtime import Predictor

class Compiled:
    def predict_features(self, features):
        score = np.nan_to_num(features.numbers).sum(axis=1)
        return np.column_stack([1 - score / 10, score / 10])

facts, folder = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
model = Predictor(facts["info"], FeaturePipeline.from_state(facts["state"]), Compiled())
for name in ("out.csv", "out.sqlite", "out.parquet"):
    try:
        print(score_file(model, folder / "rows.csv", folder / name).n_done)
    except MissingExtraError as error:
        print(error)
"""


def test_a_csv_file_is_scored_where_there_is_no_pandas(tmp_path: Path) -> None:
    columns = (Column(name="size", original_name="size", kind="number", storage="DOUBLE"),)
    info = {"problem_type": "binary", "target": "sold", "columns": columns, "classes": ["no", "yes"]}
    state = FeaturePipeline(columns).fit(pd.DataFrame({"size": [1.0, 2.0, 3.0]})).state()
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"info": to_plain(info), "state": state}))
    (tmp_path / "rows.csv").write_text("size,note\n2.50,a\n7.5,\n")

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, facts, tmp_path], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "2",
        "2",
        "Writing Parquet needs the 'train' extra. Install it with: pip install 'litmus-automl[train]'",
    ]
    written = (tmp_path / "out.csv").read_text().splitlines()
    assert list(csv.reader(written)) == [
        ["size", "note", "prediction", "probability no", "probability yes"],
        ["2.50", "a", "no", "0.75", "0.25"],
        ["7.5", "", "yes", "0.25", "0.75"],
    ]
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "facts.json",
        "out.csv",
        "out.sqlite",
        "rows.csv",
    ]
