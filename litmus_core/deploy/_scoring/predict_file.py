"""Score a file chunk by chunk: its own columns, the prediction and the probabilities.

Written chunks stay: a stopped or killed scoring job resumes after them.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from litmus_core.connectors import IfExists
from litmus_core.deploy._scoring.addresses import SQLITE_SUFFIXES, LocalFiles, local_files
from litmus_core.deploy._scoring.checkpoint import Checkpoint, identity, open_checkpoint
from litmus_core.deploy._scoring.prediction_columns import PredictionColumns, answer_columns
from litmus_core.deploy._scoring.table_writers import (
    CsvWriter,
    ParquetWriter,
    SqliteWriter,
    Table,
    TableWriter,
)
from litmus_core.errors import DataError, MissingExtraError, RowError, UsageError, check_overlap, writing
from litmus_core.runtime import Bundle, CsvSource, DriftMonitor, Predictor, chunk_rows, open_table
from litmus_core.store import check_free, count_rows

_PARQUET = (".parquet", ".pq")
_WRITTEN = (".csv", *_PARQUET, *SQLITE_SUFFIXES)
TABLE = "predictions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """The progress of a scoring job: ``n_done`` of ``n_rows``, ``n_before`` of them by an earlier attempt.

    ``seconds`` is the time of this attempt. ``notes``, those of earlier attempts included, name columns that
    hardly any row has as the model learned them, and at the end what of the source's own columns was not read
    unchanged.
    """

    n_done: int
    n_rows: int
    n_before: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def rows_per_s(self) -> float | None:
        """Rows a second in this attempt; None at the start."""
        n_new = self.n_done - self.n_before
        return n_new / self.seconds if n_new and self.seconds > 0 else None

    @property
    def remaining_s(self) -> float | None:
        """Seconds left at that rate; None while unknown."""
        rate = self.rows_per_s
        return None if rate is None else (self.n_rows - self.n_done) / rate


def score_file(
    bundle: Predictor,
    source: Path | str,
    to: Path | str,
    *,
    table: str | None = None,
    if_exists: IfExists | None = None,
    resume: bool = True,
    for_spreadsheets: bool = False,
    level: float | None = None,
    on_progress: Callable[[Scoring], None] | None = None,
) -> Scoring:
    """Score ``source``, a CSV or Parquet file or a folder of Parquet files, into ``to``.

    By its name ``to`` is CSV, Parquet or an SQLite database, where the rows become the new ``table``
    (default: ``predictions``). The source's columns are unchanged, followed by ``prediction`` and, in
    classification, one column ``probability <class>`` per class; a name that already exists gets ``
    (litmus)`` appended. With a ``level`` there are also ``prediction low`` and ``prediction high``, or the
    ``prediction set`` of labels as a JSON list. CSV cells stay texts, an empty one is missing. Every value is
    written as it is; only in a CSV ``for_spreadsheets``, which people open, a text that a spreadsheet would
    execute (``=1+1``) gets ``'`` before it. ``to`` appears, or is replaced, when it is complete; until then
    the work is in a hidden folder beside it. Memory does not grow with the file.

    The same call resumes a killed or stopped scoring job of a Bundle, unless ``resume`` is False: no row is
    scored twice, and none is missing. ``on_progress`` is called after each chunk, and first of all if rows
    were done before.

    Both may be addresses, such as ``postgresql://host/db?table=scores``: rows are fetched first, and written
    in one transaction at the end. ``if_exists`` says what to do with a table that is there: "fail" (the
    default), "append" or "replace". An address is not resumed. The ``notes`` of the result name what of the
    source could not be read unchanged; "replace" is refused where it would empty such values.

    Raises DataError (RowError with row and field) for unreadable input, UsageError for what cannot be
    written, BusyError while another process writes ``to``.
    """
    with local_files(source, to, table=table, if_exists=if_exists) as local:
        return _score(
            bundle,
            local,
            resume=resume,
            for_spreadsheets=for_spreadsheets,
            level=level,
            say=on_progress or (lambda _: None),
        )


def _score(
    bundle: Predictor,
    files: LocalFiles,
    *,
    resume: bool,
    for_spreadsheets: bool,
    level: float | None,
    say: Callable[[Scoring], None],
) -> Scoring:
    source, to = files.source.expanduser(), files.to.expanduser()
    table = check_target(source, to, table=files.table)
    if level is not None:
        bundle.needed_calibration.check(level)
    with open_table(source, bundle.columns) as rows, writing(to), bundle.noting() as monitor:
        to.parent.mkdir(parents=True, exist_ok=True)
        work = _ScoringJob(
            bundle=bundle,
            rows=rows,
            to=to,
            table=table,
            for_spreadsheets=for_spreadsheets,
            level=level,
            say=say,
            monitor=monitor,
        )
        digest = bundle.sha256 if isinstance(bundle, Bundle) else None
        with open_checkpoint(
            _partial(to, table),
            doing=[
                digest,
                work.identities,
                to.suffix.lower(),
                table,
                rows.n_rows,
                *(["for spreadsheets"] if for_spreadsheets else []),
                *([] if level is None else [level]),
            ],
            resume=resume and digest is not None,
        ) as checkpoint:
            try:
                done = work.run(checkpoint)
            except (DataError, UsageError) as error:
                # Corrected rows are another file, so there is nothing to resume.
                if isinstance(error, DataError) or not checkpoint.n_done:
                    checkpoint.remove()
                raise
            checkpoint.remove()
    return replace(done, notes=(*files.notes, *done.notes))


def predict_file(
    bundle: Predictor,
    source: Path,
    to: Path,
    *,
    level: float | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Score ``source`` into ``to`` as :func:`score_file` does; returns and reports the rows."""
    say = on_progress or (lambda _: None)
    return score_file(bundle, source, to, level=level, on_progress=lambda done: say(done.n_done)).n_done


