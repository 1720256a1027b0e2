"""A uvicorn server that shuts down without dropping connections."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType

import uvicorn

from litmus_core.serving._guards.middleware import Access
from litmus_core.serving._guards.protocol import TimeLimitedProtocol
from litmus_core.serving._request_log import RequestLog
from litmus_core.serving._supervision import LEAVE

_POLL_S = 0.05
_RETRY_S = 0.5
_MAX_BURST = 128


class GracefulServer(uvicorn.Server):
    """Accepts connections on one listening socket, which other processes may share.

    asyncio loses connections that it has accepted but not yet opened when it stops, so this class accepts
    connections itself. After ``LEAVE`` no new connection is accepted and the next response on each open one
    says ``Connection: close``; the server ends when all are closed, after ``linger_s`` seconds at the latest.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        listener: socket.socket,
        *,
        access: Access,
        notes: RequestLog | None,
        ready: Callable[[], None],
        linger_s: float,
    ) -> None:
        super().__init__(config)
        self._listener, self._access, self._notes = listener, access, notes
        self._ready, self._linger_s = ready, linger_s
        self._opening: set[asyncio.Task[object]] = set()
        self._retry: asyncio.TimerHandle | None = None
        self._told_to_end = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop on a signal; a second one stops at once."""
        self._told_to_end = True
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Warm the model up, start accepting, and report it."""
        await super().startup(sockets=[])
        self._listener.setblocking(False)
        self._open()
        if threading.current_thread() is threading.main_thread():
            asyncio.get_running_loop().add_signal_handler(LEAVE, self._leave)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, answer open requests, then end."""
        self._close()
        if self._access.closing:
            await self._linger()
        self._access.closing = True
        await super().shutdown(sockets=[])
        await self._write_notes()

    def _leave(self) -> None:
        self._access.closing = True
        self._close()
        if self._notes is not None:
            self._notes.state = "leaving"
        self.should_exit = True

    async def _linger(self) -> None:
        await self._write_notes()
        deadline = time.monotonic() + self._linger_s
        while time.monotonic() < deadline and not self._told_to_end:
            if not self._opening and not self.server_state.connections:
                return
            await asyncio.sleep(_POLL_S)

    async def _write_notes(self) -> None:
        if self._notes is not None:
            await self._notes.write()

    def _open(self) -> None:
        self._retry = None
        asyncio.get_running_loop().add_reader(self._listener.fileno(), self._accept)

    def _close(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
        with contextlib.suppress(ValueError):  # asyncio has removed it already
            asyncio.get_running_loop().remove_reader(self._listener.fileno())
        self._listener.close()

    def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(_MAX_BURST):
            try:
                connection, _address = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError:  # no file descriptors left: new connections wait in the queue
                loop.remove_reader(self._listener.fileno())
                self._retry = loop.call_later(_RETRY_S, self._open)
                return
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # send small responses at once
            task = loop.create_task(loop.connect_accepted_socket(self._protocol, connection))
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    def _protocol(self) -> TimeLimitedProtocol:
        return TimeLimitedProtocol(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
