"""Arrow streams in and out answer as JSON does, and are refused as clearly."""

from __future__ import annotations

import builtins
from typing import Any

import httpx
import pyarrow as pa
import pytest

from litmus_core.runtime import Bundle
from litmus_core.serving import create_app
from litmus_core.serving._arrow import rows_of_arrow
from litmus_core.serving._request_parsing import Limits
from tests import tiny
from tests.serving.client import Client

ARROW = "application/vnd.apache.arrow.stream"


def stream(table: pa.Table, *, packed: str | None = None, chunk: int = 2) -> bytes:
    """Return a table as an IPC stream, ``packed`` as zstd or lz4."""
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=packed)
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=chunk)
    return sink.getvalue().to_pybytes()


def post(client: Client, content: bytes, *, sent: str = ARROW, wanted: str = "*/*") -> httpx.Response:
    """Send a stream."""
    headers = {"Content-Type": sent, "Accept": wanted}
    return client.request("POST", "/predict", content=content, headers=headers)


def test_a_stream_is_answered_as_the_same_rows_in_json_are(client: Client, bundle: Bundle) -> None:
    rows = bundle.examples
    expected = bundle.predict_records(rows)

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

    assert post(client, stream(typed)).json()["predictions"] == bundle.predict_records([tiny.ROW])


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
    hint = f"Send plain JSON in UTF-8 (Content-Type: application/json), or {ARROW}."
    assert answer.json()["detail"]["hint"] == hint


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


@pytest.mark.parametrize("packed", ["zstd", "lz4"])
def test_a_compressed_stream_is_answered(client: Client, bundle: Bundle, packed: str) -> None:
    rows = bundle.examples
    assert post(client, stream(pa.Table.from_pylist(rows), packed=packed)).json()[
        "predictions"
    ] == bundle.predict_records(rows)


@pytest.mark.parametrize("packed", ["zstd", "lz4"])
@pytest.mark.parametrize("name", ["zip", "other"])
def test_a_bomb_is_refused_before_anything_of_it_is_unpacked(client: Client, packed: str, name: str) -> None:
    size = 4_000_000
    bomb = stream(pa.table({name: ["x" * size, "y"]}), packed=packed)
    assert len(bomb) < 20_000
    pool = pa.default_memory_pool()
    before = pool.max_memory()

    answer = post(client, bomb)

    assert answer.status_code == 413
    assert answer.json()["detail"]["message"] == "The stream would unpack to more than 80,000 bytes."
    assert pool.max_memory() - before < size // 2


def test_a_bomb_in_a_dictionary_or_with_a_size_that_is_a_lie_is_refused(client: Client) -> None:
    column = pa.array(["x" * 1_000_000, "y"]).dictionary_encode()
    assert post(client, stream(pa.table({"zip": column}), packed="zstd")).status_code == 413

    honest = stream(pa.table({"size": [1.0] * 100}), packed="zstd", chunk=100)
    size = (800).to_bytes(8, "little")
    assert honest.count(size) == 1
    for lie, status in ((2**60, 413), (-5, 400), (801, 400), (0, 400)):
        changed = honest.replace(size, lie.to_bytes(8, "little", signed=True))
        assert post(client, changed).status_code == status


def test_texts_that_many_rows_point_to_are_refused_before_they_are_copied(client: Client) -> None:
    text = "x" * 9_000
    encoded = pa.DictionaryArray.from_arrays(pa.array([0] * 50, pa.int8()), pa.array([text]))
    [_, views, texts] = pa.array([text], pa.string_view()).buffers()
    seen = pa.Array.from_buffers(
        pa.string_view(), 50, [None, pa.py_buffer(views.to_pybytes()[:16] * 50), texts]
    )
    for column in (encoded, seen):
        answer = post(client, stream(pa.table({"zip": column}), chunk=50))
        assert answer.status_code == 413, answer.json()
        assert answer.json()["detail"]["message"] == "The stream's texts are more than 80,000 bytes."
    few = pa.table({"zip": seen.slice(3, 2)})
    assert post(client, stream(few)).json()["detail"]["message"].startswith("Row 0 has no field 'size'")


def test_columns_that_nobody_asked_for_are_never_read(client: Client, bundle: Bundle) -> None:
    others = {f"other {n}": pa.array([[1, 2]], pa.list_(pa.int8())) for n in range(10)}
    table = pa.table({**{name: [value] for name, value in tiny.ROW.items()}, **others})
    assert post(client, stream(table)).json()["predictions"] == bundle.predict_records([tiny.ROW])


@pytest.mark.parametrize(
    "column",
    [
        pa.array([[1.0]]),
        pa.array([{"a": 1}]),
        pa.RunEndEncodedArray.from_arrays(pa.array([1], pa.int32()), pa.array([1.0])),
        pa.array([b"1"], pa.binary_view()),
    ],
)
def test_a_column_of_no_plain_values_is_named(client: Client, column: pa.Array) -> None:
    answer = post(client, stream(pa.table({"size": column})))
    assert (answer.status_code, answer.json()["detail"]["field"]) == (422, "size")
    assert "holds" in answer.json()["detail"]["message"]


@pytest.mark.parametrize("moment", [2**62, -(2**62)])
def test_a_moment_that_no_calendar_has_is_named(client: Client, moment: int) -> None:
    table = pa.table({**{k: [v] for k, v in tiny.ROW.items()}, "day": pa.array([moment], pa.timestamp("s"))})
    answer = post(client, stream(table))
    assert (answer.status_code, answer.json()["detail"]["field"]) == (422, "day")


def test_a_stream_in_very_many_pieces_is_refused(bundle: Bundle) -> None:
    table = pa.table({"size": pa.array([1.0] * 10_001)})
    with Client(create_app(bundle)) as client:
        answer = post(client, stream(table, chunk=1))
    assert answer.status_code == 413
    assert answer.json()["detail"]["message"] == "The stream has more than 10,000 messages."


def test_a_stream_with_any_byte_changed_is_answered_or_refused_in_words(client: Client) -> None:
    whole = stream(pa.Table.from_pylist([tiny.ROW] * 3), packed="zstd", chunk=3)
    for place in range(0, len(whole), 7):
        changed = bytearray(whole)
        changed[place] ^= 0xFF
        answer = post(client, bytes(changed))
        assert answer.status_code in (200, 400, 413, 422), (place, answer.text)
        assert answer.status_code == 200 or answer.json()["detail"]["message"]


def test_a_column_of_records_is_its_fields() -> None:
    table = pa.table({"who": pa.array([{"name": "Ann", "age": 3}, None]), "more": [1, 2]})

    rows = rows_of_arrow(stream(table), Limits(), names={"who.name"})

    assert rows == [{"who.name": "Ann"}, {"who.name": None}]


def test_a_stream_in_as_many_pieces_as_allowed_is_answered(bundle: Bundle) -> None:
    table = pa.table({name: [value] * 9_999 for name, value in tiny.ROW.items()})  # the schema is a message
    with Client(create_app(bundle)) as client:
        assert post(client, stream(table, chunk=1)).status_code == 200
