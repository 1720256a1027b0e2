"""Folds for bagging: stratified, by group or in time order, and never without a class to learn from."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from litmus_core.data import TimeGap
from litmus_core.engine._catalog.selection import n_cells
from litmus_core.engine._resources import is_parallel_faster
from litmus_core.errors import UsageError
from litmus_core.text import format_count
from litmus_core.types import Column, Folds, Resources, Task

_MOST_FOLDS = 50
_MOST_OUTER = 20
_FEW_ROWS = 2_000
_LEAST_S, _MOST_CELLS_PER_S = 20.0, 20_000  # with few rows
_LEAST_MANY_S = 60.0  # with more
_ENOUGH = {5: 0.4, 3: 0.2}  # number of folds: the share of five folds' time that is enough; docs/adr/0032
_FOLDED_CELLS_PER_S = 700
_PARALLEL_TIME_SHARE = 0.7  # of one processor's time, with two or more processors
_NO_GAP = TimeGap()
Fold = tuple[NDArray[np.int64], NDArray[np.int64]]
Kind = Literal["random", "stratified", "group", "time", "custom"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folding:
    """(train, test) positions of the (n,) rows for each fold of each repeat.

    ``scored`` (n,) are the rows that models are scored on: in time order the earliest are only for training.
    """

    repeats: tuple[tuple[Fold, ...], ...]
    scored: NDArray[np.bool_]

    @property
    def folds(self) -> list[Fold]:
        """All folds, in AutoGluon's form."""
        return [fold for repeat in self.repeats for fold in repeat]

    def tested_in(self) -> NDArray[np.int64]:
        """(n,), or (n, repeats) with several repeats: the index in ``folds`` that tests a row, or -1."""
        fold = np.full((len(self.scored), len(self.repeats)), -1, dtype=np.int64)
        number = 0
        for at, repeat in enumerate(self.repeats):
            for _, tested in repeat:
                fold[tested, at] = number
                number += 1
        return fold[:, 0] if len(self.repeats) == 1 else fold


def choose_folds(
    *,
    task: Task,
    columns: Sequence[Column],
    n_rows: int,
    n_classes: int = 2,
    resources: Resources | None = None,
) -> int:
    """Return how many folds Litmus would use for ``n_rows`` training and validation rows (0: none).

    With few rows a single validation part is too noisy to choose by, so they are folded if any model may
    finish. More rows are folded if five folds of every family are likely to finish, or else three: models
    that run out of time are worse than those with fewer folds. A split by time or a validation table
    already decides which rows validate.
    """
    if task.split.kind == "time" or task.validation_version_id is not None:
        return 0
    seconds = task.time_limit_s
    if n_rows < _FEW_ROWS:
        is_time = seconds >= _LEAST_S and n_cells(columns, n_rows) <= _MOST_CELLS_PER_S * seconds
        return 5 if is_time else 0
    needed = folds_duration_s(columns=columns, n_rows=n_rows, n_classes=n_classes, resources=resources)
    most = (n for n, share in _ENOUGH.items() if seconds >= max(_LEAST_MANY_S, share * needed))
    return next(most, 0)


def folds_duration_s(
    *, columns: Sequence[Column], n_rows: int, n_classes: int = 2, resources: Resources | None = None
) -> float:
    """Return about how many seconds all families take in five folds.

    ``resources`` None: one processor. With more than two classes boosters grow trees for each.
    """
    share = _PARALLEL_TIME_SHARE if resources and is_parallel_faster(n_rows, resources) else 1.0
    return share * n_cells(columns, n_rows) * max(2, n_classes) / 2 / _FOLDED_CELLS_PER_S


def kind_of(folds: Folds, task: Task) -> Kind:
    """Return how ``folds`` split the rows of ``task``: by their own setting, else like the task's split."""
    if folds.kind != "auto":
        return folds.kind
    if task.split.kind != "random":
        return task.split.kind
    return "stratified" if task.type.stratifies else "random"


