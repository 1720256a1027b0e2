"""Parquet to Parquet, and the first call: what benchmarks/frame.py measures in processes of their own.

A child is given what to do and the files, and prints seconds and the most memory that it had, as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow.parquet as pq

from benchmarks._frame_code import Listings
from benchmarks._frame_listing import COLUMNS, in_form, listings
from benchmarks._frame_turns import check_same
from benchmarks._ingest_child import peak_gb
from litmus_core.frame import FramePlan, transform_parquet

_CHUNK, _FITTED, _GROUP = 1_000_000, 100_000, 250_000
_COMPRESSION = "snappy"  # as pandas does by itself; Polars' zstd takes twice as long and half the place


def child(what: str, *given: Path | int) -> dict[str, float]:
    """Return what a process of its own found."""
    command = [sys.executable, "-m", "benchmarks._frame_files", what, *map(str, given)]
    return json.loads(subprocess.check_output(command))  # type: ignore[no-any-return]


def listings_file(folder: Path, n_rows: int) -> Path:
    """Return a Parquet file of so many listings, a million at a time of a seed of their own; made once."""
    file = folder / f"listings-{n_rows}.parquet"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        half, writer = file.with_suffix(".half"), None
        for start in range(0, n_rows, _CHUNK):
            table = in_form(
                listings(min(_CHUNK, n_rows - start), seed=7 + start // _CHUNK), "polars"
            ).to_arrow()
            writer = writer or pq.ParquetWriter(half, table.schema)
            writer.write_table(table, row_group_size=_GROUP)
        assert writer is not None
        writer.close()
        half.replace(file)
    return file


def check_files(source: Path, made: Path, *, whose: str) -> None:
    """Raise ValueError unless ``made`` has a row for each of ``source``, the first as pandas makes them."""
    n_rows, n_made = (pl.scan_parquet(each).select(pl.len()).collect().item() for each in (source, made))
    if n_rows != n_made:
        raise ValueError(f"{whose}: {n_made:,} rows came out of {n_rows:,}.")
    first = pl.read_parquet(source, n_rows=10_000).to_pandas()
    expected = _fitted_by_pandas(source).transform(first)
    check_same(expected, pl.read_parquet(made, n_rows=10_000).to_pandas(), whose=whose)


def digest(made: Path) -> int:
    """Return a number that two Parquet files or folders share where rows and their order are the same."""
    return (
        sum(
            int(
                piece.hash_rows(seed=1).to_numpy().astype(np.uint64)
                @ (np.arange(len(piece), dtype=np.uint64) + start)
            )
            for start, piece in _pieces(made)
        )
        % 2**64
    )


def _pieces(made: Path) -> Iterator[tuple[int, pl.DataFrame]]:
    lazy, start = pl.scan_parquet(made / "*.parquet" if made.is_dir() else made), 0
    while len(piece := lazy.slice(start, _GROUP).collect()):
        yield start + 1, piece
        start += _GROUP


def _first(source: Path) -> pl.DataFrame:
    return pl.read_parquet(source, n_rows=_FITTED)


def _plan(source: Path) -> FramePlan:
    return FramePlan.fitted(Listings(), COLUMNS, _first(source))


def _fitted_by_pandas(source: Path) -> Listings:
    return Listings().fit(_first(source).to_pandas())


def _streamed(source: Path, to: Path) -> Callable[[], Any]:
    plan = _plan(source)
    return lambda: plan.of(pl.scan_parquet(source)).sink_parquet(to, compression=_COMPRESSION)


def _by_pandas(source: Path, to: Path) -> Callable[[], Any]:
    pre = _fitted_by_pandas(source)
    return lambda: pre.transform(pd.read_parquet(source)).to_parquet(to, compression=_COMPRESSION)


def _spread(source: Path, to: Path, processes: str) -> Callable[[], Any]:
    """Return the second run on a Ray that is started: processes have loaded what they need."""
    import ray

    plan = _plan(source)
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(
        "local", num_cpus=int(processes), include_dashboard=False, log_to_driver=False, logging_level="ERROR"
    )
    transform_parquet(plan, source, to)
    shutil.rmtree(to)
    return lambda: transform_parquet(plan, source, to)


def _started(source: Path, to: Path, processes: str) -> Callable[[], Any]:
    """Return a run as people have it: Ray starts, and stops."""
    return partial(transform_parquet, _plan(source), source, to, processes=int(processes))


def _first_call(rows: str) -> dict[str, float]:
    """Time the first fit and the first call in this process, libraries loaded before."""
    from litmus_core.frame import FramePlan

    frame = in_form(listings(int(rows)), "polars")
    started = perf_counter()
    plan = FramePlan.fitted(Listings(), COLUMNS, frame)
    fitted = perf_counter()
    plan.of(frame)
    return {"fit_s": fitted - started, "call_s": perf_counter() - fitted}


_DO: dict[str, Callable[..., Callable[[], Any]]] = {
    "streamed": _streamed, "pandas": _by_pandas, "spread": _spread, "started": _started,
}  # fmt: skip


def _timed(what: str, source: str, to: str, *more: str) -> dict[str, float]:
    call = _DO[what](Path(source), Path(to), *more)
    started = perf_counter()
    call()
    taken = perf_counter() - started
    return {"seconds": taken, "peak_gb": peak_gb()}


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    print(json.dumps(_first_call(*given) if what == "first" else _timed(what, *given)))
