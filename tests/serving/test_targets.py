"""Served targets: rows in, all targets of each out, behind the same checks as a bundle."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from litmus_core import load_targets, serving
from litmus_core.cli import app
from litmus_core.many_targets import TargetsServer
from litmus_core.serving import Access, Limits, RequestLogOptions, create_targets_app
from tests.many_targets import trained
from tests.many_targets.trained import Place
from tests.serving.client import Client
from tests.session import once

place = once()(trained.place)
ROW = {"size": 2.0, "age": -2.0, "price": 6.0}


@pytest.fixture(scope="module")
def desk(place: Place) -> TargetsServer:
    return TargetsServer(load_targets(place.model), name="things", version="1")


@pytest.fixture
def client(desk: TargetsServer) -> Iterator[Client]:
    with Client(create_targets_app(desk, limits=Limits(max_rows=3)), quiet=True) as opened:
        yield opened


def _post(client: Client, *rows: Any, **more: Any) -> Any:
    return client.request("POST", "/predict", json={"rows": rows}, **more)


def test_rows_are_answered_as_in_python(client: Client, place: Place) -> None:
    other = ROW | {"size": -2.0, "age": 3.0}
    answered = _post(client, ROW, other)
    assert answered.status_code == 200
    assert answered.json() == {"predictions": load_targets(place.model).predict_records([ROW, other])}
    assert [row["labels"] for row in answered.json()["predictions"]] == [["big"], ["old"]]
    assert "litmus_rows_total 2" in client.get("/metrics").text


@pytest.mark.parametrize(
    ("row", "message", "field"),
    [
        ({"size": 1.0, "age": 1.0}, "price", "price"),
        (ROW | {"size": "large"}, "size", "size"),
        ([1, 2, 3], "Row 0 is list", None),
    ],
)
def test_a_row_that_does_not_fit_is_refused_in_words(
    client: Client, row: Any, message: str, field: str | None
) -> None:
    refused = _post(client, row)
    assert refused.status_code == 422
    detail = refused.json()["detail"]
    assert message in detail["message"]
    assert (detail["row"], detail["field"]) == (0, field)


def test_rows_unlike_the_learned_ones_are_answered_and_named(
    desk: TargetsServer, place: Place, tmp_path: Path
) -> None:
    far = [ROW | {"size": 5e6 + at} for at in range(30)]
    answer = desk.answer({"rows": far})
    assert len(answer["predictions"]) == 30
    assert [note.split(":")[0] for note in answer["notes"]] == ["'size'"]
    assert "notes" not in desk.answer({"rows": far[:29]})

    pd.DataFrame(far).to_csv(tmp_path / "far.csv", index=False)
    words = ("targets", "answer", place.model, tmp_path / "far.csv", "--to", tmp_path / "answers.csv")
    assert "'size'" in CliRunner().invoke(app, [str(word) for word in words]).stderr


def test_limits_and_kinds_are_those_of_a_bundle(client: Client) -> None:
    assert _post(client, *[ROW] * 4).status_code == 413
    assert client.request("POST", "/predict", content=b"{").status_code == 400
    assert client.request("POST", "/predict", json={"new": []}).status_code == 422
    assert _post(client, ROW, headers={"Content-Type": "text/plain"}).status_code == 415
    doubled = client.request("POST", "/predict", content=b'{"rows": [{"size": 1, "size": 2}]}')
    assert "names the field 'size' twice" in doubled.json()["detail"]["message"]
    assert "POST /predict" in client.get("/nowhere").json()["detail"]["hint"]


def test_the_schema_and_openapi_hold_a_request_that_fits_and_its_reply(client: Client) -> None:
    schema = client.get("/schema").json()
    assert schema["targets"] == ["big", "old"]
    assert set(schema["thresholds"]) == {"big", "old"}
    assert _post(client, *schema["example"]["rows"]).status_code == 200
    described = client.get("/openapi.json").json()["paths"]["/predict"]["post"]
    row = described["requestBody"]["content"]["application/json"]["schema"]["properties"]["rows"]["items"]
    assert set(row["required"]) == {"size", "age", "price"}
    one = described["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["predictions"]
    assert set(one["items"]["properties"]) == {"labels", "probabilities"}
    assert client.get("/health").json() == {"status": "ok", "model": "things", "version": "1"}


def test_host_and_key_are_checked_first(desk: TargetsServer) -> None:
    with Client(create_targets_app(desk, access=Access(key="secret")), quiet=True) as client:
        assert _post(client, ROW).status_code == 401
        assert _post(client, ROW, headers={"X-API-Key": "secret"}).status_code == 200
        assert client.request("GET", "/schema", headers={"Host": "evil.test"}).status_code == 403


def test_the_command_serves_a_folder_or_an_id(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    desks: list[TargetsServer] = []
    monkeypatch.setenv("LITMUS_HOME", str(place.workspace))
    monkeypatch.setattr(serving, "serve_targets", lambda desk, *_, **__: desks.append(desk))
    for served in (str(place.model), place.record.id):
        assert CliRunner().invoke(app, ["serve", served]).exit_code == 0
    assert [desk.name for desk in desks] == ["model", place.record.id]
    assert [desk.answer({"rows": [ROW]})["predictions"][0]["labels"] for desk in desks] == [["big"]] * 2


def test_rows_are_kept_with_their_answers(desk: TargetsServer, tmp_path: Path) -> None:
    log = RequestLogOptions(counts=tmp_path / "counts", samples=tmp_path / "samples", sample_rate=1.0)
    app = create_targets_app(desk, log_options=log)
    with Client(app, quiet=True) as client:
        answered = _post(client, ROW, ROW).json()["predictions"]
        asyncio.run(app.state.notes.write())
    (sample,) = map(json.loads, log.samples.read_text().splitlines())
    assert (sample["rows"], sample["predictions"]) == ([ROW, ROW], answered)
    assert json.loads(log.counts.read_text())["rows"] == 2
