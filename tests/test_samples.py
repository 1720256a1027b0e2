"""The sample tables are what they say, and can be made again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

from litmus_core import Studio, TagColumn
from litmus_core.experiments import targets_samples
from scripts import make_samples

FOLDER = Path(__file__).resolve().parents[1] / "sample_data"
TARGETS = json.loads((FOLDER / "targets.json").read_text())
FORECASTS = json.loads((FOLDER / "forecasts.json").read_text())
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


def test_a_linear_model_of_the_humidity_narrowly_misses_the_bar() -> None:
    from sklearn.linear_model import LinearRegression
    from sklearn.metrics import mean_absolute_error
    from sklearn.model_selection import cross_val_predict

    sample = next(sample for sample in SAMPLES if sample["name"] == "humidity")
    table = pd.get_dummies(pd.read_csv(FOLDER / sample["file"]).dropna(), dtype=float)
    truth = table.pop(sample["target"])
    error = mean_absolute_error(truth, cross_val_predict(LinearRegression(), table, truth))
    assert sample["bar"]["value"] < error < 1.15 * sample["bar"]["value"]


def test_every_table_is_a_sample() -> None:
    listed = {sample["file"] for sample in [*SAMPLES, *FORECASTS, *TARGETS]}
    assert listed == {path.name for path in FOLDER.glob("*.csv")}


def test_a_sample_of_series_says_what_it_is_and_can_be_forecast() -> None:
    with Studio.open() as studio:
        (sample,) = studio.forecast_samples.list()
        assert f"## {sample.path.name}" in (FOLDER / "README.md").read_text()
        assert (sample.license, sample.spec.bar and sample.spec.bar.is_proposed) == ("MIT", True)
        version = studio.datasets.import_file(sample.path)
        assert studio.forecasts.propose(version) == sample.spec.columns
        facts = studio.forecasts.facts(version, sample.spec.columns, sample.spec.rules)
    assert (facts.frequency, facts.n_series, facts.n_values, facts.n_missing) == ("monthly", 4, 187, 0)


def test_a_sample_of_tags_says_what_it_is_and_proposes_them() -> None:
    (sample,) = targets_samples()
    assert f"## {sample.path.name}" in (FOLDER / "README.md").read_text()
    with Studio.open() as studio:
        version = studio.datasets.import_file(sample.path)
        assert studio.targets.propose(version).tags == (sample.tags,)
        outlook = studio.targets.outlook(version, tags=TagColumn(sample.tags))
    assert [target.n_yes for target in outlook.targets] == [35, 86, 168, 51, 804, 247, 40]
    assert (outlook.separator, round(outlook.guesses["micro_f1"], 2)) == (";", 0.61)


def test_the_script_writes_the_same_bytes_again(tmp_path: Path) -> None:
    make_samples.main(tmp_path)

    for name in ("homes.csv", "humidity.csv", "leaves.csv", "penguins.csv"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()
