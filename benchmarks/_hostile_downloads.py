"""Answers to a download that no server should give."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from contextlib import closing, contextmanager

from benchmarks._hostile_makers import Reference
from benchmarks._hostile_servers import ANYTHING, CSV, Cases, Server, sized

_Case = tuple[str, str, bytes, Reference | None]
_TABLE = Reference(["a", "b"], [[1, "x"], [2, "y"], [3, "z"]])
_GOOD = sized(CSV)
_OPEN = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n"
_PATHS = """%2e%2e%2fetc%2fpasswd|%00|a%0Ab.csv|%2F|..|.|%20|?|%C3%BC.csv|%FF.csv|con.csv|-rf.csv|~|*.csv
{0}.csv|a%5C..%5Cb.csv|%E2%80%AEvsc.csv|'; DROP TABLE x; --.csv|ü.csv|ü/t.csv|t.csv?q=ü|t .csv"""
_STATUSES = """204 No Content|205 Reset|304 Not Modified|100 Continue|202 Accepted|999 Odd|99 Low|-1 Less
abc Def||200|500 Broken|503 Later|401 Who|403 No|404 Gone|407 Proxy|418 Tea|429 Slow down|451 Law"""
_LENGTHS = (b"-5", b"1e3", b"16, 99", b"99, 16", b"0x10", b"9" * 30, b"\xb2", b" ")
_PLACES = rb"""file:///etc/passwd|ftp://127.0.0.1/t.csv|http://[::1|http://127.0.0.1:99999/t.csv||t.csv|//|http://
http://127.0.0.1:abc/t.csv|http://127.0.0.1:PORT/t.csv|javascript:1|http:///x|http://a b/|data:text/csv,a
http://..invalid../|https://127.0.0.1:PORT/"""
_ADDRESSES = """https://[::1/x.csv|https://127.0.0.1:99999/x.csv|https://127.0.0.1:abc/x.csv|https:///x.csv|https://%zz/
https://exa mple.invalid/x.csv|https://.../x.csv|https://x\0y/t.csv|http://user@/t.csv|https://bücher.invalid/
https://127.0.0.1:1/t.csv|http://127.0.0.1@evil.invalid/t.csv|https://127.0.0.1:-1/x|http://[::1]:1/t.csv
http://0x7f.1:1/t"""


@contextmanager
def downloads() -> Iterator[Cases]:
    """Serve the answers; beyond the written ones, good ones whose head has bytes changed."""
    server, written = Server(), list(_written())

    def cases(place: int, seed: int) -> tuple[str, str, Reference | None]:
        rng = random.Random(f"downloads {seed} {place}")
        name, path, reply, reference = written[place] if place < len(written) else _mutated(rng)
        server.reply = lambda _: reply.replace(b"PORT", str(server.port).encode())
        return name, path if "://" in path else f"http://127.0.0.1:{server.port}/{path}", reference

    with closing(server):
        yield cases


def _written() -> Iterator[_Case]:
    for part in (_good, _paths, _encodings, _statuses, _lengths, _chunks, _redirects, _nonsense, _addresses):
        yield from part()


def _split(texts: str) -> list[str]:
    return texts.replace("\n", "|").split("|")


def _chunked(*chunks: bytes) -> bytes:
    return _OPEN + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(chunks)


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _good() -> Iterator[_Case]:
    yield "as it should be", "t.csv", _GOOD, _TABLE
    yield "chunks", "t.csv", _chunked(_chunk(CSV[:7]), _chunk(CSV[7:]), b"0\r\n\r\n"), _TABLE
    yield "no length", "t.csv", _OPEN + b"\r\n" + CSV, _TABLE
    yield "one length twice", "t.csv", sized(CSV, b"Content-Length: %d" % len(CSV)), _TABLE
    yield "odd headers", "t.csv", sized(CSV, b"X: \xff\xfe\x01", b"Set-Cookie: a=b"), _TABLE
    named = b'Content-Disposition: attachment; filename="../../evil"'
    yield "another file's name", "t.csv", sized(CSV, named), _TABLE


def _paths() -> Iterator[_Case]:
    for path in (*_split(_PATHS), "x" * 300 + ".csv", "t.csv?" + "s" * 5_000):
        yield f"path {path[:30]}", path, _GOOD, _TABLE


