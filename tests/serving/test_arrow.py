"""Arrow streams in and out answer as JSON does, and are refused as clearly."""

from __future__ import annotations

import builtins
from typing import Any

import httpx
import pyarrow as pa
import pytest

from litmus_core.runtime import Bundle
from tests import tiny
from tests.serving.client import Client

ARROW = "application/vnd.apache.arrow.stream"


def stream(table: pa.Table) -> bytes:
    """Return a table as an IPC stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    return sink.getvalue().to_pybytes()


def post(client: Client, content: bytes, *, sent: str = ARROW, wanted: str = "*/*") -> httpx.Response:
    """Send a stream."""
    headers = {"Content-Type": sent, "Accept": wanted}
    return client.request("POST", "/predict", content=content, headers=headers)


def test_a_stream_is_answered_as_the_same_rows_in_json_are(client: Client, bundle: Bundle) -> None:
    rows = bundle.examples
    expected = bundle.answers(rows)

    json_back = post(client, stream(pa.Table.from_pylist(rows)))
    arrow_back = post(client, stream(pa.Table.from_pylist(rows)), wanted=ARROW)

    assert json_back.json()["predictions"] == expected
    assert arrow_back.headers["content-type"] == ARROW
    table = pa.ipc.open_stream(arrow_back.content).read_all()
    assert table.column_names == ["prediction", "probability no", "probability yes"]
    assert table["prediction"].to_pylist() == [each["label"] for each in expected]
    assert table["probability yes"].to_pylist() == [each["probabilities"]["yes"] for each in expected]


def test_arrows_own_types_are_read(client: Client, bundle: Bundle) -> None:
    typed = pa.table(
        {
            "size": pa.array([2.5], pa.float32()),
            "zip": pa.array(["10115"]).dictionary_encode(),
            "day": pa.array(["2024-02-01"]).cast(pa.timestamp("us")),
            "new": pa.array([False]),
        }
    )

    assert post(client, stream(typed)).json()["predictions"] == bundle.answers([tiny.ROW])


def test_a_value_that_does_not_fit_is_named(client: Client) -> None:
    answer = post(client, stream(pa.Table.from_pylist([{**tiny.ROW, "size": "large"}])))
    assert (answer.status_code, answer.json()["detail"]["field"]) == (422, "size")

    answer = post(client, stream(pa.table({"size": [1.0]})))
    assert (answer.status_code, answer.json()["detail"]["field"]) == (422, "zip")

    answer = post(client, stream(pa.Table.from_pylist([{**tiny.ROW, "zip": b"\xff"}])))
    assert (answer.status_code, answer.json()["detail"]["field"]) == (422, "zip")


@pytest.mark.parametrize("cut", [0, 7, 100, 400])
def test_a_stream_that_is_none_or_not_whole_is_refused(client: Client, cut: int) -> None:
    answer = post(client, stream(pa.Table.from_pylist([tiny.ROW]))[:cut])

    assert answer.status_code == 400
    assert answer.json()["detail"]["message"] == "The body is not a whole Arrow stream."


def test_too_many_rows_and_columns_of_one_name_are_refused(client: Client) -> None:
    many = post(client, stream(pa.table({"size": [1.0] * 101})))
    twice = post(client, stream(pa.table([pa.array([1.0]), pa.array([2.0])], names=["size", "size"])))

    assert (many.status_code, twice.status_code) == (413, 422)


def test_another_arrow_format_is_refused(client: Client) -> None:
    answer = post(client, b"PAR1", sent="application/vnd.apache.parquet")

    assert answer.status_code == 415
    assert answer.json()["detail"]["hint"] == f"Send JSON, or {ARROW}."


def test_without_pyarrow_arrow_is_refused_in_words(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def no_arrow(name: str, *more: Any, **named: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *more, **named)

    monkeypatch.setattr(builtins, "__import__", no_arrow)
    answer = post(client, b"")

    assert answer.status_code == 501
    assert answer.json()["detail"]["message"] == "This server has no Arrow."
