"""The chosen model's validation predictions, and the effect of post-processing on its score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.advice._surrogate import Floats, mean_of
from litmus_core.advice._trials.runner import TrialDifference
from litmus_core.metrics import paired, tune_threshold
from litmus_core.runtime import THRESHOLD, parameters_of

if TYPE_CHECKING:
    from litmus_core.engine import ScoredPredictions
    from litmus_core.runtime import PostStep
    from litmus_core.types import PluginRef

_LINE = 0.5  # thresholds by segment are shifted to this value
_REPLICATES = 300
_SPLITS = 3  # random splits into halves, over which results are averaged
MOST_ROWS = 8_000


@dataclass(frozen=True, eq=False)
class StoredPredictions:
    """The model's predictions, before post-processing, for its validation (or out-of-fold) rows.

    ``blocks`` (n,) are the units of dependent rows, None if rows are independent. Test rows are never
    included.
    """

    scored: ScoredPredictions
    blocks: NDArray[Any] | None = None
    seed: int = 0

    def some(self, n_rows: int = MOST_ROWS) -> StoredPredictions:
        """Return at most ``n_rows`` of them, sampled at random, in the original order."""
        n_all = len(self.scored.predictions)
        if n_all <= n_rows:
            return self
        at = np.sort(np.random.default_rng([self.seed, 41]).choice(n_all, n_rows, replace=False))
        return replace(
            self, scored=self.scored.at(at), blocks=None if self.blocks is None else self.blocks[at]
        )

    @property
    def sign(self) -> float:
        """1 if more of the metric is better, else -1."""
        return 1.0 if self.scored.metric.greater_is_better else -1.0

    def gain_of(self, parts: Sequence[PluginRef], *, over: Sequence[PluginRef] = ()) -> TrialDifference:
        """Return the gain in score from the steps ``parts``, compared with the steps ``over``.

        Steps are fitted on one half and applied to the other; both sides use the same draws.
        """
        drawn = [
            self._replicates(parts, seed=split) - self._replicates(over, seed=split)
            for split in range(self.seed, self.seed + _SPLITS)
        ]
        return TrialDifference(mean_of(drawn))

    def gain_of_threshold(self, find: Callable[[ScoredPredictions], float]) -> TrialDifference:
        """Return the gain in score from a threshold that ``find`` chooses on the other half."""
        scored = self.scored
        drawn = []
        for split in range(self.seed, self.seed + _SPLITS):
            half = self._halves(split)
            thresholds = np.empty(len(scored.predictions))
            for part in (0, 1):
                thresholds[half == part] = find(scored.at(np.flatnonzero(half != part)))
            positive = scored.info.positive_index
            is_positive = scored.predictions[:, positive] >= thresholds
            certainty = np.where(is_positive, 1.0, 0.0)
            predictions = np.column_stack(
                [1 - certainty, certainty] if positive else [certainty, 1 - certainty]
            )
            drawn.append(self._scores(predictions, _LINE) - self._scores(scored.predictions, None))
        return TrialDifference(mean_of(drawn))

    def _halves(self, seed: int) -> NDArray[np.int64]:
        from litmus_core.engine import cross_fit_halves

        regression = not self.scored.info.task_type.has_classes
        return cross_fit_halves(self.scored.truth, self.blocks, regression=regression, seed=seed)

    def _replicates(self, parts: Sequence[PluginRef], *, seed: int) -> Floats:
        """Return (1 + draws,) scores, more is better."""
        from litmus_core.engine import fit_cross

        _, predictions = fit_cross(parts, self.scored, self._halves(seed), fitter=_refuse_custom_step)
        return self._scores(predictions, self._threshold(parts, predictions))

    def _threshold(self, parts: Sequence[PluginRef], predictions: Floats) -> float | None:
        thresholds = [parameters_of(part)["at"] for part in parts if part.reference == THRESHOLD]
        if thresholds:
            return float(thresholds[0])
        if any(part.reference == "thresholds_by_segment" for part in parts):
            return _LINE
        scored = self.scored
        if not scored.info.task_type.has_threshold:
            return None
        info = scored.info
        return tune_threshold(
            scored.metric, scored.truth, predictions, classes=info.classes, positive_class=info.positive_class
        )

    def _scores(self, predictions: Floats, threshold: float | None) -> Floats:
        scored, info = self.scored, self.scored.info
        case = scored.metric.case(
            scored.truth,
            predictions,
            classes=info.classes,
            positive_class=info.positive_class,
            threshold=threshold,
        )
        draws = paired(case.n_rows, self.blocks, n=_REPLICATES, seed=self.seed)
        drawn = np.asarray(scored.metric.evaluate(case, draws), dtype=np.float64)
        return self.sign * np.concatenate([[scored.metric.value(case)], drawn])


def _refuse_custom_step(part: PluginRef, scored: ScoredPredictions) -> PostStep:
    raise ValueError("custom steps are not supported here")
