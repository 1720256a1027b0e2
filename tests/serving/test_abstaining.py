"""A model that may say "don't know", over HTTP: flagged in JSON, a text among texts in Arrow and files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from litmus_core.deploy import predict_file
from litmus_core.runtime import Bundle, load_bundle
from litmus_core.serving import create_app
from tests import tiny
from tests.serving.client import Client
from tests.serving.test_arrow import ARROW, post, stream


@pytest.fixture
def unsure(tmp_path: Path) -> Bundle:
    """A bundle of the classes 0 and 1 that never is as sure as it would have to be."""
    model = tiny.predictor(classes=(0, 1), abstain_below=1.0, abstain_label="ask a person")
    return load_bundle(tiny.bundle(tmp_path / "unsure", model=model).path)


@pytest.fixture
def client(unsure: Bundle) -> Iterator[Client]:
    with Client(create_app(unsure)) as opened:
        yield opened


def test_json_says_whether_it_abstained(client: Client) -> None:
    (said,) = client.request("POST", "/predict", content=json.dumps({"rows": [tiny.ROW]})).json()[
        "predictions"
    ]

    assert (said["label"], said["abstained"]) == ("ask a person", True)
    assert set(said["probabilities"]) == {"0", "1"}


def test_the_api_promises_the_label_and_the_flag(client: Client) -> None:
    schema: Any = client.get("/openapi.json").json()["paths"]["/predict"]["post"]["responses"]["200"]
    answer = schema["content"]["application/json"]["schema"]["properties"]["predictions"]["items"]

    assert answer["properties"]["label"] == {"enum": [0, 1, "ask a person"]}
    assert answer["required"] == ["label", "probabilities", "abstained"]


def test_arrow_has_texts_where_numbers_alone_would_not_do(client: Client, unsure: Bundle) -> None:
    answer = post(client, stream(pa.Table.from_pylist(unsure.examples)), wanted=ARROW)
    table = pa.ipc.open_stream(answer.content).read_all()

    assert set(table["prediction"].to_pylist()) == {"ask a person"}


def test_a_file_has_texts_too(unsure: Bundle, tmp_path: Path) -> None:
    rows = pa.Table.from_pylist(unsure.examples)
    pa.parquet.write_table(rows, tmp_path / "rows.parquet")
    predict_file(unsure, tmp_path / "rows.parquet", tmp_path / "said.parquet")

    assert set(pa.parquet.read_table(tmp_path / "said.parquet")["prediction"].to_pylist()) == {"ask a person"}
