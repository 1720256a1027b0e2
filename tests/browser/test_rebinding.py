"""Another site drives nothing: not by a name that points here, not from another port, not in a frame."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from scripts.browser import FLAGS, find_browser
from tests.browser.conftest import started_app

pytestmark = pytest.mark.browser

EVIL = "evil.test"  # the browser is told that it points to this machine, as DNS would after a rebinding
CONNECT = """address => new Promise(done => {
    const socket = new WebSocket(address, ["streamlit"]);
    socket.onopen = () => done("open");
    socket.onerror = () => done("refused");
})"""
FETCH = "address => fetch(address).then(answer => answer.status, () => 'refused')"


class Anything(BaseHTTPRequestHandler):
    """A page of somebody else."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Evil</title><p>Evil</p>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[int]:
    """The port of another server on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Anything)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def app(_session_workspace: None) -> Iterator[str]:
    """The app, which nothing here changes."""
    with started_app() as address:
        yield address


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of a browser for which the evil name points to this machine."""
    rules = f"--host-resolver-rules=MAP {EVIL} 127.0.0.1"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=[*FLAGS, rules])
        yield browser.new_page()
        browser.close()


@pytest.mark.exhaustive(reason="tests/serving/test_hosts.py and the connections below refuse them")
def test_a_page_of_another_site_gets_nothing(app: str, page: Page, elsewhere: int) -> None:
    port = urlsplit(app).port
    assert port is not None

    # Its name points here now: neither the page nor the connection that drives it answers to it.
    answer = page.goto(f"http://{EVIL}:{port}/")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_text(f"This server does not answer to the name '{EVIL}:{port}'.")).to_be_visible()
    assert page.evaluate(CONNECT, f"ws://{EVIL}:{port}/_stcore/stream") == "refused"
    assert page.evaluate(FETCH, f"http://{EVIL}:{port}/_stcore/health") == 403

    # From another port of this machine, and from another site, by the server's own name.
    for origin in (
        f"http://localhost:{elsewhere}",
        f"http://127.0.0.1:{elsewhere}",
        f"http://{EVIL}:{elsewhere}",
    ):
        page.goto(origin)
        for name in ("localhost", "127.0.0.1", EVIL):
            assert page.evaluate(CONNECT, f"ws://{name}:{port}/_stcore/stream") == "refused", (origin, name)
            assert page.evaluate(FETCH, f"http://{name}:{port}/_stcore/health") == "refused", (origin, name)
        page.set_content(f"<iframe src='{app}' width=600 height=600></iframe>")
        page.wait_for_timeout(2_000)
        assert "Litmus" not in "".join(frame.content() for frame in page.frames[1:]), origin

    # Its own page works, and so does a link to it from elsewhere.
    page.goto(f"http://localhost:{elsewhere}")
    page.set_content(f"<a href='{app}'>Open</a>")
    page.get_by_text("Open").click()
    expect(page.get_by_role("link", name="Data").first).to_be_visible()
    assert page.evaluate(CONNECT, f"ws://localhost:{port}/_stcore/stream") == "open"


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("localhost", None, 101),
        ("127.0.0.1", "http://127.0.0.1", 101),
        (EVIL, None, 403),
        (EVIL, f"http://{EVIL}", 403),
        ("localhost", f"http://{EVIL}", 403),
        ("localhost", "http://localhost:1", 403),
        ("localhost", "null", 403),
    ],
)
def test_the_connection_that_drives_a_page_is_for_its_own_page(
    app: str, host: str, origin: str | None, status: int
) -> None:
    port = urlsplit(app).port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest("GET", "/_stcore/stream", skip_host=True)
    connection.putheader("Host", f"{host}:{port}")
    if origin:
        connection.putheader("Origin", origin if origin.endswith((":1", "null")) else f"{origin}:{port}")
    for name, value in (
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),
        ("Sec-WebSocket-Protocol", "streamlit"),
    ):
        connection.putheader(name, value)
    connection.endheaders()
    try:
        assert connection.getresponse().status == status
    finally:
        connection.close()
