"""Requests to an endpoint that no client should send: bytes on a socket, headers, bodies, values.

A real server is started on a small bundle. Each request goes over a connection of its own, as bytes. Right
is an answer of one of the statuses that the request may get, in words (``detail.message``) where it is a
refusal, within ten seconds; then the server still answers a good row with the same prediction. A 500, a
traceback in its log, no answer where one is due, and a server that is gone are counted as tracebacks.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks._harness import Figure, Run, use_own_tests

_PATIENCE_S = 10.0
_JSON = "Content-Type: application/json"
_TESTS = Path(__file__).resolve().parents[1] / "tests"
_ROW = {"size": 2.5, "zip": "10115", "day": "2024-02-01", "new": False}
_GOOD = json.dumps({"rows": [_ROW]}).encode()


@dataclass(frozen=True, slots=True)
class Case:
    """One request: its bytes, and the statuses that are right; 0 is a closed connection without a word.

    ``stops``: nothing comes after these bytes, and the caller says so.
    """

    name: str
    sent: bytes
    right: frozenset[int]
    stops: bool = False


def figures(run: Run) -> list[Figure]:
    """Return how many requests were sent, and how many were answered otherwise than they should be."""
    cases = list(hostile_requests())
    value = run.results.cached({"part": "requests", "n": len(cases)}, lambda: measure(cases, say=run.say))
    return [
        Figure(name="requests", value=len(cases), unit="requests", target=400, better="higher"),
        Figure(name="tracebacks", value=len(value["wrong"]), unit="requests", target=0, better="lower"),
        Figure(name="wrong_answers", value=value["n_changed"], unit="answers", target=0, better="lower"),
    ]


def measure(cases: list[Case], *, say: Any = print) -> dict[str, Any]:
    """Send every case to one server and return what went wrong, with the good answers that changed."""
    wrong: list[str] = []
    n_changed = 0
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (port, log):
        expected = ask(port, request(_GOOD, "POST /predict HTTP/1.1", _JSON))
        assert expected[0] == 200, expected
        for place, case in enumerate(cases):
            status, body = ask(port, case.sent, stops=case.stops)
            if status not in case.right or not _is_said(status, body):
                wrong.append(f"{case.name}: {status} {body[:200]!r}")
            if place % 20 == 0 or place == len(cases) - 1:
                n_changed += ask(port, request(_GOOD, "POST /predict HTTP/1.1", _JSON)) != expected
        wrong += [f"log: {each}" for each in re.findall(r"Traceback.*|.*Error: .*", log.read_text())]
    for each in wrong:
        say(f"wrong: {each}")
    return {"wrong": wrong, "n_changed": n_changed}


def _is_said(status: int, body: bytes) -> bool:
    """Return whether a refusal says something a person can read."""
    if status < 400 or not body:
        return True
    try:
        return bool(json.JSONDecoder().raw_decode(body.decode())[0]["detail"]["message"])
    except (ValueError, KeyError, TypeError):
        return status == 400 and body.startswith(b"Invalid HTTP request")  # no HTTP: no body of ours


class serving:  # noqa: N801 - used as a context
    """A server of its own process on a small bundle; gives its port and its log."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> tuple[int, Path]:
        use_own_tests()
        tiny = import_module("tests.tiny")
        bundle, ready, log = tiny.bundle(self._folder / "m"), self._folder / "ready", self._folder / "log"
        code = (
            f"import sys; sys.path.insert(0, {str(_TESTS)!r}); "
            "from tiny_executor import register; register(); "
            "from litmus_core.serving.__main__ import main; sys.exit(main())"
        )
        command = [sys.executable, "-c", code, bundle.path, "--port", "0", "--ready-file", str(ready)]
        with log.open("wb") as output:
            self._server = subprocess.Popen(command, stdout=output, stderr=output, env=dict(os.environ))
        until = time.monotonic() + 120
        while not ready.exists() and self._server.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        return int(json.loads(ready.read_text())["url"].rpartition(":")[2]), log

    def __exit__(self, *_: object) -> None:
        self._server.terminate()
        self._server.wait(timeout=60)


