"""Kills scorings for real: ``python killed.py FOLDER BUNDLE`` prints what the next attempt made of each.

One process imports everything, and forks one child an attempt. The source has ten rows, a chunk four.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pandas as pd  # noqa: F401 - each child would
import pyarrow.parquet  # noqa: F401

from litmus_core import load_bundle
from litmus_core.deploy import score_file
from litmus_core.deploy._scoring import checkpoint, predict_file, table_writers
from litmus_core.runtime._files import tables as _files

OUTPUTS = ("out.csv", "out.parquet", "out.sqlite")
WRITERS = (table_writers.CsvWriter, table_writers.ParquetWriter, table_writers.SqliteWriter)


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dies_after(owner: type, name: str, *, times: int = 1) -> None:
    """Let the process be killed right after the method did its work for the n-th time."""
    real, calls = getattr(owner, name), []

    def then_die(*args: object, **more: object) -> object:
        answer = real(*args, **more)
        calls.append(1)
        if len(calls) == times:
            die()
        return answer

    setattr(owner, name, then_die)


def arm(moment: str) -> None:
    if moment == "at the start":
        predict_file.PredictionColumns.of = die
    for writer in WRITERS:
        if moment == "written, not noted":
            dies_after(writer, "write", times=2)
        if moment == "before the move":
            writer.finish = die
        if moment == "after the move":
            dies_after(writer, "finish")
    if moment == "noted":
        dies_after(checkpoint.Checkpoint, "record", times=2)


def attempt(bundle: Path, source: Path, to: Path, *, moment: str | None) -> int:
    """Score in a child of its own, killed at ``moment``; returns the rows that were put to the model."""
    reads, writes = os.pipe()
    if os.fork() == 0:
        n_asked, real = [0], predict_file.PredictionColumns.of
        predict_file.PredictionColumns.of = lambda model, chunk, **_: (
            n_asked.append(chunk.n_rows),
            real(model, chunk),
        )[1]
        arm(moment or "")
        with load_bundle(bundle) as model:
            score_file(model, source, to)
        os.write(writes, str(sum(n_asked)).encode())
        os._exit(0)
    os.close(writes)
    status = os.wait()[1]
    assert os.waitstatus_to_exitcode(status) == (0 if moment is None else -signal.SIGKILL), status
    return int(os.read(reads, 20) or -1)


def main(folder: Path, bundle: Path) -> None:
    _files._MAX_CHUNK_ROWS = 4
    source = folder / "rows.csv"
    source.write_text("size,zip,day,new\n" + "".join(f"{size},x,,\n" for size in range(10)))
    told = []
    for moment in ("at the start", "written, not noted", "noted", "before the move", "after the move"):
        for name in OUTPUTS:
            to = folder / moment / name
            attempt(bundle, source, to, moment=moment)
            there = to.exists()
            again = attempt(bundle, source, to, moment=None)
            told.append([moment, name, there, again, sorted(each.name for each in to.parent.iterdir())])
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
