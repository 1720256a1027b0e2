"""Outcomes of an endpoint's answers from databases, cloud storage and plug-ins, and from there again."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.cli import app
from litmus_core.errors import DataError, LitmusError, UnknownNameError, UntrustedError, UsageError
from litmus_core.types import ReadOptions
from tests.answers import add_shop, answered, outcomes
from tests.connectors.postgres_server import Server

PLUGIN = (
    "import pandas as pd\nfrom litmus_core.plugins import data_source\n\n\n"
    "@data_source(prefix='till://', example='till://sold')\ndef till(location):\n"
    "    if not location.endswith('sold'):\n        raise FileNotFoundError(location)\n"
    "    return pd.DataFrame({'order': [1, 2], 'sold': ['yes', 'no']})\n"
)


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """A workspace with the stopped endpoint 'shop', which answered about the orders 1 to 3."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with Studio.open(tmp_path / "workspace") as opened:
        add_shop(opened, tmp_path / "bundle")
        answered(opened, [1, 2, 3])
        yield opened


def command(studio: Studio, *words: str) -> list[str]:
    return ["endpoints", "outcomes", "shop", *words, "--workspace", str(studio.workspace.path)]


def test_a_table_of_an_sqlite_file(studio: Studio, tmp_path: Path) -> None:
    file = tmp_path / "shop.db"
    with closing(sqlite3.connect(file)) as shop:
        shop.executescript("CREATE TABLE came(n, sold); CREATE TABLE other(x); INSERT INTO other VALUES (1);")
        shop.executescript("INSERT INTO came VALUES (1, 'yes'), (3, 'no'), (NULL, 'no'), (2, 'perhaps');")
    words = command(studio, str(file), "--key", "n", "--json")
    wrong_key = CliRunner().invoke(app, [*words, "--table", "came"])
    several = CliRunner().invoke(app, command(studio, str(file), "--key", "order"))
    counts = studio.outcomes.add("shop", _renamed(file), key="order", options=ReadOptions(table="came"))

    assert "n" in json.loads(wrong_key.stdout)["error"]["message"]
    assert "Say which one is meant: --table NAME" in several.stderr
    assert (counts.n_sent, counts.n_stored, counts.n_unknown, counts.n_refused) == (4, 2, 1, 1)
    assert outcomes(studio) == ["yes", "no"]
    assert studio.outcomes.source("shop") is None  # a file has no address


def _renamed(file: Path) -> Path:
    with closing(sqlite3.connect(file)) as shop:
        shop.executescript('ALTER TABLE came RENAME COLUMN n TO "order";')
    return file


