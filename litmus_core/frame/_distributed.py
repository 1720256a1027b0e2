"""The distributed layout: Parquet becomes Parquet on several processes or machines, by Ray.

Ray places tasks, starts one again whose process or machine was lost, and knows clusters. A task reads its
rows, runs the plan compiled for Polars on one thread and writes a file: no row goes through Ray.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from litmus_core.errors import LitmusError, MissingExtraError, UsageError, writing
from litmus_core.frame._frame_plan import FramePlan
from litmus_core.frame._pieces import Piece, Work, computed, cut

_PIECE_ROWS = 250_000
_ANSWERS_IN_S = 5.0


def spread(
    plan: FramePlan,
    source: Path | str,
    to: Path | str,
    *,
    processes: int | None = None,
    address: str | None = None,
    piece_rows: int = _PIECE_ROWS,
) -> int:
    """Write to folder ``to`` what comes out for the Parquet at ``source``, and return the number of rows.

    ``source`` is a file or a folder of files, taken by name; the files written, by name, have the rows in
    the same order. It runs in so many ``processes`` of this machine (default: one for each processor), in the
    Ray that this program started already, or on the cluster at ``address`` ("auto", "host:6379"), where each
    machine has Litmus and sees both folders. A process takes ``piece_rows`` rows at a time into memory.

    UsageError for a folder ``to`` that has files, or an address that does not answer; MissingExtraError
    without Ray; what a row is refused for names its file. Then nothing is left in ``to``.
    """
    for name, given in (("processes", processes), ("piece_rows", piece_rows)):
        if given is not None and given < 1:
            raise UsageError(f"'{name}' is {given}.", hint="Give at least 1.")
    source, to = Path(source).expanduser().absolute(), Path(to).expanduser().absolute()
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise UsageError(f"'{to}' is there already.", hint="Name a folder that is new, or empty.")
    pieces = list(cut(source, to, columns=plan.columns, piece_rows=piece_rows))
    with _ray(processes, address) as ray:
        with writing(to):
            to.mkdir(parents=True, exist_ok=True)
        try:
            n_rows = _all(ray, Work.of(plan), pieces)
            for each in to.glob("*.half"):  # of processes that were lost
                each.unlink()
            return n_rows
        except BaseException:
            for each in to.iterdir():
                each.unlink()
            raise


def _all(ray: Any, work: Work, pieces: Sequence[Piece]) -> int:
    """Return the rows of all pieces once they are written; the first that fails ends the others."""
    task, shared = ray.remote(_alone), ray.put(work)
    waiting, n_rows = [task.remote(shared, each) for each in pieces], 0
    try:
        while waiting:
            done, waiting = ray.wait(waiting)
            n_rows += sum(ray.get(done))
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, LitmusError):
            raise error.cause from None
        raise
    except ray.exceptions.RayError as error:
        raise LitmusError(
            f"Ray lost the processes that computed a piece, and gave up: {str(error).splitlines()[0]}",
            hint="Where memory is short, take fewer 'piece_rows' or 'processes'.",
        ) from error
    finally:
        for each in waiting:
            ray.cancel(each, force=True)
        ray.wait(waiting, num_returns=len(waiting)) if waiting else None
    return n_rows


def _alone(work: Work, piece: Piece) -> int:
    """Compute a piece on one thread, the processor that Ray counts for a task."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # read when Polars is imported, which is below
    return computed(work, piece)


@contextmanager
def _ray(processes: int | None, address: str | None) -> Iterator[Any]:
    """Yield Ray, running: the one that is there, one at ``address``, or one of our own until then."""
    try:
        import ray
    except ModuleNotFoundError as error:
        raise MissingExtraError(what="Computing on several processes", extra="ray") from error
    if ray.is_initialized():
        if processes or address:
            raise UsageError(
                "This program has started Ray already, and where it runs is settled.",
                hint="Leave 'processes' and 'address' out, or call ray.shutdown() first.",
            )
        yield ray
        return
    if address and processes:
        raise UsageError(
            "A cluster has its own number of processes.", hint="Leave 'processes' out, or 'address'."
        )
    quiet = {"log_to_driver": False, "logging_level": "ERROR"}
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if address:
        _check(address)
        ray.init(address=address, **quiet)
    else:
        ray.init(address="local", num_cpus=processes or _n_processors(), include_dashboard=False, **quiet)
    try:
        yield ray
    finally:
        ray.shutdown()


def _check(address: str) -> None:
    """Raise UsageError for an address where nobody answers; Ray would wait for long, and say less."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if not colon:
        return
    try:
        socket.create_connection((host, int(port)), timeout=_ANSWERS_IN_S).close()
    except (OSError, ValueError, OverflowError) as error:
        raise UsageError(
            f"No Ray cluster answers at '{address}': {error}.",
            hint="Look with 'ray status' where it runs, and give its address as host:port.",
        ) from error


def _n_processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
