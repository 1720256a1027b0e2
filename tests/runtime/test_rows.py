"""Rows come as dicts, pandas, polars or files; they mean the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from litmus_core.errors import DataError, RowError, UsageError
from litmus_core.runtime import json_rows
from tests import tiny

CSV = """ size ,zip,day,new
1.0,02134,31/01/2024,true
2.5,10115,01/02/2024,false
,,,
4,02134,24/12/2023,TRUE
5.0,75001,06/05/2024,True
60,10115,08/07/2024,0
"""


def written(folder: Path, text: str, *, name: str = "rows.csv", encoding: str = "utf-8") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_every_form_of_the_same_rows_gets_the_same_answer(tmp_path: Path) -> None:
    model = tiny.predictor()
    tiny.FRAME.to_parquet(tmp_path / "rows.parquet")
    expected = model.predict_proba(tiny.FRAME)

    for rows in (
        json_rows(tiny.FRAME),
        tuple(json_rows(tiny.FRAME)),
        pl.from_pandas(tiny.FRAME),
        tmp_path / "rows.parquet",
        str(written(tmp_path, CSV)),
        tiny.FRAME.convert_dtypes(),
        tiny.FRAME.set_index(pd.Index(list("uvwxyz"))),
        tiny.FRAME[["new", "day", "zip", "size"]].assign(more=1, sold="yes"),
        tiny.FRAME.astype({"zip": "category"}),
    ):
        assert np.array_equal(model.predict_proba(rows), expected)


@pytest.mark.parametrize("form", ["dicts", "pandas", "polars", "csv"])
def test_a_date_in_another_order_than_in_training_is_refused_and_the_order_is_said(
    tmp_path: Path, form: str
) -> None:
    row = {"size": 1.0, "zip": "02134", "day": "01/31/2024", "new": True}
    frame = pd.DataFrame([row])
    frame.to_csv(tmp_path / "rows.csv", index=False)
    forms = {"dicts": [row], "pandas": frame, "polars": pl.DataFrame([row]), "csv": tmp_path / "rows.csv"}

    with pytest.raises(RowError, match="has '01/31/2024'") as refused:
        tiny.predictor().predict_proba(forms[form])

    assert refused.value.hint.startswith("Give a date written as in training, day/month/year, or like ")


def test_a_category_that_looks_like_a_number_keeps_its_zeros(tmp_path: Path) -> None:
    model = tiny.predictor()
    path = written(tmp_path, "size,zip,day,new\n1,02134,,\n1,2134,,\n")

    known, unknown = model.predict_proba(path)

    assert not np.array_equal(known, unknown)
    assert np.array_equal(
        known, model.predict_proba([{"size": 1, "zip": "02134", "day": None, "new": None}])[0]
    )


@pytest.mark.parametrize("word", ["", "NA", "null", "NaN", " n/a "])
def test_words_for_missing_are_missing(tmp_path: Path, word: str) -> None:
    model = tiny.predictor()
    path = written(tmp_path, f"size,zip,day,new\n{word},{word},{word},{word}\n")

    missing = dict.fromkeys(["size", "zip", "day", "new"])
    assert np.array_equal(model.predict_proba(path), model.predict_proba([missing]))


def test_numbers_are_read_in_the_spelling_of_the_training_file(tmp_path: Path) -> None:
    from dataclasses import replace

    from litmus_core.frame import FeaturePipeline
    from litmus_core.runtime import Predictor

    columns = (replace(tiny.COLUMNS[0], written_as="decimal comma"), *tiny.COLUMNS[1:])
    info = {"problem_type": "regression", "target": "price", "columns": columns}
    model = Predictor(info, FeaturePipeline(columns).fit(tiny.FRAME), tiny.TinyExecutor([1.0]))
    path = written(tmp_path, "size;zip;day;new\n1.234,5;;;\n")

    plain = {"size": 1234.5, "zip": None, "day": None, "new": None}
    assert model.predict_values(path).tolist() == model.predict_values([plain]).tolist()
    assert model.predict_values([{**plain, "size": "1.234,5"}]).tolist() == (
        model.predict_values([plain]).tolist()
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_file_is_read_whatever_its_delimiter_and_encoding(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    text = f"size,zip,day,new,note\n2.5,10115,01/02/2024,false,Café {delimiter!r}\n".replace(",", delimiter)
    path = written(tmp_path, text.replace(f"'{delimiter}'", "x"), encoding=encoding)
    model = tiny.predictor()

    assert np.array_equal(model.predict_proba(path), model.predict_proba([tiny.ROW]))


def test_a_title_above_the_header_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "Sales 2024\n\nsize,zip,day,new\n2.5,10115,01/02/2024,false\n\n2.5,10115,01/02/2024,false,\n",
    )
    model = tiny.predictor()

    assert np.array_equal(model.predict_proba(path), model.predict_proba([tiny.ROW, tiny.ROW]))


def test_infinite_numbers_are_missing_as_import_has_them(tmp_path: Path) -> None:
    model = tiny.predictor()
    missing = model.predict_proba([{**tiny.ROW, "size": None}])
    spelled = written(tmp_path, "size,zip,day,new\n-inf,10115,01/02/2024,false\n")

    for rows in (
        spelled,
        [{**tiny.ROW, "size": np.inf}],
        pd.DataFrame([{**tiny.ROW, "size": -np.inf}]),
        pl.DataFrame([{**tiny.ROW, "size": np.inf}]),
    ):
        assert np.array_equal(model.predict_proba(rows), missing)


def test_parquet_is_known_by_its_beginning(tmp_path: Path) -> None:
    tiny.FRAME.to_parquet(tmp_path / "rows.parquet")
    (tmp_path / "rows.parquet").rename(tmp_path / "rows.csv")
    model = tiny.predictor()

    assert np.array_equal(model.predict_proba(tmp_path / "rows.csv"), model.predict_proba(tiny.FRAME))


def test_a_file_without_a_header_lacks_the_columns(tmp_path: Path) -> None:
    with pytest.raises(RowError, match="'size' is missing"):
        tiny.predictor().predict(written(tmp_path, "1,2\n3,4\n5,6\n"))


def test_a_file_with_a_header_alone_has_no_answers(tmp_path: Path) -> None:
    assert len(tiny.predictor().predict(written(tmp_path, "size,zip,day,new\n"))) == 0


def test_a_missing_column_is_named() -> None:
    model = tiny.predictor()
    for rows in (
        tiny.FRAME.drop(columns="zip"),
        pl.from_pandas(tiny.FRAME).drop("zip"),
        [{name: value for name, value in tiny.ROW.items() if name != "zip"}],
    ):
        with pytest.raises(RowError, match="'zip'") as caught:
            model.predict(rows)
        assert caught.value.field == "zip"


def test_a_missing_column_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RowError, match="'new' is missing") as caught:
        tiny.predictor().predict(written(tmp_path, "size,zip,day\n1,2,\n"))
    assert caught.value.field == "new"


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("size", "large", "a number"),
        ("size", True, "a number"),
        ("size", [1], "a number"),
        ("day", "yesterday", "a date"),
        ("new", "perhaps", "true or false"),
        ("zip", {"code": 1}, "text"),
    ],
)
def test_a_value_of_the_wrong_type_is_named_with_row_and_field(field: str, value: Any, wanted: str) -> None:
    with pytest.raises(RowError, match=wanted) as caught:
        tiny.predictor().predict([tiny.ROW, {**tiny.ROW, field: value}])
    assert (caught.value.row, caught.value.field) == (1, field)


def test_a_wrong_value_in_a_frame_is_named_with_row_and_field() -> None:
    frame = tiny.FRAME.astype({"size": object})
    frame.loc[4, "size"] = "large"

    with pytest.raises(RowError) as caught:
        tiny.predictor().predict(frame)
    assert (caught.value.row, caught.value.field) == (4, "size")


@pytest.mark.parametrize(
    ("rows", "hint"),
    [
        (tiny.ROW, "goes into a list"),
        (pl.LazyFrame({"size": [1]}), "Collect the lazy frame"),
        (3, "list of dicts"),
        (tiny.FRAME["size"], "list of dicts"),
    ],
)
def test_what_holds_no_rows_is_refused_with_a_way_out(rows: Any, hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        tiny.predictor().predict(rows)


def test_an_item_that_is_no_row_is_named() -> None:
    with pytest.raises(RowError, match="Row 1 is int") as caught:
        tiny.predictor().predict([tiny.ROW, 3])  # type: ignore[list-item]
    assert caught.value.row == 1


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(UsageError, match="more than one column 'zip'"):
        tiny.predictor().predict(pd.concat([tiny.FRAME, tiny.FRAME[["zip"]]], axis=1))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("size,zip,day,new\n1,2\n", "Line 2 .* has 2 values where the table has 4"),
        ("size,zip,day,new\n1,2,,\n1,2,,,5\n", "Line 3 .* has 5 values"),
        ("PK\x03\x04rest", "Excel workbook or a zip archive"),
        ("PAR1rest", "cannot be read as Parquet"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        tiny.predictor().predict(written(tmp_path, content))


def test_a_missing_file_a_folder_and_a_false_parquet_are_refused_in_words(tmp_path: Path) -> None:
    model = tiny.predictor()
    with pytest.raises(DataError, match="There is no file"):
        model.predict(tmp_path / "none.csv")
    with pytest.raises(DataError, match="is a folder"):
        model.predict(tmp_path)
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        model.predict(written(tmp_path, "size,zip\n", name="rows.parquet"))
