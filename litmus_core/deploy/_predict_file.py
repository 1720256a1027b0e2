"""Scoring a file: its own columns, the prediction and the probabilities, a chunk at a time."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from litmus_core.deploy._answers import Answers, answer_columns
from litmus_core.deploy._table_writers import open_writer
from litmus_core.errors import RowError, UsageError, writing
from litmus_core.runtime import CsvTable, ParquetTable, Predictor, chunk_rows, is_parquet, open_table


def predict_file(
    bundle: Predictor, source: Path, to: Path, *, on_progress: Callable[[int], None] | None = None
) -> int:
    """Score the CSV or Parquet file ``source`` into ``to``, CSV or Parquet by its name; returns the rows.

    The file's columns stay as they are, followed by ``prediction`` and, in classification, one column
    ``probability <class>`` per class; a name that the file has already gets `` (litmus)`` behind it.
    From CSV into Parquet, the file's columns stay texts. ``to`` is replaced when it is whole.
    ``on_progress`` gets the number of rows done. Raises DataError (RowError with row and field) for what
    cannot be read, UsageError for a name of another kind.
    """
    source, to = source.expanduser(), to.expanduser()
    _check_target(source, to)
    with open_table(source, bundle.columns) as table, writing(to):
        to.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{to.name}.", suffix=".partial", dir=to.parent) as scratch:
            partial = Path(scratch) / to.name
            n_rows = _score(bundle, table, partial, on_progress or (lambda _: None))
            partial.replace(to)
    return n_rows


def _check_target(source: Path, to: Path) -> None:
    if to.suffix.lower() not in (".csv", ".parquet", ".pq"):
        raise UsageError(
            f"'{to.name}' does not say what kind of file to write.", hint="End its name in .csv or .parquet."
        )
    if to.is_dir():
        raise UsageError(f"{to} is a folder.", hint="Name a file in it.")
    if to.exists() and source.exists() and to.samefile(source):
        raise UsageError("Input and output are the same file.", hint="Choose another name for the output.")


def _score(
    bundle: Predictor, table: CsvTable | ParquetTable, to: Path, on_progress: Callable[[int], None]
) -> int:
    n_done = 0
    names = answer_columns(bundle, taken=table.names)
    with open_writer(to, table, names, as_parquet=is_parquet(to)) as write:
        for chunk in table.chunks(chunk_rows(table)):
            try:
                answers = Answers.of(bundle, chunk.frame())
            except RowError as error:
                raise _in_the_file(error, n_before=n_done, name=table.path.name) from error
            write(chunk, answers)
            n_done += chunk.n_rows
            on_progress(n_done)
    return n_done


def _in_the_file(error: RowError, *, n_before: int, name: str) -> RowError:
    """Return the error with its row counted from the file's beginning."""
    if error.row is None:
        return error
    row = error.row + n_before
    message = re.sub(rf"\b([Rr])ow {error.row}\b", rf"\g<1>ow {row}", error.message, count=1)
    hint = f"{error.hint} In '{name}' it is the row number {row + 1:,} below the header.".strip()
    return RowError(message, row=row, field=error.field, hint=hint)
