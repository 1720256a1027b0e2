"""Answers to an S3 client that no server should give: none of them is a table."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from unittest.mock import patch

from benchmarks._hostile_servers import CSV, MORE, Cases, Server, sized

_Case = tuple[str, str, Callable[[bytes], bytes]]
_TEXTS = ("", "nonsense", "<", "<a><b></a>", "<Error/>", "<Error><Code>X</Code></Error>", "\0" * 50,
          "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>")  # fmt: skip
_KEYS = (["rows/../../evil.parquet"], ["rows/a.parquet", "rows/a.parquet"], ["rows/.parquet"],
         ["other/a.parquet"], ["rows/" + "x" * 1_000 + ".parquet"], ["rows/%2e%2e.parquet"],
         ["rows/a&#10;b.parquet"], ["rows/\u202e.parquet"])  # fmt: skip
_ADDRESSES = ("s3://", "s3:///", "s3://shop", "s3://shop/", "s3://shop/..", "s3://shop/../x", "s3://sh op/x",
              "s3://shop//x", "s3://shop/x\ny", "s3://shop/\0", "s3://-/x", "s3://shop/\ud800",
              "s3://a/" + "x" * 5_000)  # fmt: skip
_BROKEN = sized(b"PAR1nonsensePAR1")


@contextmanager
def objects() -> Iterator[Cases]:
    """Serve the answers; beyond the written ones, listings with bytes changed."""
    server, written = Server(), list(_written())
    keys = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.port}",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "ada",
        "AWS_SECRET_ACCESS_KEY": "s3cret",
    }

    def cases(place: int, seed: int) -> tuple[str, str, None]:
        rng = random.Random(f"objects {seed} {place}")
        name, address, server.reply = written[place] if place < len(written) else _mutated(rng)
        return name, address, None

    with closing(server), patch.dict(os.environ, keys):
        yield cases


def _written() -> Iterator[_Case]:
    for text in _TEXTS:
        for status in ("200 OK", "400 Bad", "403 Forbidden"):
            yield f"{status}: {text[:20]!r}", "s3://shop/rows", lambda _, t=text, s=status: _xml(t, s)
    for status in (301, 307, 404, 409, 412, 416, 429, 500, 503, 999):
        yield f"status {status}", "s3://shop/t.csv", lambda _, s=status: _xml("<Error/>", f"{s} Odd")
    for keys in _KEYS:
        yield f"keys {keys[0][:30]!r}", "s3://shop/rows", _folder(_listing(*keys))
    yield "a cut object", "s3://shop/t.csv", lambda _: sized(CSV)[:-5]
    for address in _ADDRESSES:
        yield f"address {address[:30]!r}", address, _folder(_listing())


def _xml(body: str, status: str = "200 OK") -> bytes:
    text = f'<?xml version="1.0"?>{body}'.encode()
    return sized(text, status=status.encode(), kind=b"application/xml") + MORE


def _listing(*keys: str) -> str:
    rows = "".join(
        f"<Contents><Key>{key}</Key><Size>16</Size><LastModified>2024-01-01T00:00:00.000Z</LastModified>"
        f"<ETag>&quot;1&quot;</ETag></Contents>"
        for key in keys
    )
    return f"<ListBucketResult><Name>shop</Name>{rows}</ListBucketResult>"


def _folder(listing: str) -> Callable[[bytes], bytes]:
    """Answer as a bucket with these objects, none of which is what its name says."""

    def reply(request: bytes) -> bytes:
        line = request.split(b"\r\n")[0]
        if b"list-type" in line:
            return _xml(listing)
        if line.startswith(b"HEAD") and b".parquet" not in line:
            return sized(b"", status=b"404 Not Found") + MORE
        return _BROKEN + MORE

    return reply


def _mutated(rng: random.Random) -> _Case:
    text = bytearray(_listing("rows/a.parquet", "rows/b.parquet").encode())
    for _ in range(rng.randint(1, 9)):
        text[rng.randrange(len(text))] = rng.randrange(1, 128)
    return "a changed listing", "s3://shop/rows", _folder(text.decode())