def ask(port: int, sent: bytes, *, stops: bool = False) -> tuple[int, bytes]:
    """Return status and body of the answer to these bytes; 0 where the connection closed without one."""
    found = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S) as connection:
            connection.sendall(sent)
            if stops:
                connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65_536):
                found += part
    except TimeoutError:
        return -1, b"no answer in time"
    except OSError:
        pass  # it hung up while the request was being sent: what it said counts
    head, _, body = found.partition(b"\r\n\r\n")
    match = re.match(rb"HTTP/1\.1 (\d{3})", head)
    return (int(match[1]), body) if match else (0, found)


def request(body: bytes, line: str, *headers: str, host: str | None = "localhost") -> bytes:
    """Return a request's bytes; its length and name are said where they are not among the headers."""
    lines = [line, *([f"Host: {host}"] if host is not None else []), *headers]
    if not any(each.lower().startswith(("content-length", "transfer-encoding")) for each in headers):
        lines.append(f"Content-Length: {len(body)}")
    if not any(each.lower().startswith("connection") for each in headers):
        lines.append("Connection: close")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def hostile_requests() -> Iterator[Case]:
    """Yield every case; the same in each run."""
    for part in (_hosts, _origins, _types, _paths, _heads, _bodies, _values, _cut_bodies, _arrow):
        yield from part()


def _post(name: str, body: bytes, right: set[int], *headers: str, host: str | None = "localhost") -> Case:
    return Case(
        name, request(body, "POST /predict HTTP/1.1", *(headers or (_JSON,)), host=host), frozenset(right)
    )


def _hosts() -> Iterator[Case]:
    for host in (
        "evil.test", "evil.test:80", "localhost.evil.test", "127.0.0.1.evil.test", "localhost@evil.test",
        "",
        " ", "localhost:notaport", "localhost:99999", "[::1", "192.168.0.7", "0.0.0.0", "localhost/x", "é",
        "localhost#", "localhost?", "a" * 5_000, "localhost,evil.test", "localhost evil.test",
        "%6cocalhost",
        "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]", "localhost%00", "xn--localhost",
    ):  # fmt: skip
        for line in ("POST /predict", "GET /health", "GET /schema", "GET /docs"):
            sent = request(_GOOD if "POST" in line else b"", f"{line} HTTP/1.1", _JSON, host=host)
            yield Case(f"host {host[:30]!r} {line}", sent, frozenset({403, 400}))
    yield _post("no host", _GOOD, {400, 403}, host=None)
    yield _post("two hosts", _GOOD, {400, 403}, _JSON, "Host: evil.test")
    yield Case("1.0 without host", b"GET /health HTTP/1.0\r\n\r\n", frozenset({400, 403}))
    absolute = request(b"", "GET http://evil.test/health HTTP/1.1", host="evil.test")
    yield Case("absolute target", absolute, frozenset({400, 403, 404}))


def _origins() -> Iterator[Case]:
    for origin in (
        "http://evil.test", "https://evil.test", "null", "file://", "http://localhost:1",
        "http://127.0.0.1",
        "http://localhost.evil.test", "", "localhost", "http://", "chrome-extension://abc", "é",
        "a" * 5_000,
    ):  # fmt: skip
        yield _post(f"origin {origin[:30]!r}", _GOOD, {403, 400}, _JSON, f"Origin: {origin}")
        preflight = request(
            b"", "OPTIONS /predict HTTP/1.1", f"Origin: {origin}", "Access-Control-Request-Method: POST"
        )
        yield Case(f"preflight {origin[:30]!r}", preflight, frozenset({403, 400}))
    for site in ("cross-site", "same-site"):
        for mode in ("no-cors", "cors", "websocket"):
            headers = (_JSON, f"Sec-Fetch-Site: {site}", f"Sec-Fetch-Mode: {mode}")
            yield _post(f"{site} {mode}", _GOOD, {403}, *headers)


def _types() -> Iterator[Case]:
    for kind in (
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/html",
        "application/xml", "", "*/*", "json", "application/jsonp", "application/octet-stream", "text/csv",
        "application/json; charset=latin-1", "application/json; charset=utf-16", "é/é", "a" * 5_000,
        "text/plain; application/json", "text/plain, application/json", "image/svg+xml", ";",
        "application/",
        "application/vnd.apache.arrow.file", "application/x-ndjson", "application/yaml",
    ):  # fmt: skip
        yield _post(f"type {kind[:30]!r}", _GOOD, {415}, f"Content-Type: {kind}")
    yield Case("no type", request(_GOOD, "POST /predict HTTP/1.1"), frozenset({415}))
    for coding in ("gzip", "br", "deflate", "zstd", "identity, gzip", "x" * 500):
        yield _post(f"coding {coding[:20]}", _GOOD, {415}, _JSON, f"Content-Encoding: {coding}")


