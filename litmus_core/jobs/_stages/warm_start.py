"""A run that starts from an earlier run's candidate: its files, and a check that it learned no test row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import DataError
from litmus_core.jobs._sample import is_sample
from litmus_core.jobs._time_gap import without_gap
from litmus_core.types import Compression, WarmStart

if TYPE_CHECKING:
    from litmus_core.engine import CompressionSource, WarmStartSource
    from litmus_core.jobs._context import RunContext
    from litmus_core.jobs._run_data import RunData


def warm_start_source(context: RunContext, data: RunData) -> WarmStartSource | None:
    """Return the source that the run's plan continues or compresses; None if it trains from scratch.

    Raises DataError if an earlier row is now in another part, so that the model may have learned from test
    rows.
    """
    from litmus_core.engine import WarmStartSource

    continues, refines = context.plan.origin_as(WarmStart), context.plan.origin_as(Compression)
    if refines is not None:
        folder = context.workspace.run_dir(refines.run_id)
        check_parts(folder, data, n_before=len(data.part))
        return WarmStartSource(
            folder=folder,
            model=refines.model,
            n_before=len(data.part),
            refined=_compression_source(context, refines),
        )
    if continues is None:
        return None
    folder = context.workspace.run_dir(continues.run_id)
    check_all_present(folder, data)
    check_parts(folder, data, n_before=continues.n_before)
    return WarmStartSource(
        folder=folder,
        model=continues.model,
        n_before=continues.n_before,
        old_per_new=continues.old_per_new,
    )


def _compression_source(context: RunContext, refines: Compression) -> CompressionSource:
    """Return the source of the run's faster variants, and the target speed."""
    from litmus_core.engine import CompressionSource

    budget = context.experiment.task.budget
    return CompressionSource(
        folder=context.workspace.run_dir(refines.run_id),
        model=refines.model,
        shares=refines.shares,
        batch_rows=budget.batch_rows,
        limit_ms=budget.max_latency_ms,
        limit_bytes=None if budget.max_size_mb is None else 1e6 * budget.max_size_mb,
    )


def check_all_present(folder: Path, data: RunData | None = None) -> None:
    """Raise DataError if the run in ``folder``, or one with ``data``, uses only a sample of its rows.

    Appended rows could not be distinguished from those that were not sampled.
    """
    if is_sample(folder):
        raise DataError(
            "This model was trained on a sample of its table's rows, so it cannot go on with more of them.",
            hint="Retrain on the new version of the table.",
        )
    if data is not None and data.places is not None:
        raise DataError(
            "All rows that the model was trained on, and the new ones, do not fit into memory.",
            hint="Give the run more memory, or retrain on the new version: on a sample.",
        )


def check_parts(folder: Path, data: RunData, *, n_before: int) -> None:
    """Raise DataError unless the first ``n_before`` rows are in the same parts as in ``folder``."""
    import pandas as pd

    path = folder / "parts.parquet"
    if not path.exists():
        raise DataError(
            "The files of the run that trained this model were removed.",
            hint="Retrain.",
        )
    were = pd.read_parquet(path, columns=["part"])["part"].to_numpy()[:n_before]
    n_moved = int((without_gap(were) != without_gap(data.part[:n_before])).sum())
    if n_moved:
        raise DataError(
            f"{n_moved:,} rows would be in another part than before, so that the model would be tested on "
            "rows that it learned from.",
            hint="Retrain on the new version of the table.",
        )
