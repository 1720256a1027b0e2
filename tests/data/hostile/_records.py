"""JSON and Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from tests.data.hostile._file import Hostile


def records() -> Iterable[Hostile]:
    deep = "[" * 100_000
    yield Hostile("JSON lines", "t.jsonl", '{"a":1}\n\n{"a":2,"b":"x"}\n', n_rows=2)
    yield Hostile("JSON array", "t.json", '[{"a":1},{"a":2}]', n_rows=2)
    yield Hostile("JSON by another name", "t.csv", '[{"a":1},{"a":2}]', n_rows=2)
    yield Hostile("JSON with a byte-order mark", "t.json", b'\xef\xbb\xbf[{"a":1}]', n_rows=1)
    yield Hostile("JSON in UTF-16", "t.json", '[{"a":"ü"}]'.encode("utf-16"), n_rows=1)
    yield Hostile(
        "JSON lines cut off", "t.jsonl", '{"a":1}\n{"a":', says="Line 2 of 't.jsonl' is not valid JSON."
    )
    yield Hostile(
        "JSON array cut off", "t.json", '[{"a":1},{"a":2}', says="The end of 't.json' is not valid JSON."
    )
    yield Hostile("JSON with more behind it", "t.json", '[{"a":1}] x', says="What follows the last bracket")
    yield Hostile("JSON entries without commas", "t.json", '[{"a":1} {"a":2}]', says="What follows entry 1")
    yield Hostile("JSON of nothing", "t.json", "[]", says="'t.json' has no rows.")
    yield Hostile("JSON of empty objects", "t.json", "[{},{}]", says="'t.json' has no rows.")
    yield Hostile("JSON of one object", "t.json", '{\n"a":\n1}', says="'t.json' holds one JSON object")
    yield Hostile(
        "JSON of one object of rows", "t.json", '{"rows":[{"a":1}]}', says="'t.json' holds one JSON object"
    )
    yield Hostile("JSON of numbers", "t.json", "[1,2,3]", says="Entry 1 of 't.json' is not an object")
    yield Hostile("JSON of a text", "t.json", '"hello"', says="'t.json'")
    yield Hostile(
        "JSON nested very deep", "t.json", f'[{{"a":{deep}', says="Entry 1 of 't.json' is not valid JSON."
    )
    yield Hostile(
        "JSON lines nested very deep",
        "t.jsonl",
        f'{{"a":{deep}\n',
        says="Line 1 of 't.jsonl' is not valid JSON.",
    )
    yield Hostile("JSON of nested objects", "t.json", '[{"a":{"b":{"c":1},"d":[1]}},{"a":2}]', n_rows=2)
    yield Hostile("JSON with names that collide", "t.json", '[{"a.b":1,"a":{"b":2}}]', n_rows=1)
    yield Hostile("JSON with a blank name", "t.json", '[{"":1,"a":2}]', n_rows=1)
    yield Hostile(
        "JSON with numbers that are none", "t.json", '[{"a":NaN,"b":-Infinity},{"a":1,"b":2}]', n_rows=2
    )
    yield Hostile(
        "JSON with a huge number",
        "t.json",
        f'[{{"a":{"9" * 5000}}}]',
        says="Entry 1 of 't.json' is not valid JSON.",
    )
    yield Hostile("JSON with half a letter", "t.json", '[{"a":"\\ud800","\\udfff":1}]', n_rows=1)
    yield Hostile("JSON with NUL", "t.json", '[{"a":"x\\u0000y"}]', n_rows=1)
    yield Hostile("JSON that is not UTF-8", "t.json", b'[{"a":"\xff\xfe"}]', says="not valid UTF-8")
    yield Hostile(
        "JSON of types that differ", "t.jsonl", '{"a":1}\n{"a":"x"}\n{"a":[1]}\n{"a":null}\n', n_rows=4
    )
    wide = json.dumps([{f"k{number}": 1 for number in range(20_001)}])
    yield Hostile("JSON of 20,001 names", "t.json", wide, says="'t.json' has 20,001 columns")


def _parquet_of(**columns: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def parquet() -> Iterable[Hostile]:
    import pyarrow as pa

    whole = _parquet_of(a=[1, 2], b=["x", None])
    yield Hostile("Parquet", "t.parquet", whole, n_rows=2)
    yield Hostile("Parquet by another name", "t.csv", whole, n_rows=2)
    yield Hostile(
        "Parquet cut off", "t.parquet", whole[: len(whole) // 2], says="damaged or not a Parquet file"
    )
    yield Hostile("Parquet without its beginning", "t.parquet", whole[9:], says="'t.parquet' is damaged")
    yield Hostile(
        "Parquet with a broken page", "t.parquet", whole[:5] + b"\xff" * 9 + whole[14:], says="t.parquet'"
    )
    yield Hostile(
        "Parquet whose footer lies",
        "t.parquet",
        whole[:-8] + b"\xff\xff\xff\x7fPAR1",
        says="damaged or not a Parquet",
    )
    yield Hostile(
        "Parquet of no rows", "t.parquet", _parquet_of(a=pa.array([], pa.int64())), says="has no rows"
    )
    yield Hostile("Parquet of no columns", "t.parquet", _parquet_of(), says="has no rows")
    yield Hostile(
        "Parquet of pictures",
        "t.parquet",
        _parquet_of(a=[b"\x00\x01"]),
        says="'a' of 't.parquet' holds binary",
    )
    yield Hostile("Parquet of records", "t.parquet", _parquet_of(a=[{"x": 1, "y": "q"}, None]), n_rows=2)
    yield Hostile(
        "Parquet of lists", "t.parquet", _parquet_of(a=[[1, 2], []], b=[{"x": {"y": 1}}] * 2), n_rows=2
    )
    yield Hostile("Parquet of nothing", "t.parquet", _parquet_of(a=pa.nulls(2), b=[1, 2]), n_rows=2)
    yield Hostile(
        "Parquet of infinities", "t.parquet", _parquet_of(a=[float("inf"), float("nan"), 1.0]), n_rows=3
    )
    yield Hostile("Parquet of names alike", "t.parquet", _parquet_of(a=[1], A=[2]), n_rows=1)
    odd = pa.array([2**62, None], pa.timestamp("ns"))
    yield Hostile("Parquet of moments beyond reach", "t.parquet", _parquet_of(a=odd, b=[1, 2]), n_rows=2)
    text = pa.array([b"\xff\xfe"], pa.binary()).view(pa.string())
    yield Hostile("Parquet of texts that are none", "t.parquet", _parquet_of(a=text), says="t.parquet'")
