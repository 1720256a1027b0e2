"""Score the quick linear model on a table before training, with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.data._baselines import BaselineCase
from litmus_core.data._labels.target_transform import with_task_target
from litmus_core.data._task_checks import check_problem
from litmus_core.errors import DataError
from litmus_core.metrics import score_interval

if TYPE_CHECKING:
    from litmus_core.store import Workspace
    from litmus_core.types import DatasetVersion, Score, Task

_N_FOLDS = 5
_MOST_FOLDED = 4_000  # with more rows the validation part is large enough
_REPLICATES = 200
_SMOOTHING = 0.02  # of each class's share: a class that a fold does not train on keeps a probability


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickReference:
    """The quick model's score with its interval, the score of guessing, and the sizes of a run's parts."""

    quick: Score
    constant: float
    n_known: int  # training and validation rows
    n_test: int
    n_classes: int


def quick_reference(
    workspace: Workspace,
    version: DatasetVersion,
    task: Task,
    *,
    validation: DatasetVersion | None = None,
    test: DatasetVersion | None = None,
) -> QuickReference:
    """Score the quick linear model without the test rows: in five folds of few rows, else by one part.

    Raises as :func:`baselines` does.
    """
    check_problem(with_task_target(workspace, version, task), task)
    case = BaselineCase.of(workspace, version, task, validation, test)
    rows, predicted = _predict(case, workspace, version, validation)
    truth = case.target[rows]
    score, _ = score_interval(
        case.metric_at(rows),
        truth if case.classes else truth.astype(float),
        predicted,
        classes=case.classes,
        positive_class=task.positive_class,
        blocks=None if case.parts.blocks is None else case.parts.blocks[rows],
        seed=task.seed,
        n=_REPLICATES,
    )
    return QuickReference(
        quick=score,
        constant=case.constant(workspace, version).value,
        n_known=len(case.parts.train) + len(case.parts.validation),
        n_test=len(case.parts.test),
        n_classes=len(case.classes),
    )


def _predict(
    case: BaselineCase, workspace: Workspace, version: DatasetVersion, validation: DatasetVersion | None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return rows, and predictions for them of a quick model that did not train on them."""
    rows = np.sort(np.concatenate([case.parts.train, case.parts.validation]))
    if validation is not None or case.task.split.kind != "random" or len(rows) > _MOST_FOLDED:
        return case.predict_validation(workspace, version, validation or version)
    predicted = predict_in_folds(case, workspace, version, rows)
    if case.classes:
        predicted = (1 - _SMOOTHING) * predicted + _SMOOTHING / len(case.classes)
    return rows, predicted


def quick_score_in_folds(
    workspace: Workspace, version: DatasetVersion, task: Task, folds: NDArray[np.int64]
) -> float:
    """Score the quick model on all rows that ``folds`` (n,) number, each without its fold's rows.

    A row of -1 is in no fold: the models of all folds learn from it. In time order they learn from earlier
    rows. Raises DataError where too few are left, or where a class is known in no training row.
    """
    case = BaselineCase.of(workspace, version, task, None, None)
    if len(case.target) != len(folds):
        raise DataError("The folds have other rows than the table.")
    learnable = np.sort(np.concatenate([case.parts.train, case.parts.validation, case.parts.test]))
    rows = learnable[folds[learnable] >= 0]
    if case.classes and not np.isin(case.target[rows], case.classes).all():
        raise DataError("A class is in no training row.")
    predicted = np.zeros((len(rows), len(case.classes)) if case.classes else len(rows))
    for fold in np.unique(folds[rows]):
        others = learnable[folds[learnable] != fold]
        if task.split.kind == "time":
            others = others[folds[others] < fold]
        if not len(others) or (case.classes and len(set(case.target[others].tolist())) < 2):
            raise DataError("Too few rows would be left to learn from.")
        out = folds[rows] == fold
        predicted[out] = case.predicted(others, rows[out], workspace, version, version)
    return case.score(rows, predicted)


def predict_in_folds(
    case: BaselineCase,
    workspace: Workspace,
    version: DatasetVersion,
    rows: NDArray[np.int64],
    *,
    learned: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """Return the quick model's predictions for ``rows`` (n,), out of fold: (n,) or (n, classes).

    The model of each fold learns from the others' ``learned`` rows (n,), by default all. Raises DataError
    where too few are left.
    """
    folds = _row_folds(case.target[rows], seed=case.task.seed, by_class=bool(case.classes))
    predicted = np.zeros((len(rows), len(case.classes)) if case.classes else len(rows))
    for fold in range(_N_FOLDS):
        out = folds == fold
        others = rows[~out if learned is None else ~out & learned]
        if not len(others) or (case.classes and len(set(case.target[others].tolist())) < 2):
            raise DataError("Too few rows would be left to learn from.")
        predicted[out] = case.predicted(others, rows[out], workspace, version, version)
    return predicted


def _row_folds(target: NDArray[Any], *, seed: int, by_class: bool) -> NDArray[np.int64]:
    """Return each row's fold (n,), each class spread over all."""
    mixed = np.random.default_rng([seed, 11]).permutation(len(target))
    if by_class:
        _, codes = np.unique(target.astype(str), return_inverse=True)
        mixed = mixed[np.argsort(codes[mixed], kind="stable")]
    folds = np.empty(len(target), dtype=np.int64)
    folds[mixed] = np.arange(len(target)) % _N_FOLDS
    return folds
