"""Choose an ensemble within limits: one member after the other, with replacement.

(Caruana et al., "Ensemble selection from libraries of models", ICML 2004, with a cost and a size that each
member adds once.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Predictions = NDArray[np.float64]
Score = Callable[[Predictions], float]
_STEPS, _FIRST_STEPS = 25, 5
_ENOUGH = 10  # steps without a gain
_STARTS = 4


@dataclass(frozen=True, slots=True)
class EnsemblePart:
    """An option: its ``predictions``, its ``cost``, and its member: only one part of a member may be chosen.

    ``n_bytes`` is its size on disk, if that counts.
    """

    predictions: Predictions
    cost: float
    member: str
    n_bytes: float = 0.0


@dataclass(frozen=True, slots=True)
class Limit:
    """Limits on the total cost and size on disk of an ensemble's parts."""

    cost: float
    n_bytes: float = np.inf

    def remaining_after(self, parts: Sequence[EnsemblePart]) -> Limit:
        """Return the limits that remain after ``parts``."""
        return Limit(
            self.cost - sum(part.cost for part in parts), self.n_bytes - sum(part.n_bytes for part in parts)
        )

    def holds(self, part: EnsemblePart) -> bool:
        """Return whether a part fits."""
        return part.cost <= self.cost and part.n_bytes <= self.n_bytes


def select(parts: Sequence[EnsemblePart], *, limit: Limit, score: Score) -> dict[int, float]:
    """Return weights that sum to 1, by index: the best weighted predictions within ``limit``.

    Each step adds the option with the highest score among those already in or affordable; the cheaper among
    equals. Since an expensive first choice may rule out a better pair, the search starts from each of the
    best few. Higher ``score`` is better. Returns {} if nothing fits.
    """
    chosen_places = sorted(
        (place for place, part in enumerate(parts) if limit.holds(part)),
        key=lambda place: (-score(parts[place].predictions), parts[place].cost),
    )
    if not chosen_places:
        return {}
    begun = [
        _extend(parts, [first], limit=limit, score=score, steps=_FIRST_STEPS)
        for first in chosen_places[:_STARTS]
    ]
    _, first = max(begun, key=lambda pair: pair[0])
    _, picked = _extend(parts, first, limit=limit, score=score, steps=_STEPS)
    return {place: count / len(picked) for place, count in sorted(Counter(picked).items())}


def _extend(
    parts: Sequence[EnsemblePart], begin: Sequence[int], *, limit: Limit, score: Score, steps: int
) -> tuple[float, list[int]]:
    """Add to ``begin``; return the best score on the way and the choices by then."""
    order = sorted(range(len(parts)), key=lambda place: parts[place].cost)
    picked = list(begin)
    total = np.sum([parts[place].predictions for place in picked], axis=0)
    best, best_length = score(total / len(picked)), len(picked)
    while len(picked) < steps and len(picked) < best_length + _ENOUGH:
        affordable = _affordable(parts, order, picked, limit)
        scores = [score((total + parts[place].predictions) / (len(picked) + 1)) for place in affordable]
        at = int(np.argmax(scores))
        picked.append(affordable[at])
        total = total + parts[affordable[at]].predictions
        if scores[at] > best:
            best, best_length = scores[at], len(picked)
    return best, picked[:best_length]


def _affordable(
    parts: Sequence[EnsemblePart], order: Sequence[int], picked: Sequence[int], limit: Limit
) -> list[int]:
    inside = set(picked)
    members = {parts[place].member for place in inside}
    left = limit.remaining_after([parts[place] for place in inside])
    return [
        place
        for place in order
        if place in inside or (left.holds(parts[place]) and parts[place].member not in members)
    ]


def prune(
    weights: dict[int, float], parts: Sequence[EnsemblePart], *, score: Score, allowed_loss: float
) -> dict[int, float]:
    """Drop members one after the other, each time the most expensive that can go, while little is lost.

    The score may fall by ``allowed_loss`` in all; at least two members stay.
    """
    remaining = dict(weights)
    least = score(_mix(remaining, parts)) - allowed_loss
    while len(remaining) > 2:
        fewer = [(score(_mix(_without_member(remaining, place), parts)), place) for place in remaining]
        able = [(parts[place].cost, value, place) for value, place in fewer if value >= least]
        if not able:
            break
        remaining = _without_member(remaining, max(able)[2])
    return remaining


def _without_member(weights: dict[int, float], place: int) -> dict[int, float]:
    left = {name: weight for name, weight in weights.items() if name != place}
    total = sum(left.values())
    return {name: weight / total for name, weight in left.items()}


def _mix(weights: dict[int, float], parts: Sequence[EnsemblePart]) -> Predictions:
    mixed: Predictions = np.sum(
        [weight * parts[place].predictions for place, weight in weights.items()], axis=0
    )
    return mixed
