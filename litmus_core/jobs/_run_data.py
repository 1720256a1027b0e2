"""A run's rows: the task's columns and the part each row belongs to, the same in every process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from litmus_core.errors import DataError
from litmus_core.types import Column, DatasetVersion, Task

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from litmus_core.store import Workspace

PartName = Literal["train", "validation", "test"]
_CODES: dict[str, int] = {"train": 0, "validation": 1, "test": 2}
_SET_ASIDE = 3
_ANSWER = "answer"  # column of parts.parquet: the target in the words of the task's own kind of question


@dataclass(frozen=True, kw_only=True)
class RunData:
    """Rows of the task's columns (RangeIndex, file order; own validation and test files appended).

    ``part`` holds a code per row (train 0, validation 1, test 2, set aside 3); ``block`` the unit that
    the bootstrap draws (group or time block), None when rows are drawn one by one.
    """

    frame: pd.DataFrame
    part: np.ndarray
    block: np.ndarray | None
    columns: tuple[Column, ...]
    target: str
    note: str = ""

    def index(self, part: PartName) -> np.ndarray:
        """Return the positions of the part's rows in ``frame``, ascending."""
        import numpy as np

        return np.flatnonzero(self.part == _CODES[part])

    def rows(self, part: PartName) -> pd.DataFrame:
        """Return the part's rows with their original index."""
        return self.frame.iloc[self.index(part)]

    def features(self, part: PartName) -> pd.DataFrame:
        """Return the part's rows, feature columns only."""
        return self.rows(part)[[column.name for column in self.columns]]

    def blocks_of(self, index: np.ndarray) -> np.ndarray | None:
        """Return the bootstrap's units for the rows at ``index``, or None."""
        return None if self.block is None else self.block[index]


def prepare(
    workspace: Workspace,
    task: Task,
    version_of: Callable[[str], DatasetVersion],
    *,
    folder: Path,
    also: Sequence[str] = (),
) -> RunData:
    """Read the task's rows, part them, and keep the parts in ``folder``/parts.parquet.

    The frame has the columns ``also`` beside the task's. Raises DataError in words when the rows do not
    allow the split.
    """
    import numpy as np
    import pandas as pd

    from litmus_core.data import find_apart, split

    frame, sizes = _read(workspace, task, version_of, also=also)
    own_validation = range(sizes[0], sizes[0] + sizes[1]) if task.validation_version_id else None
    own_test = range(sizes[0] + sizes[1], sum(sizes)) if task.test_version_id else None
    apart = find_apart(
        workspace,
        version_of(task.dataset_version_id),
        task,
        validation=version_of(task.validation_version_id) if task.validation_version_id else None,
        test=version_of(task.test_version_id) if task.test_version_id else None,
    )
    parts = split(frame, task, validation=own_validation, test=own_test, apart=apart)
    codes = np.full(len(frame), _SET_ASIDE, dtype=np.int8)
    for name in ("train", "validation", "test"):
        codes[np.asarray(getattr(parts, name), dtype=np.int64)] = _CODES[name]
    block = None if parts.blocks is None else np.asarray(parts.blocks)
    kept = pd.DataFrame({"part": codes})
    if block is not None:
        kept["block"] = pd.factorize(block, use_na_sentinel=False)[0]
        block = kept["block"].to_numpy()
    if task.task_type is not None and task.problem_type != "regression":
        kept[_ANSWER] = frame[task.target].to_numpy()
    kept.attrs["note"] = parts.note  # pandas keeps it in the file's metadata
    partial = folder / "parts.parquet.partial"
    kept.to_parquet(partial, index=False)
    partial.replace(folder / "parts.parquet")
    return _assemble(task, version_of, frame, codes, block, parts.note)


def reopen(
    workspace: Workspace, task: Task, version_of: Callable[[str], DatasetVersion], *, folder: Path
) -> RunData:
    """Read the task's rows with the parts that :func:`prepare` kept in ``folder``."""
    import pandas as pd

    path = folder / "parts.parquet"
    if not path.exists():
        raise DataError(
            "This run stopped before its rows were parted.", hint="Nothing was lost: start the run again."
        )
    kept = pd.read_parquet(path)
    frame, _ = _read(workspace, task, version_of, as_asked=False)
    if _ANSWER in kept:
        frame[task.target] = kept[_ANSWER].to_numpy()
    block = kept["block"].to_numpy() if "block" in kept else None
    return _assemble(task, version_of, frame, kept["part"].to_numpy(), block, kept.attrs.get("note", ""))


def _read(
    workspace: Workspace,
    task: Task,
    version_of: Callable[[str], DatasetVersion],
    *,
    also: Sequence[str] = (),
    as_asked: bool = True,
) -> tuple[pd.DataFrame, tuple[int, int, int]]:
    """Return the main, own validation and own test rows, appended, and how many each has.

    ``as_asked``: their target is in the words of the task's kind of question, where it has one of its own.
    """
    import pandas as pd

    from litmus_core.data import answers_of, read_rows

    wanted = [*task.features, task.target]
    wanted += [name for name in (task.split.column, *also) if name and name not in wanted]
    frames: list[pd.DataFrame | None] = []
    for version_id in (task.dataset_version_id, task.validation_version_id, task.test_version_id):
        if version_id is None:
            frames.append(None)
            continue
        version = version_of(version_id)
        present = [name for name in wanted if name in version.column_names]
        rows = read_rows(workspace, version, columns=present)
        if as_asked:
            rows[task.target] = answers_of(workspace, version, rows[task.target], task)
        frames.append(rows)
    sizes = tuple(0 if each is None else len(each) for each in frames)
    given = [each for each in frames if each is not None]
    frame = given[0] if len(given) == 1 else pd.concat(given, ignore_index=True)
    return frame, (sizes[0], sizes[1], sizes[2])


def _assemble(
    task: Task,
    version_of: Callable[[str], DatasetVersion],
    frame: pd.DataFrame,
    part: np.ndarray,
    block: np.ndarray | None,
    note: str,
) -> RunData:
    version = version_of(task.dataset_version_id)
    columns = tuple(version.column(name) for name in task.features)
    return RunData(frame=frame, part=part, block=block, columns=columns, target=task.target, note=note)