def columns_of(folds: Folds, task: Task) -> tuple[str, ...]:
    """Return the columns that folds depend on, the coarsest first (time may use several); mostly none."""
    kind = kind_of(folds, task)
    if kind in ("random", "stratified", "custom"):
        return ()
    if task.split.kind == kind and folds.column in (None, "", task.split.column):
        return task.split.columns
    return (folds.column,) if folds.column else ()


def check_folds(folds: Folds, task: Task) -> None:
    """Raise UsageError if ``task`` cannot be trained in such folds, whatever its rows are."""
    if folds.outer:
        _check_outer(folds.outer, task)
    _check_gap(folds, task)
    if folds.n_folds == 0:
        return
    kind = kind_of(folds, task)
    _check_custom(folds)
    if folds.n_folds < 2:
        raise UsageError(
            f"{format_count(folds.n_folds, 'fold')} cannot be made.",
            hint="Use at least 2, or 0 for none; 5 is a good start.",
        )
    if not folds.repeats >= 1 or folds.n_folds * folds.repeats > _MOST_FOLDS:
        again = "" if folds.repeats == 1 else f", repeated {folds.repeats:,} times,"
        raise UsageError(
            f"{folds.n_folds:,} folds{again} cannot be fitted.",
            hint=f"Use 5 or 10 folds; with repeats there may be {_MOST_FOLDS} in all.",
        )
    if kind == "time" and folds.repeats > 1:
        raise UsageError(
            "Folds in order of time are the same every time, so they cannot be repeated.",
            hint="Leave repeats out, or use more folds.",
        )
    if kind == "stratified" and not task.type.stratifies:
        raise UsageError("Numbers have no classes to stratify by.", hint="Use kind='random'.")
    if kind in ("group", "time") and not columns_of(folds, task):
        raise UsageError(
            f"Folds by {kind} need a column.",
            hint="Name the column that holds the " + ("date." if kind == "time" else "groups."),
        )
    if task.target in columns_of(folds, task):
        raise UsageError(
            f"Rows cannot be split by '{task.target}': it is the target.", hint="Choose another column."
        )
    if task.validation_version_id is not None:
        raise UsageError(
            "Folds make validation rows of the training rows, so the validation table would be unused.",
            hint="Leave the folds out (0), or leave the validation table out.",
        )


def _check_gap(folds: Folds, task: Task) -> None:
    if isinstance(folds.gap, bool) or not isinstance(folds.gap, Integral) or folds.gap < 0:
        raise UsageError(
            f"A gap of {folds.gap} rows is not possible.",
            hint="Give a whole number, 0 or more; embargo takes a time.",
        )
    if not folds.has_time_gap:
        return
    if kind_of(folds, task) != "time" or task.split.kind != "time":
        raise UsageError(
            "A gap or an embargo needs rows in order of time, in the test part and in folds.",
            hint="Split by time too: Data(…, split='time:COLUMN'), or --split time:COLUMN.",
        )
    if task.test_version_id is not None or task.validation_version_id is not None:
        raise UsageError(
            "A gap or an embargo cannot be held between separate tables.",
            hint="Leave the gap out, and leave such rows out of the training table yourself.",
        )


def _check_custom(folds: Folds) -> None:
    if folds.kind == "custom" and not folds.stored:
        raise UsageError(
            "Custom folds can only be set in Python.",
            hint="Write folds=GroupKFold(5), pairs of rows, or 'column:NAME'.",
        )
    if folds.stored and (folds.outer or folds.repeats > 1):
        raise UsageError(
            "Custom folds are neither repeated nor judged by outer folds.",
            hint="Leave repeats and outer out: a splitter may repeat by itself, and a test part judges.",
        )


def _check_outer(n_folds: int, task: Task) -> None:
    if not 2 <= n_folds <= _MOST_OUTER:
        raise UsageError(
            f"{n_folds:,} outer folds cannot judge a model.",
            hint=f"Use 5 or 10 (2 to {_MOST_OUTER}), or 0 for a test part.",
        )
    if task.test_version_id is not None:
        raise UsageError(
            "Outer folds judge by the rows of the table, so the test table would be unused.",
            hint="Leave the outer folds out (0), or leave the test table out.",
        )
    if task.validation_version_id is not None:
        raise UsageError(
            "Outer folds split all rows themselves, so the validation table would be unused.",
            hint="Leave the outer folds out (0), or leave the validation table out.",
        )


