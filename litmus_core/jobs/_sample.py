"""The sampled rows of a run whose table does not fit into memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import reading
from litmus_core.jobs._memory_budget import MemoryBudget
from litmus_core.types import DatasetVersion, SplitPlan, Task

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.store import Workspace

PARTS = "parts.parquet"
ROW = "row"  # column of parts.parquet: the row's position in the table, if not all rows are in the run
_OWN_SHARE = 0.2  # largest share of the fitting rows for each separate validation or test file


@dataclass(frozen=True, kw_only=True)
class TrainingSample:
    """Rows sampled from ``n_there``, with their ascending ``places`` in the appended tables.

    ``given_gb`` is the memory of the plan.
    """

    places: NDArray[np.int64]
    n_there: int
    n_without_target: int
    target: str
    memory_gb: float
    given_gb: float | None

    @property
    def sentence(self) -> str:
        """A message about the sample."""
        sentence = (
            f"Trained and tested on {len(self.places):,} of {self.n_there:,} rows: more do not fit into "
            f"{self.memory_gb:.3g} GB."
        )
        if self.n_without_target:
            sentence += f" {self.n_without_target:,} rows without '{self.target}' were not drawn."
        return sentence


def fitting_rows(
    workspace: Workspace, version: DatasetVersion, *, columns: Sequence[str], budget: MemoryBudget
) -> int:
    """Return how many rows with the version's ``columns`` fit into ``budget``."""
    from litmus_core.data import bytes_per_row

    present = [name for name in columns if name in version.column_names]
    return budget.n_rows(bytes_per_row(workspace, version, columns=present))


def draw_sample(
    workspace: Workspace,
    task: Task,
    versions: Sequence[DatasetVersion | None],
    *,
    n_fitting: int,
    budget: MemoryBudget,
) -> TrainingSample | None:
    """Sample ``n_fitting`` rows of the main, validation and test tables; None if all rows fit."""
    from litmus_core.data import sample_rows

    sizes = [0 if one is None else one.n_rows for one in versions]
    if sum(sizes) <= n_fitting:
        return None
    places, start, n_missing = [], 0, 0
    for at, (version, wanted) in enumerate(zip(versions, shares_of(sizes, n_fitting), strict=True)):
        if version is None:
            continue
        drawn = sample_rows(
            workspace,
            version,
            target=task.target,
            n_rows=wanted,
            split=task.split if at == 0 else SplitPlan(),
            by_class=at == 0 and task.labels_are_stored,
            seed=task.seed,
        )
        places.append(drawn.rows + start)
        start += version.n_rows
        n_missing += drawn.n_without_target
    return TrainingSample(
        places=np.concatenate(places),
        n_there=sum(sizes),
        n_without_target=n_missing,
        target=task.target,
        memory_gb=budget.memory_gb,
        given_gb=budget.given_gb,
    )


def shares_of(sizes: Sequence[int], n_fitting: int) -> tuple[int, int, int]:
    """Return how many rows of the main, validation and test tables to sample.

    >>> shares_of((45_000_000, 0, 3_000), 1_000_000)
    (997000, 0, 3000)
    >>> shares_of((45_000_000, 9_000_000, 9_000_000), 1_000_000)
    (600000, 200000, 200000)
    """
    main, *separate = sizes
    validation, test = (min(size, int(_OWN_SHARE * n_fitting)) for size in separate)
    return min(main, n_fitting - validation - test), validation, test


def drawn_before(
    folders: Sequence[Path], budget: MemoryBudget | None, *, n_fitting: int = 0, n_total: int = 0
) -> Path | None:
    """Return the parts.parquet whose sample a run reuses, so that runs are compared on the same rows.

    It is the first sample in the ``folders`` of earlier runs that had the same memory. Its rows must fit, and
    be at least half of what fits now. None if everything fits. Without a ``budget`` it is the first sample.
    """
    for folder in folders:
        if not is_sample(folder):
            continue
        n_rows, memory_gb = _rows_and_memory(folder)
        if budget is None:
            return folder / PARTS
        if n_fitting >= n_total:
            return None
        if memory_gb == budget.given_gb and n_rows <= n_fitting <= 2 * n_rows:
            return folder / PARTS
    return None


def is_sample(folder: Path) -> bool:
    """Return whether the run in ``folder`` uses a sample of its table's rows."""
    import pyarrow.parquet as pq

    path = folder / PARTS
    with reading(path):
        return path.exists() and ROW in pq.read_schema(path).names


def read_parts(folder: Path, *, columns: list[str] | None = None) -> pd.DataFrame:
    """Return what is stored of a run's rows: all columns, or ``columns``."""
    import pandas as pd

    path = folder / PARTS
    with reading(path):
        return pd.read_parquet(path, columns=columns)


def sample_message(folder: Path) -> str:
    """Return the message about the sample in a run's folder; "" if the run uses all rows."""
    if not is_sample(folder):
        return ""
    return str(read_parts(folder, columns=["part"]).attrs.get("sample", ""))


def _rows_and_memory(folder: Path) -> tuple[int, float | None]:
    """Return a run's number of rows, and its plan's memory (10^9 bytes)."""
    parts = read_parts(folder, columns=["part"])
    return len(parts), parts.attrs.get("given_gb")
