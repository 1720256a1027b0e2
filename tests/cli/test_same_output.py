"""What a command reads is never what it writes: the rows of a person would be gone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from tests import tiny


@pytest.mark.parametrize(
    "words",
    [
        "predict bundle rows.csv --to rows.csv",
        "predict bundle part --to part/rows.parquet",
        "predict bundle part --to part/new.parquet",
        "report rows.csv --to rows.csv",
        "targets answer mt_1 rows.csv --to rows.csv",
        "forecasts answer fc_1 --new rows.csv --to rows.csv",
        "predict bundle s3://shop/in/rows.csv --to s3://shop/in/rows.csv",
        "predict bundle s3://shop/in/ --to s3://shop/in/new.parquet",
    ],
)
def test_what_is_read_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.chdir(tmp_path)
    tiny.bundle(tmp_path / "bundle")
    rows = pd.DataFrame({"size": [1.0], "zip": ["x"], "day": ["2024-01-01"], "new": [True]})
    (tmp_path / "part").mkdir()
    rows.to_csv("rows.csv", index=False)
    rows.to_parquet("part/rows.parquet")
    before = {file: file.read_bytes() for file in tmp_path.rglob("rows.*")}

    done = CliRunner().invoke(app, [*words.split(), "--workspace", "workspace"])

    assert done.exit_code == 2, done.output
    assert "Choose another" in done.stderr
    assert {file: file.read_bytes() for file in before} == before
    assert not (tmp_path / "part" / "new.parquet").exists()


def test_a_file_beside_what_is_read_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tiny.bundle(tmp_path / "bundle")
    (tmp_path / "part").mkdir()
    pd.DataFrame({"size": [1.0], "zip": ["x"], "day": ["2024-01-01"], "new": [True]}).to_parquet(
        "part/a.parquet"
    )
    done = CliRunner().invoke(app, ["predict", "bundle", "part", "--to", "part/scores.csv"])
    assert done.exit_code == 0, done.output