def check_fold_rows(
    folds: Folds,
    task: Task,
    *,
    labels: Sequence[Any],
    groups: NDArray[Any] | None = None,
    times: NDArray[np.float64] | None = None,
    gap: TimeGap = _NO_GAP,
) -> None:
    """Raise UsageError, with the nearest possible number, if these (n,) rows do not allow the folds.

    ``labels`` are the target's values as text, ``groups`` codes, ``times`` numbers (NaN: none) of the folded
    rows.
    """
    n_folds, kind, by = folds.n_folds, kind_of(folds, task), columns_of(folds, task)
    if folds.kind == "stratified":  # with other kinds, rows of rare classes only train
        names, counts = np.unique(np.asarray(labels, dtype=str), return_counts=True)
        rarest, n_rows = names[counts.argmin()], int(counts.min())
        if n_rows < n_folds:
            raise UsageError(
                f"{n_folds} folds cannot each test a row of every class: '{rarest}' of '{task.target}' has "
                f"{format_count(n_rows, 'row')} to train and validate.",
                hint=_nearest(n_rows) + "Or use kind='random': then a class too rare to test only trains.",
            )
    elif kind == "group" and groups is not None and (n := len(np.unique(groups))) < n_folds:
        raise UsageError(
            f"{n_folds} folds cannot be made: '{by[0]}' has only {format_count(n, 'group')}.",
            hint=_nearest(n) or "Choose another column.",
        )
    elif kind == "time" and times is not None:
        n, by = (
            len(np.unique(times[~np.isnan(times)])) - 1,
            columns_of(folds, task),
        )  # the earliest is only for training
        if n < n_folds:
            raise UsageError(
                f"{n_folds} folds in order of time cannot be made: '{' then '.join(by)}' has only "
                f"{format_count(max(n, 0) + 1, 'moment')}.",
                hint=_nearest(n) or "Choose another column.",
            )
        _by_time(times, None, n_folds=n_folds, gap=gap)
    if len(labels) < n_folds:
        raise UsageError(
            f"{n_folds} folds cannot be made of {format_count(len(labels), 'row')}.",
            hint=_nearest(len(labels)),
        )


def _nearest(n_folds: int) -> str:
    return f"Use {n_folds} folds. " if n_folds >= 2 else ""


def fold_rows(
    plan: Folds,
    task: Task,
    target: NDArray[Any],
    *,
    groups: NDArray[Any] | None,
    times: NDArray[np.float64] | None,
    gap: TimeGap = _NO_GAP,
) -> Folding:
    """Return the folds of the (n,) rows with these class codes (or values)."""
    has_classes = task.type.has_classes
    if kind_of(plan, task) == "time":
        if times is None:
            raise UsageError("Folds in order of time need the rows' times.", hint="Give times, or 0 folds.")
        return _by_time(times, target if has_classes else None, n_folds=plan.n_folds, gap=gap)
    repeats = (
        plan_folds(
            target,
            n_folds=plan.n_folds,
            groups=groups,
            seed=task.seed + repeat,
            stratify=has_classes and plan.kind != "random",
            has_classes=has_classes,
        )
        for repeat in range(plan.repeats)
    )
    return Folding(repeats=tuple(map(tuple, repeats)), scored=np.ones(len(target), dtype=bool))


