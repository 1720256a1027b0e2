"""What happens to an object of S3, and to the keys for it, while it is read or written."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from litmus_core import Studio
from litmus_core.connectors import check_writable, send_table
from litmus_core.errors import DataError
from tests.connectors.test_address import address

ADDRESS = "s3://shop/rows.csv"
ROWS = b"a,b\n" + b"1,before\n" * 300_000  # of three requests
UPLOAD = b"<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>"
EXPIRED = b"<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>"


class Shop:
    """A bucket whose objects have all been written in one second, as S3 tells times."""

    def __init__(self) -> None:
        self.objects = {"rows.csv": ROWS}
        self.is_expired = False
        self.n_read = 0
        self.after_one: Callable[[], None] | None = None
        self.n_sent = 0

    def take(self, path: str, n_bytes: int) -> bytes:
        """Begin an upload, take its only part, or publish it as zeros; return the body."""
        name, _, parameters = path.removeprefix("/shop/").partition("?")
        if parameters.startswith("uploads"):
            return UPLOAD
        if "partNumber" in parameters:
            self.n_sent = n_bytes
        else:
            self.objects[name] = bytes(self.n_sent)
        return b"<CompleteMultipartUploadResult/>"

    def answer(self, method: str, path: str, wanted: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body; ``wanted`` is a range of bytes."""
        name, _, parameters = path.removeprefix("/shop").lstrip("/").partition("?")
        if self.is_expired:
            return 400, {}, EXPIRED
        if "list-type" in parameters:
            return 200, {}, b"<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>"
        if name and name not in self.objects:
            return 404, {}, b""
        content = self.objects.get(name, b"")
        headers = {"ETag": f'"{hash(content)}"', "Last-Modified": "Tue, 01 Dec 2026 10:00:00 GMT"}
        if method == "HEAD":
            return 200, headers, content
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        self.n_read += 1
        if self.n_read == 1 and self.after_one:
            self.after_one()
        return (206 if int(first) < len(content) else 416), headers, content[int(first) : int(last) + 1]


def _read_body(request: BaseHTTPRequestHandler) -> None:
    request.rfile.read(int(request.headers.get("Content-Length") or 0))
    while request.headers.get("Transfer-Encoding") and (size := int(request.rfile.readline(), 16)):
        request.rfile.read(size + 2)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    shop = Shop()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            wanted = self.headers.get("Range") or ""
            status, headers, content = shop.answer(self.command, self.path, wanted)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def do_GET(self) -> None:
            self._answer()

        def do_HEAD(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            _read_body(self)
            content = shop.take(self.path, int(self.headers.get("x-amz-decoded-content-length") or 0))
            self.send_response(200)
            self.send_header("ETag", '"one"')
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_PUT(self) -> None:
            self.do_POST()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        for name in ("AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "us-east-1")
        yield shop
        server.shutdown()


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Studio.open(tmp_path / "workspace") as studio:
        yield studio


def test_an_object_is_read_in_several_requests(shop: Shop, studio: Studio) -> None:
    assert studio.datasets.import_file(ADDRESS).n_rows == 300_000
    assert shop.n_read == 3


@pytest.mark.parametrize(
    "now",
    [ROWS.replace(b"before", b"behind"), ROWS[:100], ROWS + b"2,after\n", None],
    ids=["as long, in the same second", "shorter", "longer", "gone"],
)
def test_an_object_that_is_replaced_between_its_parts_is_refused(
    shop: Shop, studio: Studio, now: bytes | None
) -> None:
    shop.after_one = lambda: shop.objects.update({"rows.csv": now}) if now else shop.objects.clear()

    with pytest.raises(DataError, match="was changed while it was read"):
        studio.datasets.import_file(ADDRESS)
    assert studio.datasets.list() == []
    assert list(studio.workspace.datasets.iterdir()) == []


@pytest.mark.parametrize("when", ["before", "between"])
def test_keys_that_expire_are_said_and_the_next_ones_read(shop: Shop, studio: Studio, when: str) -> None:
    shop.is_expired = when == "before"
    shop.after_one = lambda: setattr(shop, "is_expired", True)
    with pytest.raises(DataError, match=r"was refused\..*may have expired"):
        studio.datasets.import_file(ADDRESS)
    assert studio.datasets.list() == []

    shop.is_expired, shop.after_one = False, None
    assert studio.datasets.import_file(ADDRESS).n_rows == 300_000


def test_keys_that_expire_before_scores_are_written_are_said(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text("a\n1\n")
    check_writable(address("s3://shop/scores.csv"), if_exists=None)
    shop.is_expired = True

    with pytest.raises(DataError, match="may have expired"):
        send_table(address("s3://shop/scores.csv"), tmp_path / "scores.csv", if_exists=None)
    assert list(shop.objects) == ["rows.csv"]


class Interrupted(BytesIO):
    """A file that is read once, and then no more."""

    reason: BaseException

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise self.reason
        return super().read(size)


@pytest.mark.parametrize("reason", [OSError(5, "Input/output error"), KeyboardInterrupt()])
def test_an_object_that_is_not_read_to_its_end_here_replaces_none_there(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reason: BaseException
) -> None:
    scores = tmp_path / "scores.csv"
    scores.write_bytes(ROWS)
    send_table(address(ADDRESS), scores, if_exists=None)
    assert shop.objects == {"rows.csv": bytes(len(ROWS))}

    Interrupted.reason = reason
    monkeypatch.setattr(Path, "open", lambda *_: Interrupted(ROWS))
    with pytest.raises(type(reason)):
        send_table(address(ADDRESS), scores, if_exists=None)
    del reason
    gc.collect()
    assert shop.objects == {"rows.csv": bytes(len(ROWS))}
