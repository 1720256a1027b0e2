"""A server answers to its own names, and to web pages of its own alone."""

import asyncio
import re
import socket
import tomllib
from pathlib import Path
from typing import Any

import pytest

from litmus_core.serving import is_loopback, page_guard, trusted_hosts
from litmus_core.serving._guards.hosts import Hosts

ROOT = Path(__file__).resolve().parents[2]
NEAR = Hosts(trusted_hosts("127.0.0.1"))


def headers(**given: str) -> list[tuple[bytes, bytes]]:
    return [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in given.items()]


@pytest.mark.parametrize(
    "host", ["localhost:8501", "LOCALHOST", "localhost.:8501", "127.0.0.1:8501", "127.0.0.1", "[::1]:8501"]
)
def test_its_own_names_are_answered_to(host: str) -> None:
    assert NEAR.refusal(headers(host=host)) == ""


@pytest.mark.parametrize(
    "host",
    [
        "evil.test", "evil.test:8501", "localhost.evil.test", "127.0.0.1.evil.test", "evil-localhost", "",
        "localhost@evil.test", "evil.test@localhost", "localhost/evil", "localhost:port", "localhost:99999",
        "[::1", "0.0.0.0", "192.168.0.7", "localhost\t.evil", "localhost?x", "localhost#x", "\xe9", "[::1]x",
    ],
)  # fmt: skip
def test_any_other_name_is_refused_in_a_sentence(host: str) -> None:
    assert NEAR.refusal(headers(host=host)).startswith("This server does not answer to the name ")


def test_a_request_without_a_name_or_with_two_is_refused() -> None:
    assert NEAR.refusal([]) == "This server does not answer to the name that it was not given."
    both = [*headers(host="localhost"), *headers(host="evil.test")]
    assert NEAR.refusal(both) == "This server does not answer to the name 'localhost' and 'evil.test'."


@pytest.mark.parametrize(
    ("origin", "may"),
    [
        ("http://localhost:8501", True),
        ("https://localhost:8501", True),
        ("http://localhost:8502", False),
        ("http://localhost", False),
        ("http://127.0.0.1:8501", False),
        ("http://evil.test:8501", False),
        ("null", False),
        ("file://", False),
        ("ftp://localhost:8501", False),
        ("", False),
    ],
)
def test_only_a_page_of_this_server_may_use_it(origin: str, may: bool) -> None:
    assert (NEAR.refusal(headers(host="localhost:8501", origin=origin)) == "") is may


@pytest.mark.parametrize(
    ("site", "mode", "dest", "may"),
    [
        ("none", "navigate", "document", True),  # typed
        ("same-origin", "no-cors", "image", True),
        ("cross-site", "navigate", "document", True),  # a link that was followed
        ("same-site", "navigate", "document", True),
        ("cross-site", "navigate", "iframe", False),
        ("cross-site", "no-cors", "script", False),
        ("same-site", "no-cors", "image", False),  # another port of this machine
        ("cross-site", "cors", "empty", False),
    ],
)
def test_what_the_browser_says_of_the_asking_page_counts(site: str, mode: str, dest: str, may: bool) -> None:
    said = headers(host="localhost", sec_fetch_site=site, sec_fetch_mode=mode, sec_fetch_dest=dest)

    assert (NEAR.refusal(said) == "") is may


def test_an_address_beyond_this_machine_adds_its_names() -> None:
    every = trusted_hosts("0.0.0.0", also=["Studio.Example.com."])

    assert {"localhost", "127.0.0.1", socket.gethostname().lower(), "studio.example.com"} <= set(every)
    assert trusted_hosts("192.168.0.7") == ("192.168.0.7",)
    assert trusted_hosts("[::1]") == ("localhost", "127.0.0.1", "::1")


def test_pages_that_streamlit_serves_without_the_guard_refuse_foreign_names_too() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())

    assert tuple(config["server"]["allowedHosts"]) == trusted_hosts(config["server"]["address"])


def test_behind_a_number_of_somebody_else_every_number_may_do() -> None:
    hosts = Hosts(("localhost",), any_address=True)

    assert hosts.refusal(headers(host="192.168.0.7:80")) == ""
    assert hosts.refusal(headers(host="evil.test"))


@pytest.mark.parametrize(
    ("address", "near"),
    [("127.0.0.1", True), ("127.1.2.3", True), ("::1", True), ("[::1]", True), ("localhost", True),
     ("0.0.0.0", False), ("::", False), ("192.168.0.7", False), ("studio.example.com", False), ("", False)],
)  # fmt: skip
def test_what_this_machine_alone_reaches(address: str, near: bool) -> None:
    assert is_loopback(address) is near


def test_a_refused_connection_never_reaches_the_app() -> None:
    reached: list[str] = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        reached.append(scope["type"])
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"ALLOW")]}
        )

    async def ask(kind: str, host: str) -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": f"{kind}.connect"}

        async def send(message: Any) -> None:
            sent.append(message)

        made = page_guard(["localhost"])
        scope = {"type": kind, "headers": headers(host=host), "method": "GET", "path": "/"}
        await made.cls(app, **made.kwargs)(scope, receive, send)
        return sent

    assert asyncio.run(ask("websocket", "evil.test"))[0]["type"] == "websocket.close"
    assert asyncio.run(ask("http", "evil.test"))[0]["status"] == 403
    assert reached == []
    answer = asyncio.run(ask("http", "localhost"))[0]
    assert reached == ["http"]
    assert [value for name, value in answer["headers"] if name == b"x-frame-options"] == [b"SAMEORIGIN"]
    policy = dict(answer["headers"])[b"content-security-policy"].decode()
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert not re.search(r"https?:|\*", policy)