def _paths() -> Iterator[Case]:
    for path in (
        "/predict/", "/predict//", "//predict", "/PREDICT", "/predict%00", "/predict%2f", "/../predict",
        "/x",
        "/./health", "/health/", "/docs/", "/openapi.json/", "/static/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc",
        "/" + "a" * 20_000, "/predict;a", "/é", "/\\", "/health%0d%0aSet-Cookie:a", "/.env", "/redoc",
        "/admin",
    ):  # fmt: skip
        for verb in ("GET", "POST"):
            sent = request(b"", f"{verb} {path} HTTP/1.1", _JSON)
            yield Case(f"{verb} {path[:30]}", sent, frozenset({404, 405, 400, 431}))
    for verb in (
        "GET",
        "PUT",
        "DELETE",
        "PATCH",
        "HEAD",
        "TRACE",
        "CONNECT",
        "OPTIONS",
        "FOO",
        "get",
        "A" * 300,
    ):
        sent = request(b"", f"{verb} /predict HTTP/1.1", _JSON)
        yield Case(f"{verb[:20]} /predict", sent, frozenset({405, 404, 400, 501}))


def _heads() -> Iterator[Case]:
    refused = frozenset({400, 403, 408, 413, 431, 505, 501, 0})
    for name, head in {
        "no http": b"hello\r\n\r\n",
        "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100,
        "nothing": b"",
        "zeros": b"\0" * 1_000,
        "line ends": b"\r\n" * 1_000,
        "h2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "version 9": b"GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "version 0.9": b"GET /health\r\n\r\n",
        "space before colon": b"GET /health HTTP/1.1\r\nHost : localhost\r\n\r\n",
        "folded": b"GET /health HTTP/1.1\r\nHost: localhost\r\nA: b\r\n c\r\n\r\n",
        "no colon": b"GET /health HTTP/1.1\r\nHost localhost\r\n\r\n",
        "a megabyte": b"GET /health HTTP/1.1\r\nHost: localhost\r\nA: " + b"a" * 1_000_000 + b"\r\n\r\n",
        "many": b"GET /health HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
        "null in a value": b"GET /health HTTP/1.1\r\nHost: localhost\r\nA: \0\r\n\r\n",
        "cut": b"GET /health HTTP/1.1\r\nHost: local",
    }.items():
        right = refused | {200} if name in ("folded", "many", "line ends") else refused
        yield Case(f"head {name}", head, right, stops=True)
    for length in (
        "-1",
        "a",
        "1e3",
        "99999999999999999999",
        "1, 2",
        "+5",
        "0x10",
        " ",
        str(1 << 62),
        "300000000",
    ):
        sent = request(_GOOD, "POST /predict HTTP/1.1", _JSON, f"Content-Length: {length}")
        yield Case(f"length {length}", sent, refused, stops=True)
    both = (_JSON, "Content-Length: 5", "Transfer-Encoding: chunked")
    yield Case("both lengths", request(b"0\r\n\r\n", "POST /predict HTTP/1.1", *both), refused, stops=True)
    for name, body in {
        "no number": b"zz\r\nabc\r\n0\r\n\r\n", "minus": b"-1\r\na\r\n", "huge": b"fffffffffffffffff\r\na",
        "cut": b"5\r\nab", "no end": b"2\r\n{}\r\n", "no line": b"2\r\n{}0\r\n\r\n", "empty": b"0\r\n\r\n",
    }.items():  # fmt: skip
        headers = (_JSON, "Transfer-Encoding: chunked")
        yield Case(f"chunk {name}", request(body, "POST /predict HTTP/1.1", *headers), refused, stops=True)
    for coding in ("gzip", "chunked, chunked", "identity", "xchunked", "gzip, chunked"):
        sent = request(b"0\r\n\r\n", "POST /predict HTTP/1.1", _JSON, f"Transfer-Encoding: {coding}")
        yield Case(f"transfer {coding}", sent, refused | {415}, stops=True)
    websocket = (
        "Upgrade: websocket",
        "Connection: Upgrade, close",
        "Sec-WebSocket-Key: a",
        "Sec-WebSocket-Version: 13",
    )
    yield Case("websocket", request(b"", "GET /predict HTTP/1.1", *websocket), refused | {404, 405, 426})


