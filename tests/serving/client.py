"""A client of an application in this process, its start and end included."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

import httpx
from fastapi import FastAPI


class Client:
    """Sends requests to ``app`` while its ``with`` block lasts; ``quiet`` turns its bugs into answers."""

    def __init__(self, app: FastAPI, *, quiet: bool = False) -> None:
        self._app = app
        self._transport = httpx.ASGITransport(app=app, raise_app_exceptions=not quiet)

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._runner.run(self._stack.enter_async_context(self._app.router.lifespan_context(self._app)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._stack.aclose())
        self._runner.close()

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send one request and wait for its answer; a body is JSON where its headers do not say other.

        A header that is None is left out.
        """
        headers = {"Content-Type": "application/json"} | more.get("headers", {})
        more["headers"] = {name: value for name, value in headers.items() if value is not None}

        async def send() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://localhost") as client:
                return await client.request(method, path, **more)

        return self._runner.run(send())

    def get(self, path: str) -> httpx.Response:
        """Send a GET."""
        return self.request("GET", path)


def refusal(connection: socket.socket) -> tuple[bytes, dict[str, Any]]:
    """Read until the server hangs up; return the status line and the body."""
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    return head.partition(b"\r\n")[0], json.loads(body)
