"""What a caller leaves unfinished is bounded, and no request is mistaken for another."""

from __future__ import annotations

import json
import re
import socket
import time

import pytest

from litmus_core.serving._guards.protocol import TimeLimitedProtocol
from tests import tiny
from tests.serving.client import refusal

BODY = json.dumps({"rows": [tiny.ROW]}).encode()
HEAD = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
REQUEST = HEAD + b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK = b"%x\r\n%s\r\n" % (len(BODY), BODY)
HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def replies(address: tuple[str, int], *sent: bytes) -> list[bytes]:
    """Send each piece on one connection, and return the status lines of all replies."""
    with socket.create_connection(address, timeout=30) as connection:
        for piece in sent:
            connection.sendall(piece)
        parts = []
        while part := connection.recv(65_536):
            parts.append(part)
    return re.findall(rb"HTTP/1\.1 \d{3} [^\r]*", b"".join(parts))


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"X: ",
        CHUNKED + CHUNK + b"0\r\nX: ",  # a trailer
        CHUNKED + b"1;x=",  # an extension of a chunk
    ],
)
def test_a_line_without_an_end_is_refused_after_64_kilobytes(address: tuple[str, int], sent: bytes) -> None:
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(sent)
        with pytest.raises((ConnectionResetError, BrokenPipeError)):  # noqa: PT012 - until it hangs up
            for _ in range(2_000):
                connection.sendall(b"a" * 10_000)
    assert replies(address, HEALTH) == [b"HTTP/1.1 200 OK"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", "in one header 'Host'"),
        (b"GET /health HTTP/1.1\r\n\r\n", "in one header 'Host'"),
        (b"GET http://localhost/health HTTP/1.1\r\nHost: localhost\r\n\r\n", "begins with '/'"),
        (HEAD + b"X: " + b"a" * 70_000 + b"\r\n\r\n", "up to 65,536 bytes"),
        (HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Invalid HTTP"),
        (HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}", "Invalid HTTP"),
        (HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", "Invalid HTTP"),
    ],
)
def test_a_head_that_two_servers_could_read_differently_is_refused(
    address: tuple[str, int], sent: bytes, words: str
) -> None:
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(sent)
        line, body = refusal(connection)

    assert line.split()[1] in (b"400", b"431")
    assert words in body["detail"]["message"]


def test_requests_sent_at_once_are_answered_in_turn(address: tuple[str, int]) -> None:
    assert replies(address, REQUEST * 20 + HEALTH) == [b"HTTP/1.1 200 OK"] * 21


def test_what_is_good_is_answered_before_what_is_none_ends_the_connection(address: tuple[str, int]) -> None:
    assert replies(address, REQUEST + b"\0\0\0\r\n\r\n" + REQUEST) == [b"HTTP/1.1 200 OK"]


def test_a_caller_that_offers_another_protocol_is_answered_in_this_one(address: tuple[str, int]) -> None:
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
    request = REQUEST.replace(b"Content-Length", offer + b"Content-Length")

    assert replies(address, request, request + HEALTH) == [b"HTTP/1.1 200 OK"] * 3
    last = HEALTH.replace(b"Connection: close", b"Connection: Upgrade, close\r\nUpgrade: websocket")
    assert replies(address, last) == [b"HTTP/1.1 200 OK"]


def test_trailers_change_nothing(address: tuple[str, int]) -> None:
    sent = CHUNKED + CHUNK + b"0\r\nHost: evil.test\r\nContent-Type: text/csv\r\n\r\n"

    assert replies(address, sent + HEALTH) == [b"HTTP/1.1 200 OK"] * 2


def test_the_rest_of_a_body_that_was_refused_may_not_drip_for_ever(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TimeLimitedProtocol, "head_timeout_s", 0.3)
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(HEAD.replace(b"json", b"x") + b"Content-Length: 1000000\r\n\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 415 ")
        with pytest.raises((ConnectionResetError, BrokenPipeError)):  # noqa: PT012 - until it hangs up
            for _ in range(1_000):
                connection.sendall(b"a")
                time.sleep(0.02)
