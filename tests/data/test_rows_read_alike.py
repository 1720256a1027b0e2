"""Rows that come to a model are read as import read the file, by every way that they come."""

# ruff: noqa: RUF001
from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core.data import import_table, read_rows
from litmus_core.errors import LitmusError
from litmus_core.frame import FeaturePipeline
from litmus_core.frame import read_rows as read_dicts
from litmus_core.runtime import Predictor
from litmus_core.store import Workspace
from tests import tiny
from tests.data.test_units import Importer, table

PRICES = ("$32,458", "$5,100", "$7,000", "($2,000)", "$1.5K")
VALUES = [32458.0, 5100.0, 7000.0, -2000.0, 1500.0]


def _file(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def test_a_model_reads_rows_as_import_read_the_file(workspace: Workspace, tmp_path: Path) -> None:
    import polars as pl

    source = tmp_path / "t.csv"
    source.write_text(table("price", PRICES * 8))
    version = import_table(workspace, source)
    frame = read_rows(workspace, version)
    info = {"problem_type": "regression", "target": "y", "columns": version.columns}
    model = Predictor(info, FeaturePipeline(version.columns).fit(frame), tiny.TinyExecutor([1.0]))
    rows = [{"price": price, "other": "a"} for price in PRICES * 8]
    expected = model.predict_values(frame).tolist()

    assert read_dicts(rows[:5], version.columns)["price"].tolist() == VALUES
    assert len(set(expected)) == len(PRICES)
    for given in (rows, source, pl.DataFrame(rows), pl.DataFrame(rows).to_pandas(), [*rows[:1]]):
        assert model.predict_values(given).tolist() == expected[: len(given) if given is not source else None]
    assert model.predict_values([{"price": 32458, "other": "a"}]).tolist() == expected[:1]


@pytest.mark.parametrize("text", ["1_000", "\u00b9\u00b2", "\u2167"])
def test_what_import_reads_as_no_number_is_none_for_a_model(
    workspace: Workspace, imported: Importer, tmp_path: Path, text: str
) -> None:
    """Python takes 1_000 for a number; a file means something else by it."""
    import polars as pl

    assert imported(table("size", ("5", text))).columns[0].storage == "VARCHAR"
    version = import_table(workspace, _file(tmp_path / "t.csv", table("size", ("5", "7", "9") * 8)))
    info = {"problem_type": "regression", "target": "y", "columns": version.columns}
    pipeline = FeaturePipeline(version.columns).fit(read_rows(workspace, version))
    model = Predictor(info, pipeline, tiny.TinyExecutor([1.0]))
    rows = [{"size": text, "other": "a"}] * 3
    later = _file(tmp_path / "later.csv", table("size", (text, "7", "9")))
    for given in (rows, rows[:1], later, pl.DataFrame(rows), pl.DataFrame(rows).to_pandas()):
        with pytest.raises(LitmusError, match="'size' should be a number"):
            model.predict_values(given)


@pytest.mark.parametrize(
    "cells",
    [
        ("36:24", "5:09", "0:47", "--"),
        ("110 kW (150 PS)", "66 kW (90 PS)", "7 kW (10 PS)"),
        ("12.3", "15.0E", "9.9", "7.2"),
        ("42 Lac ", "1.40 Cr ", "16.5 Lac"),
        ("5 Marla", "1 Kanal", "3.5 Marla"),
        ("46,67 tr/m²", "7,5 tr/m²", "115 tr/m²"),
        ("(2.9M)", "(815K)", "(2M)"),
        ("2.13万亿", "843.2亿", "94.1万"),
    ],
)
def test_units_that_a_table_lists_are_read_alike_by_every_way(
    workspace: Workspace, tmp_path: Path, cells: tuple[str, ...]
) -> None:
    import polars as pl

    source = _file(tmp_path / "t.csv", table("x", cells * 8))
    version = import_table(workspace, source)
    frame = read_rows(workspace, version)
    info = {"problem_type": "regression", "target": "y", "columns": version.columns}
    model = Predictor(info, FeaturePipeline(version.columns).fit(frame), tiny.TinyExecutor([1.0]))
    expected = model.predict_values(frame).tolist()
    rows = [{"x": cell, "other": "a"} for cell in cells * 8]

    assert version.columns[0].kind == "number"
    assert len(set(expected)) == len(cells)
    for given in (rows, source, pl.DataFrame(rows), pl.DataFrame(rows).to_pandas()):
        assert model.predict_values(given).tolist() == expected
    assert [model.predict_values([row]).tolist()[0] for row in rows[: len(cells)]] == expected[: len(cells)]


def test_spaces_that_typesetters_use_are_trimmed_in_rows_too(workspace: Workspace, tmp_path: Path) -> None:
    cells = ("24\u00a0", "25", "\u202f17")
    version = import_table(workspace, _file(tmp_path / "t.csv", table("x", cells)))

    assert version.columns[0].storage == "BIGINT"
    assert read_dicts([{"x": cell} for cell in cells], version.columns[:1])["x"].tolist() == [24, 25, 17]


@pytest.mark.parametrize("word", ["N/A", "", "null", "None", " ", " " * 12, " NA", "null  "])
def test_words_for_missing_in_a_category_are_missing_in_rows_too(
    workspace: Workspace, tmp_path: Path, word: str
) -> None:
    import polars as pl

    version = import_table(workspace, _file(tmp_path / "t.csv", table("x", (*("red", "blue") * 9, word))))
    pipeline = FeaturePipeline(version.columns).fit(read_rows(workspace, version))
    info = {"problem_type": "regression", "target": "y", "columns": version.columns}
    model = Predictor(info, pipeline, tiny.TinyExecutor([1.0]))
    rows = [{"x": word, "other": "a"}] * 3

    expected = model.predict_values([{"x": None, "other": "a"}] * 3).tolist()

    assert expected != model.predict_values([{"x": "green", "other": "a"}] * 3).tolist()
    later = _file(tmp_path / "later.csv", table("x", (word,) * 3))
    for given in (rows, rows[:1], later, pl.DataFrame(rows), pl.DataFrame(rows).to_pandas()):
        answers = model.predict_values(given).tolist()
        assert answers == expected[:1] * len(answers)


@pytest.mark.parametrize("word", ["n/a", " NA ", "-", "\u2013", "?", "unknown", "K.A.", "#N/A", "", "None"])
@pytest.mark.parametrize(
    "cells", [("5", "7.5", "9"), ("$5.00", "$7.50", "$9.25"), ("2024-05-01", "2024-06-03")]
)
def test_every_way_that_rows_come_reads_the_words_for_missing_that_import_reads(
    workspace: Workspace, tmp_path: Path, cells: tuple[str, ...], word: str
) -> None:
    import polars as pl

    version = import_table(workspace, _file(tmp_path / "t.csv", table("x", (*cells * 9, word))))
    frame = read_rows(workspace, version)
    assert frame["x"].isna().sum() == 1
    info = {"problem_type": "regression", "target": "y", "columns": version.columns}
    model = Predictor(info, FeaturePipeline(version.columns).fit(frame), tiny.TinyExecutor([1.0]))
    rows = [{"x": word, "other": "a"}] * 3
    later = _file(tmp_path / "later.csv", table("x", (word,) * 3))

    expected = model.predict_values([{"x": None, "other": "a"}] * 3).tolist()

    for given in (rows, rows[:1], rows * 20, later, pl.DataFrame(rows), pl.DataFrame(rows).to_pandas()):
        answers = model.predict_values(given).tolist()
        assert answers == expected[:1] * len(answers)


@pytest.mark.parametrize(
    "cells",
    [
        ("$12/mo", "$15.50/mo", "$1,200/mo"),
        ("12[1]", "45", "78 [2]"),
        ("12¹", "45", "78²", "9"),
        ("٥", "١٢٫٥", "٧٢"),
        ("５％", "７２．５%", "3%"),
    ],
)
def test_tails_and_other_digits_are_read_alike_by_every_way_that_rows_come(
    workspace: Workspace, tmp_path: Path, cells: tuple[str, ...]
) -> None:
    import polars as pl

    source = _file(tmp_path / "t.csv", table("x", cells * 8))
    version = import_table(workspace, source)
    frame = read_rows(workspace, version)
    info = {"problem_type": "regression", "target": "y", "columns": version.columns}
    model = Predictor(info, FeaturePipeline(version.columns).fit(frame), tiny.TinyExecutor([1.0]))
    rows = [{"x": cell, "other": "a"} for cell in cells * 8]
    expected = model.predict_values(frame).tolist()

    assert len(set(expected)) == len(cells)
    for given in (rows, source, pl.DataFrame(rows), pl.DataFrame(rows).to_pandas()):
        assert model.predict_values(given).tolist() == expected
    assert model.predict_values(rows[:1]).tolist() == expected[:1]


def test_numbers_of_other_digits_are_read_the_same_in_a_table_of_many_columns(
    workspace: Workspace, tmp_path: Path
) -> None:
    names = [f"c{place}" for place in range(400)]
    line = ",".join(["٥", *["1"] * 398, "12*"])
    lines = [",".join(names), *[line] * 30, ",".join(["١٢", *["2"] * 398, "7"])]
    version = import_table(workspace, _file(tmp_path / "wide.csv", "\n".join(lines) + "\n"))
    rows = read_rows(workspace, version)
    assert (rows["c0"].iloc[-1], rows["c0"].iloc[0]) == (12.0, 5.0)
    assert (rows["c399"].iloc[-1], rows["c399"].iloc[0]) == (7.0, 12.0)


_MONTHS = {
    "3. {} 2024": ("Januar", "März", "Mai", "Oktober", "Dez.", "Jänner", "MÄRZ"),
    "3. {} 2024 14:30": ("Januar", "März", "Mai", "Oktober", "Dezember", "Jänner", "MÄRZ"),
    "03-{}-24": ("Jan", "Mrz", "Mai", "Okt", "Dez", "Jän", "Mär"),
}


@pytest.mark.parametrize("shape", _MONTHS)
def test_dates_with_german_months_are_read_by_every_way(
    workspace: Workspace, tmp_path: Path, shape: str
) -> None:
    import polars as pl

    cells = [shape.format(name) for name in _MONTHS[shape]]
    source = _file(tmp_path / "t.csv", "day;other\n" + "".join(f"{cell};a\n" for cell in cells * 6))
    version = import_table(workspace, source)
    frame = read_rows(workspace, version)
    assert frame["day"].dt.strftime("%Y-%m-%d").tolist()[:7] == [
        f"2024-{month:02d}-03" for month in (1, 3, 5, 10, 12, 1, 3)
    ]
    assert ((frame["day"].dt.hour == 14) & (frame["day"].dt.minute == 30)).all() == ("14:30" in shape)
    info = {"problem_type": "regression", "target": "y", "columns": version.columns}
    model = Predictor(info, FeaturePipeline(version.columns).fit(frame), tiny.TinyExecutor([1.0]))
    expected = model.predict_values(frame).tolist()
    rows = [{"day": cell, "other": "a"} for cell in cells * 6]
    for given in (rows, source, pl.DataFrame(rows), pl.DataFrame(rows).to_pandas()):
        assert model.predict_values(given).tolist() == expected
    assert model.predict_values(rows[3:4]).tolist() == expected[3:4]


def test_a_month_that_no_language_has_keeps_a_column_a_text(workspace: Workspace, tmp_path: Path) -> None:
    cells = ["3. März 2024"] * 20 + ["3. Marx 2024"]
    version = import_table(
        workspace, _file(tmp_path / "t.csv", "day;x\n" + "".join(f"{c};1\n" for c in cells))
    )
    assert version.columns[0].storage == "VARCHAR"
