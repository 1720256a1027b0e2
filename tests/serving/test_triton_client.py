"""A client that others wrote for the Open Inference Protocol, Triton's, asks a server here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from litmus_core.runtime import Bundle

pytestmark = pytest.mark.exhaustive(reason="test_open_inference.py sends what the protocol says")
ABSENT = "No client of Triton is installed here: pip install 'tritonclient[http]' brings it."
DTYPES: dict[str, Any] = {"FP64": np.float64, "BYTES": np.object_, "BOOL": np.bool_}


@pytest.fixture
def client(address: tuple[str, int]) -> Any:
    http = pytest.importorskip("tritonclient.http", reason=ABSENT)
    return http.InferenceServerClient(":".join(map(str, address)))


@pytest.fixture
def rows(bundle: Bundle) -> list[dict[str, Any]]:
    """Rows without a missing value, for which such arrays have no sign."""
    return [row for row in bundle.examples if None not in row.values()]


def tensors(client: Any, rows: list[dict[str, Any]], **more: Any) -> list[Any]:
    from tritonclient.http import InferInput

    made = []
    for column in client.get_model_metadata("shop-tiny")["inputs"]:
        values = [row[column["name"]] for row in rows]
        tensor = InferInput(column["name"], [len(rows)], column["datatype"])
        tensor.set_data_from_numpy(np.array(values, DTYPES[column["datatype"]]), **more)
        made.append(tensor)
    return made


def chosen(**more: Any) -> list[Any]:
    from tritonclient.http import InferRequestedOutput

    return [InferRequestedOutput(name, **more) for name in ("predict_proba", "predict")]


@pytest.mark.parametrize(
    ("sent", "asked"),
    [({}, None), ({"binary_data": False}, {"binary_data": False}), ({"binary_data": False}, {}), ({}, {})],
    ids=["as it does by itself", "JSON", "bytes back", "bytes both ways"],
)
def test_it_gets_the_answers_of_the_bundle(
    client: Any, bundle: Bundle, rows: list[dict[str, Any]], sent: dict[str, Any], asked: Any
) -> None:
    assert len(rows) > 1
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("shop-tiny")

    outputs = None if asked is None else chosen(**asked)
    answer = client.infer("shop-tiny", tensors(client, rows, **sent), outputs=outputs, request_id="7")

    expected = bundle.predict_records(rows)
    labels = [one.decode() if isinstance(one, bytes) else one for one in answer.as_numpy("predict")]
    assert labels == [each["label"] for each in expected]
    shares = [list(each["probabilities"].values()) for each in expected]
    assert answer.as_numpy("predict_proba").tolist() == shares
    is_raw = asked is None or asked.get("binary_data", True)
    assert all(("data" in one) != is_raw for one in answer.get_response()["outputs"])
    assert answer.get_response()["id"] == "7"


def test_what_the_server_has_not_is_said(client: Any, rows: list[dict[str, Any]]) -> None:
    from tritonclient.utils import InferenceServerException

    shared = chosen()
    shared[0].set_shared_memory("region", 64)
    for outputs, said in ((shared, "no shared memory"), (chosen(class_count=2), "no classification")):
        with pytest.raises(InferenceServerException, match=said):
            client.infer("shop-tiny", tensors(client, rows), outputs=outputs)
