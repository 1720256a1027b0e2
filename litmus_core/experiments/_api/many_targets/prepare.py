"""Make of a table with many targets the versions that all runs learn from and are judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import DataError, UsageError
from litmus_core.experiments._api.spec import Data
from litmus_core.experiments._api.tables import import_any
from litmus_core.experiments._tasks import TaskWishes, make_task, parse_split
from litmus_core.many_targets import (
    FEWEST,
    JointTarget,
    TagColumn,
    TagTable,
    TargetKind,
    TargetsSpec,
    complete_rows,
    joint_test_rows,
    read_goal,
    read_tags,
    read_targets,
)
from litmus_core.types import DatasetVersion, ProblemType, SplitPlan

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.experiments._studio import Studio

_REFUSED = ("target", "task", "positive_class", "weight", "validation", "test", "folds")
_YES, _NO = "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A table that is ready: rows to ``train`` from, rows to ``test`` by, and the data sets of its runs.

    ``version`` is what was asked about, ``wide`` has a column for each target.
    """

    version: DatasetVersion
    wide: DatasetVersion
    train: DatasetVersion
    test: DatasetVersion
    spec: TargetsSpec
    runs: tuple[Data, ...]
    notes: tuple[str, ...]


def prepare(
    studio: Studio, data: Any, columns: Sequence[str], tags: TagColumn | None, *, goal: str | None
) -> Prepared:
    """Import the table, find its targets and split its rows; raises in words where that cannot be.

    Nothing is trained.
    """
    table = _checked(data)
    version, frame = _read(studio, table, columns, tags)
    wide = version
    notes: list[str] = []
    if tags is None:
        targets = read_targets(frame, columns, fewest=FEWEST)
    else:
        read = _tag_table(frame, tags)
        targets = tuple(
            JointTarget(name=tag, column=f"{tags.column}={tag}", positive=_YES) for tag in read.names
        )
        wide, frame = _with_columns(studio, version, frame, tags.column, targets, read.present)
        tags, notes = replace(tags, separator=read.separator), [*read.notes]
    kind: TargetKind = "labels" if targets[0].positive is not None else "numbers"
    metric, bar = read_goal(goal, kind)
    spec = TargetsSpec(
        kind=kind,
        targets=targets,
        metric=metric,
        bar=bar,
        tags="" if tags is None else tags.column,
        separator="" if tags is None else tags.separator or "",
        seed=table.seed,
    )
    is_complete, missing = complete_rows(frame, spec.columns)
    plan = _plan(studio, wide, table, spec)
    rows = _test_rows(studio, wide, frame, spec, plan, is_complete)
    train, test = _parts(studio, wide, frame, rows, version.name)
    return Prepared(
        version=version,
        wide=wide,
        train=train,
        test=test,
        spec=spec,
        runs=_runs(table, spec, plan, train, test),
        notes=(*notes, *missing),
    )


def _tag_table(frame: pd.DataFrame, tags: TagColumn) -> TagTable:
    values = frame[tags.column].tolist()
    return read_tags(values, tags.column, separator=tags.separator, fewest=tags.fewest)


def _parts(
    studio: Studio, version: DatasetVersion, frame: pd.DataFrame, rows: NDArray[np.int64], name: str
) -> tuple[DatasetVersion, DatasetVersion]:
    """Return the versions to learn from and to judge by; ``rows`` are the places of those that judge."""
    is_test = np.isin(np.arange(len(frame)), rows)
    return (
        studio.datasets.import_file(frame[~is_test], name=f"{name}, training rows", part_of=version),
        studio.datasets.import_file(frame[is_test], name=f"{name}, test rows", part_of=version),
    )


def _checked(data: Any) -> Data:
    table = data if isinstance(data, Data) else Data(train=data)
    for name in _REFUSED:
        if getattr(table, name) is not None:
            raise UsageError(
                f"Data({name}=…) is of one target.", hint="Leave it out: all targets share rows and split."
            )
    return table


def _read(
    studio: Studio, table: Data, columns: Sequence[str], tags: TagColumn | None
) -> tuple[DatasetVersion, pd.DataFrame]:
    from litmus_core.data import check_names, read_rows

    if (tags is None) == (not columns):
        raise UsageError(
            "Name the targets, or the column of tags.", hint="targets=['a', 'b'], or tags='tags'."
        )
    version = import_any(studio, table.train, name=table.name, schema=table.schema)
    check_names(version, [*columns, *([] if tags is None else [tags.column]), *table.leave_out])
    return version, read_rows(studio.workspace, version)


def _with_columns(
    studio: Studio,
    version: DatasetVersion,
    frame: pd.DataFrame,
    tags: str,
    targets: Sequence[JointTarget],
    present: NDArray[np.bool_],
) -> tuple[DatasetVersion, pd.DataFrame]:
    """Return the table with a yes/no column for each tag in place of the column of tags."""
    import pandas as pd

    from litmus_core.data import read_rows

    names = [target.column for target in targets]
    clashes = [name for name in names if name in frame.columns]
    if clashes:
        raise DataError(f"The table has a column '{clashes[0]}' already.", hint=f"Rename it, or '{tags}'.")
    columns = pd.DataFrame(np.where(present, _YES, _NO), columns=names, index=frame.index)
    table = pd.concat([frame.drop(columns=tags), columns], axis=1)
    wide = studio.datasets.import_file(table, name=f"{version.name}, tags as columns", part_of=version)
    return wide, read_rows(studio.workspace, wide)


def _plan(studio: Studio, version: DatasetVersion, table: Data, spec: TargetsSpec) -> SplitPlan:
    """Return the split that was asked for, else what the table's structure asks for, else a random one."""
    if table.split is not None:
        return parse_split(table.split) if isinstance(table.split, str) else table.split
    return studio.checks.default_split(version.id, spec.columns[0]) or SplitPlan()


def _test_rows(
    studio: Studio,
    version: DatasetVersion,
    frame: pd.DataFrame,
    spec: TargetsSpec,
    plan: SplitPlan,
    is_complete: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Return the places of the rows that judge: complete ones, split as ``plan`` says."""
    from litmus_core.data import split

    complete = np.flatnonzero(is_complete)
    rows = frame.iloc[complete].reset_index(drop=True)
    if plan.kind == "random":
        labels = spec.truth(rows) if spec.kind == "labels" else np.empty((len(rows), 0), dtype=bool)
        return complete[joint_test_rows(labels, fraction=plan.test_fraction, seed=spec.seed)]
    wishes = TaskWishes(split=plan, problem_type=_problem_type(spec), seed=spec.seed)
    task = make_task(studio.workspace, version, spec.columns[0], wishes)
    return complete[split(rows, task).test]


def _runs(
    table: Data, spec: TargetsSpec, plan: SplitPlan, train: DatasetVersion, test: DatasetVersion
) -> tuple[Data, ...]:
    """Return the data set of each target's run: the same rows, without the other targets."""
    return tuple(
        replace(
            table,
            train=train,
            test=test,
            name=None,
            schema=None,
            target=target.column,
            task=_problem_type(spec),
            positive_class=target.positive,
            leave_out=(*table.leave_out, *(name for name in spec.columns if name != target.column)),
            split=None if plan.kind == "random" else plan,
        )
        for target in spec.targets
    )


def _problem_type(spec: TargetsSpec) -> ProblemType:
    return "binary" if spec.kind == "labels" else "regression"
