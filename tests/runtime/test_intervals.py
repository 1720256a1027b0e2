"""A predictor and a bundle answer intervals and label sets, alone, among others and into files."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from litmus_core.deploy import score_file
from litmus_core.errors import BundleError, UsageError
from litmus_core.runtime import INTERVALS, LEVELS, Calibration, ErrorScale, GroupMargins, load_bundle
from tests import tiny

_ZIP = tiny.COLUMNS[1]
NUMBERS = Calibration(
    source="validation",
    n_rows=1_000,
    margins=tuple(10 * level for level in LEVELS),
    scale=ErrorScale(at=(0.0, 100.0), error=(1.0, 3.0)),
)
BY_ZIP = replace(
    NUMBERS,
    scale=ErrorScale(at=(0.0,), error=(1.0,)),
    by=_ZIP,
    groups=(
        GroupMargins(value="02134", n_rows=500, margins=(2.0,) * len(LEVELS)),
        GroupMargins(value="75001", n_rows=3),
    ),
)
SETS = Calibration(source="validation", n_rows=1_000, margins=(0.75,) * len(LEVELS))
FEW = replace(NUMBERS, n_rows=3, margins=(5.0,) * 20 + (None,) * 30)


def written(to: Path, calibration: Calibration, **model: Any) -> Path:
    predictor = tiny.predictor(**{"classes": (), **model}, calibrate=lambda: calibration)
    return Path(tiny.bundle(to / "model", model=predictor).path)


def test_a_bundle_answers_the_same_intervals_alone_and_in_a_batch(tmp_path: Path) -> None:
    with load_bundle(written(tmp_path, NUMBERS)) as bundle:
        together = bundle.predict_interval(tiny.FRAME)
        alone = [bundle.predict_interval(tiny.FRAME[at : at + 1])[0] for at in range(len(tiny.FRAME))]
        values = bundle.predict_values(tiny.FRAME)
        records = bundle.predict_records([tiny.ROW], level=0.9)

    scale = 1 + 2 * np.clip(values, 0, 100) / 100
    assert np.allclose(together, np.column_stack([values - 9 * scale, values + 9 * scale]))
    assert np.array_equal(together, np.array(alone))
    assert records[0].keys() == {"value", "low", "high"}
    assert records[0]["low"] < records[0]["value"] < records[0]["high"]


def test_a_higher_level_holds_a_lower_one(tmp_path: Path) -> None:
    with load_bundle(written(tmp_path, NUMBERS)) as bundle:
        narrow, wide = (bundle.predict_interval(tiny.FRAME, level=level) for level in (0.5, 0.99))

    assert (wide[:, 0] < narrow[:, 0]).all()
    assert (wide[:, 1] > narrow[:, 1]).all()


@pytest.mark.parametrize("as_dicts", [True, False])
def test_groups_are_read_from_dicts_and_from_frames(tmp_path: Path, as_dicts: bool) -> None:
    rows: Any = tiny.FRAME[["size", "zip", "day", "new"]]
    if as_dicts:
        rows = [{**tiny.ROW, "zip": each} for each in ("02134", "10115", None, "02134", "75001", "10115")]
    with load_bundle(written(tmp_path, BY_ZIP)) as bundle:
        ends = bundle.predict_interval(rows)

    assert np.allclose(ends[:, 1] - ends[:, 0], [4, 18, 18, 4, 18, 18])


def test_sets_begin_with_the_predicted_label(tmp_path: Path) -> None:
    path = written(tmp_path, SETS, classes=("no", "yes", "maybe"))
    with load_bundle(path) as bundle:
        sets, shares = bundle.predict_set([tiny.ROW]), bundle.predict_proba([tiny.ROW])[0]
        record = bundle.predict_records([tiny.ROW], level=0.9)[0]
        labels = bundle.predict([tiny.ROW])

    by_share = sorted(zip(shares, ("no", "yes", "maybe"), strict=True), reverse=True)
    assert sets == [tuple(label for share, label in by_share if share >= 0.25)]
    assert (record["set"], record["label"]) == ([*sets[0]], sets[0][0])
    assert labels[0] == sets[0][0]


def test_one_row_gets_the_set_that_it_gets_among_others() -> None:
    calibration = replace(SETS, margins=(0.8,) * len(LEVELS))
    model = tiny.predictor(classes=tuple("abcdefg"), calibrate=lambda: calibration)

    together = model.predict_set(tiny.FRAME)
    assert together == [model.predict_set(tiny.FRAME[at : at + 1])[0] for at in range(len(tiny.FRAME))]
    assert len({len(each) for each in together}) > 1


def test_a_threshold_decides_which_label_comes_first(tmp_path: Path) -> None:
    path = written(tmp_path, SETS, classes=("no", "yes"), threshold=0.999)
    with load_bundle(path) as bundle:
        assert bundle.predict_set([tiny.ROW])[0][0] == "no"


def test_a_model_that_says_that_it_does_not_know_still_names_its_set(tmp_path: Path) -> None:
    unsure = {"abstain_below": 1.0, "abstain_label": "ask"}
    model = tiny.predictor(classes=("no", "yes"), calibrate=lambda: SETS, **unsure)

    assert model.predict([tiny.ROW])[0] == "ask"
    assert set(model.predict_set([tiny.ROW])[0]) <= {"no", "yes"}


def test_files_get_columns_of_their_own(tmp_path: Path) -> None:
    source = tmp_path / "rows.csv"
    source.write_text("size,zip,day,new,prediction low\n2.5,02134,01/02/2024,true,x\n,75001,,,y\n")
    with load_bundle(written(tmp_path, BY_ZIP)) as bundle:
        score_file(bundle, source, tmp_path / "out.csv", level=0.8)
        expected = bundle.predict_interval(source, level=0.8)
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text().splitlines()))

    assert [row["prediction low"] for row in rows] == ["x", "y"]
    found = [[float(row["prediction low (litmus)"]), float(row["prediction high"])] for row in rows]
    assert np.array_equal(found, expected)
    assert np.allclose(np.diff(found).ravel(), [4, 16])


def test_files_get_sets_as_json_lists(tmp_path: Path) -> None:
    source = tmp_path / "rows.csv"
    source.write_text("size,zip,day,new\n2.5,02134,01/02/2024,true\n")
    with load_bundle(written(tmp_path, SETS, classes=("no, thanks", "yes"))) as bundle:
        score_file(bundle, source, tmp_path / "out.csv", level=0.9)
        expected = bundle.predict_set(source)
    row = next(csv.DictReader((tmp_path / "out.csv").read_text().splitlines()))

    assert json.loads(row["prediction set"]) == [*expected[0]]


def test_no_rows_get_none_and_a_level_that_cannot_be_kept_is_refused_all_the_same(tmp_path: Path) -> None:
    source = tmp_path / "rows.csv"
    source.write_text("size,zip,day,new\n")
    with load_bundle(written(tmp_path, FEW)) as bundle:
        assert bundle.predict_interval([], level=0.6).shape == (0, 2)
        for ask in (
            lambda: bundle.predict_interval([], level=0.9),
            lambda: bundle.predict_records([tiny.ROW], level=0.9),
            lambda: score_file(bundle, source, tmp_path / "out.csv", level=0.9),
        ):
            with pytest.raises(UsageError, match="90 % cannot be promised"):
                ask()
    assert not (tmp_path / "out.csv").exists()


def test_what_does_not_fit_the_question_names_what_does(tmp_path: Path) -> None:
    with load_bundle(written(tmp_path, NUMBERS)) as bundle, pytest.raises(UsageError) as of_numbers:
        bundle.predict_set([tiny.ROW])
    with pytest.raises(UsageError) as of_labels:
        tiny.predictor(calibrate=lambda: SETS).predict_interval([tiny.ROW])

    assert [error.value.hint for error in (of_numbers, of_labels)] == [
        "Use predict_interval.",
        "Use predict_set.",
    ]


def test_a_model_without_calibration_says_so() -> None:
    with pytest.raises(UsageError, match="nothing to say how sure"):
        tiny.predictor(classes=()).predict_interval([tiny.ROW])


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "nonsense",
        NUMBERS.to_json().replace('"format": 1', '"format": 2'),
        NUMBERS.to_json().replace('"levels"', '"left"').replace('"margins": [', '"margins": [1, '),
        NUMBERS.to_json().replace('"n_rows": 1000', '"n_rows": "many"'),
    ],
)
def test_a_damaged_calibration_is_named(text: str) -> None:
    with pytest.raises(BundleError, match=r"intervals\.json is damaged|has format 2"):
        Calibration.from_json(text)


def test_the_card_says_what_is_promised_and_the_bundle_seals_it(tmp_path: Path) -> None:
    path = written(tmp_path, BY_ZIP)
    card = (path / "MODEL_CARD.md").read_text()

    assert "The interval holds the true value in 90 of 100 cases." in card
    assert "1 group by 'zip' is counted separately; '75001' has fewer than 100 rows: it and new" in card
    (path / INTERVALS).write_text(NUMBERS.to_json())
    with pytest.raises(BundleError):
        load_bundle(path)
