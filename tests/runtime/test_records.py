"""Rows to score may hold records and lists, as the file that a model learned from does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from litmus_core.data import import_table, read_rows
from litmus_core.errors import RowError
from litmus_core.frame import FeaturePipeline
from litmus_core.runtime import Predictor, flat_rows
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion
from tests import tiny
from tests.tiny_executor import TinyExecutor

ROWS: list[dict[str, Any]] = [
    {
        "price": 1.5 * number,
        "who": {"age": number, "town": "AB"[number % 2], "more": {"pet": "xyz"[number % 3]}},
        "tags": ["new", f"t{number % 2}"],
    }
    for number in range(8)
]
ROWS[3]["who"] = None


def learned(workspace: Workspace, version: DatasetVersion) -> tuple[Predictor, Any]:
    """Return a model of a table's columns, and what it answers to the table's own rows."""
    frame = read_rows(workspace, version)
    info = {"problem_type": "binary", "target": "sold", "classes": ["no", "yes"], "columns": version.columns}
    model = Predictor(info, FeaturePipeline(version.columns).fit(frame), TinyExecutor([0.0, 0.5]))
    return model, model.predict_proba(frame)


def test_a_parquet_file_with_records_and_lists_is_scored_as_it_was_learned(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.Table.from_pylist(ROWS), path)
    workspace = Workspace(tmp_path / "home").create()
    model, expected = learned(workspace, import_table(workspace, path))

    table = pq.read_table(path)
    assert len(np.unique(expected[:, 1])) > 5
    for rows in (path, table.to_pandas(), pl.from_arrow(table), table.to_pylist(), [ROWS[0], *ROWS[1:]]):
        assert np.array_equal(model.predict_proba(rows), expected)


def test_json_with_objects_and_lists_is_scored_as_it_was_learned(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)))
    workspace = Workspace(tmp_path / "home").create()
    version = import_table(workspace, path)
    model, expected = learned(workspace, version)

    names = {"price", "who", "who.age", "who.town", "who.more", "tags"}
    assert {one.name for one in version.columns} == names
    for rows in (ROWS, pd.DataFrame(ROWS)):
        assert np.array_equal(model.predict_proba(rows), expected)
    flat = flat_rows(ROWS, version.columns)
    assert [flat[0]["who.age"], flat[0]["who"], flat[3]["who.age"]] == [0, None, None]


def test_a_field_that_no_record_has_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.Table.from_pylist(ROWS), path)
    workspace = Workspace(tmp_path / "home").create()
    model, _ = learned(workspace, import_table(workspace, path))

    with pytest.raises(RowError, match=r"Row 0 has no field 'who\.town'"):
        model.predict([{**ROWS[1], "who": {"age": 3, "more": None}}])


def test_a_list_where_the_file_had_none_is_refused() -> None:
    with pytest.raises(RowError, match="'zip' should be"):
        tiny.predictor().predict([{**tiny.ROW, "zip": ["10115"]}])
