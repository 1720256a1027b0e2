"""The sample tables are what they say, and can be made again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from scripts import make_samples

FOLDER = Path(__file__).resolve().parents[1] / "sample_data"
SAMPLES = json.loads((FOLDER / "samples.json").read_text())


def rows_of(file: str) -> list[dict[str, str]]:
    with (FOLDER / file).open(newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["name"])
def test_a_sample_says_what_it_is(sample: dict[str, str]) -> None:
    assert set(sample) - {"seed", "max_latency_ms", "families", "dismissed"} == {
        "name",
        "title",
        "file",
        "target",
        "problem",
        "description",
        "license",
        "source",
        "teaches",
        "bar",
        "seconds",
    }
    assert sample["license"] == "CC0-1.0"
    assert sample["target"] in rows_of(sample["file"])[0]
    assert f"## {sample['file']}" in (FOLDER / "README.md").read_text()


def test_every_table_is_a_sample() -> None:
    assert {sample["file"] for sample in SAMPLES} == {path.name for path in FOLDER.glob("*.csv")}


def test_the_script_writes_the_same_bytes_again(tmp_path: Path) -> None:
    make_samples.main(tmp_path)

    for name in ("humidity.csv", "penguins.csv"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()
