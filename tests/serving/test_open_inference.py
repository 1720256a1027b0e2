"""The Open Inference Protocol, version 2: the same answers as ``/predict`` in the protocol's words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from litmus_core.runtime import Bundle, load_bundle
from litmus_core.serving import Access, create_app
from tests import tiny
from tests.serving.client import Client

MODEL = "/v2/models/shop-tiny"
DATATYPES = {"size": "FP64", "zip": "BYTES", "day": "BYTES", "new": "BOOL"}
UNREAD = [
    {"name": f"other {place}", "datatype": "INT8", "shape": [1], "data": [place]} for place in range(100)
]


def tensors(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"name": name, "datatype": datatype, "shape": [len(rows)], "data": [row[name] for row in rows]}
        for name, datatype in DATATYPES.items()
    ]


def infer(client: Client, body: Any, path: str = f"{MODEL}/infer", **more: Any) -> Any:
    return client.request("POST", path, content=json.dumps(body), **more)


def test_the_model_says_what_it_reads_and_answers(client: Client, bundle: Bundle) -> None:
    about = client.get(MODEL).json()
    assert about == client.get(f"{MODEL}/versions/{bundle.manifest.id}").json()
    assert (about["name"], about["versions"]) == ("shop-tiny", [bundle.manifest.id])
    assert about["inputs"] == [
        {"name": name, "datatype": datatype, "shape": [-1]} for name, datatype in DATATYPES.items()
    ]
    assert about["outputs"] == [
        {"name": "predict", "datatype": "BYTES", "shape": [-1]},
        {"name": "predict_proba", "datatype": "FP64", "shape": [-1, 2]},
    ]


def test_tensors_get_the_predictions_of_the_same_rows(client: Client, bundle: Bundle) -> None:
    rows = bundle.examples
    expected = bundle.predict_records(rows)
    answer = infer(client, {"id": "42", "inputs": tensors(rows)}).json()
    assert (answer["model_name"], answer["model_version"], answer["id"]) == (
        "shop-tiny",
        bundle.manifest.id,
        "42",
    )
    labels, shares = answer["outputs"]
    assert labels["data"] == [each["label"] for each in expected]
    assert shares["shape"] == [len(rows), 2]
    assert shares["parameters"] == {"classes": ["no", "yes"]}
    assert shares["data"] == [share for each in expected for share in each["probabilities"].values()]


def test_too_little_memory_for_a_request_is_said(
    client: Client, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(bundle, "predict_records", full)
    answer = infer(client, {"inputs": tensors(bundle.examples)})
    assert answer.status_code == 413
    assert "The server has too little memory for these rows." in answer.text


def test_inputs_that_the_model_does_not_read_may_come_along(client: Client) -> None:
    assert infer(client, {"inputs": [*tensors([tiny.ROW]), *UNREAD]}).is_success


def test_columns_may_be_lists_of_one_and_outputs_be_chosen(client: Client, bundle: Bundle) -> None:
    inputs = [
        {**each, "shape": [1, 1], "data": [each["data"]], "parameters": {"content_type": "pd"}}
        for each in tensors([tiny.ROW])
    ]
    answer = infer(client, {"inputs": inputs, "outputs": [{"name": "predict"}]}).json()
    assert [(each["name"], each["data"]) for each in answer["outputs"]] == [("predict", ["yes"])]


@pytest.mark.parametrize(
    ("datatype", "value"),
    [("INT8", -128), ("UINT8", 255), ("INT64", 2**40), ("FP16", 65_504), ("FP64", 3), ("FP32", None)],
)
def test_a_value_that_its_type_can_hold_is_taken(client: Client, datatype: str, value: object) -> None:
    first, *others = tensors([tiny.ROW])
    assert infer(client, {"inputs": [first | {"datatype": datatype, "data": [value]}, *others]}).is_success


def test_intervals_are_refused(client: Client) -> None:
    answer = infer(client, {"inputs": tensors([tiny.ROW])}, f"{MODEL}/infer?level=0.9")
    assert (answer.status_code, "no intervals" in answer.json()["error"]) == (400, True)


def test_a_regression_answers_numbers(tmp_path: Path) -> None:
    model = tiny.predictor(classes=())
    with Client(create_app(load_bundle(tiny.bundle(tmp_path / "b", model=model).path))) as client:
        [output] = infer(client, {"inputs": tensors([tiny.ROW])}).json()["outputs"]
    assert (output["datatype"], output["data"]) == ("FP64", model.predict_values([tiny.ROW]).tolist())


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"name": "colour"}, 422, "Row 0 has no field 'size'."),
        ({"name": 3}, 400, "3 is not the name of an input."),
        ({"name": "zip"}, 400, "'zip' is sent twice."),
        ({"datatype": "FLOAT"}, 400, "'size' has the datatype 'FLOAT'"),
        ({"shape": [2]}, 400, "'size' has the shape [2] and 1 values."),
        ({"shape": [1, 2], "data": [[1, 2]]}, 400, "a column has [n] or [n, 1]"),
        ({"shape": [True]}, 400, "is not a list of sizes"),
        ({"shape": [2], "data": [1, 2]}, 400, "'size' has 2 rows and 'zip' has 1."),
        ({"data": "1"}, 400, "The data of 'size' is not a list."),
        ({"data": ["large"]}, 400, "'size' has 'large' in row 0, which is not of type FP64."),
        ({"data": [True]}, 400, "'size' has 'True' in row 0, which is not of type FP64."),
        ({"datatype": "INT8", "data": [300]}, 400, "'size' has '300' in row 0, which is not of type INT8."),
        ({"datatype": "INT8", "data": [-129]}, 400, "which is not of type INT8."),
        ({"datatype": "UINT64", "data": [-1]}, 400, "which is not of type UINT64."),
        ({"datatype": "INT32", "data": [1.5]}, 400, "which is not of type INT32."),
        ({"datatype": "BOOL", "data": [2]}, 400, "'size' has '2' in row 0, which is not of type BOOL."),
        ({"datatype": "FP16", "data": [1e5]}, 400, "which is not of type FP16."),
        ({"datatype": "BYTES", "data": [5]}, 400, "which is not of type BYTES."),
        ({"shape": [101], "data": [1] * 101}, 413, "101 rows are more than the 100"),
        ({"shape": [2], "data": [1, 2, 3]}, 400, "'size' has the shape [2] and more values."),
        ({"shape": [1], "data": [[1] * 1000]}, 400, "'size' has the shape [1] and more values."),
    ],
)
def test_a_tensor_that_is_none_is_named(
    client: Client, change: dict[str, Any], status: int, said: str
) -> None:
    first, *others = tensors([tiny.ROW])
    answer = infer(client, {"inputs": [first | change, *others]})
    assert answer.status_code == status
    assert said in answer.json()["error"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"rows": []}, 422, 'The body has no "inputs".'),
        ({"inputs": []}, 400, '"inputs" has no tensor.'),
        (
            {"inputs": [*tensors([tiny.ROW]), *UNREAD, UNREAD[0]]},
            400,
            "has 105 inputs, of which the model reads 4.",
        ),
        ({"inputs": [{}]}, 400, "An input has no name, datatype, shape or data."),
        ({"inputs": tensors([tiny.ROW] * 101)}, 413, "101 rows are more than the 100"),
        ({"inputs": tensors([tiny.ROW]), "outputs": [{"name": "shap"}]}, 400, "There is no output 'shap'."),
        ({"inputs": tensors([tiny.ROW]), "outputs": "predict"}, 400, '"outputs" is not a list'),
        ({"inputs": tensors([tiny.ROW]), "id": 5}, 400, '"id" is not a text.'),
        ({"inputs": tensors([tiny.ROW]), "id": ["a"]}, 400, '"id" is not a text.'),
    ],
)
def test_a_request_that_is_none_is_refused(client: Client, body: Any, status: int, said: str) -> None:
    answer = infer(client, body)
    assert (answer.status_code, said in answer.json()["error"]) == (status, True), answer.text


@pytest.mark.parametrize("path", ["/v2/models/other/infer", f"{MODEL}/versions/2/infer"])
def test_another_model_or_version_is_not_here(client: Client, path: str) -> None:
    answer = infer(client, {"inputs": tensors([tiny.ROW])}, path)
    assert answer.status_code == 404
    assert "shop-tiny" in answer.json()["error"] or "There is 'bd_" in answer.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"{MODEL}/infer", 405),
        ("GET", "/v2/models", 404),
        ("GET", "/v2/", 404),
        ("POST", "/v2/repository/index", 404),
    ],
)
def test_a_path_that_no_route_takes_is_refused_in_the_form_of_the_protocol(
    client: Client, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)

    assert answer.status_code == status
    assert answer.json().keys() == {"error"}
    assert f"{method} {path} is not possible here." in answer.json()["error"]


def test_triton_s_client_names_no_type_and_other_sites_are_refused(client: Client) -> None:
    body = {"inputs": tensors([tiny.ROW])}
    assert infer(client, body, headers={"Content-Type": None}).status_code == 200
    foreign = {"Content-Type": None, "Origin": "https://other.example"}
    assert infer(client, body, headers=foreign).status_code == 403


def test_health_is_open_and_a_server_that_stops_is_not_ready(bundle: Bundle) -> None:
    access = Access(key="secret")
    with Client(create_app(bundle, access=access)) as client:
        assert client.get("/v2/health/live").json() == {"live": True}
        assert client.get("/v2/health/ready").json() == {"ready": True}
        assert client.get(MODEL).status_code == 401
        key = {"X-API-Key": "secret"}
        assert client.request("GET", "/v2", headers=key).json()["name"] == "litmus"
        assert client.request("GET", f"{MODEL}/ready", headers=key).json() == {
            "name": "shop-tiny",
            "ready": True,
        }
        access.closing = True
        assert client.get("/v2/health/ready").status_code == 503
        assert client.get("/v2/health/live").status_code == 200


def test_its_requests_are_counted_among_the_others(client: Client) -> None:
    infer(client, {"inputs": tensors([tiny.ROW] * 3)})
    counted = [line for line in client.get("/metrics").text.splitlines() if not line.startswith("#")]
    assert [line for line in counted if "/predict" in line and "200" in line and line.endswith(" 1")]
    assert [line for line in counted if "rows" in line and line.endswith(" 3")]