def _encodings() -> Iterator[_Case]:
    zipped = gzip.compress(CSV)
    yield "compressed on the way", "t.csv", sized(zipped, b"Content-Encoding: gzip"), _TABLE
    yield "compressed", "t.csv.gz", sized(zipped), _TABLE
    yield "compressed and cut", "t.csv", sized(zipped[:-9], b"Content-Encoding: gzip"), None
    yield "not compressed", "t.csv", sized(CSV, b"Content-Encoding: gzip"), None
    yield "an encoding nobody has", "t.csv", sized(b"\x8b\x07\x80a,b\x03", b"Content-Encoding: br"), None


def _statuses() -> Iterator[_Case]:
    for status in _split(_STATUSES):
        yield f"status {status}", "t.csv", sized(b"", status=status.encode()), None
    yield "still being made", "t.csv", sized(CSV[:8], status=b"202 Accepted"), None
    part = sized(CSV[:8], b"Content-Range: bytes 0-7/16", status=b"206 Partial Content")
    yield "a part", "t.csv", part, None


def _lengths() -> Iterator[_Case]:
    yield "cut", "t.csv", _GOOD[:-5], None
    yield "too much", "t.csv", _GOOD.replace(b"Length: 16", b"Length: 8"), ANYTHING
    for length in _LENGTHS:
        yield f"length {length!r}", "t.csv", _GOOD.replace(b": 16", b": " + length), None
    yield "two lengths", "t.csv", sized(CSV, b"Content-Length: 99"), None
    yield "two lengths, one short", "t.csv", sized(CSV, b"Content-Length: 8"), None


def _chunks() -> Iterator[_Case]:
    for name, chunks in {
        "no end": _chunk(CSV),
        "cut": _chunk(CSV)[:-6],
        "no size": b"zz\r\n" + CSV,
        "a large size": b"f" * 20 + b"\r\n" + CSV,
        "less than none": b"-5\r\n" + CSV,
        "empty": b"",
    }.items():
        yield f"chunks: {name}", "t.csv", _chunked(chunks), None


def _redirects() -> Iterator[_Case]:
    odd = [b"\xff\xfe", b"http://x\x00y/", b"http://" + b"a" * 300 + b"/"]
    for to in [*_PLACES.replace(b"\n", b"|").split(b"|"), *odd]:
        moved = b"HTTP/1.1 302 Found\r\nLocation: " + to + b"\r\nContent-Length: 0\r\n\r\n"
        yield f"moved to {to[:40]!r}", "t.csv", moved, None
    yield "moved to nowhere", "t.csv", b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n", None


def _nonsense() -> Iterator[_Case]:
    for name, reply in {
        "nothing": b"",
        "no HTTP": b"SSH-2.0-OpenSSH\r\n",
        "HTTP 0.9": CSV,
        "an endless line": b"H" * 200_000,
        "a head without an end": _OPEN,
        "many headers": _OPEN + b"X: y\r\n" * 500 + b"\r\n" + CSV,
        "zeros": b"\0" * 5_000,
        "a long header": _OPEN + b"X: " + b"y" * 100_000 + b"\r\n\r\n" + CSV,
        "TLS": b"\x15\x03\x01\x00\x02\x02(",
        "a page": sized(b"<html>Sign in</html>", kind=b"text/html"),
        "an empty table": sized(b""),
    }.items():
        yield name, "t.csv", reply, None


def _addresses() -> Iterator[_Case]:
    for address in (
        *_split(_ADDRESSES),
        "https://" + "a" * 300 + ".invalid/t.csv",
        "https://\ud800.invalid/",
    ):
        yield f"address {address[:40]!r}", address, _GOOD, None


def _mutated(rng: random.Random) -> _Case:
    good = rng.choice([_GOOD, _chunked(_chunk(CSV), b"0\r\n\r\n")])
    head, _, body = good.partition(b"\r\n\r\n")
    changed = bytearray(head)
    for _ in range(rng.randint(1, 6)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return "a changed head", "t.csv", bytes(changed) + b"\r\n\r\n" + body, ANYTHING
