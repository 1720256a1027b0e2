"""The memory that a run may use, and the number of rows that fit into it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.cluster import place_of
from litmus_core.types import Compression, RunPlan, RunQueued, WarmStart

if TYPE_CHECKING:
    from litmus_core.jobs._context import RunContext

_GB = 1e9
_SHARE = 0.8  # share of the free memory, if the plan gives no amount
# Measured as the peak of a run's process. With 20,000 rows 0.5 GB, which are the libraries. LightGBM on
# 320,000 flights (0.142 GB in pandas): in five folds 1.60 GB, 7.8 times the rows; on 300,000 of them without
# folds 0.97 GB, 3.5 times. On 1,400,000 rows of openintro/military (0.414 GB) without folds: 1.41 GB, 2.2
# times.
_LIBRARIES_GB = 0.6
_TIMES = 8.0
_LEAST_SHARE = 0.1  # share of the memory for rows, however little there is
_FEWEST_ROWS = 1_000
_ALWAYS_GB = 0.1  # rows up to this size are all used if the plan gives no amount


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryBudget:
    """Memory for a run, in 10^9 bytes. ``given_gb`` is the amount of the plan; None: what is free."""

    memory_gb: float
    given_gb: float | None = None

    @property
    def frame_bytes(self) -> float:
        """The largest size of all rows in pandas for which training fits."""
        for_rows = max(_LEAST_SHARE * self.memory_gb, self.memory_gb - _LIBRARIES_GB)
        least = _ALWAYS_GB if self.given_gb is None else 0.0  # more memory may become free soon
        return max(least, for_rows / _TIMES) * _GB

    def n_rows(self, bytes_per_row: float) -> int:
        """Return how many rows fit, in two digits, so that a little more free memory does not change the run.

        >>> MemoryBudget(memory_gb=16).n_rows(1_000.0)
        1900000
        """
        fitting = self.frame_bytes / max(1.0, bytes_per_row)
        step = int(10 ** max(0, math.floor(math.log10(max(1.0, fitting))) - 1))
        return max(_FEWEST_ROWS, int(fitting // step) * step)


def memory_budget(plan: RunPlan) -> MemoryBudget | None:
    """Return the memory for a plan's run: the plan's amount, else most of what is free now.

    On Ray the plan's amount is for one fold on another machine, so the rows may take most of what is free
    here. None: the run reuses the rows of the run that it compresses.
    """
    if plan.origin_as(Compression) is not None:
        return None
    from litmus_core.data import free_gb

    memory_gb = (
        None
        if plan.compute.train is None or place_of(plan.compute.where).on_ray
        else plan.compute.train.memory_gb
    )
    return MemoryBudget(memory_gb=_SHARE * free_gb() if memory_gb is None else memory_gb, given_gb=memory_gb)


def reusable_run_folders(context: RunContext) -> tuple[Path, ...]:
    """Return the folders of runs whose rows a run may reuse, the latest first.

    They are those of its experiment; for a compressing run, only that of its source.
    """
    plan, home = context.plan, context.experiment.id
    if plan.origin_as(WarmStart) is not None:
        return ()
    if (compression := plan.origin_as(Compression)) is not None:
        return (context.workspace.run_dir(compression.run_id),)
    queued = (event.fact for event in context.journal.events(types=[RunQueued]))
    of_home = [run.run_id for run in queued if isinstance(run, RunQueued) and run.experiment.id == home]
    others = [id_ for id_ in reversed(of_home) if id_ != context.run_id]
    return tuple(context.workspace.run_dir(run) for run in others)
