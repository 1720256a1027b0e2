"""Scoring by Ray: the rows of one process, in order, whatever is stopped or lost on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from litmus_core import load_bundle
from litmus_core.cluster import Needs, Piece, running
from litmus_core.deploy import Scoring, score_file, score_folder
from litmus_core.deploy._scoring import distributed as pieces
from litmus_core.errors import BundleError, BusyError, DataError, MissingExtraError, RowError, UsageError
from litmus_core.store import FileLock
from tests import tiny
from tests.cluster.pretend import PretendRay, pretend
from tests.elsewhere import teach_children


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    tiny.bundle(tmp_path / "bundle")
    return tmp_path / "bundle"


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> Iterator[PretendRay]:
    yield pretend(monkeypatch, pieces.__name__)
    pieces._open_bundle.cache_clear()


def rows(n_rows: int, start: int = 0) -> pd.DataFrame:
    places = range(start, start + n_rows)
    return pd.DataFrame(
        {
            "size": [None if at % 7 == 0 else float(at) for at in places],
            "zip": [f"{at % 5}" for at in places],
            "day": [None] * n_rows,
            "new": [at % 2 == 0 for at in places],
            "note": [f"row {at}" for at in places],
        }
    ).astype({"day": "datetime64[us]", "size": "float64", "note": "object", "zip": "object"})


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, frame in {"b": rows(23, 31), "a": rows(31), "c": rows(0)}.items():
        pq.write_table(
            pa.Table.from_pandas(frame, schema=SCHEMA, preserve_index=False),
            folder / f"{name}.parquet",
            row_group_size=9,
        )
    return folder


SCHEMA = pa.schema(
    [
        ("size", pa.float64()),
        ("zip", pa.string()),
        ("day", pa.timestamp("us")),
        ("new", pa.bool_()),
        ("note", pa.string()),
    ]
)


def test_columns_unlike_the_learned_ones_are_named_before_the_work_is_shared_out(
    bundle: Path, ray: PretendRay, tmp_path: Path
) -> None:
    far = pa.Table.from_pandas(rows(40).assign(size=5_000.0), schema=SCHEMA, preserve_index=False)
    pq.write_table(far, tmp_path / "far.parquet")
    told: list[Scoring] = []
    done = score_folder(bundle, tmp_path / "far.parquet", tmp_path / "out", on_progress=told.append)

    assert [note.split(":")[0] for note in done.notes] == ["'size'"]
    assert {each.notes for each in told} == {done.notes}
    with load_bundle(bundle) as model:
        assert score_file(model, tmp_path / "far.parquet", tmp_path / "out.csv").notes == done.notes


def read(folder: Path) -> pd.DataFrame:
    """Return what a folder's files have, by their names."""
    return pd.concat([pd.read_parquet(file) for file in sorted(folder.iterdir())], ignore_index=True)


def expected(bundle: Path, source: Path) -> pd.DataFrame:
    with load_bundle(bundle) as model:
        score_file(model, source, source.parent / "alone.parquet")
    return pd.read_parquet(source.parent / "alone.parquet")


@pytest.mark.parametrize("piece_rows", [1, 10, 31, None])
def test_rows_are_those_of_one_process_in_order(
    ray: PretendRay, bundle: Path, source: Path, tmp_path: Path, piece_rows: int | None
) -> None:
    done = score_folder(bundle, source, tmp_path / "out", piece_rows=piece_rows)

    pd.testing.assert_frame_equal(read(tmp_path / "out"), expected(bundle, source))
    assert (done.n_done, done.n_rows, done.n_before) == (54, 54, 0)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["alone.parquet", "bundle", "in", "out"]


def test_a_table_without_rows_keeps_its_columns(
    ray: PretendRay, bundle: Path, source: Path, tmp_path: Path
) -> None:
    score_folder(bundle, source / "c.parquet", tmp_path / "out")

    assert list(read(tmp_path / "out")) == list(expected(bundle, source / "c.parquet"))


def interrupted(bundle: Path, source: Path, to: Path) -> None:
    """Score until one piece is done, then be interrupted."""

    def interrupt(_: Scoring) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_folder(bundle, source, to, piece_rows=10, on_progress=interrupt)
    assert not to.exists()


def steps(bundle: Path, source: Path, to: Path, **more: Any) -> list[tuple[int, int, int]]:
    told: list[Scoring] = []
    score_folder(bundle, source, to, piece_rows=10, on_progress=told.append, **more)
    return [(each.n_before, each.n_done, each.n_rows) for each in told]


def test_what_was_stopped_goes_on_where_it_was(
    ray: PretendRay, bundle: Path, source: Path, tmp_path: Path
) -> None:
    to = tmp_path / "out"
    interrupted(bundle, source, to)
    assert len(ray.cancelled) == 6

    told = steps(bundle, source, to)

    assert told[0] == (3, 3, 54)  # the last piece of the second file was the first to come
    assert told[-1] == (3, 54, 54)
    pd.testing.assert_frame_equal(read(to), expected(bundle, source))


@pytest.mark.parametrize("change", ["rows", "bundle", "fresh"])
def test_another_question_begins_anew(
    ray: PretendRay, bundle: Path, source: Path, tmp_path: Path, change: str
) -> None:
    interrupted(bundle, source, tmp_path / "out")
    if change == "rows":
        pq.write_table(
            pa.Table.from_pandas(rows(40), schema=SCHEMA, preserve_index=False), source / "a.parquet"
        )
    elif change == "bundle":
        bundle = tmp_path / "other"
        tiny.bundle(bundle, model=tiny.predictor(classes=("a", "b", "c")))

    assert steps(bundle, source, tmp_path / "out", resume=change != "fresh")[0][0] == 0
    pd.testing.assert_frame_equal(read(tmp_path / "out"), expected(bundle, source))


