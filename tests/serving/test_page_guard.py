"""The guard of the pages: what is neither a request nor a connection passes it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from litmus_core.serving import first_page_at, page_guard


def asked(scope: dict[str, Any]) -> tuple[list[str], list[dict[str, Any]]]:
    """Return which scopes reached the app behind the guard, and what was sent to the visitor."""
    reached: list[str] = []
    sent: list[dict[str, Any]] = []

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        reached.append(scope["type"])

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    guard = page_guard(["localhost"])
    asyncio.run(guard.cls(app, **guard.kwargs)(scope, receive, send))
    return reached, sent


def test_the_server_starts_and_ends_the_app_through_the_guard() -> None:
    assert asked({"type": "lifespan"}) == (["lifespan"], [])


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_only_a_host_that_is_known_gets_to_the_app(kind: str) -> None:
    known, _ = asked({"type": kind, "headers": [(b"host", b"localhost:8501")]})
    foreign, sent = asked({"type": kind, "headers": [(b"host", b"evil.example")]})

    assert (known, foreign) == ([kind], [])
    assert sent[0].get("status", sent[0].get("code")) in (403, 1008)


@pytest.mark.parametrize(("query", "leads_to"), [("", "./"), ("experiment=ex_1", "./?experiment=ex_1")])
def test_another_address_of_the_first_page_leads_to_it_with_what_it_names(query: str, leads_to: str) -> None:
    route = first_page_at("/home")
    scope = {"type": "http", "path": "/home", "query_string": query.encode(), "headers": [], "method": "GET"}
    reply = route.endpoint(Request(scope | {"server": ("localhost", 80), "scheme": "http"}))
    assert (route.path, reply.headers["location"]) == ("/home", leads_to)
