"""Objects of S3: read as they are at one moment, written whole; on a folder here, and on a real server."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq
import pytest

from litmus_core import Compute, Studio, Training, load_bundle, train
from litmus_core.connectors import _delta_objects, _objects, check_writable, send_table
from litmus_core.deploy import score_file
from litmus_core.errors import DataError, UsageError
from tests import tiny
from tests.connectors.test_address import address
from tests.trained import table

ADDRESS = "s3://shop/in/orders.csv"


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Studio.open(tmp_path / "workspace") as studio:
        yield studio


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in place of the server, with the bucket ``shop``."""

    @contextmanager
    def files(address: Any) -> Iterator[Any]:
        yield pafs.SubTreeFileSystem(str(tmp_path / "s3"), pafs.LocalFileSystem())

    monkeypatch.setattr(_objects, "object_store", files)
    bucket = tmp_path / "s3" / "shop"
    (bucket / "in").mkdir(parents=True)
    (bucket / "in" / "orders.csv").write_text("a,b\n1,x\n2,y\n")
    return bucket


def test_an_object_is_a_table(bucket: Path, studio: Studio) -> None:
    version = studio.datasets.import_file(ADDRESS)

    assert (version.name, version.n_rows, version.source) == ("orders", 2, ADDRESS)


def test_a_packed_object_stays_as_it_is(bucket: Path, studio: Studio, tmp_path: Path) -> None:
    packed = gzip.compress(b"a,b\n1,x\n2,y\n")
    (bucket / "in" / "packed.csv.gz").write_bytes(packed)
    (tmp_path / "scores.csv.gz").write_bytes(packed)
    assert studio.datasets.import_file("s3://shop/in/packed.csv.gz").n_rows == 2

    send_table(address("s3://shop/scores.csv.gz"), tmp_path / "scores.csv.gz", if_exists=None)
    assert (bucket / "scores.csv.gz").read_bytes() == packed


def test_the_parquet_files_of_a_folder_are_one_table(bucket: Path, studio: Studio) -> None:
    for name in ("b.parquet", "a.parquet"):
        pd.DataFrame({"name": [name]}).to_parquet(bucket / "in" / name)
    version = studio.datasets.import_file("s3://shop/in/")

    assert list(studio.datasets.preview(version.id)["name"]) == ["a.parquet", "b.parquet"]


