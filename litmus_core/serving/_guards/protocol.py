"""HTTP connections with time limits for request headers and slow readers."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from litmus_core.serving._problems import problem


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


class TimeLimitedProtocol(H11Protocol):
    """uvicorn's protocol with a time limit for each request's headers (a slow body has its own).

    A caller that leaves a response unread for ``read_timeout_s`` seconds is disconnected, because unread
    responses take memory.
    """

    head_timeout_s = 15.0
    read_timeout_s = 30.0

    _deadline: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None
    _unread = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time limit."""
        super().connection_made(_CoalescingTransport(transport, self.loop))  # type: ignore[arg-type]
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the time limit."""
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
        """Read on; the time limit stays until the headers are complete."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._deadline is None and self.timeout_keep_alive_task is None:
            self._wait_for_head()

    def send_400_response(self, msg: str) -> None:
        """Refuse data that is not HTTP."""
        self._stop_waiting()
        self._refuse(400, msg)

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

    def _refuse(self, status: int, message: str) -> None:
        body = json.dumps(problem(message)).encode()
        head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-type: application/json\r\n"
        head += f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        if not self.transport.is_closing():
            self.transport.write(head.encode() + body)
            self.transport.close()