def forget_partial(to: Path, *, table: str | None = None) -> None:
    """Remove the partial result of a stopped scoring job into ``to``."""
    shutil.rmtree(_partial(to, table), ignore_errors=True)


def _partial(to: Path, table: str | None) -> Path:
    named = to.name if table is None else f"{to.name}.{quote(table, safe='')}"
    return to.with_name(f".{named}.partial")


def check_target(source: Path, to: Path, *, table: str | None = None) -> str | None:
    """Return the name of the table to write, None if ``to`` is not a database.

    Raises UsageError if ``source`` cannot be scored into ``to``, MissingExtraError for Parquet without
    pyarrow.
    """
    if to.suffix.lower() not in _WRITTEN:
        raise UsageError(
            f"'{to.name}' does not say what kind of file to write.",
            hint="End its name in .csv or .parquet, or in .sqlite for a table of a database.",
        )
    if to.suffix.lower() in _PARQUET:
        _require_pyarrow()
    if to.is_dir():
        raise UsageError(f"{to} is a folder.", hint="Name a file in it.")
    check_overlap(to, source)
    if to.suffix.lower() not in SQLITE_SUFFIXES:
        if table is not None:
            raise UsageError(
                f"'{to.name}' has no tables to name.", hint="Leave the table out, or end its name in .sqlite."
            )
        return None
    return TABLE if table is None else table


def _require_pyarrow() -> None:
    try:
        import pyarrow as pa  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtraError(subject="Writing Parquet", extra="train") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _ScoringJob:
    """The input, output and options of a scoring job."""

    bundle: Predictor
    rows: Table
    to: Path
    table: str | None
    for_spreadsheets: bool
    level: float | None
    say: Callable[[Scoring], None]
    monitor: DriftMonitor
    began: float = field(default_factory=time.monotonic)

    @property
    def identities(self) -> list[Any]:
        """The current identities of the source's files."""
        files = (self.rows.path,) if isinstance(self.rows, CsvSource) else self.rows.files
        return [identity(file) for file in files]

    def run(self, checkpoint: Checkpoint) -> Scoring:
        """Score the remaining rows, and move the result into place."""
        if self._is_in_place(checkpoint):  # the job was killed between its last two steps
            return self._scoring(checkpoint, checkpoint.n_done)
        if self.table is not None:
            check_free(self.to, self.table)
        if checkpoint.is_emptied:
            checkpoint.reset()
        n_before, files = checkpoint.n_done, self.identities
        with closing(self._writer(checkpoint.folder)) as writer:
            writer.resume_at(n_done=checkpoint.n_done, mark=checkpoint.mark)
            if n_before:
                self.say(self._scoring(checkpoint, n_before))
            if not n_before or n_before < self.rows.n_rows:
                self._score(checkpoint, writer)
            if self.identities != files:
                name = self.rows.path.name
                raise DataError(f"'{name}' was changed while it was scored.", hint="Score it again.")
            writer.finish(self.to)
        return self._scoring(checkpoint, n_before)

    def _is_in_place(self, checkpoint: Checkpoint) -> bool:
        if self.table is None or not checkpoint.n_done:
            return checkpoint.is_emptied and self.to.exists()
        n_written = count_rows(self.to, self.table)
        return n_written == checkpoint.n_done == self.rows.n_rows

    def _score(self, checkpoint: Checkpoint, writer: TableWriter) -> None:
        n_before = checkpoint.n_done
        for chunk in self.rows.chunks(chunk_rows(self.rows), skip=n_before):
            try:
                columns = PredictionColumns.of(self.bundle, chunk, level=self.level)
            except RowError as error:
                raise with_file_row(error, n_before=checkpoint.n_done, name=self.rows.path.name) from error
            mark = writer.write(chunk, columns)
            checkpoint.record(
                n_done=checkpoint.n_done + chunk.n_rows, mark=mark, notes=self._notes(checkpoint)
            )
            self.say(self._scoring(checkpoint, n_before))

    def _scoring(self, checkpoint: Checkpoint, n_before: int) -> Scoring:
        return Scoring(
            n_done=checkpoint.n_done,
            n_rows=self.rows.n_rows,
            n_before=n_before,
            seconds=time.monotonic() - self.began,
            notes=tuple(self._notes(checkpoint).values()),
        )

    def _notes(self, checkpoint: Checkpoint) -> dict[str, str]:
        """Return the notes by column; this attempt's replace those of earlier ones."""
        return {**checkpoint.notes, **self.monitor.by_column()}

    def _writer(self, folder: Path) -> TableWriter:
        columns = answer_columns(self.bundle, names=self.rows.names, level=self.level)
        if self.table is not None:
            return SqliteWriter(folder, self.rows, columns, called=self.table)
        if self.to.suffix.lower() == ".csv":
            return CsvWriter(folder, self.rows, columns, for_spreadsheets=self.for_spreadsheets)
        return ParquetWriter(folder, self.rows, columns)


def with_file_row(error: RowError, *, n_before: int, name: str) -> RowError:
    """Return the error with its row counted from the start of the file."""
    if error.row is None:
        return error
    counted = error.counted_from(n_before)
    number = error.row + n_before + 1
    counted.hint = f"{error.hint} In '{name}' it is the row number {number:,} below the header.".strip()
    return counted
