"""Split Parquet into pieces that any process can compute independently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.cluster import Piece
from litmus_core.errors import DataError, LitmusError, UsageError
from litmus_core.frame._graph import Graph
from litmus_core.frame._layouts.polars_kernel import text_kernel
from litmus_core.frame._layouts.polars_layout import PolarsLayout
from litmus_core.frame._layouts.polars_values import series_reader
from litmus_core.frame._layouts.table_formats import check_plain_folder
from litmus_core.frame._pipeline.runner import check_columns
from litmus_core.types import Column

if TYPE_CHECKING:
    import polars as pl

    from litmus_core.frame._layouts.frame_plan import FramePlan

_SUFFIXES = (".parquet", ".pq")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The work on each piece: a plan that is pickled, and compiled where it arrives."""

    columns: tuple[Column, ...]
    graph: Graph
    names: tuple[str, ...]

    @classmethod
    def of(cls, plan: FramePlan) -> Work:
        """Return the work of ``plan``."""
        return cls(columns=plan.columns, graph=plan.graph, names=plan.names)

    def on(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the result for n rows."""
        readers = {column.name: series_reader(column, exact=True) for column in self.columns}
        return PolarsLayout(kernel=text_kernel()).compile(self.graph, readers).frame_of(frame, self.names)


def cut(source: Path, to: Path, *, columns: Sequence[Column], piece_rows: int) -> Iterator[Piece]:
    """Yield the pieces of a Parquet file, or of a folder's files by name, in row order.

    Raises DataError, naming the file, for anything but Parquet; RowError if a column is missing.
    """
    import polars as pl

    number = 0
    for file in _files_of(source):
        try:
            check_columns(pl.read_parquet_schema(file), columns)
            n_rows = pl.scan_parquet(file).select(pl.len()).collect().item()
        except (OSError, pl.exceptions.PolarsError) as error:
            raise DataError(
                f"'{file}' cannot be read as Parquet: {str(error).splitlines()[0]}.",
                hint="Name a Parquet file, or a folder where all that end in .parquet are.",
            ) from error
        for start in range(0, max(n_rows, 1), piece_rows):
            here = min(piece_rows, n_rows - start)
            yield Piece(file=str(file), start=start, n_rows=here, to=str(to / f"part-{number:06}.parquet"))
            number += 1


def computed(work: Work, piece: Piece) -> int:
    """Compute a piece, write its file atomically, and return its rows.

    Doing it twice gives the same file. Errors name the file and where its rows are counted from.
    """
    import polars as pl

    try:
        frame = work.on(pl.scan_parquet(piece.file).slice(piece.start, piece.n_rows).collect())
    except LitmusError as error:
        error.message = f"Counted from row {piece.start:,} of '{piece.file}': {error.message}"
        raise
    with piece.write() as half:
        frame.write_parquet(half)
    return frame.height


def _files_of(source: Path) -> tuple[Path, ...]:
    if not source.exists():
        raise UsageError(
            f"There is no '{source}'.", hint="Name a Parquet file, or a folder of Parquet files."
        )
    if not source.is_dir():
        return (source,)
    check_plain_folder(source)
    files = sorted(
        path for path in source.iterdir() if path.suffix.lower() in _SUFFIXES and path.name[0] not in "._"
    )
    if not files:
        raise DataError(f"'{source}' is a folder without Parquet files.", hint="Name one that has some.")
    return tuple(files)
