"""Files behind https:// addresses: complete, and without what is secret in the address."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.cli import app
from litmus_core.errors import DataError, UsageError
from litmus_core.experiments._data.sources import open_source
from litmus_core.types import DETECT_ALL

CSV = b"a,b\n1,x\n2,y\n"
asked: list[tuple[str, str | None]] = []


class Files(BaseHTTPRequestHandler):
    """Serves a table in several ways."""

    def do_GET(self) -> None:
        asked.append((self.path, self.headers.get("Authorization")))
        name = self.path.partition("?")[0]
        status = {"/gone.csv": 404, "/late.csv": 403, "/moved.csv": 302, "/away.csv": 302}.get(name, 200)
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if name == "/page.csv" else "text/csv")
        self.send_header("Content-Length", "99" if name == "/cut.csv" else str(len(CSV)))
        if status == 302:
            self.send_header("Location", "/shop.csv" if name == "/moved.csv" else "ftp://127.0.0.1/shop.csv")
        self.end_headers()
        self.wfile.write(CSV)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Studio.open(tmp_path / "workspace") as studio:
        yield studio


def test_a_file_is_read_and_its_address_stored_without_signature_and_password(
    site: str, studio: Studio, tmp_path: Path
) -> None:
    version = studio.datasets.import_file(f"http://ada:s3cret@{site}/in/shop.csv?X-Signature=5igned")

    assert (version.name, version.n_rows, version.source) == ("shop", 2, f"http://ada@{site}/in/shop.csv")
    assert asked[-1] == ("/in/shop.csv?X-Signature=5igned", "Basic YWRhOnMzY3JldA==")
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(secret in held for held in files for secret in (b"s3cret", b"5igned"))


@pytest.mark.parametrize("check", [["--junit", "{folder}/check.xml"], ["--json"]])
def test_what_a_check_writes_holds_no_secret_of_the_address(
    site: str, tmp_path: Path, check: list[str]
) -> None:
    words = [word.format(folder=tmp_path) for word in check]
    address = f"http://ada:s3cret@{site}/shop.csv?X-Signature=5igned#t0ken"
    done = CliRunner().invoke(
        app, ["check", address, "--fail-on", "harmful", "--workspace", str(tmp_path / "w"), *words]
    )

    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    written = b"".join([*files, done.output.encode()])
    assert (done.exit_code, b"shop" in written) == (0, True)
    assert not any(secret in written for secret in (b"s3cret", b"5igned", b"t0ken"))


def test_a_password_is_not_sent_to_where_the_server_leads(site: str, studio: Studio) -> None:
    studio.datasets.import_file(f"http://ada:s3cret@{site}/moved.csv")

    assert asked[-2:] == [("/moved.csv", "Basic YWRhOnMzY3JldA=="), ("/shop.csv", None)]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone.csv", r"status 404.*Check the address"),
        ("late.csv", r"refused \(403\).*may have expired"),
        ("page.csv", r"a web page, not a table"),
        ("cut.csv", r"stopped after 12 of 99 bytes"),
        ("away.csv", r"status 302"),
    ],
)
def test_what_is_no_table_is_said(site: str, studio: Studio, name: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        studio.datasets.import_file(f"http://{site}/{name}")
    assert studio.datasets.list() == []


def test_an_unprotected_address_is_refused(studio: Studio) -> None:
    with (
        pytest.raises(UsageError, match="Use its https:// address"),
        open_source(studio.workspace, "http://data.example/shop.csv", DETECT_ALL),
    ):
        pass
