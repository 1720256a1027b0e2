"""A scored file keeps its own columns as they were; the answers stand behind them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from litmus_core.deploy import predict_file
from litmus_core.errors import DataError, RowError, UsageError
from tests import tiny

CSV = ' size ,zip,day,new,note\n2.50,02134,01/02/2024,false,"a, ""b"""\n,NA,,,\n'


def write(folder: Path, text: str = CSV, *, name: str = "rows.csv") -> Path:
    """Write a file and return its path."""
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_csv_cells_stay_as_they_were_spelled(tmp_path: Path) -> None:
    model = tiny.predictor()

    n_rows = predict_file(model, write(tmp_path), tmp_path / "out.csv")

    lines = (tmp_path / "out.csv").read_text().splitlines()
    (no, yes), (no_2, yes_2) = model.predict_proba(tmp_path / "rows.csv").tolist()
    assert n_rows == 2
    assert lines == [
        " size ,zip,day,new,note,prediction,probability no,probability yes",
        f'2.50,02134,01/02/2024,false,"a, ""b""",yes,{no},{yes}',
        f",NA,,,,yes,{no_2},{yes_2}",
    ]


def test_the_files_own_delimiter_is_kept(tmp_path: Path) -> None:
    predict_file(
        tiny.predictor(), write(tmp_path, "size;zip;day;new\n1,5;x;;\n".replace(",", ".")), tmp_path / "o.csv"
    )

    assert (tmp_path / "o.csv").read_text().startswith("size;zip;day;new;prediction;probability no;")


def test_a_taken_name_is_left_to_the_file(tmp_path: Path) -> None:
    source = write(
        tmp_path, "size,zip,day,new,Prediction,probability no,probability no (litmus)\n1,,,,x,y,z\n"
    )

    predict_file(tiny.predictor(), source, tmp_path / "out.csv")

    assert (tmp_path / "out.csv").read_text().splitlines()[0].split(",")[4:] == [
        "Prediction",
        "probability no",
        "probability no (litmus)",
        "prediction (litmus)",
        "probability no (litmus 2)",
        "probability yes",
    ]


def test_parquet_columns_keep_their_types(tmp_path: Path) -> None:
    model = tiny.predictor(classes=(1, 2, 3))
    table = pa.Table.from_pandas(tiny.FRAME).append_column("list", pa.array([[1, 2]] * 6))
    pq.write_table(table, tmp_path / "rows.parquet")

    assert predict_file(model, tmp_path / "rows.parquet", tmp_path / "out.parquet") == 6

    out = pq.read_table(tmp_path / "out.parquet")
    assert out.select(table.column_names).equals(table)
    assert out.column("prediction").type == pa.int64()
    assert out.column("prediction").to_pylist() == model.predict(tiny.FRAME).tolist()
    assert out.column("probability 3").to_pylist() == model.predict_proba(tiny.FRAME)[:, 2].tolist()


def test_parquet_becomes_csv(tmp_path: Path) -> None:
    tiny.FRAME.to_parquet(tmp_path / "rows.parquet")

    predict_file(tiny.predictor(classes=()), tmp_path / "rows.parquet", tmp_path / "out.csv")

    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert lines[0] == "size,zip,day,new,prediction"
    assert lines[1].startswith("1.0,02134,2024-01-31 00:00:00,true,")
    assert lines[3].startswith(",,,,")


def test_csv_becomes_parquet_of_texts_and_answers(tmp_path: Path) -> None:
    predict_file(tiny.predictor(classes=(False, True)), write(tmp_path), tmp_path / "out.parquet")

    out = pq.read_table(tmp_path / "out.parquet")
    assert out.column("size").to_pylist() == ["2.50", None]
    assert out.column("zip").to_pylist() == ["02134", "NA"]
    assert out.column("prediction").type == pa.bool_()
    assert out.column_names[-2:] == ["probability false", "probability true"]


@pytest.mark.parametrize("out", ["out.csv", "out.parquet"])
@pytest.mark.parametrize("source", ["rows.csv", "rows.parquet"])
def test_a_file_without_rows_gives_the_columns_alone(tmp_path: Path, source: str, out: str) -> None:
    write(tmp_path, "size,zip,day,new\n")
    tiny.FRAME[:0].to_parquet(tmp_path / "rows.parquet")

    assert predict_file(tiny.predictor(), tmp_path / source, tmp_path / out) == 0

    read = pd.read_csv if out.endswith(".csv") else pd.read_parquet
    assert read(tmp_path / out).columns.tolist()[-3:] == ["prediction", "probability no", "probability yes"]


def test_many_chunks_make_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("litmus_core.runtime._files.tables._MAX_CHUNK_ROWS", 4)
    model, done = tiny.predictor(), []
    source = write(tmp_path, "size,zip,day,new\n" + "".join(f"{size},x,,\n" for size in range(10)))

    predict_file(model, source, tmp_path / "out.csv", on_progress=done.append)
    predict_file(model, source, tmp_path / "out.parquet")

    assert done == [4, 8, 10]
    shares = pd.read_csv(tmp_path / "out.csv", float_precision="round_trip")["probability yes"].tolist()
    assert shares == model.predict_proba(source)[:, 1].tolist()
    assert pd.read_parquet(tmp_path / "out.parquet")["probability yes"].tolist() == shares


def test_a_bad_value_is_named_by_its_row_in_the_whole_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("litmus_core.runtime._files.tables._MAX_CHUNK_ROWS", 4)
    source = write(tmp_path, "size,zip,day,new\n" + "1,x,,\n" * 6 + "large,x,,\n")

    with pytest.raises(RowError, match=r"row 6 has 'large'.*row number 7 below the header") as caught:
        predict_file(tiny.predictor(), source, tmp_path / "out.csv")
    assert (caught.value.row, caught.value.field) == (6, "size")


def test_a_failure_leaves_the_old_output_and_nothing_else(tmp_path: Path) -> None:
    source = write(tmp_path, "size,zip,day,new\nlarge,x,,\n")
    (tmp_path / "out.csv").write_text("yesterday")

    with pytest.raises(RowError):
        predict_file(tiny.predictor(), source, tmp_path / "out.csv")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out.csv", "rows.csv"]
    assert (tmp_path / "out.csv").read_text() == "yesterday"


def test_an_old_output_is_replaced_and_new_folders_are_made(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out.csv"
    predict_file(tiny.predictor(), write(tmp_path), out)
    predict_file(tiny.predictor(classes=()), write(tmp_path), out)

    assert out.read_text().splitlines()[0].endswith(",note,prediction")


def test_what_cannot_be_meant_is_refused_in_words(tmp_path: Path) -> None:
    source = write(tmp_path)
    with pytest.raises(UsageError, match=r"End its name in \.csv or \.parquet"):
        predict_file(tiny.predictor(), source, tmp_path / "out.xlsx")
    with pytest.raises(UsageError, match="the same file"):
        predict_file(tiny.predictor(), source, source)
    with pytest.raises(DataError, match="There is no file"):
        predict_file(tiny.predictor(), tmp_path / "none.csv", tmp_path / "out.csv")
    with pytest.raises(RowError, match="'size' is missing"):
        predict_file(tiny.predictor(), write(tmp_path, "a,b\n1,2\n", name="b.csv"), tmp_path / "out.csv")
