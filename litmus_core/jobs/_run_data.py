"""The rows of a run: the task's columns and the part of each row, the same in every process.

parts.parquet in the run's folder stores the part and block of each row. If not all rows fit into memory, it
also has the row's position in the table (``row``), and only these rows are read.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from litmus_core.errors import DataError, NotFoundError
from litmus_core.jobs._outer.numbers import OUTER_COLUMN, judged_by_folds
from litmus_core.jobs._sample import (
    PARTS,
    ROW,
    draw_sample,
    drawn_before,
    fitting_rows,
    is_sample,
    read_parts,
)
from litmus_core.jobs._time_gap import APART, gap_note, with_gap
from litmus_core.types import Column, DatasetVersion, Folds, Task

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from litmus_core.data import SplitParts
    from litmus_core.jobs._memory_budget import MemoryBudget
    from litmus_core.jobs._sample import TrainingSample
    from litmus_core.metrics import Metric
    from litmus_core.store import Workspace

# The task's table, and the tables of separate validation and test rows.
_Versions = tuple[DatasetVersion, DatasetVersion | None, DatasetVersion | None]
PartName = Literal["train", "validation", "test"]
_CODES: dict[str, int] = {"train": 0, "validation": 1, "test": 2}
_SET_ASIDE = 3
_ANSWER = "answer"  # column of parts.parquet: the target as a custom task type defines it


@dataclass(frozen=True, kw_only=True)
class RunData:
    """Rows of the task's columns, in file order with a RangeIndex, then separate validation and test rows.

    ``places`` are the rows' ascending positions in the whole table, and on into separate files. They are None
    unless the rows were sampled from ``n_there`` rows that do not fit into memory. ``part`` has a code per
    row: train 0, validation 1, test 2, excluded 3, and 4 or 5 if a gap in time excludes it from training or
    validation. ``block`` is the unit of the bootstrap (group or period), None if rows are drawn one by one.
    ``outer`` is the outer fold that judges each row (-1: none); None if a test set judges. ``weight`` is the
    column of row weights; None: all the same. ``group`` is the column of groups of rows that belong together.
    """

    frame: pd.DataFrame
    part: np.ndarray
    block: np.ndarray | None
    columns: tuple[Column, ...]
    target: str
    note: str = ""
    places: np.ndarray | None = None
    n_there: int = 0
    outer: np.ndarray | None = None
    weight: str | None = None
    group: str = ""

    @property
    def judging(self) -> np.ndarray:
        """The ascending positions of the rows that the verdict is based on: the test set, or outer folds."""
        import numpy as np

        return self.index("test") if self.outer is None else np.flatnonzero(self.outer >= 0)

    @property
    def in_gap(self) -> np.ndarray:
        """The ascending positions of the rows that a gap in time excludes; no model is judged by them."""
        import numpy as np

        return np.flatnonzero(self.part >= APART)

    def index(self, part: PartName) -> np.ndarray:
        """Return the ascending positions of the part's rows in ``frame``."""
        import numpy as np

        return np.flatnonzero(self.part == _CODES[part])

    def rows(self, part: PartName) -> pd.DataFrame:
        """Return the part's rows with their original index."""
        return self.frame.iloc[self.index(part)]

    def features(self, part: PartName) -> pd.DataFrame:
        """Return the part's rows, feature columns only."""
        return self.rows(part)[[column.name for column in self.columns]]

    def places_of(self, index: np.ndarray) -> np.ndarray:
        """Return the positions in the whole table of the rows at ``index``."""
        return index if self.places is None else self.places[index]

    def positions_of(self, places: Sequence[int]) -> tuple[int, ...]:
        """Return the positions in ``frame`` of the rows at these places of the whole table, if present."""
        import numpy as np

        if self.places is None:
            return tuple(places)
        return tuple(np.flatnonzero(np.isin(self.places, places)).tolist())

    def weights_of(self, index: np.ndarray) -> np.ndarray | None:
        """Return the weights of the rows at ``index``; None: all the same."""
        return None if self.weight is None else self.frame[self.weight].to_numpy(dtype=float)[index]

    def metric(self, name: str, index: np.ndarray) -> Metric:
        """Return the metric of that name with the weights and groups of the rows at ``index``, in order."""
        from litmus_core.metrics import get_metric

        groups = self.frame[self.group].iloc[index] if self.group else None
        return get_metric(name).weighted(self.weights_of(index)).grouped(groups)

    def blocks_of(self, index: np.ndarray) -> np.ndarray | None:
        """Return the bootstrap's units of the rows at ``index``, or None."""
        return None if self.block is None else self.block[index]


