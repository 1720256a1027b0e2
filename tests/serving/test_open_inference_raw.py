"""Tensors as bytes behind the JSON: the same answers, and bytes that are no tensor are refused."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import pytest

from litmus_core.runtime import Bundle
from tests import tiny
from tests.serving.client import Client

INFER = "/v2/models/shop-tiny/infer"
ROWS = [tiny.ROW, {"size": 0.25, "zip": "Köln 🚲", "day": "2023-12-31", "new": True}]


def packed(*texts: str) -> bytes:
    parts = [text.encode() for text in texts]
    return b"".join(struct.pack("<I", len(part)) + part for part in parts)


def as_bytes(rows: list[dict[str, Any]]) -> dict[str, tuple[str, bytes]]:
    """The columns of rows as Triton's client sends them."""
    column = {name: [row[name] for row in rows] for name in rows[0]}
    return {
        "size": ("FP64", np.array(column["size"], "<f8").tobytes()),
        "zip": ("BYTES", packed(*column["zip"])),
        "day": ("BYTES", packed(*column["day"])),
        "new": ("BOOL", np.array(column["new"], bool).tobytes()),
    }


def tensor(name: str, datatype: str, raw: bytes, shape: list[int]) -> dict[str, Any]:
    size = {"binary_data_size": len(raw)}
    return {"name": name, "datatype": datatype, "shape": shape, "parameters": size}


def send(client: Client, inputs: list[dict[str, Any]], raw: bytes, **more: Any) -> Any:
    said = json.dumps({"inputs": inputs, **more}).encode()
    headers = {"Inference-Header-Content-Length": str(len(said)), "Content-Type": "application/octet-stream"}
    return client.request("POST", INFER, content=said + raw, headers=headers)


def ask(
    client: Client,
    rows: list[dict[str, Any]],
    /,
    changed: dict[str, tuple[str, bytes]] | None = None,
    **more: Any,
) -> Any:
    columns = {**as_bytes(rows), **(changed or {})}
    inputs = [tensor(name, datatype, raw, [len(rows)]) for name, (datatype, raw) in columns.items()]
    return send(client, inputs, b"".join(raw for _, raw in columns.values()), **more)


def test_bytes_get_the_predictions_of_the_same_rows(client: Client, bundle: Bundle) -> None:
    expected = bundle.predict_records(ROWS)

    labels, shares = ask(client, ROWS).json()["outputs"]

    assert labels["data"] == [each["label"] for each in expected]
    assert shares["data"] == [share for each in expected for share in each["probabilities"].values()]
    assert client.get("/v2").json()["extensions"] == ["binary_tensor_data"]


def test_a_number_that_is_nan_is_missing(client: Client, bundle: Bundle) -> None:
    [expected] = bundle.predict_records([{**tiny.ROW, "size": None}])

    for datatype, dtype in (("FP64", "<f8"), ("FP32", "<f4"), ("FP16", "<f2")):
        nan = {"size": (datatype, np.array([np.nan], dtype).tobytes())}
        assert ask(client, [tiny.ROW], nan).json()["outputs"][0]["data"] == [expected["label"]]


@pytest.mark.parametrize(
    ("datatype", "dtype", "value"),
    [("INT8", "<i1", -128), ("UINT16", "<u2", 40_000), ("INT64", "<i8", 2**40), ("FP32", "<f4", 0.25)],
)
def test_numbers_of_all_widths_are_read(
    client: Client, bundle: Bundle, datatype: str, dtype: str, value: float
) -> None:
    [expected] = bundle.predict_records([{**tiny.ROW, "size": value}])
    sent = {"size": (datatype, np.array([value], dtype).tobytes())}

    assert ask(client, [tiny.ROW], sent).json()["outputs"][1]["data"] == list(
        expected["probabilities"].values()
    )


def outputs_of(answer: Any) -> tuple[dict[str, Any], bytes]:
    """The JSON of an answer, and the bytes behind it."""
    assert answer.headers["content-type"] == "application/octet-stream"
    length = int(answer.headers["inference-header-content-length"])
    return json.loads(answer.content[:length]), answer.content[length:]


def test_all_outputs_come_as_bytes_where_a_request_asks(client: Client, bundle: Bundle) -> None:
    expected = bundle.predict_records(ROWS)

    said, raw = outputs_of(ask(client, ROWS, parameters={"binary_data_output": True}))

    texts = packed(*(each["label"] for each in expected))
    labels, shares = said["outputs"]
    assert "data" not in labels | shares
    assert (raw[: len(texts)], labels["parameters"]) == (texts, {"binary_data_size": len(texts)})
    assert shares["parameters"] == {"classes": ["no", "yes"], "binary_data_size": 32}
    assert np.frombuffer(raw[len(texts) :], "<f8").tolist() == [
        share for each in expected for share in each["probabilities"].values()
    ]


