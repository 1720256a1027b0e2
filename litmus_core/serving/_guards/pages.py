"""Protect the studio's pages: only requests to its own names, from its own pages, outside foreign frames.

Also redirect the first page's second address.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from litmus_core.serving._guards.hosts import Hosts

_HEADERS = (
    (b"x-frame-options", b"SAMEORIGIN"),
    # A page loads nothing from elsewhere and sends nothing there. The pages' own code uses inline styles and
    # scripts, and compiles code.
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
        b"worker-src 'self' blob:; "
        b"style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        b"media-src 'self' data: blob:; frame-src 'self' data: blob:; form-action 'self'; "
        b"object-src 'none'; base-uri 'self'; frame-ancestors 'self'",
    ),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
)
_HINT = "Open the address that 'litmus app' printed; another name of this machine needs --allow-host NAME."


def page_guard(names: Iterable[str]) -> Middleware:
    """Return the middleware that accepts only requests for ``names`` from pages of this server."""
    return Middleware(PageGuard, hosts=Hosts(tuple(names)))


def first_page_at(path: str) -> Route:
    """Return the route that redirects ``path`` to ``/``, Streamlit's only address of an app's first page."""

    def redirect(request: Request) -> RedirectResponse:
        query = request.url.query
        return RedirectResponse(f"./?{query}" if query else "./")

    return Route(path, redirect)


class PageGuard:
    """Middleware that refuses foreign Hosts and Origins, over HTTP and WebSocket, and framing by other
    sites."""

    def __init__(self, app: ASGIApp, *, hosts: Hosts) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or connection, or refuse it with 403."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif problem := self._hosts.refusal(scope["headers"]):
            await _refuse(problem, scope, receive, send)
        else:
            await self._app(scope, receive, _protected(send))


async def _refuse(problem: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": problem[:100]})
        return
    answer: Any = PlainTextResponse(f"{problem} {_HINT}\n", status_code=403)
    await answer(scope, receive, _protected(send))


def _protected(send: Send) -> Send:
    async def protected(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = {name for name, _ in _HEADERS}
            theirs = [header for header in message.get("headers", ()) if header[0].lower() not in ours]
            message = {**message, "headers": [*theirs, *_HEADERS]}
        await send(message)

    return protected
