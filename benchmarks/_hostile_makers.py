"""Hostile files, made by number, each with what a reference reader finds in it.

Every maker writes one file of its format from one seed and returns its rows as that format's own reader reads
them back: Python's ``csv``, ``json`` and ``sqlite3``, pyarrow, DuckDB. Litmus has no part in it.
"""

from __future__ import annotations

import csv
import json
import math
import random
import sqlite3
import string
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

WHOLE = [0, 1, -1, 7, 2**31, 2**53 - 1, 2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63)]
LARGE = [2**64 - 1, 2**64, 2**64 + 1, 10**25 + 1]
REAL = [0.1, 1e308, 5e-324, -0.0, 1 / 3, 1e16, 123456789.123456789, 2.0, -7.5, math.inf, -math.inf, math.nan]
TEXTS = [
    "", " ", "NA", "null", "0012", "1e5", "TRUE", "=1+1", "'", '"', "a,b", "a;b", "a\tb", "line\nbreak",
    "ünïcode",
    "😀", "\u202eevil", "x" * 3_000, "NaN", "inf", "-", "1,234", "12%", "$5", "1_000", "0x10", "\uff12\uff13",
    "\u0661\u0662", " 7 ", "+5", "5-", "(5)", "1.2.3", "2020-01-01", "01/02/2020", "24:00", "3 km",
    "e\u0301", "a|b",
    "9007199254740993", "18446744073709551617", "None", "false", "yes", "N/A", "C:\\temp", "<script>",
    "%s%n", "1e999",
]  # fmt: skip
SPELLED = [
    ["$1,234", "$5", "$7.50"], ["12%", "7 %", "3.5%"], ["5 km", "7 km", "8 km"], ["(5)", "7", "2-"],
    ["1.234,50 €", "7,00 €"], ["1 234", "7", "12"], ["2020-01-01", "2021-12-31"], ["01/02/2020",
    "25/12/2020"],
    ["true", "false"], ["007", "012"], ["1.234", "5.678"], ["1e3", "2e-3"], ["10001", "94105"],
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """What a reference reader finds: column names and rows; None where it finds no table."""

    names: Sequence[str]
    rows: Sequence[Sequence[Any]]


Maker = Callable[[random.Random, Path], Reference | None]


def _column(rng: random.Random, n_rows: int, pools: Sequence[Sequence[Any]]) -> list[Any]:
    """Return a column from one pool, or from several; with holes."""
    chosen = rng.choice(pools) if rng.random() < 0.7 else [each for pool in pools for each in pool]
    some = rng.sample(list(chosen), k=min(len(chosen), rng.randint(1, 6)))
    return [None if rng.random() < 0.1 else rng.choice(some) for _ in range(n_rows)]


def _names(rng: random.Random, n: int) -> list[str]:
    odd = [
        "a",
        "A",
        "a.b",
        " a ",
        "zip",
        "price",
        "select",
        'quo"te',
        "ü",
        "x y",
        "c0",
        "v1",
        "a_1",
        "lat",
        "day_date",
    ]
    return [rng.choice(odd) if rng.random() < 0.6 else rng.choice(string.ascii_letters) * 2 for _ in range(n)]


def _grid(rng: random.Random, pools: Sequence[Sequence[Any]]) -> tuple[list[str], list[list[Any]]]:
    n_rows, n_columns = rng.randint(2, 40), rng.randint(2, 6)
    columns = [_column(rng, n_rows, pools) for _ in range(n_columns)]
    columns[0] = list(range(100, 100 + n_rows))  # no row is blank
    return _names(rng, n_columns), [list(row) for row in zip(*columns, strict=True)]


def make_csv(rng: random.Random, folder: Path) -> Reference | None:
    """Write a CSV file in one of many dialects; ``csv`` reads it again."""
    texts = [[each for each in TEXTS if "\n" not in each or rng.random() < 0.5], *SPELLED]
    names, rows = _grid(rng, [*texts, [str(n) for n in WHOLE + LARGE], [repr(x) for x in REAL]])
    names = [name if name.strip() != name else f"{name}{place}" for place, name in enumerate(names)]
    dialect = {
        "delimiter": rng.choice(",;\t|"),
        "lineterminator": rng.choice(["\n", "\r\n"]),
        "quoting": rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    }
    encoding = rng.choice(["utf-8", "utf-8-sig", "utf-16"])
    path = folder / rng.choice(["t.csv", "t.txt", "t.tsv"])
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, **dialect).writerows([names, *rows])  # type: ignore[arg-type]
    with path.open(newline="", encoding=encoding) as file:
        found = list(csv.reader(file, delimiter=str(dialect["delimiter"])))
    return Reference(found[0], found[1:])