def prepare(
    workspace: Workspace,
    task: Task,
    version_of: Callable[[str], DatasetVersion],
    *,
    folder: Path,
    also: Sequence[str] = (),
    budget: MemoryBudget | None = None,
    before: Sequence[Path] = (),
    outer: int = 0,
    folds: Folds | None = None,
) -> RunData:
    """Read the task's rows, split them, and store the parts in ``folder``/parts.parquet.

    With ``outer`` folds there is no test set. A gap in time that ``folds`` request excludes rows. The frame
    has the columns ``also`` besides the task's. If not all rows fit into ``budget``, a sample is drawn, and
    only that is read. It is the sample of an earlier run in the folders ``before`` if that is suitable
    (without a budget: if there is one). Raises DataError if the rows do not allow the split.
    """
    if is_sample(folder):  # the run has started before, and has results for these rows
        return reopen(workspace, task, version_of, folder=folder, also=also)
    versions, columns = _versions(task, version_of), _column_names(task, also)
    n_total = sum(version.n_rows for version in versions if version is not None)
    n_fitting = (
        n_total if budget is None else fitting_rows(workspace, versions[0], columns=columns, budget=budget)
    )
    drawn = drawn_before(before, budget, n_fitting=n_fitting, n_total=n_total)
    if drawn is not None:
        _write_atomically(folder, lambda partial: shutil.copyfile(drawn, partial))
        data = reopen(workspace, task, version_of, folder=folder, also=also)
        parts = _with_gap(read_parts(folder), data.frame, task, folds)
        _write_atomically(folder, lambda partial: parts.to_parquet(partial, index=False))
        return _assemble(task, versions, data.frame, parts)
    sample = (
        None if budget is None else draw_sample(workspace, task, versions, n_fitting=n_fitting, budget=budget)
    )
    frame, parts = _split_rows(workspace, task, versions, columns=columns, sample=sample, outer=outer)
    parts = _with_gap(parts, frame, task, folds)
    _write_atomically(folder, lambda partial: parts.to_parquet(partial, index=False))
    return _assemble(task, versions, frame, parts)


def _with_gap(parts: pd.DataFrame, frame: pd.DataFrame, task: Task, folds: Folds | None) -> pd.DataFrame:
    parts["part"] = with_gap(parts["part"].to_numpy(), frame, task, folds)
    parts.attrs["gap"] = gap_note(parts["part"].to_numpy(), folds)
    return parts


def n_rows_by_part(folder: Path) -> dict[str, int]:
    """Return the number of rows of a run in each part, and the number that ``outer`` folds judge."""
    parts = read_parts(folder)
    counts = {name: int((parts["part"] == code).sum()) for name, code in _CODES.items()}
    return (
        counts
        if OUTER_COLUMN not in parts
        else counts | {OUTER_COLUMN: int((parts[OUTER_COLUMN] >= 0).sum())}
    )


def _write_atomically(folder: Path, write: Callable[[Path], object]) -> None:
    partial = folder / f"{PARTS}.partial"
    write(partial)
    partial.replace(folder / PARTS)


