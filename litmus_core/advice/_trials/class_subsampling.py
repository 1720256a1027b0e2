"""What the stand-in answers where it learned from fewer rows of one class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from litmus_core.advice._surrogate import Clock, Floats, Ints, Surrogate, parts_of

_FEWEST = 8  # rows of a class, half of which can be gone without
_MOST_CLASSES = 6


def class_way(code: int, left: int = 2) -> str:
    """Return what a class's trial with a ``left``-th of its rows is called among the answers."""
    return part_way(f"class {code}", left)


def part_way(part: str, left: int) -> str:
    """Return what the trial with a half (2) or a quarter (4) of a part's rows is called.

    >>> part_way("class 1", 2), part_way("class 1", 4)
    ('class 1', 'class 1 quarter')
    """
    return part if left == 2 else f"{part} quarter"


def try_classes(
    probe: Surrogate,
    learn: Ints,
    held: Ints,
    clock: Clock,
    *,
    seed: int,
    only: Sequence[int] | None = None,
    left: int = 2,
) -> dict[str, list[Floats]]:
    """Return what it answers to the held rows with a ``left``-th of the rows of one class.

    Of the rarest classes that have some to spare, or of ``only`` these. The class is as frequent as before.
    """
    found: dict[str, list[Floats]] = {}
    n_classes = len(probe.known.classes)
    if n_classes < 2:
        return found
    sizes = np.bincount(probe.target[learn], minlength=n_classes)
    parts = parts_of(learn, seed=seed)
    rest = np.setdiff1d(learn, parts[0], assume_unique=True)
    enough = [code for code in np.argsort(sizes) if sizes[code] >= _FEWEST * left / 2]
    for code in enough[:_MOST_CLASSES] if only is None else [each for each in only if each in enough]:
        if not clock.has_time_for(2):
            continue
        fewer, stop = (
            thinned(rows, probe.target[rows] == code, left, seed=code) for rows in (rest, parts[0])
        )
        answers = clock.timed(lambda a=fewer, b=stop: probe.fit(a, b, held))  # type: ignore[misc]
        n_own = int((probe.target[rest] == code).sum())
        n_gone = len(rest) - len(fewer)
        found[class_way(code, left)] = [with_share(answers, code, times=n_own / (n_own - n_gone))]
    return found


def thinned(rows: Ints, inside: NDArray[np.bool_], left: int, *, seed: int) -> Ints:
    """Return the rows with a ``left``-th of those ``inside``, drawn from all of them; fewer are among more.

    Half in the table's order would be a time or a group of its own, and what is missed of it no matter of how
    many rows there are.
    """
    own = np.random.default_rng([seed, 37]).permutation(rows[inside])
    return np.setdiff1d(rows, own[: len(own) - -(-len(own) // left)], assume_unique=True)


def with_share(answers: Floats, code: int, *, times: float) -> Floats:
    """Return (n, k) probabilities as they are where a class is so many ``times`` as frequent.

    What was learned from fewer rows of a class finds it rarer than it is, and that is known: what is left
    after this is what the rows themselves taught.
    """
    shared = answers.copy()
    shared[:, code] *= times
    return np.asarray(shared / shared.sum(axis=1, keepdims=True), dtype=np.float64)