def make_json(rng: random.Random, folder: Path) -> Reference | None:
    """Write JSON lines or an array, with doubled keys, keys within keys and gaps; ``json`` reads it again."""
    names, rows = _grid(
        rng, [WHOLE, LARGE + WHOLE, REAL, TEXTS, [True, False], *SPELLED, [[1, "a"], {"k": 2}]]
    )
    objects = []
    for row in rows:
        pairs = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in zip(names, row, strict=True)]
        if rng.random() < 0.2 and len(pairs) > 2:
            pairs.pop()
        objects.append("{" + ", ".join(pairs) + "}")
    is_lines = rng.random() < 0.5
    (folder / "t.json").write_text("\n".join(objects) if is_lines else "[" + ",\n".join(objects) + "]")
    flat = [_flat(json.loads(each, object_pairs_hook=list)) for each in objects]
    keys = list(dict.fromkeys(key for row in flat for key in row))
    return Reference([".".join(key) for key in keys], [[row.get(key) for key in keys] for row in flat])


class Doubled:
    """Values of one key that an object has more than once."""

    def __init__(self, values: list[Any]) -> None:
        self.values = values


def _flat(pairs: list[tuple[str, Any]]) -> dict[tuple[str, ...], Any]:
    flat: dict[tuple[str, ...], list[Any]] = {}
    for key, value in pairs:
        is_object = isinstance(value, list) and bool(value) and all(isinstance(each, tuple) for each in value)
        for path, inner in [((key, k), v) for k, v in value] if is_object else [((key,), value)]:
            flat.setdefault(path, []).append(inner)
    return {path: values[0] if len(values) == 1 else Doubled(values) for path, values in flat.items()}