def test_a_table_of_a_duckdb_file_and_json_lines(studio: Studio, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as shop:
        shop.execute("CREATE TABLE came AS SELECT 1 AS \"order\", 'yes' AS sold, DATE '2024-05-01' AS day")
    (tmp_path / "shop.jsonl").write_text('{"order": 2, "sold": "no"}\n')

    assert studio.outcomes.add("shop", tmp_path / "shop.duckdb", key="order", at="day").n_stored == 1
    assert studio.outcomes.add("shop", tmp_path / "shop.jsonl", key="order").n_stored == 1
    assert outcomes(studio) == ["yes", "no"]


def test_a_query_is_read_again_with_its_new_rows(studio: Studio, postgres: Server) -> None:
    postgres.run(
        "CREATE TABLE came(number bigint, sold text, at timestamptz)",
        "INSERT INTO came VALUES (1, 'yes', '2024-05-01 12:00+02'), (2, 'no', NULL)",
    )
    query = 'SELECT number AS "order", sold, at FROM came'
    first = CliRunner().invoke(
        app, command(studio, postgres.address(), "--key", "order", "--at", "at", "--query", query)
    )
    postgres.run("INSERT INTO came VALUES (3, 'yes', now())", "UPDATE came SET sold = 'yes' WHERE number = 2")
    again = CliRunner().invoke(app, command(studio))

    assert (first.exit_code, again.exit_code) == (0, 0), (first.output, again.output)
    assert first.stdout == "2 outcomes stored.\n"
    assert again.stdout.splitlines() == [
        "2 outcomes stored.",
        "1 outcome in place of an earlier one, which is kept, too.",
        "1 outcome known already.",
    ]
    assert outcomes(studio) == ["yes", "yes", "yes"]
    assert (studio.outcomes.source("shop") or "").endswith("%20FROM%20came")


def test_what_happens_to_a_source_is_said_and_loses_nothing(
    studio: Studio, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.run("CREATE TABLE came AS SELECT 1 AS \"order\", 'yes' AS sold")
    studio.outcomes.add("shop", f"{postgres.address()}?table=came", key="order")
    postgres.run('ALTER TABLE came RENAME COLUMN "order" TO number')
    with pytest.raises(UnknownNameError, match="order"):
        studio.outcomes.refresh("shop")
    postgres.run("DROP TABLE came")
    with pytest.raises(DataError, match="came"):
        studio.outcomes.refresh("shop")
    monkeypatch.setenv("PGPASSWORD", "of last year")
    expired = CliRunner().invoke(app, command(studio))

    assert expired.exit_code == 2
    assert "may have expired" in expired.stderr
    assert outcomes(studio) == ["yes"]
    assert studio.outcomes.source("shop") == f"{postgres.address()}?table=came"


def test_a_location_of_a_plugin_is_read_and_its_password_stored_nowhere(studio: Studio) -> None:
    file = studio.workspace.path / "plugins" / "till.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(PLUGIN, encoding="utf-8")
    studio.plugins.trust(file)
    assert all(report.passed for report in studio.plugins.check_file(file))

    assert studio.outcomes.add("shop", "till://ada:w0rd@shop.example/sold", key="order").n_stored == 2
    assert studio.outcomes.source("shop") == "till://ada@shop.example/sold"
    assert studio.outcomes.refresh("shop").n_repeated == 2
    written = [path for path in studio.workspace.path.rglob("*") if path.is_file()]
    assert not [path for path in written if b"w0rd" in path.read_bytes()]


def test_an_object_of_s3_is_read_again_and_its_keys_are_stored_nowhere(studio: Studio, s3: Any) -> None:
    with s3.open_output_stream("shop/came.csv") as file:
        file.write(b"order,sold\n1,yes\n")
    assert studio.outcomes.add("shop", "s3://shop/came.csv", key="order").n_stored == 1
    with s3.open_output_stream("shop/came.csv") as file:
        file.write(b"order,sold\n1,yes\n2,no\n")
    counts = studio.outcomes.refresh("shop")
    s3.delete_file("shop/came.csv")
    with pytest.raises(LitmusError, match=r"came\.csv"):
        studio.outcomes.refresh("shop")

    assert (counts.n_stored, counts.n_repeated) == (1, 1)
    assert outcomes(studio) == ["yes", "no"]
    written = [path for path in studio.workspace.path.rglob("*") if path.is_file()]
    assert not [path for path in written if b"s3cret" in path.read_bytes()]


class _Came(BaseHTTPRequestHandler):
    """Serves outcomes to whoever sends the signature, and later to nobody."""

    came = b"order,sold\n1,yes\n"
    signature = "5igned"

    def do_GET(self) -> None:
        is_signed = f"X-Signature={self.signature}" in self.path
        self.send_response(200 if is_signed else 403)
        self.send_header("Content-Length", str(len(self.came)))
        self.end_headers()
        self.wfile.write(self.came)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Came) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"  # as https://, which only another machine needs
        server.shutdown()


def test_a_file_of_the_web_is_read_and_its_signature_stored_nowhere(
    studio: Studio, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = f"{site}/came.csv?X-Signature=5igned"
    assert studio.outcomes.add("shop", signed, key="order").n_stored == 1
    monkeypatch.setattr(_Came, "came", b"order,sold\n1,yes\n2,no\n")
    assert studio.outcomes.add("shop", signed, key="order").n_stored == 1
    again = CliRunner().invoke(app, command(studio))
    monkeypatch.setattr(_Came, "signature", "of next year")
    with pytest.raises(DataError, match="may have expired"):
        studio.outcomes.add("shop", signed, key="order")

    assert again.exit_code == 2
    assert "may have expired" in again.stderr  # without its signature
    assert outcomes(studio) == ["yes", "no"]
    assert studio.outcomes.source("shop") == f"{site}/came.csv"
    written = [path for path in studio.workspace.path.rglob("*") if path.is_file()]
    assert not [path for path in written if b"5igned" in path.read_bytes()]


def test_files_alone_are_not_read_again(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "came.csv").write_text("order,sold\n1,yes\n")
    studio.outcomes.add("shop", tmp_path / "came.csv", key="order")
    without_source = CliRunner().invoke(app, command(studio, "--key", "order"))

    assert "none is named" in without_source.stderr
    with pytest.raises(UsageError, match="came from an address"):
        studio.outcomes.refresh("shop")


def test_a_workspace_that_somebody_sent_contacts_nothing(
    studio: Studio, postgres: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    postgres.run("CREATE TABLE came AS SELECT 1 AS \"order\", 'yes' AS sold")
    studio.outcomes.add("shop", f"{postgres.address()}?table=came", key="order")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "somebody else"))
    monkeypatch.setattr("litmus_core.experiments._data.sources.fetch_table", pytest.fail)

    with pytest.raises(UntrustedError, match="litmus trust"):
        studio.outcomes.refresh("shop")
