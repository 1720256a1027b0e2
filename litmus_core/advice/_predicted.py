"""From what a stand-in gained to what the run's models should: corrected by how earlier predictions ended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, stdev

from litmus_core.advice._tried import Difference
from litmus_core.types import ActionKind, ActionOutcome, Gain

_EIGHTY = 1.2816  # standard deviations to either side hold 80 %
# What share of the stand-in's gain the run's models usually see, before anything is known of this workspace:
# ensembles have some of what folds and tuning bring already. Only a start; outcomes move it.
_USUAL_SHARE: dict[ActionKind, float] = {
    "folds": 0.7, "time": 0.8, "tune": 0.5, "family": 0.7, "rows": 0.8, "class rows": 0.8, "own": 1.0,
    "threshold": 1.0, "calibrate": 1.0, "abstain": 1.0, "columns": 0.6, "leak": 1.0, "labels": 0.8,
    "segment rows": 0.8, "balanced": 0.7, "made columns": 0.7,
    "memory": 0.8,
}  # fmt: skip
# Measured on the model's own answers, and not on a stand-in's.
_OWN_ANSWERS: tuple[ActionKind, ...] = ("threshold", "calibrate", "abstain")
_UNSURE, _SCATTER = 0.3, 0.5  # of that share: between workspaces, and from one action to the next
_UNSURE_OWN, _SCATTER_OWN = 0.1, 0.2
_LEAST_RATIO, _MOST_RATIO = -1.0, 3.0  # of what came to what was measured; a tiny measure makes any ratio
_FEWEST_OUTCOMES = 5  # that a scatter is known from


def predicted(
    kind: ActionKind, measured: Difference, outcomes: Sequence[ActionOutcome], *, more: float = 0.0
) -> Gain:
    """Return the gain to expect of an action whose stand-in gained ``measured``.

    ``outcomes`` are of earlier actions, of every kind; ``more`` is a further spread, in the metric's unit.
    """
    share, unsure = share_known(kind, outcomes)
    value = share * measured.value
    spread = math.hypot(share * measured.spread, unsure * measured.value, more)
    return Gain(
        value=value, low=value - _EIGHTY * spread, high=value + _EIGHTY * spread, measured=measured.value
    )


def corrected(key: str, said: Gain, outcomes: Sequence[ActionOutcome]) -> Gain:
    """Return the gain to expect of an action of one's own that promises ``said``.

    It is taken as said until actions of that ``key`` were taken; then by what share of their promises came.
    """
    own = [each for each in outcomes if each.key == key and each.kind == "own"]
    if not any(_came(each) is not None for each in own):
        return said
    share, unsure = share_known("own", own)
    spread = math.hypot(share * (said.high - said.low) / (2 * _EIGHTY), unsure * said.value)
    value = share * said.value
    return Gain(
        value=value, low=value - _EIGHTY * spread, high=value + _EIGHTY * spread, measured=said.measured
    )


def share_known(kind: ActionKind, outcomes: Sequence[ActionOutcome]) -> tuple[float, float]:
    """Return the share of a stand-in's gain that such actions bring, and the spread of the next one's."""
    ratios = [
        min(max(came / each.predicted.measured, _LEAST_RATIO), _MOST_RATIO)
        for each in outcomes
        if each.kind == kind and each.predicted.measured > 0 and (came := _came(each)) is not None
    ]
    unsure, usual = (_UNSURE_OWN, _SCATTER_OWN) if kind in _OWN_ANSWERS else (_UNSURE, _SCATTER)
    scatter = stdev(ratios) if len(ratios) >= _FEWEST_OUTCOMES else usual
    told = len(ratios) / max(scatter, 0.1) ** 2
    start = 1 / unsure**2
    share = (_USUAL_SHARE[kind] * start + (fmean(ratios) if ratios else 0.0) * told) / (start + told)
    return share, math.hypot(scatter, 1 / math.sqrt(start + told))


def _came(outcome: ActionOutcome) -> float | None:
    return outcome.validation if outcome.test is None else outcome.test
