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


def tensors(client: Any, rows: list[dict[str, Any]], *, is_binary: bool) -> list[Any]:
    from tritonclient.http import InferInput

    made = []
    for column in client.get_model_metadata("shop-tiny")["inputs"]:
        values = [row[column["name"]] for row in rows]
        tensor = InferInput(column["name"], [len(rows)], column["datatype"])
        tensor.set_data_from_numpy(np.array(values, DTYPES[column["datatype"]]), binary_data=is_binary)
        made.append(tensor)
    return made


def test_it_gets_the_answers_of_the_bundle(client: Any, bundle: Bundle, rows: list[dict[str, Any]]) -> None:
    assert len(rows) > 1
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("shop-tiny")

    answer = client.infer("shop-tiny", tensors(client, rows, is_binary=False))

    expected = bundle.predict_records(rows)
    assert answer.as_numpy("predict").tolist() == [each["label"] for each in expected]
    shares = [list(each["probabilities"].values()) for each in expected]
    assert answer.as_numpy("predict_proba").tolist() == shares


def test_binary_tensors_are_refused_with_what_to_send(client: Any, rows: list[dict[str, Any]]) -> None:
    from tritonclient.utils import InferenceServerException

    with pytest.raises(InferenceServerException, match="Tensors are read as JSON"):
        client.infer("shop-tiny", tensors(client, rows, is_binary=True))
