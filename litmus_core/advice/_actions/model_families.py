"""Add a model family that the run did not try."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.advice import _learning_curve
from litmus_core.advice._gain_calibration import calibrate_gain
from litmus_core.advice._trials.model_families import FAMILIES
from litmus_core.advice._trials.runner import OTHER_TREES, TrialDifference, TrialResults, difference_of
from litmus_core.types import Action, ActionCost, Statement

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation

TRIED = ("boosting", *FAMILIES, "text")  # families with surrogate models
_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)  # of the other family in the mean of both predictions

# The share of the gain that other trees bring beside one surrogate model: a run has several kinds of trees,
# which have most of it. On seven held-out tables a forest brought a fifth of it, six tenths of this
# (benchmarks/README.md).
_TREES_BESIDE_TREES = 1 / 3
_TREES = ("boosting", "forest")


def counts_for(family: str, *, families: Sequence[str]) -> float:
    """Return the share of a surrogate model's gain that counts for ``family`` beside ``families`` ones."""
    return _TREES_BESIDE_TREES if family in _TREES and set(families) & set(_TREES) else 1.0


def family_gain(trials: TrialResults, family: str, *, families: Sequence[str]) -> TrialDifference | None:
    """Return the gain from adding ``family`` to the ``families``; None if it was not tried."""
    return _gain_of_mix(trials, _way(trials, family), [_way(trials, other) for other in families])


def boosters_gain(trials: TrialResults, *, families: Sequence[str]) -> TrialDifference | None:
    """Return the gain from other boosted trees, estimated by trees with random splits."""
    return _gain_of_mix(trials, OTHER_TREES, [_way(trials, family) for family in families])


def _way(trials: TrialResults, family: str) -> str:
    return "single" if family == trials.surrogate.family else family


def _gain_of_mix(trials: TrialResults, other: str, ways: Sequence[str]) -> TrialDifference | None:
    """Return the gain from including ``other`` in the mean prediction of ``ways``.

    Its weight is chosen on folds other than those it is scored on, as in an ensemble: a useless one gets
    none.
    """
    at = [
        place
        for place, prediction in enumerate(trials.predictions)
        if other in prediction and ways and all(way in prediction for way in ways)
    ]
    if len(at) < 2:
        return None
    base = {place: np.mean([trials.predictions[place][way][0] for way in ways], axis=0) for place in at}
    mixed = {
        (place, weight): (1 - weight) * base[place] + weight * trials.predictions[place][other][0]
        for place in at
        for weight in _WEIGHTS
    }
    scores = {
        key: trials.surrogate.value(trials.held_out[key[0]], predictions)
        for key, predictions in mixed.items()
    }
    rows = np.concatenate([trials.held_out[place] for place in at])
    best = {
        place: max(_WEIGHTS, key=lambda w: np.nansum([scores[one, w] for one in at if one != place]))
        for place in at
    }
    predictions_after = np.concatenate([mixed[place, best[place]] for place in at])
    before = np.concatenate([base[place] for place in at])
    return difference_of(
        trials.surrogate.replicates(rows, predictions_after) - trials.surrogate.replicates(rows, before)
    )


def propose_families(situation: Situation, trials: TrialResults, *, n_rows: int) -> Iterator[Action]:
    """Propose a family that the run did not try, if it should help."""
    trained = [other for other in situation.families.trained if other in TRIED]
    share, _ = _learning_curve.next_doubling_share(trials)
    for family in TRIED:
        offered = next((other for other in situation.families.offered if other.kind == family), None)
        if offered is None or family in situation.families.trained or not trained:
            continue
        measured = family_gain(trials, family, families=trained)
        if measured is None or measured.value <= 0:
            continue
        expected = _learning_curve.extrapolate_gain(
            measured.times(counts_for(family, families=trained)), trials, share, n_rows=n_rows
        )
        yield Action(
            key=f"family {family}",
            kind="family",
            title=Statement.of("family", "title", family=offered.title),
            statements=(Statement.of("family", "do"),),
            evidence=(
                Statement.of("family", "tried", gain=float(measured.value), metric=situation.task.metric),
            ),
            gain=calibrate_gain("family", expected, situation.outcomes),
            cost=ActionCost(minutes=situation.time.limit_s / 60, latency_factor=None, size_factor=None),
            plan=replace(situation.plan, families=(*situation.families.keys, offered.key)),
        )
