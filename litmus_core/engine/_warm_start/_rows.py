"""The training rows of a continued fit: the earlier run's features, classes and folds, and some old rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._fit.warm_start import WarmStartSource
from litmus_core.engine._folds.splitters import Fold, Folding
from litmus_core.engine._preprocess import open_steps
from litmus_core.engine._run_folder.folder import read_model_info, read_rows, read_target
from litmus_core.engine._target import UNKNOWN, Target
from litmus_core.errors import DataError
from litmus_core.frame import open_pipeline

if TYPE_CHECKING:
    from litmus_core.runtime import Pipeline

_LEAST_ROWS = 1_000  # fewer new rows alone are too few to fit more trees
Ints = NDArray[np.int64]


def warm_start_state(source: WarmStartSource) -> tuple[Pipeline, Target]:
    """Return the earlier run's fitted features and classes: its trees know no others."""
    state = json.loads((source.folder / "pipeline.json").read_text(encoding="utf-8"))
    pipeline = open_pipeline(state, open_steps(source.folder, custom_in_process=False))
    return pipeline, read_target(read_model_info(source.folder))


def check_same_rows(codes: NDArray[Any], labels: Any, target: Target) -> None:
    """Raise DataError if rows have a class that the model does not know."""
    if not target.task_type.has_classes or not (codes == UNKNOWN).any():
        return
    unknown = labels[codes == UNKNOWN]
    raise DataError(
        f"{len(unknown):,} rows have answers that the model was not trained for, such as "
        f"'{unknown.iloc[0]}': their number cannot change any more.",
        hint="Retrain on this version of the table.",
    )


def warm_start_refreshing(
    source: WarmStartSource, codes: NDArray[Any], index: Ints, *, groups: NDArray[Any] | None, seed: int
) -> Folding:
    """Return the folds of (n,) rows with the labels ``index``: old rows stay in theirs, new ones are
    assigned.

    So the k-th model is scored on rows that it has never learned from. A new row of a known group goes to
    that group's fold. ``codes`` are class codes or values.
    """
    before = read_rows(source.folder)
    was_in = before.fold.reshape(len(before.index), -1)
    n_repeats, n_folds = was_in.shape[1], int(was_in.max()) + 1
    is_new = index >= source.n_before
    place = {int(label): at for at, label in enumerate(before.index)}
    number = np.full((len(index), n_repeats), -1, dtype=np.int64)
    number[~is_new] = was_in[[place[int(label)] for label in index[~is_new]]]
    per_repeat = n_folds // n_repeats
    for repeat in range(n_repeats):
        rng = np.random.default_rng([seed, 11, repeat])
        first = repeat * per_repeat
        if groups is None:
            order = rng.permutation(np.flatnonzero(is_new))
            if codes.dtype.kind == "i":
                order = order[np.argsort(codes[order], kind="stable")]
            number[order, repeat] = first + np.arange(len(order)) % per_repeat
        else:
            _assign_groups(number[:, repeat], groups, is_new, first=first, n_folds=per_repeat, rng=rng)
    every = np.arange(len(index))
    folds = [
        (np.setdiff1d(every, tested), tested)
        for tested in (np.flatnonzero((number == at).any(axis=1)) for at in range(n_folds))
    ]
    repeats = [tuple(folds[at * per_repeat : (at + 1) * per_repeat]) for at in range(n_repeats)]
    return Folding(repeats=tuple(repeats), scored=np.ones(len(index), dtype=bool))


def _assign_groups(
    number: Ints, groups: NDArray[Any], is_new: NDArray[np.bool_], *, first: int, n_folds: int, rng: Any
) -> None:
    number_of = dict(zip(groups[~is_new].tolist(), number[~is_new].tolist(), strict=True))
    fresh = rng.permutation(np.setdiff1d(groups[is_new], groups[~is_new])).tolist()
    number_of |= {group: first + at % n_folds for at, group in enumerate(fresh)}
    number[is_new] = [number_of[group] for group in groups[is_new].tolist()]


def learned(
    source: WarmStartSource, codes: NDArray[Any], index: Ints, folds: list[Fold] | None, *, seed: int
) -> list[Ints]:
    """Return the training positions of each fold (without folds: of the one model).

    They are all new training rows and a share of the old ones, with every class among them.
    """
    rows = [learns for learns, _ in folds] if folds is not None else [np.arange(len(index))]
    learned_rows = []
    for at, positions in enumerate(rows):
        is_new = index[positions] >= source.n_before
        old, n_new = positions[~is_new], int(is_new.sum())
        wanted = max(int(np.ceil(source.old_per_new * n_new)), _LEAST_ROWS - n_new)
        rng = np.random.default_rng([seed, 12, at])
        learned_rows.append(np.sort(np.concatenate([positions[is_new], _drawn(old, codes, wanted, rng)])))
    return learned_rows


def _drawn(rows: Ints, codes: NDArray[Any], n_wanted: int, rng: np.random.Generator) -> Ints:
    """Sample rows at random, starting with one of each class: no library continues without a known class."""
    drawn: Ints = rng.permutation(rows)
    if codes.dtype.kind != "i":
        return drawn[:n_wanted]
    first = np.unique(codes[drawn], return_index=True)[1]
    rest = np.delete(np.arange(len(drawn)), first)
    chosen: Ints = drawn[np.concatenate([first, rest])[: max(n_wanted, len(first))]]
    return chosen
