"""Hostile queries of a real PostgreSQL server: all types, last values, odd names; psql says what is there."""

from __future__ import annotations

import csv
import io
import os
import random
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from benchmarks._hostile_makers import Moment, Reference
from benchmarks._hostile_servers import Cases

_POOLS = {
    "int2": ["-32768", "32767", "0"],
    "int4": ["-2147483648", "2147483647", "7"],
    "int8": ["-9223372036854775808", "9223372036854775807", "9007199254740993"],
    "oid": ["0", "4294967295"],
    "float4": ["0.1", "3.4e38", "NaN", "Infinity", "-0"],
    "float8": ["0.1", "1e308", "5e-324", "NaN", "-Infinity", "123456789.123456789"],
    "numeric": ["0.1", "12345678901234567890123456789.5", "NaN", "Infinity", "1e-30",
                "9007199254740993", "-7.50"],
    "numeric(10,2)": ["0.10", "99999999.99", "-1"],
    "numeric(40,0)": ["12345678901234567890123456789012345678", "1", "3"],
    "money": ["$1,234.50", "-$7.00", "$92233720368547758.07"],
    "bool": ["true", "false"],
    "text": ["", " ", "NA", "null", "0012", "1e5", "=1+1", "a,b", "line\nbreak", "\u00fcn\u00ef",
             "\U0001f600", "\u202eevil", "x" * 3_000, "$5", "12%", "2020-01-01", "\\N", "'", '"',
             "9007199254740993"],
    "varchar(10)": ["a", "0012", ""],
    "char(5)": ["ab", "12", ""],
    "name": ["a", "pg"],
    '"char"': ["a", "b"],
    "date": ["2024-02-29", "0001-01-01", "4713-01-01 BC", "9999-12-31", "10000-01-01", "5874897-12-31",
             "infinity", "1582-10-10"],
    "timestamp": ["2024-02-29 23:59:59.999999", "1677-09-21 00:12:43", "294276-12-31 23:59:59",
                  "infinity", "0044-03-15 BC", "2262-04-12 00:00:00", "9999-12-31 23:59:59"],
    "timestamptz": ["2024-05-01 12:00:00+02", "1900-01-01 00:00:00+00", "-infinity",
                    "2024-10-27 02:30:00+01"],
    "time": ["00:00:00", "24:00:00", "23:59:59.999999"],
    "timetz": ["12:00:00+02", "00:00:00-11"],
    "interval": ["1 mon", "-3 days", "1 year 2 hours", "00:00:00.000001"],
    "uuid": ["6f9619ff-8b86-d011-b42d-00cf4fc964ff"],
    "json": ['{"a": 9007199254740993}', "[1, 2]", "null", '"x"'],
    "jsonb": ['{"a": 1, "b": [1]}', "3"],
    "bytea": ["\\x00ff", "\\x"],
    "int4[]": ["{1,2,NULL}", "{}", "{{1,2},{3,4}}"],
    "text[]": ['{"a,b",NULL}', "{}"],
    "inet": ["10.0.0.1", "::1/64"],
    "macaddr": ["08:00:2b:01:02:03"],
    "bit(3)": ["101", "000"],
    "varbit": ["1", "0101"],
    "point": ["(1,2)", "(-0.5,1e10)"],
    "int4range": ["[1,5)", "empty"],
    "tsvector": ["'a' 'b'"],
    "xml": ["<a/>"],
    "pg_lsn": ["16/B374D848"],
}  # fmt: skip
_NAMES = [
    "a",
    "A",
    "a b",
    'quo"te',
    "select",
    "\u00fc",
    "a.b",
    "{0}",
    "%s",
    "c0",
    "x" * 63,
    " a ",
    "litmus_source",
    "\n",
]
_CLOSED = [
    "SELECT 1/0 AS a",
    "SELECT 1 AS a; DROP TABLE shop",
    "DELETE FROM shop",
    "SELECT * FROM shop FOR UPDATE",
    "SELECT a, 1 / (3 - a) AS b FROM generate_series(1, 100000) a WHERE a > 1 OR a = 3",
    "SELECT",
    "SELECT 1 AS a --",
    "COPY shop TO '/tmp/evil'",
    "SELECT 'unterminated",
    "SELECT $1 AS a",
    "WITH d AS (DELETE FROM shop RETURNING *) SELECT * FROM d",
    "SELECT pg_terminate_backend(pg_backend_pid()) AS a",
    "TABLE nothing",
    "SELECT set_config('a.b', 'c', false) AS a, 1 / 0 AS b",
    "SELECT * FROM generate_series(1, 0) a",
    "CREATE TABLE evil (a int)",
    "SELECT (1, 2) AS a WHERE false",
    "DO $$ BEGIN DELETE FROM shop; END $$",
    "SELECT 1 AS a) AS b; DELETE FROM shop; --",
    "VALUES",
    "SELECT '\\x00'::bytea AS a",
]