def _split_rows(
    workspace: Workspace,
    task: Task,
    versions: _Versions,
    *,
    columns: Sequence[str],
    sample: TrainingSample | None,
    outer: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows, and what is stored of each: part, block, outer fold, position and label."""
    import pandas as pd

    from litmus_core.data import find_split_overlap, restrict_to_sample, split

    main, validation, test = versions
    places = None if sample is None else sample.places
    frame, sizes = _read(workspace, task, versions, columns=columns, places=places)
    validation_rows = range(sizes[0], sizes[0] + sizes[1]) if validation is not None else None
    test_rows = range(sizes[0] + sizes[1], sum(sizes)) if test is not None else None
    overlap = find_split_overlap(workspace, main, task, validation=validation, test=test)
    sampled_task = task
    if sample is not None:
        sampled_task, overlap = restrict_to_sample(task, overlap, places=sample.places)
    if outer:
        parts, numbers = judged_by_folds(frame, sampled_task, n_folds=outer)
    else:
        parts = split(frame, sampled_task, validation=validation_rows, test=test_rows, overlap=overlap)
        numbers = None
    parts_table = pd.DataFrame({"part": _codes(parts, len(frame))})
    if numbers is not None:
        parts_table[OUTER_COLUMN] = numbers
    if parts.blocks is not None:
        parts_table["block"] = pd.factorize(parts.blocks, use_na_sentinel=False)[0]
    if sample is not None:
        parts_table[ROW] = sample.places
    if task.makes_labels:
        parts_table[_ANSWER] = frame[task.target].to_numpy()
    # pandas stores them in the file's metadata
    parts_table.attrs["note"] = parts.note if sample is None else f"{sample.sentence} {parts.note}"
    if sample is not None:
        parts_table.attrs |= {"given_gb": sample.given_gb, "sample": sample.sentence}
    return frame, parts_table


def _codes(parts: SplitParts, n_rows: int) -> np.ndarray:
    """Return the (n,) codes of the rows' parts."""
    import numpy as np

    codes = np.full(n_rows, _SET_ASIDE, dtype=np.int8)
    for name in ("train", "validation", "test"):
        codes[np.asarray(getattr(parts, name), dtype=np.int64)] = _CODES[name]
    return codes


def reopen(
    workspace: Workspace,
    task: Task,
    version_of: Callable[[str], DatasetVersion],
    *,
    folder: Path,
    also: Sequence[str] = (),
) -> RunData:
    """Read the rows, and the columns ``also``, with the parts that :func:`prepare` stored in ``folder``."""
    if not folder.exists():
        raise NotFoundError(
            kind="folder of run", id=folder.name, hint="Its files were removed; train it again."
        )
    if not (folder / PARTS).exists():
        raise DataError(
            "This run stopped before its rows were split.", hint="Nothing was lost: start the run again."
        )
    parts = read_parts(folder)
    versions = _versions(task, version_of)
    places = parts[ROW].to_numpy() if ROW in parts else None
    columns = _column_names(task, also)
    frame, _ = _read(workspace, task, versions, columns=columns, places=places, as_labels=False)
    if _ANSWER in parts:
        frame[task.target] = parts[_ANSWER].to_numpy()
    return _assemble(task, versions, frame, parts)


def _versions(task: Task, version_of: Callable[[str], DatasetVersion]) -> _Versions:
    """Return the task's table, and those of its validation and test rows, if any."""
    validation, test = (
        None if version_id is None else version_of(version_id)
        for version_id in (task.validation_version_id, task.test_version_id)
    )
    return version_of(task.dataset_version_id), validation, test


def _column_names(task: Task, also: Sequence[str]) -> list[str]:
    wanted = (*task.features, task.target, task.weight or "", *task.split.columns, *also)
    return list(dict.fromkeys(name for name in wanted if name))


def _read(
    workspace: Workspace,
    task: Task,
    versions: _Versions,
    *,
    columns: Sequence[str],
    places: np.ndarray | None = None,
    as_labels: bool = True,
) -> tuple[pd.DataFrame, tuple[int, int, int]]:
    """Return the main, validation and test rows, appended, and the number of each.

    Fixes of the main rows' values hold for the others, too. If ``places`` are given, only those rows are
    read. With ``as_labels`` the target is as a custom task type defines it.
    """
    import pandas as pd

    from litmus_core.data import labels_of, read_rows, read_some_rows
    from litmus_core.runtime import with_fixes_of

    frames: list[pd.DataFrame | None] = []
    start = 0
    for version in versions:
        if version is None:
            frames.append(None)
            continue
        present = [name for name in columns if name in version.column_names]
        if places is None:
            rows = read_rows(workspace, version, columns=present)
        else:
            here = places[(places >= start) & (places < start + version.n_rows)] - start
            rows = read_some_rows(workspace, version, here, columns=present)
        if version is not versions[0]:
            rows = with_fixes_of(rows, versions[0].columns)
        if as_labels:
            rows[task.target] = labels_of(workspace, version, rows[task.target], task)
        frames.append(rows)
        start += version.n_rows
    sizes = tuple(0 if one is None else len(one) for one in frames)
    frames_present = [one for one in frames if one is not None]
    frame = frames_present[0] if len(frames_present) == 1 else pd.concat(frames_present, ignore_index=True)
    return frame, (sizes[0], sizes[1], sizes[2])


def _assemble(task: Task, versions: _Versions, frame: pd.DataFrame, parts_table: pd.DataFrame) -> RunData:
    return RunData(
        frame=frame,
        part=parts_table["part"].to_numpy(),
        block=parts_table["block"].to_numpy() if "block" in parts_table else None,
        columns=tuple(versions[0].column(name) for name in task.features),
        target=task.target,
        note=" ".join(filter(None, (parts_table.attrs.get(name, "") for name in ("note", "gap")))),
        places=parts_table[ROW].to_numpy() if ROW in parts_table else None,
        n_there=sum(version.n_rows for version in versions if version is not None),
        outer=parts_table[OUTER_COLUMN].to_numpy() if OUTER_COLUMN in parts_table else None,
        weight=task.weight,
        group=task.needs.group,
    )