def _by_time(
    times: NDArray[np.float64], classes: NDArray[Any] | None, *, n_folds: int, gap: TimeGap
) -> Folding:
    """Test each of ``n_folds`` periods with models of the time before its ``gap``; NaN is before all.

    A model cannot be fitted without a class: the first row of an unseen class is added to training, and the
    rows of that class in the test period are not tested, since they would certainly be wrong.
    """
    stretch = _stretches(times, n_folds + 1)
    folds = []
    for at in range(1, n_folds + 1):
        learned, tested = stretch < at, stretch == at
        learned &= ~gap.too_close(times, learned, tested)
        if not learned.any():
            raise UsageError(
                f"The gap leaves no row to learn from before fold {at} of {n_folds}.",
                hint="Use fewer folds, or a shorter gap.",
            )
        if classes is not None:
            unseen = np.setdiff1d(classes, classes[learned])
            tested &= ~np.isin(classes, unseen)
            for label in unseen:
                rows = np.flatnonzero(classes == label)
                learned[rows[np.argmin(times[rows])]] = True
        if tested.any():
            folds.append((np.flatnonzero(learned), np.flatnonzero(tested)))
    return Folding(repeats=(tuple(folds),), scored=stretch >= 1)


def _stretches(times: NDArray[np.float64], n_stretches: int) -> NDArray[np.int64]:
    """Number periods of about equal size; rows of one time stay together; NaN is in the first."""
    moments, places, counts = np.unique(times[~np.isnan(times)], return_inverse=True, return_counts=True)
    before = np.cumsum(counts)  # rows up to and including each time
    number = np.zeros(len(moments), dtype=np.int64)
    first = 0
    for at in range(1, n_stretches):
        last = len(moments) - (n_stretches - at)  # each of the later periods keeps a time
        off = np.abs(before[first:last] - at * before[-1] / n_stretches)
        first += int(off.argmin()) + 1
        number[first:] = at
    stretch = np.zeros(len(times), dtype=np.int64)
    stretch[~np.isnan(times)] = number[places]
    return stretch


def plan_folds(
    target: NDArray[Any],
    *,
    n_folds: int,
    groups: NDArray[Any] | None,
    seed: int,
    stratify: bool,
    has_classes: bool | None = None,
) -> list[Fold]:
    """Return (train, test) positions per fold of the (n,) rows.

    With ``groups`` all rows of a group are tested in one fold. A row whose class would otherwise be missing
    from its fold's training rows stays in training there and is never tested: models cannot be fitted without
    a class, and predictions for an unseen class are certainly wrong.
    """
    n_units = len(np.unique(groups)) if groups is not None else len(target)
    n_folds = max(2, min(n_folds, n_units))
    number = _fold_numbers(target, n_folds=n_folds, groups=groups, seed=seed, stratify=stratify)
    classes = target if (stratify if has_classes is None else has_classes) else None
    folds = [_without_lost_classes(number == at, classes) for at in range(n_folds)]
    return [(np.flatnonzero(~tested), np.flatnonzero(tested)) for tested in folds if tested.any()]


def _fold_numbers(
    target: NDArray[Any], *, n_folds: int, groups: NDArray[Any] | None, seed: int, stratify: bool
) -> NDArray[np.int64]:
    """Return (n,) the fold in which each row is tested."""
    from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

    enough = not stratify or np.unique(target, return_counts=True)[1].max() >= n_folds
    splitter: Any
    if groups is not None and stratify and enough:
        splitter = StratifiedGroupKFold(n_splits=n_folds, shuffle=True, random_state=seed)
    elif groups is not None:
        splitter = GroupKFold(n_splits=n_folds)
    elif stratify and enough:
        splitter = StratifiedKFold(n_splits=n_folds, shuffle=True, random_state=seed)
    else:
        splitter = KFold(n_splits=n_folds, shuffle=True, random_state=seed)
    number = np.zeros(len(target), dtype=np.int64)
    with warnings.catch_warnings():
        # classes smaller than the number of folds, which the caller handles
        warnings.simplefilter("ignore", UserWarning)
        for at, (_, tested) in enumerate(splitter.split(np.zeros(len(target)), target, groups)):
            number[tested] = at
    return number


def _without_lost_classes(tested: NDArray[np.bool_], target: NDArray[Any] | None) -> NDArray[np.bool_]:
    if target is None:
        return tested
    lost = np.setdiff1d(target[tested], target[~tested])
    return tested & ~np.isin(target, lost)
