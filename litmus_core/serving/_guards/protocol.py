"""HTTP connections with limits for request heads, unread bodies and slow readers."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from litmus_core.serving._problems import problem

_MAX_HEAD_BYTES = 65_536


class _CoalescingTransport:
    """A transport that sends all writes of one event-loop turn together: head and body in one packet.

    Two packets would wake the caller twice, and each costs more than a quick model's answer.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Send with the other writes of this turn."""
        if not data:
            return
        if not self._parts:
            self._loop.call_soon(self._flush)
        self._parts.append(data)

    def close(self) -> None:
        """Send all, then close."""
        self._flush()
        self._transport.close()

    def get_write_buffer_size(self) -> int:
        """Return the number of bytes waiting to be sent."""
        return self._transport.get_write_buffer_size() + sum(map(len, self._parts))

    def _flush(self) -> None:
        parts, self._parts = self._parts, []
        if parts and not self._transport.is_closing():
            self._transport.write(b"".join(parts))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _RefusedHeadError(Exception):
    """A head that httptools accepts and this server does not: the message and status of the refusal."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class TimeLimitedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with limits for what a caller may leave unfinished.

    A head has ``head_timeout_s`` seconds and 64 KiB, and so has a body that nobody waits for any more (a body
    that is waited for has its own limits). A caller that leaves a response unread for ``read_timeout_s``
    seconds is disconnected, because unread responses take memory. httptools limits none of these.
    """

    head_timeout_s = 15.0
    read_timeout_s = 30.0

    _deadline: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None
    _unread = 0
    _is_in_head = True
    _has_advanced = False
    _n_stalled = 0  # bytes since the last head, piece of a body, or end of a request

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time limit."""
        super().connection_made(_CoalescingTransport(transport, self.loop))  # type: ignore[arg-type]
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the time limits."""
        self._stop_waiting()
        self._stop_watching()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Start the time limit of a slow reader, with much data unread."""
        super().pause_writing()
        self._unread = self.transport.get_write_buffer_size()
        self._stop_watching()
        self._reading = self.loop.call_later(self.read_timeout_s, self._check_reading)

    def resume_writing(self) -> None:
        """Stop the time limit: most data is read."""
        self._stop_watching()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection; at once if the last response was not read."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            super().timeout_keep_alive_handler()

    def data_received(self, data: bytes) -> None:
        """Read on, within the limits."""
        self._unset_keepalive_if_required()
        self._has_advanced = False
        try:
            self._feed(data)
        except httptools.HttpParserError as error:
            reason = error.__context__
            if not isinstance(reason, _RefusedHeadError):
                reason = _RefusedHeadError("Invalid HTTP request received.")
            self._give_up(reason)
            return
        self._n_stalled = 0 if self._has_advanced else self._n_stalled + len(data)
        if self._n_stalled > _MAX_HEAD_BYTES:
            self._give_up(_too_large())
        elif self._is_in_head and self._deadline is None and self._is_idle:
            self._wait_for_head()

    def on_headers_complete(self) -> None:
        """Start to answer, unless this server does not accept the head."""
        self._has_advanced = True
        if self.parser.get_method() == b"CONNECT":
            raise _RefusedHeadError("This server opens no tunnels.")
        if self.parser.should_upgrade():
            return  # read again in plain HTTP/1.1
        n_hosts = sum(name == b"host" for name, _ in self.headers)
        if n_hosts > 1 or (n_hosts == 0 and self.parser.get_http_version() == "1.1"):
            raise _RefusedHeadError("A request names its host in one header 'Host'.")
        if not self.url.startswith(b"/"):
            raise _RefusedHeadError("A request's address begins with '/'.")
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > _MAX_HEAD_BYTES:
            raise _too_large()
        self._is_in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Read a header; trailers, which follow a body, are ignored."""
        if self._is_in_head:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        """Read a piece of the body."""
        self._has_advanced = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request; the next one's head may follow."""
        if self.parser.should_upgrade():
            return
        self._has_advanced = self._is_in_head = True
        self._stop_waiting()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the rest of a body that nobody needs any more."""
        super().on_response_complete()
        if not self._is_in_head and self._is_idle and not self.transport.is_closing():
            self._unset_keepalive_if_required()
            self._deadline = self.loop.call_later(self.head_timeout_s, self.transport.abort)

    def send_400_response(self, msg: str) -> None:
        """Refuse data that is not HTTP."""
        self._refuse(400, msg)

    def _feed(self, data: bytes) -> None:
        """Parse ``data``; a caller that offers another protocol is answered in HTTP/1.1.

        httptools takes what follows such a head for the other protocol, so the head is read again without it.
        """
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                data = self._plain_head() + data[upgrade.args[0] :]
                self.parser = httptools.HttpRequestParser(self)
            else:
                return

    def _plain_head(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, version)]
        lines += [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        return b"\r\n".join([*lines, b"", b""])

    @property
    def _is_idle(self) -> bool:
        """Whether no response is due."""
        return self.cycle is None or (self.cycle.response_complete and not self.pipeline)

    def _wait_for_head(self) -> None:
        self._deadline = self.loop.call_later(self.head_timeout_s, self._too_slow)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _check_reading(self) -> None:
        unread = self.transport.get_write_buffer_size()
        if unread >= self._unread:
            self.transport.abort()
            return
        self._unread = unread
        self._reading = self.loop.call_later(self.read_timeout_s, self._check_reading)

    def _stop_watching(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _too_slow(self) -> None:
        self._deadline = None
        self._refuse(408, f"The request's head did not arrive within {self.head_timeout_s:g} seconds.")

    def _give_up(self, reason: _RefusedHeadError) -> None:
        """Refuse what cannot be read on; responses that are due to earlier requests are sent first."""
        if self._is_idle or (self.cycle.more_body and not self.pipeline and not self.cycle.response_started):
            self._refuse(reason.status, str(reason))
        elif self.cycle.more_body:
            self.transport.abort()
        else:
            self.cycle.keep_alive = False
            self.transport.pause_reading()

    def _refuse(self, status: int, message: str) -> None:
        self._stop_waiting()
        body = json.dumps(problem(message)).encode()
        head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-type: application/json\r\n"
        head += f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        if not self.transport.is_closing():
            self.transport.write(head.encode() + body)
            self.transport.close()


def _too_large() -> _RefusedHeadError:
    return _RefusedHeadError(f"A request's head may have up to {_MAX_HEAD_BYTES:,} bytes.", 431)
