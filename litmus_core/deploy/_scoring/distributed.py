"""Score Parquet on several processes or machines by Ray, in pieces that are read and written separately."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from litmus_core.cluster import Needs, Piece, machines, map_pieces, remove_halves, running
from litmus_core.deploy._scoring.checkpoint import identity, open_checkpoint
from litmus_core.deploy._scoring.predict_file import Scoring, with_file_row
from litmus_core.deploy._scoring.prediction_columns import PredictionColumns, answer_columns
from litmus_core.deploy._scoring.table_writers import arrow_table
from litmus_core.errors import DataError, RowError, UsageError, writing
from litmus_core.runtime import (
    Bundle,
    ParquetChunk,
    ParquetTable,
    chunk_rows,
    load_bundle,
    open_table,
    to_columns,
)

_PLACES, _ROWS_PER_PLACE = 4, 64  # looked at before the work is shared out


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """The bundle to use, at a path that every machine sees; its hash must be ``sha256``."""

    bundle: str
    sha256: str


def score_folder(
    bundle: Path,
    source: Path,
    to: Path,
    *,
    address: str | None = None,
    needs: Needs | None = None,
    resume: bool = True,
    piece_rows: int | None = None,
    on_progress: Callable[[Scoring], None] | None = None,
) -> Scoring:
    """Score the Parquet at ``source``, a file or a folder, into the new folder ``to``.

    Ray distributes the work on this machine, or on the cluster at ``address``. Each file of ``to`` is a piece
    of at most ``piece_rows`` rows (default: what fits well into memory); by name they have the source's rows
    in order, with the columns that :func:`score_file` writes. On a cluster each machine has Litmus and sees
    bundle, source and ``to``; a lost machine costs the pieces it was working on. Until it is complete the
    work is in a hidden folder beside ``to``, where the same call resumes it.

    Raises DataError (RowError with file and row) for unreadable input, UsageError for what cannot be written,
    an address that does not answer, and ``needs`` that no machine has, BusyError while another process writes
    ``to``, MissingExtraError without Ray.
    """
    bundle, source, to = (path.expanduser().resolve() for path in (bundle, source, to))
    _check_free(to)
    if piece_rows is not None and piece_rows < 1:
        raise UsageError(f"'piece_rows' is {piece_rows}.", hint="Give at least 1.")
    job, rows, files, notes = _prepare(bundle, source)
    piece_rows, needs = piece_rows or chunk_rows(rows), needs or Needs()
    with running(address, purpose="Scoring on Ray") as ray, ExitStack() as stack:
        needs.check(machines(ray))
        with writing(to):
            doing = [job.sha256, files, piece_rows]
            partial = to.with_name(f".{to.name}.partial")
            checkpoint = stack.enter_context(open_checkpoint(partial, doing=doing, resume=resume))
            _check_free(to)
            # Named by the job, so that a late process of another job has no folder to write to.
            parts = checkpoint.folder / f"parts-{checkpoint.key[:12]}"
            parts.mkdir(exist_ok=True)
            checkpoint.record(n_done=0, mark=0, notes={})
        try:
            pieces = list(_pieces(rows, parts, piece_rows))
            say = on_progress or (lambda _: None)
            done = _score_pieces(ray, job, pieces, needs, lambda done: say(replace(done, notes=notes)))
        except RowError:
            checkpoint.remove()  # corrected rows are another file, so there is nothing to resume
            raise
        if files != [identity(file) for file in rows.files]:
            checkpoint.remove()
            raise DataError(f"'{source.name}' was changed while it was scored.", hint="Score it again.")
        with writing(to):
            _move(parts, to)
        checkpoint.remove()
    return replace(done, notes=notes)


def _prepare(bundle: Path, source: Path) -> tuple[_Job, ParquetTable, list[Any], tuple[str, ...]]:
    """Return the job, the rows, their files' identities, and notes on them. Raises for unusable input."""
    with load_bundle(bundle) as model, open_table(source, model.columns) as rows:
        if not isinstance(rows, ParquetTable):
            raise DataError(
                f"'{source.name}' is no Parquet, which is what several processes can share out.",
                hint="Score it on this machine, without 'on'.",
            )
        for none in rows.chunks(1, skip=rows.n_rows):
            PredictionColumns.of(model, none)
        files = [identity(file) for file in rows.files]
        return _Job(bundle=str(bundle), sha256=model.sha256), rows, files, _notes(model, rows)


