"""Answers to many rows name the columns that hardly any of them has as the model learned them."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from tests import tiny
from tests.serving.client import Client
from tests.serving.test_arrow import ARROW, post, stream
from tests.serving.test_open_inference import infer, tensors

FAR = [tiny.ROW | {"size": 5_000.0}] * 30


@pytest.mark.parametrize(("rows", "n_notes"), [(FAR, 1), (FAR[:29], 0), ([tiny.ROW] * 30, 0)])
def test_json_has_notes_where_there_are_any(client: Client, rows: list[object], n_notes: int) -> None:
    answer = client.request("POST", "/predict", json={"rows": rows}).json()

    assert len(answer["predictions"]) == len(rows)
    assert [note.split(":")[0] for note in answer.get("notes", [])] == ["'size'"] * n_notes
    assert ("notes" in answer) == bool(n_notes)


def test_arrow_has_them_in_its_metadata_and_tensors_in_their_parameters(client: Client) -> None:
    told = client.request("POST", "/predict", json={"rows": FAR}).json()["notes"]

    content = post(client, stream(pa.Table.from_pylist(FAR)), wanted=ARROW).content
    metadata = pa.ipc.open_stream(content).read_all().schema.metadata
    assert json.loads(metadata[b"notes"]) == told
    assert infer(client, {"inputs": tensors(FAR)}).json()["parameters"] == {"notes": told}