@contextmanager
def tables() -> Iterator[Cases]:
    """Start a server and give queries of it: those that must be refused first, then one of a seed."""
    from tests.connectors.postgres_server import ABSENT, PASSWORD, programs, running

    folder = programs()
    assert folder is not None, ABSENT
    keys = {"PGPASSWORD": PASSWORD, "PGTZ": "UTC"}
    with patch.dict(os.environ, keys), running(folder) as server:
        server.run("CREATE TABLE shop AS SELECT i AS a FROM generate_series(1, 50) i")

        def cases(place: int, seed: int) -> tuple[str, str, Reference | None]:
            if place < len(_CLOSED):
                query = _CLOSED[place]
                reference = None if query != "SELECT 1 AS a --" else Reference(["a"], [[1]])
            else:
                query, types = _query(random.Random(f"tables {seed} {place}"))
                reference = _reference(
                    str((folder / "initdb").resolve().with_name("psql")), server.address(), query, types
                )
            assert server.run("SELECT count(*) FROM shop") == [(50,)]
            return query[:60], f"{server.address()}?query={_escaped(query)}", reference

        yield cases


def _escaped(query: str) -> str:
    return query.replace("%", "%25").replace("&", "%26")


def _query(rng: random.Random) -> tuple[str, list[str]]:
    """Return a query of two to six columns of drawn types, with holes, and the types."""
    n_rows = rng.randint(2, 30)
    types = ["int8", *rng.sample(sorted(_POOLS), k=rng.randint(1, 5))]
    names = rng.sample(_NAMES, k=len(types))
    if rng.random() < 0.1:
        names[-1] = names[0]
    rows = [
        ", ".join(
            _literal(str(100 + row) if not place else _drawn(rng, kind), kind)
            for place, kind in enumerate(types)
        )
        for row in range(n_rows)
    ]
    columns = ", ".join(f"c{place} AS {_quoted(name)}" for place, name in enumerate(names))
    aliases = ", ".join(f"c{place}" for place in range(len(types)))
    values = ", ".join(f"({row})" for row in rows)
    return f"SELECT {columns} FROM (VALUES {values}) AS v({aliases})", types


def _drawn(rng: random.Random, kind: str) -> str | None:
    return None if rng.random() < 0.1 else rng.choice(_POOLS[kind])


def _literal(text: str | None, kind: str) -> str:
    return f"NULL::{kind}" if text is None else "'" + text.replace("'", "''") + f"'::{kind}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _reference(psql: str, address: str, query: str, types: list[str]) -> Reference:
    command = f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER, NULL '(none)', FORCE_QUOTE *)"
    done = subprocess.run([psql, "-q", "-X", "-c", command, address], capture_output=True, check=True)
    rows = list(csv.reader(io.StringIO(done.stdout.decode(), newline="")))
    values = [[_value(cell, kind) for cell, kind in zip(row, types, strict=True)] for row in rows[1:]]
    return Reference(rows[0], values)


def _value(cell: str, kind: str) -> Any:
    """Return a cell of psql's as Python has it; a type without a value there stays the text that it is."""
    base = kind.partition("(")[0]
    if cell == "(none)":
        return None
    if base in ("int2", "int4", "int8", "oid"):
        return int(cell)
    if base == "float4":
        return struct.unpack("f", struct.pack("f", float(cell)))[0]
    if base == "float8" or cell in ("NaN", "Infinity"):
        return float(cell)
    if base in ("numeric", "money"):
        return Decimal(cell.replace("$", "").replace(",", ""))
    if base == "bool":
        return cell == "t"
    if base in ("date", "timestamp", "timestamptz"):
        return _moment(cell, base)
    return cell


def _moment(cell: str, base: str) -> Any:
    try:
        if base == "date":
            return date.fromisoformat(cell)
        moment = datetime.fromisoformat(f"{cell}:00" if base == "timestamptz" else cell)
    except ValueError:
        return cell
    whole = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    since = whole - datetime(1970, 1, 1, tzinfo=UTC)
    return Moment((since.days * 86_400 + since.seconds) * 10**9 + since.microseconds * 1_000)
