"""The distributed layout: Parquet in pieces becomes Parquet, with the same rows in the same order."""

from __future__ import annotations

import os
import pickle
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from litmus_core.cluster import Piece, running
from litmus_core.cluster._connection import check_address
from litmus_core.errors import DataError, LitmusError, MissingExtraError, RowError, UsageError
from litmus_core.frame import FramePlan, transform_parquet
from litmus_core.frame._layouts import distributed as distributed
from litmus_core.frame._layouts.parquet_partitions import Work, computed, cut
from tests.frame.raw_columns import SIZE, TITLE

COLUMNS = (SIZE, TITLE)
PLAN = FramePlan(
    COLUMNS,
    lambda frame: frame.assign(
        title=frame["title"].str.lower().str.replace(r"\b(?:a|the)\b", "", regex=True),
        big=frame["size"].fillna(3) > 4,
        n=frame["title"].str.len(),
    ),
)


def rows(n_rows: int, start: int = 0) -> pl.DataFrame:
    """Return rows that tell their places; one in ten has a letter that is younger than Python, or nothing."""
    odd = {3: "\U0001fae9 İ", 7: None}
    places = range(start, start + n_rows)
    return pl.DataFrame(
        {
            "size": [None if at % 11 == 0 else float(at) for at in places],
            "title": [odd.get(at % 10, f"The Row {at}, a ROW") for at in places],
        },
        schema={"size": pl.Float64, "title": pl.String},
    )


def folder_of(frames: dict[str, pl.DataFrame], folder: Path) -> Path:
    folder.mkdir()
    for name, each in frames.items():
        each.write_parquet(folder / name, row_group_size=40)
    return folder


@pytest.fixture
def three_files(tmp_path: Path) -> Path:
    return folder_of({"b.parquet": rows(90, 130), "a.parquet": rows(130), "c.PQ": rows(0)}, tmp_path / "in")


@pytest.mark.parametrize("piece_rows", [1, 50, 130, 1_000])
def test_pieces_have_every_row_once_and_in_order(three_files: Path, tmp_path: Path, piece_rows: int) -> None:
    (three_files / "_SUCCESS").touch()
    (three_files / "notes.txt").touch()
    to = tmp_path / "out"
    to.mkdir()
    work = pickle.loads(pickle.dumps(Work.of(PLAN)))

    pieces = list(cut(three_files, to, columns=COLUMNS, piece_rows=piece_rows))
    done = [computed(work, each) for each in reversed(pieces)]

    assert sum(done) == 220
    assert [each.to for each in pieces] == sorted(map(str, to.iterdir()))
    assert pl.read_parquet(to / "*.parquet").equals(PLAN.of(rows(220)))


def test_a_file_without_rows_becomes_one_with_the_columns(tmp_path: Path) -> None:
    rows(0).write_parquet(tmp_path / "in.parquet")

    [piece] = cut(tmp_path / "in.parquet", tmp_path, columns=COLUMNS, piece_rows=10)

    assert computed(Work.of(PLAN), piece) == 0
    assert pl.read_parquet(piece.to).schema == Work.of(PLAN).on(rows(2)).schema


def test_an_operation_that_travels_is_the_registrys_own() -> None:
    graph = pickle.loads(pickle.dumps(PLAN.graph))

    assert [each.operation for each in graph.steps] == [each.operation for each in PLAN.graph.steps]


def test_a_value_that_does_not_read_is_told_with_its_rows_and_file(tmp_path: Path) -> None:
    file = tmp_path / "in.parquet"
    pl.DataFrame({"size": ["1", "2", "big"], "title": ["a", "b", "c"]}).write_parquet(file)
    piece = Piece(file=str(file), start=1, n_rows=2, to=str(tmp_path / "out.parquet"))

    with pytest.raises(RowError, match=r"Counted from row 1 of '.*in.parquet': .*but row 1 has 'big'"):
        computed(Work.of(PLAN), piece)
    assert [each.name for each in tmp_path.iterdir()] == ["in.parquet"]


def test_a_file_that_lacks_a_column_is_told_before_anything_starts(tmp_path: Path) -> None:
    pl.DataFrame({"size": [1.0]}).write_parquet(tmp_path / "in.parquet")

    with pytest.raises(RowError, match="'title'"):
        list(cut(tmp_path / "in.parquet", tmp_path, columns=COLUMNS, piece_rows=10))