def test_a_refused_row_is_told_with_its_file_and_nothing_is_left(
    ray: PretendRay, bundle: Path, tmp_path: Path
) -> None:
    source = tmp_path / "in.parquet"
    sizes = [str(at) for at in range(30)]
    sizes[27] = "big"
    table = pa.table({"size": sizes, "zip": sizes, "day": [None] * 30, "new": [True] * 30})
    pq.write_table(table, source, row_group_size=4)

    with pytest.raises(RowError, match=r"row 27 has 'big'.*In 'in.parquet' it is the row number 28 below"):
        score_folder(bundle, source, tmp_path / "out", piece_rows=10)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bundle", "in.parquet"]


def test_what_cannot_be_is_said_before_anything_starts(
    ray: PretendRay, bundle: Path, source: Path, tmp_path: Path
) -> None:
    def score(source: Path, to: str = "out", **more: Any) -> None:
        score_folder(bundle, source, tmp_path / to, **more)

    (tmp_path / "rows.csv").write_text("size,zip,day,new\n1,,,\n")
    pq.write_table(pa.table({"size": [1.0]}), tmp_path / "narrow.parquet")
    with pytest.raises(DataError, match=r"'rows.csv' is no Parquet.*on this machine"):
        score(tmp_path / "rows.csv")
    with pytest.raises(RowError, match="'zip'"):
        score(tmp_path / "narrow.parquet")
    with pytest.raises(UsageError, match="already exists"):
        score(source, to="in")
    with pytest.raises(UsageError, match="'piece_rows' is -1"):
        score(source, piece_rows=-1)
    with pytest.raises(UsageError, match="needs gpus 1, and no machine has more than 0"):
        score(source, needs=Needs(gpus=1))
    (tmp_path / ".out.partial").mkdir()
    with FileLock(tmp_path / ".out.partial" / "lock") as lock:
        assert lock.acquire()
        with pytest.raises(BusyError):
            score(source)
    assert ray.asked == {}


def test_a_machine_with_another_bundle_there_refuses(
    ray: PretendRay, bundle: Path, source: Path, tmp_path: Path
) -> None:
    piece = Piece(file=str(source / "a.parquet"), start=0, n_rows=3, to=str(tmp_path / "part"))

    with pytest.raises(BundleError):
        pieces._score_piece(pieces._Job(bundle=str(bundle), sha256="0" * 64), piece)
    assert not (tmp_path / "part").exists()


def test_a_machine_that_does_not_see_a_file_costs_nothing_that_was_done(
    ray: PretendRay, bundle: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to, scored = tmp_path / "out", pieces._score_piece

    def blind(job: Any, piece: Any) -> None:
        if Path(piece.file).name == "a.parquet":
            raise DataError(f"There is no file {piece.file}.")
        scored(job, piece)

    monkeypatch.setattr(pieces, "_score_piece", blind)
    with pytest.raises(DataError, match="There is no file"):
        score_folder(bundle, source, to, piece_rows=10)
    monkeypatch.setattr(pieces, "_score_piece", scored)

    assert steps(bundle, source, to)[0] == (23, 23, 54)
    pd.testing.assert_frame_equal(read(to), expected(bundle, source))


def test_an_empty_folder_behind_a_link_is_filled(
    ray: PretendRay, bundle: Path, source: Path, tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    score_folder(bundle, source, tmp_path / "link")

    pd.testing.assert_frame_equal(read(tmp_path / "real"), expected(bundle, source))


def test_rows_of_an_earlier_question_that_come_late_are_not_taken(
    ray: PretendRay, bundle: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    scored = pieces._score_piece
    monkeypatch.setattr(
        pieces, "_score_piece", lambda job, piece: (given.append((job, piece)), scored(job, piece))
    )
    interrupted(bundle, source, tmp_path / "out")
    other = tmp_path / "other"
    tiny.bundle(other, model=tiny.predictor(classes=("a", "b", "c")))

    def late(_: Scoring) -> None:
        with pytest.raises(UsageError, match="cannot be written"):
            scored(*given[0])

    score_folder(other, source, tmp_path / "out", piece_rows=10, on_progress=late)

    pd.testing.assert_frame_equal(read(tmp_path / "out"), expected(other, source))


def test_without_ray_the_extra_is_named(
    bundle: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)

    with pytest.raises(MissingExtraError, match=r"Scoring on Ray .*pip install 'litmus-automl\[ray\]'"):
        score_folder(bundle, source, tmp_path / "out")
    assert not (tmp_path / ".out.partial").exists()


def test_on_ray_rows_are_the_same_with_processes_that_are_killed(
    bundle: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray", reason="Ray is an extra: pip install 'litmus-automl[ray]'")
    teach_children(monkeypatch, tmp_path)
    (tmp_path / "deaths").mkdir()
    scored = pieces._score_piece

    def dies(job: Any, piece: Any) -> None:
        """Score, but for every second piece the first time: then the process ends half-way."""
        note = tmp_path / "deaths" / Path(piece.to).name
        if int(Path(piece.to).stem[-6:]) % 2 == 0 and not note.exists():
            note.touch()
            Path(f"{piece.to}.{os.getpid()}.half").touch()
            os._exit(1)
        scored(job, piece)

    monkeypatch.setattr(pieces, "_score_piece", dies)

    with running(processes=2):
        score_folder(bundle, source, tmp_path / "out", piece_rows=2)

    assert len(list((tmp_path / "deaths").iterdir())) >= 10
    pd.testing.assert_frame_equal(read(tmp_path / "out"), expected(bundle, source))
