"""Scored rows are written into a table of PostgreSQL: all of them, or none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.connectors._postgres import send
from litmus_core.deploy._scoring import addresses
from tests import tiny
from tests.connectors.postgres_server import PASSWORD, Server


@pytest.fixture
def rows(postgres: Server, tmp_path: Path) -> str:
    """Ten rows in a table, beside a bundle; returns the table's address."""
    tiny.bundle(tmp_path / "bundle")
    postgres.run(
        "CREATE TABLE rows (id int PRIMARY KEY, size numeric, zip text, day date, new bool)",
        "INSERT INTO rows SELECT i, i * 1.5, 'x', '2024-01-01', true FROM generate_series(1, 10) i",
    )
    return f"{postgres.address()}?table=rows"


def predict(folder: Path, source: str, to: str, *words: str) -> Any:
    return CliRunner().invoke(app, ["predict", str(folder / "bundle"), source, "--to", to, *words])


def scores(server: Server, what: str = "count(*), count(prediction)") -> list[Any]:
    return server.run(f"SELECT {what} FROM scores")


def test_scores_become_a_table_with_the_types_of_its_source(
    postgres: Server, rows: str, tmp_path: Path
) -> None:
    to = f"{postgres.address()}?table=scores"
    done = predict(tmp_path, rows, to)

    assert done.output.splitlines()[-1] == f"Wrote 10 rows to {to}."
    assert scores(postgres) == [(10, 10)]
    assert scores(postgres, "pg_typeof(size)::text, pg_typeof(day)::text, pg_typeof(new)::text")[0] == (
        "numeric", "date", "boolean"
    )  # fmt: skip


def test_a_table_that_exists_is_appended_to_or_replaced_where_one_says_so(
    postgres: Server, rows: str, tmp_path: Path
) -> None:
    postgres.run("CREATE TABLE scores (at timestamptz DEFAULT now(), id bigint, prediction text)")
    table = ("--table", "scores", "--if-exists")
    query = f"{postgres.address()}?query=SELECT id, size, zip, day, new FROM rows"
    refused = predict(tmp_path, rows, postgres.address(), "--table", "scores")

    assert (refused.exit_code, "exists" in refused.output) == (2, True)
    assert "no column" in predict(tmp_path, query, postgres.address(), *table, "append").output
    postgres.run("DROP TABLE scores")
    assert predict(tmp_path, query, postgres.address(), *table, "append").exit_code == 0
    assert predict(tmp_path, query, postgres.address(), *table, "append").exit_code == 0
    assert scores(postgres) == [(20, 20)]
    assert predict(tmp_path, query, postgres.address(), *table, "replace").exit_code == 0
    assert scores(postgres) == [(10, 10)]


@pytest.mark.parametrize(
    ("column", "type_name", "said"),
    [
        ("size", "integer", "'size' is integer in the table 'scores', which would cut 5 values."),
        ("zip", "character(1)", "'zip' is character(1) in the table 'scores', which would cut 10 values."),
        ("day", "date", "'day' is date in the table 'scores', which would cut 10 values."),
        ("size", "numeric(9, 1)", "Wrote 10 rows"),
        ("zip", "character(4)", "Wrote 10 rows"),
    ],
)
def test_values_are_never_cut_in_silence(
    postgres: Server, rows: str, tmp_path: Path, column: str, type_name: str, said: str
) -> None:
    to = f"{postgres.address()}?table=scores"
    noon = "ALTER TABLE rows ALTER day TYPE timestamp USING day + time '12:00'"
    postgres.run("UPDATE rows SET zip = 'xy'", *([noon] if column == "day" else []))
    predict(tmp_path, rows, to)
    postgres.run("DELETE FROM scores", f"ALTER TABLE scores ALTER {column} TYPE {type_name}")
    done = predict(tmp_path, rows, to, "--if-exists", "append")

    n_written = 10 if said.startswith("Wrote") else 0
    assert said in " ".join(done.output.split())
    assert scores(postgres, "count(*)") == [(n_written,)]