def test_what_is_no_parquet_is_named(tmp_path: Path) -> None:
    (tmp_path / "in.parquet").write_text("size,title\n1,a\n")
    (tmp_path / "empty").mkdir()

    with pytest.raises(DataError, match=r"in\.parquet' cannot be read as Parquet"):
        transform_parquet(PLAN, tmp_path / "in.parquet", tmp_path / "out")
    with pytest.raises(DataError, match="a folder without Parquet files"):
        transform_parquet(PLAN, tmp_path / "empty", tmp_path / "out")
    with pytest.raises(UsageError, match="There is no '"):
        transform_parquet(PLAN, tmp_path / "in.parket", tmp_path / "out")


def test_a_folder_that_has_files_is_left_as_it_is(three_files: Path) -> None:
    with pytest.raises(UsageError, match="already exists"):
        transform_parquet(PLAN, three_files, three_files)
    assert len(list(three_files.iterdir())) == 3


@pytest.mark.parametrize("settings", [{"processes": 0}, {"piece_rows": -1}])
def test_numbers_below_one_are_refused(three_files: Path, tmp_path: Path, settings: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="Give at least 1"):
        transform_parquet(PLAN, three_files, tmp_path / "out", **settings)  # type: ignore[arg-type]


def test_without_ray_the_extra_is_named(
    three_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)

    with pytest.raises(MissingExtraError, match=r"pip install 'litmus-automl\[ray\]'"):
        transform_parquet(PLAN, three_files, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("address", ["127.0.0.1:{port}", "ray://127.0.0.1:{port}", "127.0.0.1:many"])
def test_an_address_that_does_not_answer_is_said(address: str) -> None:
    with socket.socket() as closed:  # bound, and not listening
        closed.bind(("127.0.0.1", 0))
        address = address.format(port=closed.getsockname()[1])

        with pytest.raises(UsageError, match=f"No Ray cluster answers at '{address}'"):
            check_address(address)


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    """One Ray of two processes for all tests: it takes some seconds to start."""
    ray = pytest.importorskip("ray", reason="Ray is an extra: pip install 'litmus-automl[ray]'")
    with running(processes=2) as started:
        yield started
    assert not ray.is_initialized()


def test_on_ray_rows_are_those_of_one_process_in_order(ray: Any, three_files: Path, tmp_path: Path) -> None:
    n_rows = transform_parquet(PLAN, three_files, tmp_path / "out", piece_rows=40)

    assert n_rows == 220
    assert pl.read_parquet(tmp_path / "out" / "*.parquet").equals(PLAN.of(rows(220)))


def test_on_ray_a_refused_row_is_the_callers_error_and_leaves_nothing(ray: Any, tmp_path: Path) -> None:
    frames = {f"{at}.parquet": rows(30, at) for at in range(9)}
    frames["5.parquet"] = pl.DataFrame({"size": ["big"], "title": ["a"]})
    source = folder_of(frames, tmp_path / "in")

    with pytest.raises(RowError, match=r"Counted from row 0 of '.*5\.parquet'"):
        transform_parquet(PLAN, source, tmp_path / "out", piece_rows=10)
    assert list((tmp_path / "out").iterdir()) == []


def test_where_a_started_ray_runs_is_settled(ray: Any, three_files: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has started Ray already"):
        transform_parquet(PLAN, three_files, tmp_path / "out", processes=2)


def test_on_ray_a_piece_whose_process_is_lost_is_computed_again(
    ray: Any, three_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies_once(work: Work, piece: Piece) -> int:
        half = Path(f"{piece.to}.1.half")
        if not half.exists():
            half.touch()
            os._exit(1)
        return computed(work, piece)

    monkeypatch.setattr(distributed, "_compute_piece", dies_once)

    assert transform_parquet(PLAN, three_files, tmp_path / "out", piece_rows=130) == 220
    assert [each.name for each in sorted((tmp_path / "out").iterdir())] == [
        "part-000000.parquet", "part-000001.parquet", "part-000002.parquet",
    ]  # fmt: skip
    assert pl.read_parquet(tmp_path / "out" / "*.parquet").equals(PLAN.of(rows(220)))


def test_on_ray_processes_that_are_always_lost_are_told(
    ray: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows(3).write_parquet(tmp_path / "in.parquet")
    monkeypatch.setattr(distributed, "_compute_piece", lambda work, piece: os._exit(1))

    with pytest.raises(LitmusError, match=r"Ray lost the processes .* gave up.*If memory is short"):
        transform_parquet(PLAN, tmp_path / "in.parquet", tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
