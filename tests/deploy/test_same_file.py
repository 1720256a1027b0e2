"""The file a data set was imported from is read by a model as the import read it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest

from litmus_core.data import import_table, read_rows
from litmus_core.deploy import predict_file
from litmus_core.frame import FeaturePipeline
from litmus_core.runtime import Predictor
from litmus_core.store import Workspace
from tests import tiny

HEADER = " price ,code,zip,sold on,seen at,fresh,note,rooms,area"
ROWS = [
    '"1,234.5",17,02134,31/01/2024,2024-01-31 10:30:00,true,"A flat, sunny and near the park",2,12.5',
    '950,18,10115,01/02/2024,2024-02-01 00:00:00,false,"Two rooms with a view of the river",3,NA',
    "?,17,02134,24/12/2023,2023-12-24 18:00:01,FALSE,Small but cheap and quiet most of the day,1,7",
    '"12,000",19,NA,,null,,n/a,,',
]


def text(n_rows: int) -> str:
    """Return a messy table whose values repeat, so that what each column holds is clear."""
    lines = [HEADER] + [ROWS[place % len(ROWS)].replace("17", str(17 + place % 7)) for place in range(n_rows)]
    return "\n".join(lines) + "\n"


def read_both_ways(source: Path, folder: Path) -> tuple[int, list[float], list[float]]:
    """Return how many rows import finds, and the answers to the imported rows and to the file itself."""
    workspace = Workspace(folder / "workspace").create()
    version = import_table(workspace, source)
    frame = read_rows(workspace, version)
    pipeline = FeaturePipeline(version.columns).fit(frame)
    info = {"problem_type": "regression", "target": "y", "columns": version.columns}
    model = Predictor(info, pipeline, tiny.TinyExecutor([1.0]))
    return len(frame), model.predict_values(frame).tolist(), model.predict_values(source).tolist()


@pytest.mark.parametrize(
    ("content", "n_rows"),
    [
        ("size,colour\nn1,3,red\nn2,1,blue\nn3,2,red\n", 3),  # R's row names: a header one name short
        ("1,10\n2,20\n3,30\n", 3),  # no header at all
        ("x\n1\n\n2\n", 2),
        ("size,n\ninf,1\n2.5,2\n-Infinity,3\n1e999,4\n", 4),
        ("Sales of 2024\n\nsize,n,colour\n1,2,red\n\n3,4,blue\n", 2),
        ("size;n\n1.234,5;1\n2,25;2\n1.234;3\n", 3),
        ("size,colour\n1,red,\n2,blue,,\n", 2),
        ('size,colour\n1,5" pipe\n2,"6" pipe"\n3,red\n', 3),
        ('size,colour\n1,"open\n2,red\n', 2),
        ("size,colour\r\n1,red\n2,blue\r\n", 2),
        ("sep=;\nsize;colour\n1;red\n2;blue\n", 2),
        ("size,colour\n1,re\x00d\n2," + 200 * "blue" + "\n", 2),
        ("size,colour\n1,red\n2,caf\u00e9\n".encode("cp1252"), 2),
        ("size,colour\n1,red\n2,caf\u00e9\n".encode("utf-16"), 2),
        ("size,colour\n1,red\n2,blue\n".encode("utf-32"), 2),
        (gzip.compress(b"size,colour\n1,red\n2,blue\n", mtime=0), 2),
    ],
)
def test_odd_files_are_read_alike_by_import_and_scoring(
    tmp_path: Path, content: str | bytes, n_rows: int
) -> None:
    source = tmp_path / "rows.csv"
    source.write_bytes(content.encode() if isinstance(content, str) else content)

    n_imported, answers, answers_to_the_file = read_both_ways(source, tmp_path)

    assert n_imported == len(answers_to_the_file) == n_rows
    assert answers_to_the_file == answers


def test_a_file_without_a_header_is_scored_into_one_with_numbered_columns(tmp_path: Path) -> None:
    source = tmp_path / "rows.csv"
    source.write_text("1,10\n2,20\n")
    version = import_table(Workspace(tmp_path / "workspace").create(), source)
    frame = pd.DataFrame({"column 1": [1, 2], "column 2": [10, 20]})
    info = {"problem_type": "regression", "target": "y", "columns": version.columns}
    pipeline = FeaturePipeline(version.columns).fit(frame)

    n_rows = predict_file(Predictor(info, pipeline, tiny.TinyExecutor([0.0])), source, tmp_path / "out.csv")

    assert n_rows == 2
    assert (tmp_path / "out.csv").read_text() == "column 1,column 2,prediction\n1,10,0.0\n2,20,0.0\n"


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_importing_and_scoring_read_a_file_alike(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / "flats.csv"
    source.write_text(text(60), encoding="utf-8")
    workspace = Workspace(tmp_path / "workspace").create()
    version = import_table(workspace, source)
    frame = read_rows(workspace, version)
    pipeline = FeaturePipeline(version.columns).fit(frame)
    info = {"problem_type": "regression", "target": "y", "columns": version.columns}
    model = Predictor(info, pipeline, tiny.TinyExecutor([1.0]))
    given = source if suffix == ".csv" else workspace.path / version.path

    spelled = {column.name: column.written_as for column in version.columns if column.written_as}
    assert spelled == {"price": "thousands", "zip": "codes of 5 digits", "sold on": "%d/%m/%Y"}
    assert model.predict_values(given).tolist() == model.predict_values(frame).tolist()