def _notes(model: Bundle, rows: ParquetTable) -> tuple[str, ...]:
    """Return notes on some rows from several places of the table; the pieces are scored elsewhere."""
    with model.noting() as monitor:
        for start in range(0, rows.n_rows, max(_ROWS_PER_PLACE, rows.n_rows // _PLACES)):
            chunk = next(rows.chunks(_ROWS_PER_PLACE, skip=start))
            with suppress(RowError):  # raised with its row when it is scored
                monitor.observe(to_columns(chunk, model.columns), chunk.n_rows)
    return monitor.notes()


def _move(parts: Path, to: Path) -> None:
    """Move the result to ``to`` in one step, without partial files of lost processes."""
    remove_halves(parts)
    if to.exists():
        to.rmdir()
    parts.replace(to)


def _check_free(to: Path) -> None:
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise UsageError(f"'{to}' already exists.", hint="Name a folder that is new, or empty.")


def _pieces(rows: ParquetTable, parts: Path, piece_rows: int) -> Iterator[Piece]:
    """Yield the pieces in row order; one empty piece a file if no file has rows."""
    number = 0
    for file, n_rows in zip(rows.files, rows.rows_per_file, strict=True):
        for start in range(0, n_rows if rows.n_rows else 1, piece_rows):
            to = str(parts / f"part-{number:09}.parquet")
            yield Piece(file=str(file), start=start, n_rows=min(piece_rows, n_rows - start), to=to)
            number += 1


def _score_pieces(
    ray: Any,
    job: _Job,
    pieces: Sequence[Piece],
    needs: Needs,
    say: Callable[[Scoring], None],
) -> Scoring:
    """Score the missing pieces. Finished pieces stay, even after an error."""
    began = time.monotonic()
    left = [piece for piece in pieces if not Path(piece.to).exists()]
    n_rows = sum(piece.n_rows for piece in pieces)
    n_before = n_done = n_rows - sum(piece.n_rows for piece in left)

    def scoring() -> Scoring:
        return Scoring(n_done=n_done, n_rows=n_rows, n_before=n_before, seconds=time.monotonic() - began)

    if n_before:
        say(scoring())
    with closing(map_pieces(ray, _score_piece, job, left, needs=needs)) as scored:
        for place, _ in scored:
            n_done += left[place].n_rows
            say(scoring())
    return scoring()


def _score_piece(job: _Job, piece: Piece) -> None:
    """Score a piece and write its file atomically; a second time writes the same file."""
    import pyarrow.parquet as pq

    model = _open_bundle(job.bundle, job.sha256)
    file, writer, n_done = Path(piece.file), None, 0
    with open_table(file, model.columns) as rows, piece.write() as half:
        names = answer_columns(model, names=rows.names)
        try:
            for chunk in _chunks(rows, piece):
                try:
                    columns = PredictionColumns.of(model, chunk)
                except RowError as error:
                    raise with_file_row(error, n_before=piece.start + n_done, name=file.name) from error
                table = arrow_table(chunk, names, columns)
                writer = writer or pq.ParquetWriter(half, table.schema)
                writer.write_table(table)
                n_done += chunk.n_rows
        finally:
            if writer is not None:
                writer.close()


def _chunks(rows: Any, piece: Piece) -> Iterator[ParquetChunk]:
    """Yield the piece's rows; one empty chunk if the table is empty."""
    n_left = piece.n_rows
    for chunk in rows.chunks(max(1, n_left), skip=piece.start):
        yield replace(chunk, batch=chunk.batch.slice(0, n_left))
        n_left -= chunk.n_rows
        if n_left <= 0:
            return


@lru_cache(maxsize=1)
def _open_bundle(bundle: str, sha256: str) -> Bundle:
    """Return the bundle, which each of Ray's processes opens once."""
    return load_bundle(bundle, sha256=sha256).warm()
