"""Answers to PostgreSQL's client that no server should give, from its first word on: none is a table."""

from __future__ import annotations

import os
import random
import struct
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from unittest.mock import patch

from benchmarks._hostile_servers import CSV, MORE, Cases, Server, sized

_Case = tuple[str, str, Callable[[bytes], bytes]]
_KEYS = {"PGPASSWORD": "s3cret", "PGSSLMODE": "disable"}
_TAILS = ("shop?sslmode=banana", "shop?host=/nowhere&table=t", "shop?table=a.b.c", "shop?table=", "?query=",
          "shop?table=%00", "shop?query=SELECT%20%00", "shop?port=abc&table=t", "shop?table=\ud800", "%",
          "shop?connect_timeout=x&table=t", "postgresql://[::1/x?table=t", "postgresql://:::/x?table=t",
          "postgresql:///x?table=t&host=127.0.0.1&port=1", "shop?%=1", "shop?=1",
          "sh%20op%00?table=t")  # fmt: skip


@contextmanager
def sessions() -> Iterator[Cases]:
    """Serve the answers; beyond the written ones, a session with bytes changed."""
    server, written = Server(), list(_written())

    def cases(place: int, seed: int) -> tuple[str, str, None]:
        rng = random.Random(f"sessions {seed} {place}")
        name, tail, server.reply = written[place] if place < len(written) else _mutated(rng)
        return name, tail if "://" in tail else f"postgresql://ada@127.0.0.1:{server.port}/{tail}", None

    with closing(server), patch.dict(os.environ, _KEYS):
        yield cases


def _message(letter: bytes, body: bytes) -> bytes:
    return letter + struct.pack("!i", len(body) + 4) + body


_READY = _message(b"R", struct.pack("!i", 0)) + _message(b"Z", b"I")
_ANSWERS = {
    "nothing": b"",
    "HTTP": sized(CSV),
    "zeros": b"\0" * 100,
    "letters": b"E" * 1_000,
    "an error": _message(b"E", b"SFATAL\0C28P01\0Mpassword authentication failed for s3cret\0\0"),
    "odd letters": _message(b"E", b"SFATAL\0C08006\0M\xff\xfe \x1b[31m\0\0"),
    "an empty error": _message(b"E", b"\0"),
    "an endless error": b"E" + struct.pack("!i", 2**31 - 1) + b"x" * 5_000,
    "a negative length": b"R" + struct.pack("!i", -1),
    "an unknown way in": _message(b"R", struct.pack("!i", 99)),
    "cut": _READY[:7],
    "ready, then gone": _READY,
    "ready for ever": _READY + MORE,
    "a row too early": _message(b"D", b"\0\1") + MORE,
}


def _written() -> Iterator[_Case]:
    for name, sent in _ANSWERS.items():
        yield name, "shop?table=t", lambda _, s=sent: s
    for tail in _TAILS:
        yield f"address {tail!r}", tail, lambda _: b""


def _mutated(rng: random.Random) -> _Case:
    row = _message(b"T", b"\0\1a\0" + b"\0" * 18) + _message(b"D", b"\0\1\0\0\0\1x")
    sent = bytearray(_READY + row + _READY)
    for _ in range(rng.randint(1, 9)):
        sent[rng.randrange(len(sent))] = rng.randrange(256)
    return "a changed session", "shop?table=t", lambda _: bytes(sent)
