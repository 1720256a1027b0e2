"""Custom folds: validation, and storage beside the tables."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._folds.splitters import Fold, Folding
from litmus_core.errors import NotFoundError, UsageError, reading
from litmus_core.text import format_count

_FOLDER = "folds"
_MOST_FOLDS = 50
_AGAIN = "Each row is tested once, or equally often with repeats, as by KFold and RepeatedKFold."


def check_pairs(pairs: Sequence[Any], *, n_rows: int) -> list[Fold]:
    """Return custom folds as (train, test) positions among ``n_rows`` rows.

    Raises UsageError, with the number of the fold, for a value that is not a pair or a side without rows. It
    also does so for positions beyond the rows, and for a row on both sides.
    """
    folds = [_check_pair(pair, number, n_rows=n_rows) for number, pair in enumerate(pairs, start=1)]
    if not 2 <= len(folds) <= _MOST_FOLDS:  # of more, as LeaveOneOut makes them, only the first are read
        many = f"More than {_MOST_FOLDS} folds"
        raise UsageError(
            f"{many if len(folds) > _MOST_FOLDS else format_count(len(folds), 'fold')} of your own "
            "cannot be used.",
            hint=f"Give from 2 to {_MOST_FOLDS} pairs of training and test rows.",
        )
    _check_repeats(folds, n_rows=n_rows)
    return folds


def _check_pair(pair: Any, number: int, *, n_rows: int) -> Fold:
    if not isinstance(pair, Sequence | np.ndarray) or isinstance(pair, str) or len(pair) != 2:
        raise UsageError(
            f"Fold {number} is not a pair of training and test rows.", hint="Write [(train, test), …]."
        )
    learned, tested = (_positions(side, number, n_rows=n_rows) for side in pair)
    if both := len(np.intersect1d(learned, tested)):
        raise UsageError(
            f"Fold {number} learns from {format_count(both, 'row')} that it is tested on.",
            hint="Leave the test rows out of what the fold learns from.",
        )
    return learned, tested


def _positions(side: Any, number: int, *, n_rows: int) -> NDArray[np.int64]:
    rows = np.asarray(side)
    if rows.dtype.kind == "b" and rows.shape == (n_rows,):
        rows = np.flatnonzero(rows)
    if rows.ndim != 1 or (rows.size and rows.dtype.kind not in "iu"):
        raise UsageError(
            f"Fold {number} does not say its rows by their positions.", hint="Give whole numbers, from 0."
        )
    if not rows.size:
        raise UsageError(
            f"Fold {number} has a side without rows.", hint="Give each fold rows to learn from and to test."
        )
    positions = np.unique(rows.astype(np.int64))
    beyond = positions[(positions < 0) | (positions >= n_rows)]
    if len(beyond):
        raise UsageError(
            f"Fold {number} names row {beyond[0]:,}, and there are {format_count(n_rows, 'row')}.",
            hint=f"Rows are counted from 0 to {n_rows - 1:,}.",
        )
    return positions


def _check_repeats(folds: Sequence[Fold], *, n_rows: int) -> None:
    """Raise UsageError unless each repeat tests the same rows, each of them once."""
    tested = [
        np.sort(np.concatenate([rows for _, rows in repeat])) for repeat in _disjoint(folds, n_rows=n_rows)
    ]
    if any(not np.array_equal(tested[0], rows) for rows in tested):
        raise UsageError("These folds test some rows more often than others.", hint=_AGAIN)


def custom_folding(pairs: Sequence[Fold], places: NDArray[np.int64], classes: NDArray[Any] | None) -> Folding:
    """Return custom folds of the rows at ``places`` (n,) of the table; rows that are not there are left out.

    ``classes`` (n,) are their codes, None for numbers. A fold without a training row of a class learns the
    first such row, and is not tested on the others: no model can be fitted without.
    """
    place_of = {int(place): at for at, place in enumerate(places)}
    folds = []
    for learned, tested in pairs:
        sides = [
            np.array([place_of[row] for row in side.tolist() if row in place_of], dtype=np.int64)
            for side in (learned, tested)
        ]
        folds.append(_with_each_class(sides[0], sides[1], classes))
    present = [fold for fold in folds if len(fold[0]) and len(fold[1])]
    scored = np.zeros(len(places), dtype=bool)
    for _, tested in present:
        scored[tested] = True
    return Folding(repeats=_disjoint(present, n_rows=len(places)), scored=scored)


def _with_each_class(
    learned: NDArray[np.int64], tested: NDArray[np.int64], classes: NDArray[Any] | None
) -> Fold:
    if classes is None:
        return learned, tested
    unmet = np.setdiff1d(classes, classes[learned])
    tested = tested[~np.isin(classes[tested], unmet)]
    first = [int(np.flatnonzero(classes == code)[0]) for code in unmet]
    return np.sort(np.concatenate([learned, np.array(first, dtype=np.int64)])), tested


def _disjoint(folds: Sequence[Fold], *, n_rows: int) -> tuple[tuple[Fold, ...], ...]:
    """Return the folds in their order, a new repeat where a row would be tested twice."""
    repeats: list[list[Fold]] = [[]]
    is_tested = np.zeros(n_rows, dtype=bool)
    for learned, tested in folds:
        if is_tested[tested].any():
            repeats.append([])
            is_tested[:] = False
        is_tested[tested] = True
        repeats[-1].append((learned, tested))
    return tuple(map(tuple, repeats))


def write_folds(workspace: Path, folds: Sequence[Fold]) -> str:
    """Store folds by positions in the table, and return their name, which is that of their content."""
    arrays = {
        f"{side}_{at:02}": rows
        for at, fold in enumerate(folds)
        for side, rows in zip(("learned", "tested"), fold, strict=True)
    }
    content = hashlib.sha256()
    for name, rows in arrays.items():
        content.update(f"{name}:{len(rows)}:".encode() + rows.astype("<i8").tobytes())
    name = f"folds_{content.hexdigest()[:16]}"
    path = _path(workspace, name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        with partial.open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
        partial.replace(path)
    return name


def read_folds(workspace: Path, name: str) -> list[Fold]:
    """Return stored folds; raises NotFoundError if this workspace has none of that name."""
    path = _path(workspace, name)
    if not name.isidentifier() or not path.exists():
        raise NotFoundError(kind="folds", id=name, hint="Give the folds themselves: folds=GroupKFold(5).")
    with reading(path), path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        n_folds = len(stored.files) // 2
        return [(stored[f"learned_{at:02}"], stored[f"tested_{at:02}"]) for at in range(n_folds)]


def _path(workspace: Path, name: str) -> Path:
    return workspace / _FOLDER / f"{name}.npz"
