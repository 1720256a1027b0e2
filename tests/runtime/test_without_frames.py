"""An executor that reads features gets them from any rows, and needs no pandas for dicts and CSV files."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from litmus_core.errors import DataError, RowError, UsageError
from litmus_core.frame import FeaturePipeline, Features
from litmus_core.runtime import Predictor, json_rows
from tests import tiny

COLUMNS = (replace(tiny.COLUMNS[0], written_as="decimal comma"), *tiny.COLUMNS[1:])
CSV = """ size ,zip,day,new
1.0,02134,31/01/2024,true
"2,5",10115,01/02/2024,false
,,,
4,02134,24/12/2023,TRUE
5.0,75001,06/05/2024,True
60,10115,08/07/2024,0
"""


class Compiled:
    """Scores as tests.tiny's executor does, from features."""

    def predict_features(self, features: Features) -> Any:
        """Return (n, 2) probabilities."""
        given = np.hstack([features.numbers, features.tokens, features.categories])
        score = np.zeros(len(given))
        for values in given.T:
            score += np.log1p(np.abs(np.nan_to_num(values))) / 10
        shares = np.exp(np.outer(score, [0.0, 0.5]))
        return shares / shares.sum(axis=1, keepdims=True)

    def predict_proba(self, features: pd.DataFrame) -> Any:
        """Refuse: nothing should come as a data frame."""
        raise AssertionError("a data frame was made")


def model(executor: Any) -> Predictor:
    info = {"problem_type": "binary", "target": "sold", "columns": COLUMNS, "classes": ["no", "yes"]}
    return Predictor(info, FeaturePipeline(COLUMNS).fit(tiny.FRAME), executor)


NATIVE, COMPILED = model(tiny.TinyExecutor([0.0, 0.5])), model(Compiled())


def outcome(asked: Predictor, rows: Any) -> Any:
    """Return the answer, or the error with all that it says."""
    try:
        return asked.predict_proba(rows).tolist()
    except (RowError, UsageError, DataError) as error:
        return (type(error), str(error), getattr(error, "row", None), getattr(error, "field", None))


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_every_form_of_rows_gets_the_answer_that_a_native_model_gives(tmp_path: Path) -> None:
    tiny.FRAME.to_parquet(tmp_path / "rows.parquet")

    for rows in (
        json_rows(tiny.FRAME),
        tuple(json_rows(tiny.FRAME)) * 30,
        tiny.FRAME,
        tiny.FRAME.convert_dtypes(),
        tiny.FRAME.rename(columns={"size": " size "}).set_index(pd.Index(list("uvwxyz"))),
        pl.from_pandas(tiny.FRAME),
        tmp_path / "rows.parquet",
        str(written(tmp_path / "rows.csv", CSV)),
        written(tmp_path / "none.csv", "size,zip,day,new\n"),
        written(tmp_path / "inf.csv", "size,zip,day,new\n-inf,10115,01/02/2024,?\n"),
        written(tmp_path / "wrong.csv", "size,zip,day,new\n1,2,,\nlarge,2,,\n"),
        written(tmp_path / "lacks.csv", "size,zip,day\n1,2,\n"),
        tiny.FRAME.drop(columns="zip"),
        tiny.FRAME.assign(size="large"),
        [],
        [tiny.ROW, 3],
        tiny.ROW,
        3,
        [{**tiny.ROW, "more": [1]}],
        [tiny.ROW, {**tiny.ROW, "size": "large"}],
        [tiny.ROW] * 100 + [{**tiny.ROW, "day": 7.5}],
        [{**tiny.ROW, "day": "31/12/2024", "size": "1.234,5"}, {**tiny.ROW, "new": 7}],
        [{"size": 1}],
        tmp_path,
    ):
        assert outcome(COMPILED, rows) == outcome(NATIVE, rows)


def test_many_rows_get_what_each_gets_alone() -> None:
    rows = [{**tiny.ROW, "size": at / 7, "zip": ["02134", "10115", None, "x"][at % 4]} for at in range(150)]

    together = COMPILED.predict_proba(rows)
    assert together.tolist() == [COMPILED.predict_proba([row])[0].tolist() for row in rows]


def test_a_decimal_comma_with_three_digits_behind_it_is_no_thousands_mark(tmp_path: Path) -> None:
    path = written(tmp_path / "rows.csv", "size;zip;day;new\n0,125;;;\n1.234,500;;;\n")
    plain = {"zip": None, "day": None, "new": None}
    expected = COMPILED.predict_proba([{**plain, "size": 0.125}, {**plain, "size": 1234.5}])

    for asked in (COMPILED, NATIVE):
        assert np.array_equal(asked.predict_proba(path), expected)


PROGRAM = """
import json, sys
from pathlib import Path
import numpy as np

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("pandas", "pyarrow", "polars", "scipy", "sklearn"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name.partition(".")[0])

sys.meta_path.insert(0, Blocked())
from litmus_core.frame import FeaturePipeline
from litmus_core.runtime import Predictor

class Compiled:
    def predict_features(self, features):
        score = np.nan_to_num(features.numbers).sum(axis=1) + features.categories.sum(axis=1)
        return np.column_stack([1 - score / 1e5, score / 1e5])

facts = json.loads(Path(sys.argv[1]).read_text())
model = Predictor(facts["info"], FeaturePipeline.from_state(facts["state"]), Compiled())
one, many, file = (model.predict_proba(rows) for rows in (facts["rows"], facts["rows"] * 80, sys.argv[2]))
print(json.dumps([one.tolist(), len(many), file.tolist()]))
"""


def test_dicts_and_csv_files_are_answered_where_there_is_no_pandas(tmp_path: Path) -> None:
    from litmus_core.types import to_plain

    facts = {"info": to_plain(COMPILED.info), "state": COMPILED.pipeline.state(), "rows": [tiny.ROW]}
    path = written(tmp_path / "facts.json", json.dumps(facts))
    rows = written(tmp_path / "rows.csv", "size,zip,day,new\n2.5,10115,01/02/2024,false\n")

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), str(rows)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    one, n_many, file = json.loads(done.stdout)
    assert (len(one), n_many) == (1, 80)
    assert file == one


@pytest.mark.parametrize("rows", [[], tiny.FRAME[:0]])
def test_no_rows_are_not_asked_about(rows: Any) -> None:
    assert COMPILED.predict_proba(rows).shape == (0, 2)


def test_a_bundle_whose_weights_read_features_makes_no_data_frame(tmp_path: Path) -> None:
    from litmus_core.runtime import ExecutorKind, load_bundle, register_executor

    path = tiny.bundle(tmp_path / "bundle").path
    kind = ExecutorKind(load=lambda _: Compiled(), packages={"cattrs": "cattrs"}, reads_features=True)
    register_executor("tiny", kind)
    try:
        answer = load_bundle(path).predict_proba([tiny.ROW])
    finally:
        tiny.register()

    assert answer.tolist() == tiny.predictor().predict_proba([tiny.ROW]).tolist()