def _bodies() -> Iterator[Case]:
    deep = b"[" * 100_000
    for name, body in {
        "empty": b"", "blank": b" \n", "word": b"hello", "null": b"null", "true": b"true", "number": b"1",
        "text": b'"a"', "list": b"[]", "object": b"{}", "rows null": b'{"rows":null}',
        "rows 1": b'{"rows":1}',
        "rows text": b'{"rows":"a"}', "rows object": b'{"rows":{}}', "row null": b'{"rows":[null]}',
        "row 1": b'{"rows":[1]}', "row list": b'{"rows":[[]]}', "row empty": b'{"rows":[{}]}', "deep": deep,
        "deep in rows": b'{"rows":[' + deep, "deep objects": b'{"a":' * 50_000, "two": b"{}{}",
        "NaN": b"NaN",
        "nan in a row": b'{"rows":[{"size":NaN}]}', "infinity": b'{"rows":[{"size":-Infinity}]}',
        "1e999": b'{"rows":[{"size":1e999}]}', "not utf-8": b'{"rows":["\xff\xfe"]}',
        "utf-16": _GOOD.decode().encode("utf-16"),
        "half a pair": b'{"rows":[{"zip":"\\ud800"}]}', "nul": b'\0{"rows":[]}',
        "comment": b'{"rows":[]}//',
        "single quotes": b"{'rows':[]}", "trailing comma": b'{"rows":[],}',
        "rows twice": b'{"rows":[],"rows":[]}',
        "digits": b'{"rows":[{"size":' + b"9" * 100_000 + b"}]}",
        "many rows": b'{"rows":[' + b"{}," * 60_000 + b"{}]}",
        "field twice": b'{"rows":[{"size":1,"size":2}]}',
        "long name": b'{"rows":[{"' + b"a" * 100_000 + b'":1}]}',
        "many lists": b'{"rows":[' + b"[]," * 600_000 + b"[]]}", "xml": b"<?xml version='1.0'?><a/>",
        "form": b"rows=1",
    }.items():  # fmt: skip
        yield _post(f"body {name}", body, {400, 413, 422})


def _values() -> Iterator[Case]:
    nasty = (
        {}, [], [[]], {"a": 1}, "", " ", "NaN", "\x00", "a" * 10_000, "'; DROP TABLE x; --", "=1+1",
        "../../etc",
        "<script>", "{{7*7}}", "${x}", "%s%n", "\u202e", "\ud7ff", "1e400", "-", "٣", "9999-99-99",
        "0000-01-01",
        -1e308, 1e-320, 10**30, -(10**400), 2**53 + 1, True, False, 0, -0.0, None, "1,000", "1.000,5",
        "2024-02-30",
    )  # fmt: skip
    for column in _ROW:
        for value in nasty:
            body = json.dumps({"rows": [{**_ROW, column: value}]}).encode()
            yield _post(f"{column}={str(value)[:20]!r}", body, {200, 400, 422})


def _cut_bodies() -> Iterator[Case]:
    for at in range(0, len(_GOOD), max(len(_GOOD) // 25, 1)):
        yield _post(f"cut at {at}", _GOOD[:at], {400, 422})
        sent = request(_GOOD[:at], "POST /predict HTTP/1.1", _JSON, f"Content-Length: {len(_GOOD)}")
        yield Case(f"stopped at {at}", sent, frozenset({0, 400, 408}), stops=True)
        changed = _GOOD[:at] + bytes([_GOOD[at] ^ 0x80]) + _GOOD[at + 1 :]
        yield _post(f"bit at {at}", changed, {200, 400, 422})


def _arrow() -> Iterator[Case]:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    table = pa.Table.from_pylist([_ROW])
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    whole = sink.getvalue().to_pybytes()
    kind = "Content-Type: application/vnd.apache.arrow.stream"
    for at in range(0, len(whole), max(len(whole) // 40, 1)):
        yield _post(f"arrow cut at {at}", whole[:at], {200, 400, 422}, kind)
        changed = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        yield _post(f"arrow byte at {at}", changed, {200, 400, 413, 422}, kind)
    yield _post("json as arrow", _GOOD, {400, 422}, kind)
    yield _post("arrow as json", whole, {400}, _JSON)