def test_a_schema_that_does_not_exist_is_named(postgres: Server, rows: str, tmp_path: Path) -> None:
    refused = predict(tmp_path, rows, f"{postgres.address()}?table=lost.scores")

    said = " ".join(refused.output.split())
    assert (refused.exit_code, 'schema "lost" does not exist' in said) == (2, True)
    assert "Check the schema's name" in said


def test_a_table_is_never_half_written(
    postgres: Server, rows: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = f"{postgres.address()}?table=scores"
    predict(tmp_path, rows, to)
    postgres.run("ALTER TABLE scores ADD CHECK (id < 8) NOT VALID")
    failed = predict(tmp_path, rows, to, "--if-exists", "replace")

    assert (failed.exit_code, "violates check constraint" in failed.output) == (2, True)
    assert scores(postgres) == [(10, 10)]


def test_a_password_that_expires_while_rows_are_scored_is_said_and_the_next_one_writes(
    postgres: Server, rows: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = postgres.address("brief") + "?table=scores"
    postgres.run(
        "DROP ROLE IF EXISTS brief",
        f"CREATE ROLE brief LOGIN PASSWORD '{PASSWORD}'",
        "GRANT ALL ON SCHEMA public TO brief",
    )
    send_table = addresses.send_table

    def too_late(*arguments: Any, **named: Any) -> None:
        postgres.run("ALTER ROLE brief VALID UNTIL '2001-01-01'")
        send_table(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(addresses, "send_table", too_late)
        failed = predict(tmp_path, rows, to)
    said = " ".join(failed.output.split())
    assert (failed.exit_code, "may have expired" in said, PASSWORD in said) == (2, True, False)
    assert postgres.run("SELECT to_regclass('scores')") == [(None,)]

    postgres.run("ALTER ROLE brief VALID UNTIL 'infinity'")
    assert predict(tmp_path, rows, to).exit_code == 0
    assert scores(postgres) == [(10, 10)]


def test_a_target_that_cannot_be_written_is_said_before_a_row_is_scored(
    postgres: Server, rows: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("litmus_core.deploy._scoring.addresses.fetch_table", pytest.fail)
    monkeypatch.setattr(send, "send_rows", pytest.fail)

    assert "names no table" in predict(tmp_path, rows, postgres.address()).output
    assert "exists" in predict(tmp_path, rows, rows).output
    assert "is a file" in predict(tmp_path, rows, str(tmp_path / "x.csv"), "--if-exists", "append").output


def test_what_of_the_source_is_not_read_as_it_stands_is_said_and_never_overwritten(
    postgres: Server, rows: str, tmp_path: Path
) -> None:
    postgres.run(
        "ALTER TABLE rows ADD photo bytea, ADD doc jsonb, ADD paid timestamp, ADD prediction text",
        "UPDATE rows SET photo = '\\x01', doc = '{}', paid = 'infinity' WHERE id = 3",
    )
    done = predict(tmp_path, rows, str(tmp_path / "x.csv"), "--json")
    in_place = predict(tmp_path, rows, rows, "--if-exists", "replace")
    to = f"{postgres.address()}?table=scores"

    assert json.loads(done.stdout)["notes"][:3] == [
        "'photo' holds binary data and was left out.",
        "JSON in 'doc' was kept as texts: select its fields in a query to have columns of them.",
        "1 infinite moment in 'paid' became missing.",
    ]
    assert "'photo' holds binary data and was left out." in done.stderr
    assert "would lose values of 'photo' and 'paid'" in in_place.stderr
    assert postgres.run("SELECT count(photo), count(paid) FROM rows") == [(1, 1)]
    assert predict(tmp_path, rows, to).exit_code == 0
    assert predict(tmp_path, rows, to, "--if-exists", "replace").exit_code == 0
