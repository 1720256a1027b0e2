"""The verdict on the answers to all targets of the same test rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.many_targets._report import TargetLine, TargetsReport
from litmus_core.many_targets._scores import joint_metric, joint_score, metrics_of
from litmus_core.many_targets._targets import TargetsSpec
from litmus_core.many_targets._texts import say
from litmus_core.many_targets._thresholds import choose_thresholds
from litmus_core.metrics import best_constant
from litmus_core.types import Verdict
from litmus_core.verdicts import certainty, interval_inflation, judge_outcome

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JointPredictions:
    """Truth and answers (n, k) of rows that no model had seen: chances of yes, or numbers.

    ``models`` are k names of models and the runs that trained them. ``thresholds`` say where a label begins
    to be yes. ``blocks`` (n,) are what the bootstrap draws; None: rows.
    """

    truth: Array
    predictions: Array
    models: tuple[tuple[str, str], ...]
    thresholds: tuple[float, ...] = ()
    blocks: Array | None = None

    @property
    def decided(self) -> Array:
        """The answers as people get them: whether each label is yes, or numbers."""
        return np.asarray(
            self.predictions >= np.array(self.thresholds) if self.thresholds else self.predictions
        )


def judge_targets(
    spec: TargetsSpec, predictions: JointPredictions, learned: Array, *, n_evaluations: int = 1
) -> TargetsReport:
    """Return what ``predictions`` are worth beside the bar; guessing knows the ``learned`` truths (m, k).

    ``n_evaluations`` counts the looks at these test rows, this one among them: later ones have to be surer.
    """
    truth, decided = predictions.truth, predictions.decided
    metric = joint_metric(spec.metric)
    score, replicates = joint_score(metric, truth, decided, blocks=predictions.blocks, seed=spec.seed)
    guess = np.broadcast_to(best_guess(spec, learned), truth.shape)
    baseline = metric.value(truth, guess)
    bar, factor = spec.bar, interval_inflation(n_evaluations)
    low, high, replicates = (
        metric.within_bounds(score.value + factor * (ends - score.value))
        for ends in (score.low, score.high, replicates)
    )
    passes = None
    if bar is not None:
        passes = float(np.mean(replicates >= bar.value if bar.is_floor else replicates <= bar.value))
    verdict = Verdict(
        outcome=judge_outcome(bar, replace(score, low=float(low), high=float(high)), baseline),
        candidate_id="",
        model=say("models", n=len(spec.targets)),
        score=score,
        baseline=baseline,
        bar=bar,
        gap=None if bar is None else bar.gap(score.value),
        probability_passes=passes,
        n_evaluations=n_evaluations,
        certainty=certainty(n_evaluations),
        low=float(low),
        high=float(high),
    )
    scores = {other.name: other.value(truth, decided) for other in metrics_of(spec.kind)}
    return TargetsReport(verdict=verdict, scores=scores, lines=_lines(spec, predictions))


def best_guess(spec: TargetsSpec, learned: Array) -> Array:
    """Return the best constant answer (k,) on the ``learned`` truths (m, k): means, or labels.

    Labels are those with a share above the metric's thresholds, or the most frequent row if that is better.
    """
    if spec.kind == "numbers":
        return np.asarray(np.nanmean(learned, axis=0))
    metric, shares = joint_metric(spec.metric), learned.mean(axis=0)
    chances = [np.full(len(learned), share) for share in shares]
    by_label = shares >= np.array(choose_thresholds(spec.metric, [*learned.T], chances))
    rows, counts = np.unique(learned, axis=0, return_counts=True)
    guesses = [np.asarray(by_label), np.asarray(rows[counts.argmax()]).astype(bool)]
    return best_constant(
        guesses,
        lambda guess: metric.value(learned, np.broadcast_to(guess, learned.shape)),
        greater_is_better=metric.greater_is_better,
    )


def _lines(spec: TargetsSpec, predictions: JointPredictions) -> tuple[TargetLine, ...]:
    is_label = spec.kind == "labels"
    single = joint_metric("micro_f1" if is_label else "mean_r2")
    scores = single.of_each(predictions.truth, predictions.decided)
    return tuple(
        TargetLine(
            name=target.name,
            score=float(scores[place]),
            model=predictions.models[place][0],
            run_id=predictions.models[place][1],
            threshold=predictions.thresholds[place] if is_label else None,
            n_yes=int(predictions.truth[:, place].sum()) if is_label else None,
        )
        for place, target in enumerate(spec.targets)
    )
