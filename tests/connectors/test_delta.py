"""Delta tables: the rows of the current version, and no row that was deleted or replaced."""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from litmus_core import Studio
from litmus_core.connectors._delta import check_lossless
from litmus_core.deploy import score_file
from litmus_core.errors import DataError, MissingExtraError, UsageError
from tests import tiny

deltalake = pytest.importorskip("deltalake", reason="the optional part 'delta' is not installed")


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Studio.open(tmp_path / "workspace") as studio:
        yield studio


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """A table of two files, the first of which was written again without the order 3."""
    folder = tmp_path / "orders"
    for first in (0, 10):
        rows = pa.table({"order": list(range(first, first + 10)), "shop": ["north", "south"] * 5})
        deltalake.write_deltalake(folder, rows, mode="append")
    deltalake.DeltaTable(folder).delete('"order" = 3')
    return folder


def numbers(studio: Studio, source: Path | str) -> list[int]:
    version = studio.datasets.import_file(source)
    return sorted(studio.datasets.preview(version.id, 100)["order"].tolist())


def test_rows_that_were_deleted_are_not_read(studio: Studio, orders: Path) -> None:
    assert len(list(orders.glob("*.parquet"))) == 3
    assert numbers(studio, orders) == [*range(3), *range(4, 20)]

    version = studio.datasets.list()[0]
    assert version.name == "orders"
    assert "Version 2 of the Delta table was read." in version.notes


def test_the_column_of_the_folders_is_one_of_the_table(studio: Studio, tmp_path: Path) -> None:
    rows = pa.table({"order": [1, 2, 3], "shop": ["north", "south / east", "north"]})
    deltalake.write_deltalake(tmp_path / "parts", rows, partition_by=["shop"])
    version = studio.datasets.import_file(tmp_path / "parts")

    frame = studio.datasets.preview(version.id)
    assert dict(zip(frame["order"], frame["shop"], strict=True)) == {
        1: "north",
        2: "south / east",
        3: "north",
    }


def test_the_same_version_is_the_same_rows_in_the_same_order(studio: Studio, orders: Path) -> None:
    first, second = (studio.datasets.import_file(orders, name=name) for name in ("one", "two"))

    assert first.content_hash == second.content_hash


def test_a_row_deleted_by_a_mark_is_not_read(studio: Studio, tmp_path: Path) -> None:
    folder = marked(tmp_path / "marked", gone=2)

    assert numbers(studio, folder) == [0, 1, 3, 4]


@pytest.mark.parametrize(
    "path", ["{folder}/private.parquet", "file://{folder}/private.parquet", "../private.parquet"]
)
@pytest.mark.parametrize("is_marked", [False, True])
def test_a_log_that_names_files_elsewhere_is_refused(
    studio: Studio, orders: Path, tmp_path: Path, path: str, is_marked: bool
) -> None:
    folder = marked(tmp_path / "orders-marked", gone=2) if is_marked else orders
    pq.write_table(pa.table({"order": [1], "shop": ["x"]}), tmp_path / "private.parquet")
    added(folder, path=path.format(folder=tmp_path), size=(tmp_path / "private.parquet").stat().st_size)

    with pytest.raises(DataError, match="names 1 file that the folder does not hold"):
        studio.datasets.import_file(folder)


def test_a_damaged_log_is_said(studio: Studio, orders: Path) -> None:
    for file in (orders / "_delta_log").glob("*.json"):
        file.write_text("{")

    with pytest.raises(DataError, match=r"The Delta table 'orders' cannot be read.*with _delta_log"):
        studio.datasets.import_file(orders)


def test_a_renamed_column_has_its_new_name(studio: Studio, tmp_path: Path) -> None:
    folder = tmp_path / "renamed"
    mapped = {"delta.columnMapping.id": 1, "delta.columnMapping.physicalName": "col-1"}
    logged(folder, "columnMapping", {"delta.columnMapping.mode": "name"}, column=mapped)
    pq.write_table(pa.table({"col-1": pa.array(range(5), pa.int64())}), folder / "a.parquet")
    added(folder, path="a.parquet", size=(folder / "a.parquet").stat().st_size)

    assert numbers(studio, folder) == [0, 1, 2, 3, 4]


def test_without_the_library_it_is_not_read_as_plain_files(
    studio: Studio, orders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "deltalake", None)

    with pytest.raises(MissingExtraError, match=r"litmus-automl\[delta\]"):
        studio.datasets.import_file(orders)


@pytest.mark.parametrize(
    ("mark", "name"), [("metadata/v1.metadata.json", "an Iceberg"), (".hoodie/x", "a Hudi")]
)
def test_tables_with_another_log_are_refused(studio: Studio, tmp_path: Path, mark: str, name: str) -> None:
    folder = tmp_path / "lake"
    (folder / mark).parent.mkdir(parents=True)
    (folder / mark).write_text("{}")
    pd.DataFrame({"size": [1.0]}).to_parquet(folder / "a.parquet")

    for read in (studio.datasets.import_file, tiny.predictor().predict):
        with pytest.raises(DataError, match=f"'lake' is {name} table.*Write its current rows"):
            read(folder)


