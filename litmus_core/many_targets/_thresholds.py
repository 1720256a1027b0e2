"""Where each label begins to be yes: the thresholds that score best together on validation rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
USUAL = 0.5
_ROUNDS = 30
_SMALL = 1e-12


def choose_thresholds(metric: str, truths: Sequence[Array], chances: Sequence[Array]) -> tuple[float, ...]:
    """Return a threshold for each of k labels, from their truths and the chances of yes, (n_j,) each.

    ``macro_f1`` takes the best F1 of each label, ``micro_f1`` the best F1 of all counts together,
    ``hamming_loss`` the fewest wrong answers. ``subset_accuracy`` goes on from there, a label at a time, if
    all labels have the same rows. A label that is never yes keeps 0.5.
    """
    if metric == "macro_f1":
        pairs = zip(truths, chances, strict=True)
        return tuple(_best_f1([truth], [chance])[0] for truth, chance in pairs)
    if metric == "micro_f1":
        return _best_f1(truths, chances)
    cuts = tuple(_cut(truth, chance, 1.0, 1.0) for truth, chance in zip(truths, chances, strict=True))
    if metric == "subset_accuracy" and len({len(truth) for truth in truths}) == 1:
        return _whole_rows(np.column_stack(truths), np.column_stack(chances), cuts)
    return cuts


def _best_f1(truths: Sequence[Array], chances: Sequence[Array]) -> tuple[float, ...]:
    """Return the thresholds of the best F1 over all counts.

    F1 of at least ``goal`` means 2 hits - goal (hits + false alarms + yes) >= 0, which is a sum over labels:
    the best cut of each is found alone, and the goal raised to what they reach (Dinkelbach).
    """
    pairs = list(zip(truths, chances, strict=True))
    goal, cuts = 0.0, tuple(USUAL for _ in pairs)
    for _ in range(_ROUNDS):
        cuts = tuple(_cut(truth, chance, 2.0 - goal, goal) for truth, chance in pairs)
        decided = [chance >= cut for (_, chance), cut in zip(pairs, cuts, strict=True)]
        hits = sum(int((truth & yes).sum()) for truth, yes in zip(truths, decided, strict=True))
        size = sum(int(truth.sum() + yes.sum()) for truth, yes in zip(truths, decided, strict=True))
        reached = 2 * hits / size if size else 0.0
        if reached <= goal + _SMALL:
            break
        goal = reached
    return cuts


def _cut(truth: Array, chance: Array, gain: float, cost: float) -> float:
    """Return the threshold with the most of ``gain`` for each hit less ``cost`` for each false alarm.

    It lies half-way between two chances; of equal ones, nearest to 0.5.
    """
    if not truth.any():
        return USUAL
    order = np.argsort(-chance, kind="stable")
    sorted_chance = chance[order]
    worth = np.r_[0.0, np.cumsum(np.where(truth[order], gain, -cost))]
    cuts = np.r_[
        (1.0 + sorted_chance[0]) / 2, (sorted_chance[:-1] + sorted_chance[1:]) / 2, sorted_chance[-1] / 2
    ]
    # a threshold cannot part rows of one chance
    parts = np.r_[True, sorted_chance[:-1] > sorted_chance[1:], True]
    best = worth[parts].max()
    candidates = cuts[parts & (worth >= best - _SMALL)]
    return float(candidates[np.argmin(np.abs(candidates - USUAL))])


def _whole_rows(truth: Array, chance: Array, cuts: tuple[float, ...]) -> tuple[float, ...]:
    """Return thresholds by which most rows have all labels right, changed one label at a time."""
    chosen = list(cuts)
    for _ in range(3):
        before = list(chosen)
        for label in range(len(chosen)):
            others = [place for place in range(len(chosen)) if place != label]
            right = (truth[:, others] == (chance[:, others] >= np.array(chosen)[others])).all(axis=1)
            if right.any():
                chosen[label] = _cut(truth[right, label], chance[right, label], 1.0, 1.0)
        if chosen == before:
            break
    return tuple(chosen)