def make_parquet(rng: random.Random, folder: Path) -> Reference | None:
    """Write a Parquet file with names that repeat and types beyond a double; pyarrow reads it again."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    n_rows = rng.randint(1, 40)
    kinds: list[tuple[Any, list[Any]]] = [
        (pa.int64(), WHOLE), (pa.uint64(), [each for each in WHOLE + LARGE if 0 <= each < 2**64]),
        (pa.decimal128(38, 9), [Decimal("1.5"), Decimal("12345678901234567890.123456789"), Decimal(-3)]),
        (pa.decimal128(38, 0), [Decimal(2**100), Decimal(5), Decimal(-(2**64)), Decimal(7)]),
        (pa.decimal128(9, 2), [Decimal("0.10"), Decimal("12345.67")]), (pa.float64(), REAL),
        (pa.string(), TEXTS),
        (pa.float32(), [0.5, 0.1, 3.0, math.inf]), (pa.bool_(), [True, False]), (pa.int8(), [1, -128]),
        (pa.timestamp("us"), [0, 2**62, -(2**62), 1_700_000_000_123_456]), (pa.timestamp("ns"), [1,
        1_000, 2**62]),
        (pa.timestamp("ms", tz="Europe/Berlin"), [0, 1_700_000_000_123]), (pa.date32(), [0, 19_000,
        -700_000]),
        (pa.time64("us"), [0, 86_399_999_999]), (pa.list_(pa.int64()), [[1, 2], []]),
        (pa.dictionary(pa.int32(), pa.string()), ["x", "y"]), (pa.string(), ["nul\0here", "b"]),
        (pa.string(), SPELLED[0]),
    ]  # fmt: skip
    chosen = [rng.choice(kinds) for _ in range(rng.randint(1, 6))]
    arrays = [pa.array([rng.choice([*pool, None]) for _ in range(n_rows)], kind) for kind, pool in chosen]
    table = pa.Table.from_arrays(arrays, names=[rng.choice(["a", "A", "a_1", "b"]) for _ in arrays])
    pq.write_table(table, folder / "t.parquet", compression=rng.choice(["snappy", "zstd", "none"]))
    found = pq.ParquetFile(folder / "t.parquet").read()
    columns = [_arrow_values(each) for each in found.columns]
    return Reference(found.column_names, [list(row) for row in zip(*columns, strict=True)])


class Moment(int):
    """A moment in nanoseconds since 1970-01-01 UTC: of any year."""


def _arrow_values(column: Any) -> list[Any]:
    import pyarrow as pa

    if not pa.types.is_timestamp(column.type):
        return list(column.to_pylist())
    factor = {"s": 10**9, "ms": 10**6, "us": 1_000, "ns": 1}[column.type.unit]
    whole = column.cast(pa.timestamp(column.type.unit)).cast(pa.int64()).to_pylist()
    return [None if each is None else Moment(each * factor) for each in whole]


def make_sqlite(rng: random.Random, folder: Path) -> Reference | None:
    """Write an SQLite table with generated columns, binary data and broken letters; ``sqlite3`` reads it."""
    pools = [WHOLE, REAL[:9], TEXTS, [b"\x00\xff", "x", 5], [1, "one", 2.5], *SPELLED]
    names, rows = _grid(rng, pools)
    names = [f"{name}{place}" for place, name in enumerate(names)]
    quoted = ['"' + each.replace('"', '""') + '"' for each in names]
    with closing(sqlite3.connect(folder / "t.db")) as connection, connection:
        extra = rng.choice(["", ", made AS (lower('X') || 1)", f", made AS ({quoted[0]} + 1) STORED"])
        connection.execute(f"CREATE TABLE t ({', '.join(quoted)}{extra})")
        marks = ", ".join("?" * len(names))
        connection.executemany(f"INSERT INTO t ({', '.join(quoted)}) VALUES ({marks})", rows)
        if rng.random() < 0.3:
            connection.execute(f"UPDATE t SET {quoted[1]} = CAST(x'61ff62' AS TEXT) WHERE rowid = 1")
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        cursor = connection.execute("SELECT * FROM t")
        return Reference([each[0] for each in cursor.description], cursor.fetchall())


def make_duckdb(rng: random.Random, folder: Path) -> Reference | None:
    """Write a DuckDB table of types that others lack; DuckDB reads it again."""
    import duckdb

    kinds: list[tuple[str, list[Any]]] = [
        ("BIGINT", WHOLE), ("UBIGINT", [0, 2**64 - 1, 2**53 + 1]), ("HUGEINT", [2**64, -(2**100), 3]),
        ("DECIMAL(38,9)", [Decimal("1.5"), Decimal("12345678901234567890.123456789")]), ("DOUBLE",
        REAL), ("VARCHAR", TEXTS),
        ("BOOLEAN", [True, False]), ("DATE", [date(2020, 1, 1), date(1, 1, 1), date(9999, 12, 31)]),
        ("TIMESTAMP", [datetime(2020, 1, 1, 5, 6, 7), datetime(1, 1, 1)]), ("TIME", [time(5, 6, 7)]),
        ("INTEGER[]", [[1, 2], []]), ("UUID", ["12345678-1234-5678-1234-567812345678"]),
    ]  # fmt: skip
    n_rows = rng.randint(1, 40)
    chosen = [rng.choice(kinds) for _ in range(rng.randint(1, 5))]
    with closing(duckdb.connect(folder / "t.duckdb")) as connection:
        declared = ", ".join(
            f'"{name} {place}" {kind}' for place, (kind, _) in enumerate(chosen) for name in "n"
        )
        connection.execute(f"CREATE TABLE t ({declared})")
        rows = [[rng.choice([*pool, None]) for _, pool in chosen] for _ in range(n_rows)]
        connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(chosen))})", rows)
        found = connection.execute("SELECT * FROM t")
        names = [each[0] for each in found.description or ()]
        return Reference(names, [[str(each) if type(each).__name__ == "UUID" else each for each in row]
                                 for row in found.fetchall()])  # fmt: skip


def make_workbook(rng: random.Random, folder: Path) -> Reference | None:
    """Write a workbook; what is there is what was written."""
    spec = spec_from_file_location("workbooks", Path(__file__).parents[1] / "tests" / "data" / "workbooks.py")
    if spec is None or spec.loader is None:
        raise ImportError("tests/data/workbooks.py")
    workbooks = module_from_spec(spec)
    sys.modules[spec.name] = workbooks
    spec.loader.exec_module(workbooks)
    pools = [
        [1, 2, 3],
        [0.5, 1 / 3, 1e16],
        [t for t in TEXTS if t.strip() and t.isprintable()],
        [True, False],
        *SPELLED,
    ]
    names, rows = _grid(rng, pools)
    names = [f"{name.strip()}{place}" for place, name in enumerate(names)]
    workbooks.write_xlsx(folder / "t.xlsx", {"Sheet": [names, *rows]})
    return Reference(names, rows)


MAKERS: dict[str, Maker] = {
    "csv": make_csv,
    "json": make_json,
    "parquet": make_parquet,
    "sqlite": make_sqlite,
    "duckdb": make_duckdb,
    "workbook": make_workbook,
}


def damage(rng: random.Random, path: Path) -> None:
    """Cut a file, or change some of its bytes."""
    raw = bytearray(path.read_bytes())
    if rng.random() < 0.4:
        raw = raw[: rng.randrange(1, len(raw))]
    for _ in range(rng.randint(1, 8)):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    path.write_bytes(bytes(raw))
