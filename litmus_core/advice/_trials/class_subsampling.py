"""The surrogate's predictions after learning from fewer rows of one class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from litmus_core.advice._surrogate import Clock, Floats, Ints, Surrogate, parts_of

_FEWEST = 8  # fewest rows of a class of which half can be left out
_MOST_CLASSES = 6


def class_way(code: int, left: int = 2) -> str:
    """Return the name of the trial with one ``left``-th of the rows of a class."""
    return part_way(f"class {code}", left)


def part_way(part: str, left: int) -> str:
    """Return the name of the trial with a half (2) or a quarter (4) of a group's rows.

    >>> part_way("class 1", 2), part_way("class 1", 4)
    ('class 1', 'class 1 quarter')
    """
    return part if left == 2 else f"{part} quarter"


def try_classes(
    surrogate: Surrogate,
    learn: Ints,
    validation: Ints,
    clock: Clock,
    *,
    seed: int,
    only: Sequence[int] | None = None,
    left: int = 2,
) -> dict[str, list[Floats]]:
    """Return predictions for the held-out rows with one ``left``-th of the rows of one class.

    Tried for the rarest classes that have enough rows, or only for those in ``only``. The class keeps its
    frequency.
    """
    values: dict[str, list[Floats]] = {}
    n_classes = len(surrogate.data.classes)
    if n_classes < 2:
        return values
    sizes = np.bincount(surrogate.target[learn], minlength=n_classes)
    parts = parts_of(learn, seed=seed)
    rest = np.setdiff1d(learn, parts[0], assume_unique=True)
    enough = [code for code in np.argsort(sizes) if sizes[code] >= _FEWEST * left / 2]
    for code in enough[:_MOST_CLASSES] if only is None else [place for place in only if place in enough]:
        if not clock.has_time_for(2):
            continue
        fewer, stop = (
            thinned(rows, surrogate.target[rows] == code, left, seed=code) for rows in (rest, parts[0])
        )
        predictions = clock.timed(lambda a=fewer, b=stop: surrogate.fit(a, b, validation))  # type: ignore[misc]
        n_label_rows = int((surrogate.target[rest] == code).sum())
        n_gone = len(rest) - len(fewer)
        values[class_way(code, left)] = [
            with_share(predictions, code, times=n_label_rows / (n_label_rows - n_gone))
        ]
    return values


def thinned(rows: Ints, inside: NDArray[np.bool_], left: int, *, seed: int) -> Ints:
    """Return the rows with one ``left``-th of those ``inside``, sampled so that smaller samples are nested.

    A half in the table's order would be a period or a group, and its loss would not depend only on the number
    of rows.
    """
    shuffled = np.random.default_rng([seed, 37]).permutation(rows[inside])
    return np.setdiff1d(rows, shuffled[: len(shuffled) - -(-len(shuffled) // left)], assume_unique=True)


def with_share(predictions: Floats, code: int, *, times: float) -> Floats:
    """Return (n, k) probabilities, corrected for a class that is ``times`` as frequent.

    A model trained on fewer rows of a class underestimates it by a known factor. After this correction only
    the effect of the rows themselves remains.
    """
    shared = predictions.copy()
    shared[:, code] *= times
    return np.asarray(shared / shared.sum(axis=1, keepdims=True), dtype=np.float64)