def test_an_output_says_for_itself_how_it_comes(client: Client, bundle: Bundle) -> None:
    [expected] = bundle.predict_records([tiny.ROW])
    wanted = [
        {"name": "predict_proba", "parameters": {"binary_data": True}},
        {"name": "predict", "parameters": {"binary_data": False}},
    ]
    said, raw = outputs_of(ask(client, [tiny.ROW], outputs=wanted, parameters={"binary_data_output": False}))
    assert said["outputs"][1]["data"] == [expected["label"]]
    assert np.frombuffer(raw, "<f8").tolist() == list(expected["probabilities"].values())

    one_as_json = [{"name": "predict", "parameters": {"binary_data": False}}]
    answer = ask(client, [tiny.ROW], outputs=one_as_json, parameters={"binary_data_output": True})
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["outputs"][0]["data"] == [expected["label"]]


@pytest.mark.parametrize(
    ("name", "datatype", "raw", "said"),
    [
        ("size", "FP64", b"1234567", "'size' has 7 bytes; 1 values of FP64 have 8."),
        ("size", "FP64", struct.pack("<d", float("inf")), "'size' has 'inf' in row 0"),
        ("size", "BF16", b"12", "'size' has the datatype 'BF16'"),
        ("new", "BOOL", b"\x02", "'new' has '2' in row 0, which is not of type BOOL."),
        ("zip", "BYTES", b"\x09\x00\x00\x00abc", "'zip' ends within the text of row 0."),
        ("zip", "BYTES", b"\x09\x00", "'zip' ends within the text of row 0."),
        ("zip", "BYTES", b"\x01\x00\x00\x00\xff", "'zip' has a text in row 0 that is not UTF-8."),
        ("zip", "BYTES", b"", "'zip' has 0 texts, and its shape says 1."),
        ("zip", "BYTES", packed("a", "b"), "'zip' has more than 1 texts, and its shape says 1."),
    ],
)
def test_bytes_that_are_no_tensor_are_refused(
    client: Client, name: str, datatype: str, raw: bytes, said: str
) -> None:
    answer = ask(client, [tiny.ROW], {name: (datatype, raw)})
    assert (answer.status_code, said in answer.json()["error"]) == (400, True), answer.text


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        (
            {"parameters": {"binary_data_size": 9_999}},
            400,
            "'size' has the size '9999', and 8 bytes are left",
        ),
        ({"parameters": {"binary_data_size": "8"}}, 400, "'size' has the size '8'"),
        ({"parameters": {"binary_data_size": -1}}, 400, "'size' has the size '-1'"),
        ({"parameters": {"binary_data_size": True}}, 400, "'size' has the size 'True'"),
        ({"parameters": {"shared_memory_region": "r"}, "data": [1.0]}, 400, "no shared memory"),
        ({"parameters": [8]}, 400, '"parameters" is not an object.'),
        ({"data": [1.0]}, 400, "'size' is sent twice, as data and as bytes."),
        ({"shape": [10**9]}, 413, "1,000,000,000 rows are more than the 100"),
        ({"shape": [1, 1, 1]}, 400, "a column has [n] or [n, 1]"),
        ({"datatype": ["FP64"]}, 400, "which is none of the protocol's"),
    ],
)
def test_a_tensor_of_bytes_that_is_none_is_named(
    client: Client, change: dict[str, Any], status: int, said: str
) -> None:
    raw = as_bytes([tiny.ROW])["size"][1]
    answer = send(client, [tensor("size", "FP64", raw, [1]) | change], raw)
    assert (answer.status_code, said in answer.json()["error"]) == (status, True), answer.text


@pytest.mark.parametrize("length", ["9999999", "-1", "ten", "", "1" * 5_000])
def test_a_length_of_the_json_that_cannot_be_is_refused(client: Client, length: str) -> None:
    answer = client.request(
        "POST", INFER, content=b'{"inputs": []}', headers={"Inference-Header-Content-Length": length}
    )
    assert (answer.status_code, "cannot be JSON" in answer.json()["error"]) == (400, True), answer.text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"parameters": {"binary_data_output": "yes"}}, '"binary_data_output" is neither true nor false.'),
        ({"outputs": [{"name": "predict", "parameters": {"binary_data": 1}}]}, '"binary_data" is neither'),
        ({"outputs": [{"name": "predict", "parameters": {"classification": 2}}]}, "no classification"),
        ({"outputs": [{"name": "predict", "parameters": {"shared_memory_region": "r"}}]}, "no shared memory"),
    ],
)
def test_outputs_that_the_server_has_not_are_refused(client: Client, more: dict[str, Any], said: str) -> None:
    answer = ask(client, [tiny.ROW], **more)
    assert (answer.status_code, said in answer.json()["error"]) == (400, True), answer.text


def test_bytes_that_no_tensor_takes_are_refused(client: Client) -> None:
    columns = as_bytes([tiny.ROW])
    inputs = [tensor(name, datatype, raw, [1]) for name, (datatype, raw) in columns.items()]
    answer = send(client, inputs, b"".join(raw for _, raw in columns.values()) + b"more")
    assert (answer.status_code, "4 bytes behind the JSON belong to no tensor" in answer.text) == (400, True)


def test_pages_of_other_sites_are_refused_with_bytes_too(client: Client) -> None:
    headers = {"Inference-Header-Content-Length": "14", "Content-Type": "text/plain"}
    assert client.request("POST", INFER, content=b'{"inputs": []}', headers=headers).status_code == 415
    octets = {"Content-Type": "application/octet-stream"}
    assert client.request("POST", INFER, content=b'{"inputs": []}', headers=octets).status_code == 415