def test_scores_of_a_table_go_to_another_one(tmp_path: Path) -> None:
    rows = pa.table({"size": [1.0, 2.0], "zip": ["a", "b"], "day": [None, None], "new": [True, False]})
    source, to = tmp_path / "rows", tmp_path / "scores.delta"
    deltalake.write_deltalake(
        source,
        rows.cast(
            pa.schema(
                [("size", pa.float64()), ("zip", pa.string()), ("day", pa.string()), ("new", pa.bool_())]
            )
        ),
    )
    score_file(tiny.predictor(), source, to)
    with pytest.raises(UsageError, match="exists already"):
        score_file(tiny.predictor(), source, to)
    score_file(tiny.predictor(), source, to, if_exists="append")
    assert deltalake.DeltaTable(to).to_pyarrow_table().num_rows == 4

    score_file(tiny.predictor(), source, to, if_exists="replace")
    table = deltalake.DeltaTable(to)
    assert (table.version(), table.to_pyarrow_table().num_rows) == (2, 2)
    assert "prediction" in table.to_pyarrow_table().column_names


def test_a_table_with_other_columns_is_said(tmp_path: Path) -> None:
    to = tmp_path / "scores.delta"
    deltalake.write_deltalake(to, pa.table({"order": [1]}))
    rows = tmp_path / "rows.csv"
    rows.write_text("size,zip,day,new\n1.0,a,,True\n")

    with pytest.raises(DataError, match=r"'scores.delta' has other columns.*Write to another table"):
        score_file(tiny.predictor(), rows, to, if_exists="append")


@pytest.mark.parametrize("if_exists", ["append", "replace"])
def test_fractions_are_never_cut_in_silence(tmp_path: Path, if_exists: Any) -> None:
    rows, first, to = tmp_path / "rows.csv", tmp_path / "first.delta", tmp_path / "scores.delta"
    rows.write_text("size,zip,day,new\n1.0,a,,True\n")
    score_file(tiny.predictor(), rows, first)
    scores = deltalake.DeltaTable(first).to_pyarrow_table()
    place = scores.column_names.index("probability yes")
    deltalake.write_deltalake(to, scores.set_column(place, "probability yes", pa.array([0])))

    with pytest.raises(DataError, match=r"'probability yes' of .* holds whole numbers.*Nothing was written"):
        score_file(tiny.predictor(), rows, to, if_exists=if_exists)
    assert deltalake.DeltaTable(to).version() == 0


@pytest.mark.parametrize(("hour", "is_cut"), [(0, False), (12, True)])
def test_times_of_day_are_not_cut_by_a_column_of_dates(tmp_path: Path, hour: int, is_cut: bool) -> None:
    moment = pa.array([datetime(2024, 1, 2, hour, tzinfo=UTC), None], pa.timestamp("us", "UTC"))
    pq.write_table(pa.table({"at": moment}), tmp_path / "new.parquet")
    folder = tmp_path / "table"
    deltalake.write_deltalake(folder, pa.table({"at": [date(2024, 1, 1)]}))

    refused = pytest.raises(DataError, match=r"'at' of .* holds dates: it cuts times of day")
    with refused if is_cut else nullcontext():
        check_lossless(tmp_path / "new.parquet", deltalake.DeltaTable(folder), name="table")


def added(folder: Path, **file: Any) -> None:
    """Add a commit that adds a file to the table."""
    log = folder / "_delta_log"
    number = max(int(path.stem) for path in log.glob("*.json")) + 1
    action = {"partitionValues": {}, "modificationTime": 0, "dataChange": True, **file}
    (log / f"{number:020}.json").write_text(json.dumps({"add": action}) + "\n")


def marked(folder: Path, *, gone: int) -> Path:
    """Write a table of one file with five rows, of which the log marks the one at ``gone`` as deleted."""
    logged(folder, "deletionVectors", {"delta.enableDeletionVectors": "true"})
    pq.write_table(pa.table({"order": pa.array(range(5), pa.int64())}), folder / "a.parquet")
    bitmap = struct.pack("<iqi", 1681511377, 1, 0)  # the format's number, one bitmap, for the high bits 0
    bitmap += struct.pack("<IIHHIH", 12346, 1, 0, 0, 16, gone)  # one container of one value
    vector = {
        "storageType": "i",
        "pathOrInlineDv": z85(bitmap),
        "sizeInBytes": len(bitmap),
        "cardinality": 1,
    }
    added(folder, path="a.parquet", size=(folder / "a.parquet").stat().st_size, deletionVector=vector)
    return folder


def logged(
    folder: Path, feature: str, configuration: dict[str, str], *, column: dict[str, Any] | None = None
) -> None:
    """Write the log of a table with the column ``order``, whose reader has to know ``feature``."""
    (folder / "_delta_log").mkdir(parents=True)
    field = {"name": "order", "type": "long", "nullable": True, "metadata": column or {}}
    metadata = {
        "id": "11111111-1111-1111-1111-111111111111",
        "format": {"provider": "parquet", "options": {}},
        "schemaString": json.dumps({"type": "struct", "fields": [field]}),
        "partitionColumns": [],
        "configuration": configuration,
        "createdTime": 0,
    }
    features = {"readerFeatures": [feature], "writerFeatures": [feature]}
    protocol = {"minReaderVersion": 3, "minWriterVersion": 7, **features}
    lines = "".join(json.dumps(action) + "\n" for action in ({"protocol": protocol}, {"metaData": metadata}))
    (folder / "_delta_log" / f"{0:020}.json").write_text(lines)


def z85(content: bytes) -> str:
    """Return bytes, padded to whole words, in the letters of Z85."""
    letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
    words = struct.unpack(f">{-(-len(content) // 4)}I", content + b"\0" * (-len(content) % 4))
    return "".join(letters[word // 85**power % 85] for word in words for power in (4, 3, 2, 1, 0))
