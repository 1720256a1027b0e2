"""The effect of a fix that drops rows or a column on the score of the quick linear model, in folds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.data._baselines import BaselineCase
from litmus_core.data._fixes.apply import surviving_rows
from litmus_core.data._labels.target_transform import with_task_target
from litmus_core.data._quick_folds import predict_in_folds
from litmus_core.data._task_checks import check_problem
from litmus_core.errors import DataError, UsageError
from litmus_core.metrics import PairedDifference, paired_difference

if TYPE_CHECKING:
    from litmus_core.store import Workspace
    from litmus_core.types import DatasetVersion, Fix, Task

_MOST_ROWS = 4_000
_REPLICATES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FixEffect:
    """Scores of a quick model on the rows that remain, trained before and after a fix.

    In their difference, positive is better after the fix.
    """

    before: float
    fixed: float
    difference: PairedDifference


def fix_effect(workspace: Workspace, version: DatasetVersion, task: Task, fix: Fix) -> FixEffect:
    """Measure the effect of ``fix`` on the score of ``task`` in five folds, without the test rows.

    Both models predict the same rows, at most 4,000 of those that remain; the one before the fix also learns
    from what the fix drops. Raises UsageError for a fix that drops nothing, DataError if too little remains.
    """
    if not fix.is_destructive:
        raise UsageError(f"The fix '{fix.kind}' drops nothing.")
    check_problem(with_task_target(workspace, version, task), task)
    case = BaselineCase.of(workspace, version, task, None, None)
    rows = np.sort(np.concatenate([case.parts.train, case.parts.validation]))
    if len(rows) > _MOST_ROWS:
        rows = np.sort(np.random.default_rng([task.seed, 13]).choice(rows, _MOST_ROWS, replace=False))
    features = tuple(name for name in task.features if fix.kind != "leave_out" or name not in fix.columns)
    if not features:
        raise DataError("Nothing would be left to learn from.")
    changed = replace(case, task=replace(task, features=features))
    stays = np.isin(case.at(rows), surviving_rows(workspace, version, [fix]))
    old_predictions = predict_in_folds(case, workspace, version, rows)[stays]
    new_predictions = predict_in_folds(changed, workspace, version, rows, learned=stays)[stays]
    remaining = rows[stays]
    truth = case.target[remaining]
    difference = paired_difference(
        case.metric_at(remaining),
        truth if case.classes else truth.astype(float),
        new_predictions,
        old_predictions,
        classes=case.classes,
        positive_class=task.positive_class,
        blocks=None if case.parts.blocks is None else case.parts.blocks[remaining],
        seed=task.seed,
        n=_REPLICATES,
    )
    return FixEffect(
        before=case.score(remaining, old_predictions),
        fixed=case.score(remaining, new_predictions),
        difference=difference,
    )
