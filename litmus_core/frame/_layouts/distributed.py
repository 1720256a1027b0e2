"""The distributed layout: Parquet to Parquet on several processes or machines, by Ray.

Ray places tasks, restarts those whose process or machine was lost, and knows clusters. A task reads its rows,
runs the plan compiled for Polars on one thread and writes a file: no rows pass through Ray.
"""

from __future__ import annotations

import os
from pathlib import Path

from litmus_core.cluster import Piece, map_pieces, remove_halves, running
from litmus_core.errors import UsageError, writing
from litmus_core.frame._layouts.frame_plan import FramePlan
from litmus_core.frame._layouts.parquet_partitions import Work, computed, cut

_PIECE_ROWS = 250_000


def transform_parquet(
    plan: FramePlan,
    source: Path | str,
    to: Path | str,
    *,
    processes: int | None = None,
    address: str | None = None,
    piece_rows: int = _PIECE_ROWS,
) -> int:
    """Write the result for the Parquet at ``source`` to folder ``to``, and return the number of rows.

    ``source`` is a file or a folder of files, read in name order; the files written have the rows in the same
    order. It runs in ``processes`` processes of this machine (default: one for each processor), in the Ray
    that this program started already, or on the cluster at ``address`` ("auto", "host:6379"), where each
    machine has Litmus and sees both folders. A process loads ``piece_rows`` rows at a time.

    Raises UsageError for a folder ``to`` that has files, or an address that does not answer;
    MissingExtraError without Ray; errors about a row name its file. Then nothing is left in ``to``.
    """
    for name, option in (("processes", processes), ("piece_rows", piece_rows)):
        if option is not None and option < 1:
            raise UsageError(f"'{name}' is {option}.", hint="Give at least 1.")
    source, to = Path(source).expanduser().absolute(), Path(to).expanduser().absolute()
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise UsageError(f"'{to}' already exists.", hint="Name a folder that is new, or empty.")
    pieces = list(cut(source, to, columns=plan.columns, piece_rows=piece_rows))
    with running(address, processes=processes) as ray:
        with writing(to):
            to.mkdir(parents=True, exist_ok=True)
        try:
            n_rows = sum(int(n_here) for _, n_here in map_pieces(ray, _compute_piece, Work.of(plan), pieces))
            remove_halves(to)
            return n_rows
        except BaseException:
            for file in to.iterdir():
                file.unlink()
            raise


def _compute_piece(work: Work, piece: Piece) -> int:
    """Compute a piece on one thread, the one processor that Ray reserves for a task."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # read when Polars is imported, which is below
    return computed(work, piece)