def test_an_object_that_changes_while_it_is_read_is_said(
    bucket: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = _objects._copy

    def meanwhile(*arguments: Any) -> None:
        copy(*arguments)
        (bucket / "in" / "orders.csv").write_text("a,b\n1,x\n")

    monkeypatch.setattr(_objects, "_copy", meanwhile)
    with pytest.raises(DataError, match="was changed while it was read"):
        studio.datasets.import_file(ADDRESS)
    assert studio.datasets.list() == []


def test_keys_in_an_address_are_refused_and_not_repeated(studio: Studio) -> None:
    with pytest.raises(UsageError, match="AWS_ACCESS_KEY_ID") as refused:
        studio.datasets.import_file("s3://KEYKEY:s3cret@shop/orders.csv")
    assert "s3cret" not in str(refused.value)


@pytest.mark.exhaustive(reason="a server of S3's language; on a folder the tests above hold the rest")
def test_a_model_is_trained_from_an_object_and_scores_back(s3: Any, tmp_path: Path) -> None:
    with s3.open_output_stream("shop/in/shop.csv") as sink:
        sink.write(table().to_csv(index=False).encode())
    handle = train(
        "s3://shop/in/shop.csv",
        "sold",
        training=Training(models=("linear",)),
        compute=Compute(time_limit_s=20),
        workspace=tmp_path / "workspace",
    )
    with handle.studio as studio:
        bundle = studio.bundles.export(handle.wait(timeout_s=200).run.chosen_id)
        with load_bundle(bundle.path) as model:
            score_file(model, "s3://shop/in/shop.csv", "s3://shop/out/scores.parquet")
            expected = model.predict(studio.datasets.preview(studio.datasets.list()[0].id, n_rows=600))
    with s3.open_input_file("shop/out/scores.parquet") as scored:
        predictions = pd.read_parquet(scored)["prediction"]

    assert list(predictions) == list(expected)


@pytest.mark.exhaustive(reason="a server of S3's language")
def test_what_is_not_there_is_said(s3: Any, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match=r"There is no object 's3://shop/nowhere.csv'"):
        studio.datasets.import_file("s3://shop/nowhere.csv")
    with pytest.raises(DataError, match=r"There is no bucket 'nowhere'"):
        check_writable(address("s3://nowhere/scores.csv"), if_exists=None)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(DataError, match=r"No server answers.*AWS_ENDPOINT_URL"):
        studio.datasets.import_file(ADDRESS)


@pytest.mark.parametrize(
    "text",
    [
        "When getting information for key 'a': AWS Error ACCESS_DENIED during HeadObject: No response body.",
        "AWS Error UNKNOWN (HTTP status 400) during ListObjectsV2: ExpiredToken: The token has expired.",
    ],
)
def test_keys_that_were_refused_or_expired_are_said_with_what_to_do(text: str) -> None:
    assert "may have expired" in str(_objects.error_of(text, address(ADDRESS)))


def test_a_delta_table_is_read_by_its_log(bucket: Path, studio: Studio) -> None:
    deltalake = pytest.importorskip("deltalake", reason="the optional part 'delta' is not installed")
    for first in (0, 10):
        rows = pa.table({"order": list(range(first, first + 10))})
        deltalake.write_deltalake(bucket / "lake", rows, mode="append")
    deltalake.DeltaTable(bucket / "lake").delete('"order" < 5')
    version = studio.datasets.import_file("s3://shop/lake")

    assert (version.name, version.n_rows, version.source) == ("lake", 15, "s3://shop/lake")
    assert "Version 2 of the Delta table was read." in version.notes


def test_rows_that_are_added_to_a_delta_table_meanwhile_change_nothing(
    bucket: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    deltalake = pytest.importorskip("deltalake", reason="the optional part 'delta' is not installed")
    rows, copy = pa.table({"order": [1, 2]}), _objects._copy
    deltalake.write_deltalake(bucket / "lake", rows)

    def meanwhile(*arguments: Any) -> None:
        copy(*arguments)
        deltalake.write_deltalake(bucket / "lake", rows, mode="append")

    monkeypatch.setattr(_objects, "_copy", meanwhile)
    assert studio.datasets.import_file("s3://shop/lake").n_rows == 2


@pytest.mark.exhaustive(reason="a server of S3's language")
def test_scores_go_to_a_delta_table_on_s3(s3: Any, studio: Studio, tmp_path: Path) -> None:
    pytest.importorskip("deltalake", reason="the optional part 'delta' is not installed")
    rows, to = tmp_path / "rows.csv", "s3://shop/out/scores.delta"
    rows.write_text("size,zip,day,new\n1.0,a,,True\n2.0,b,,False\n")

    score_file(tiny.predictor(), rows, to)
    with pytest.raises(UsageError, match=r"'s3://shop/out/scores.delta' exists already.*--if-exists"):
        score_file(tiny.predictor(), rows, to)
    score_file(tiny.predictor(), rows, to, if_exists="append")
    appended = studio.datasets.import_file(to)
    score_file(tiny.predictor(), rows, to, if_exists="replace")
    replaced = studio.datasets.import_file(to)

    assert [version.n_rows for version in (appended, replaced)] == [4, 2]
    assert "prediction" in replaced.column_names


@pytest.mark.exhaustive(reason="a server of S3's language")
def test_two_who_write_to_a_delta_table_at_once_lose_no_row(s3: Any, tmp_path: Path) -> None:
    deltalake = pytest.importorskip("deltalake", reason="the optional part 'delta' is not installed")
    file, to = tmp_path / "rows.parquet", address("s3://shop/at-once.delta")
    pq.write_table(pa.table({"a": [1, 2]}), file)
    send_table(to, file, if_exists=None)
    with ThreadPoolExecutor(4) as writers:
        list(writers.map(lambda _: send_table(to, file, if_exists="append"), range(12)))

    options = _delta_objects._options(to)
    assert deltalake.DeltaTable(str(to), storage_options=options).to_pyarrow_table().num_rows == 26
    pq.write_table(pa.table({"a": [1.5]}), file)
    with pytest.raises(DataError, match=r"'a' of the Delta table .* holds whole numbers"):
        send_table(to, file, if_exists="append")


@pytest.mark.exhaustive(reason="a server of S3's language")
@pytest.mark.parametrize("has_keys", [True, False])
def test_a_delta_table_is_written_by_the_keys_of_a_profile_and_no_cloud_is_asked_for_others(
    s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_keys: bool
) -> None:
    pytest.importorskip("deltalake", reason="the optional part 'delta' is not installed")
    file, keys = tmp_path / "rows.parquet", tmp_path / "credentials"
    pq.write_table(pa.table({"a": [1, 2]}), file)
    if has_keys:
        keys.write_text("[eve]\naws_access_key_id = ada\naws_secret_access_key = s3cret\n")
    monkeypatch.setattr(_delta_objects, "_exists", lambda _: False)  # this process read its keys before
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(keys))
    monkeypatch.setenv("AWS_PROFILE", "eve")
    said = nullcontext() if has_keys else pytest.raises(DataError, match=r"no keys to write")

    with said:
        send_table(address("s3://shop/a.delta"), file, if_exists=None)


def test_a_bucket_that_is_not_there_is_said_before_rows_are_scored(bucket: Path) -> None:
    with pytest.raises(DataError, match=r"There is no bucket 'nowhere'"):
        check_writable(address("s3://nowhere/scores.delta"), if_exists=None)


def test_a_folder_of_s3_that_has_a_log_is_written_as_a_table(bucket: Path) -> None:
    (bucket / "lake" / "_delta_log").mkdir(parents=True)

    with pytest.raises(UsageError, match=r"'s3://shop/lake' exists already"):
        check_writable(address("s3://shop/lake"), if_exists=None)
    check_writable(address("s3://shop/lake"), if_exists="append")
    with pytest.raises(UsageError, match="is a file"):
        check_writable(address("s3://shop/out"), if_exists="append")


def test_a_table_of_iceberg_is_refused(bucket: Path, studio: Studio) -> None:
    (bucket / "ice" / "metadata").mkdir(parents=True)
    (bucket / "ice" / "metadata" / "v1.metadata.json").write_text("{}")
    pd.DataFrame({"a": [1]}).to_parquet(bucket / "ice" / "a.parquet")

    with pytest.raises(DataError, match="'s3://shop/ice' is an Iceberg table"):
        studio.datasets.import_file("s3://shop/ice")
