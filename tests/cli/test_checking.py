"""``litmus check``: findings for people and programs, and fixes applied by name or together."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.cli import app

KINDS = "constant_column,missing_labels,outliers,whitespace_case"


def run(*words: object) -> Any:
    return CliRunner().invoke(app, ["check", *map(str, words)])


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"size": rng.normal(50, 5, 120).round(2), "land": "CH", "sold": rng.choice(["yes", "no"], 120)}
    )
    frame.loc[3, "size"] = 70_000.0
    frame.loc[5:6, "sold"] = None
    path = tmp_path / "shop.csv"
    frame.to_csv(path, index=False)
    return path


def test_findings_come_by_harm_with_evidence_fix_and_key(shop: Path) -> None:
    result = run(shop, "--target", "sold", "--only", KINDS)
    assert result.exit_code == 0
    text = result.stdout
    assert text.index("Worth a look (1)") < text.index("Good to know (2)")
    assert "- 1 number in 'size' lies far away from all others." in text
    assert "    Fix: Leave 'land' out (safe)\n    [constant_column:land]" in text
    assert "1 of 4: Columns that say nothing" in result.stderr


def test_json_is_one_value_with_the_key_of_each_finding(shop: Path) -> None:
    result = run(shop, "--target", "sold", "--only", KINDS, "--json")
    report = json.loads(result.stdout)
    assert [each["key"] for each in report["findings"]] == [
        "outliers:size",
        "missing_labels:sold",
        "constant_column:land",
    ]
    assert (report["applied"], report["version"]) == ([], None)


def test_json_has_the_facts_of_a_finding_and_the_sentences_that_they_make(shop: Path) -> None:
    found = json.loads(run(shop, "--only", "outliers", "--json").stdout)["findings"][0]
    assert found["statement"] == {
        "kind": "outliers", "key": "far", "facts": [["n_rows", 1], ["columns", ["size"]]],
    }  # fmt: skip
    assert found["sentence"] == "1 number in 'size' lies far away from all others."
    assert found["evidence"][0]["key"] == "others"
    assert found["evidence"][0]["sentence"].startswith("All others lie between ")


def test_safe_fixes_are_applied_together_and_make_a_version(shop: Path) -> None:
    result = run(shop, "--target", "sold", "--only", KINDS, "--apply-fixes", "--json")
    report = json.loads(result.stdout)
    assert [fix["kind"] for fix in report["applied"]] == ["drop_missing", "leave_out"]
    with Studio.open() as studio:
        fixed = studio.datasets.get(report["version"])
    assert (fixed.lineage.how, fixed.n_rows, fixed.version) == ("fixed", 118, 2)


def test_a_fix_is_applied_by_the_key_of_its_finding(shop: Path) -> None:
    result = run(shop, "--only", "outliers", "--fix", "outliers:size", "--json")
    version = json.loads(result.stdout)["version"]
    with Studio.open() as studio:
        assert studio.datasets.get(version).column("size").n_missing == 1
    again = run(version, "--only", "outliers", "--json")
    assert json.loads(again.stdout)["findings"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--fix", "outliers:sice"), "Did you mean 'outliers:size'?"),
        (("--only", "outlier"), "Did you mean 'outliers'?"),
        (("--target", "solt"), "Did you mean 'sold'?"),
        (("--test", "nowhere.csv"), "There is no file 'nowhere.csv'."),
    ],
)
def test_what_is_not_there_ends_in_words_and_status_2(shop: Path, words: tuple[str, str], said: str) -> None:
    result = run(shop, *(() if "--only" in words else ("--only", "outliers")), *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_a_finding_can_be_said_to_be_fine(shop: Path) -> None:
    words = (shop, "--target", "sold", "--only", KINDS)
    told = run(*words, "--ignore", "outliers:size")
    assert "far away from all others. (you dismissed this)" in told.stdout
    assert "(you dismissed this)" in run(*words).stdout  # it is remembered
    assert run(*words, "--ignore", "outliers:land").exit_code == 2


def test_a_version_that_is_not_there_ends_in_words(shop: Path) -> None:
    result = run("dv_0000000000")
    assert result.exit_code == 2
    assert "There is no data set version 'dv_0000000000'" in result.stderr


def test_own_test_rows_are_read_like_the_table(shop: Path, tmp_path: Path) -> None:
    other = tmp_path / "later.csv"
    pd.read_csv(shop).assign(sold="maybe").to_csv(other, index=False)
    result = run(shop, "--target", "sold", "--test", other, "--only", "unseen_categories")
    assert "1 label of 'sold' is in the test rows alone: 'maybe'." in result.stdout


def test_how_the_file_is_read_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite"
    with sqlite3.connect(path) as database:
        for name in ("orders", "returns"):
            database.execute(f"CREATE TABLE {name} (size INTEGER, price INTEGER)")
            database.executemany(f"INSERT INTO {name} VALUES (?, ?)", [(n, 3 * n) for n in range(30)])
    database.close()
    refused = run(path, "--only", "few_rows")
    assert refused.exit_code == 2
    assert "--table NAME in the shell" in refused.stderr
    assert "30 rows" in run(path, "--only", "few_rows", "--table", "returns").stdout
    page = tmp_path / "report.html"
    told = CliRunner().invoke(app, ["report", str(path), "--table", "returns", "--to", str(page)])
    assert told.exit_code == 0
    assert "30 rows" in page.read_text()


def test_without_a_target_the_checks_that_need_one_are_counted(shop: Path) -> None:
    assert "1 more check needs to know what you want to predict." in run(shop, "--only", KINDS).stdout
