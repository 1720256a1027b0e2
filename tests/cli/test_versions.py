"""How a file is read, and versions of tables, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from litmus_core.cli import app


def run(*words: object) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


def told(*words: object) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.csv"
    path.write_text(
        "order id;day;price\n" + "".join(f"{n};{n % 28 + 1}/12/2020;{n},5\n" for n in range(1, 31))
    )
    return path


def write(folder: Path, content: str) -> Path:
    path = folder / "more.csv"
    path.write_text(content)
    return path


def test_import_says_what_it_found_out_and_by_what_evidence(shop: Path) -> None:
    said = run("import", shop).stdout

    assert "delimiter ;: 31 of 31 rows have 3 values with ';'." in said
    assert "decimal ,: '1,5' in row 1 of 'price'." in said
    assert "date order day first: '13/12/2020' in row 12 of 'day' cannot be month first." in said


def test_import_reads_a_file_as_it_is_told(tmp_path: Path) -> None:
    source = write(tmp_path, "made by us\na^b\n1.000^2\n")

    version = told(
        "import", source, "--delimiter", "^", "--header-row", 2, "--thousands", ".", "--decimal", ","
    )

    assert [column["examples"] for column in version["columns"]] == [["1000"], ["2"]]
    assert version["options"]["delimiter"] == "^"


def test_an_option_that_does_not_fit_ends_in_words(shop: Path) -> None:
    result = run("import", shop, "--date-order", "m/d")

    assert result.exit_code == 2
    assert "The order of dates that was asked for does not fit 'day'" in result.stderr


def test_rows_are_appended_corrected_and_the_difference_told(shop: Path, tmp_path: Path) -> None:
    first = told("import", shop)

    second = told("append", first["id"], write(tmp_path, "order id;price\n31;7,5\n"))
    assert (second["lineage"]["how"], second["lineage"]["parent_id"], second["n_rows"]) == (
        "appended",
        first["id"],
        31,
    )

    corrections = write(tmp_path, "order id;price\n2;99,5\n")
    third = told("correct", second["id"], corrections, "--key", "order id", "--column", "price")
    assert (third["lineage"]["how"], third["version"]) == ("corrected", 3)

    difference = told("diff", first["id"], third["id"])
    assert (difference["n_added"], difference["n_removed"], difference["n_changed"]) == (1, 0, 1)

    said = run("diff", first["id"], third["id"]).stdout
    assert (
        "1 rows added, 0 removed, 1 changed (30 rows before, 31 after). Rows are compared by 'order id'."
        in said
    )
    assert "row 2: 2.5 -> 99.5" in said
    same = run("diff", third["id"], third["id"]).stdout
    assert same.startswith("Both versions hold the same 31 rows.")


def test_an_unknown_version_ends_in_words(shop: Path) -> None:
    result = run("append", "dv_nothing", shop)

    assert result.exit_code == 2
    assert "dv_nothing" in result.stderr
