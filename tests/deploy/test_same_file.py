"""The file a data set was imported from is read by a model as the import read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core.data import import_table, read_rows
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
    assert spelled == {"price": "thousands", "sold on": "%d/%m/%Y"}
    assert model.predict_values(given).tolist() == model.predict_values(frame).tolist()
