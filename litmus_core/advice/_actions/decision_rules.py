"""Post-processing actions: another threshold, weights, calibration, and leaving uncertain rows to people.

Each is measured with the real step on the run's own validation predictions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from litmus_core.advice._abstention import gain_of_abstention
from litmus_core.advice._derived_plans import follow_up_plan
from litmus_core.advice._gain_calibration import calibrate_gain
from litmus_core.advice._stored_predictions import StoredPredictions
from litmus_core.advice._trials.runner import TrialDifference
from litmus_core.metrics import get_metric, tune_threshold
from litmus_core.runtime import ABSTAIN, THRESHOLD, is_custom_step
from litmus_core.types import Action, ActionCost, ActionKind, PluginRef, ReusedModel, Statement

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation
    from litmus_core.engine import ScoredPredictions

_OF_PROBABILITIES = ("log_loss", "brier", "expected_calibration_error")
_LEFT = 0.1  # share of the rows that people handle
_FEWEST_ROWS = 60  # to fit a step


def propose_decision_rules(situation: Situation, predictions: StoredPredictions | None) -> Iterator[Action]:
    """Propose post-processing steps, each with its measured gain."""
    before = situation.chosen.postprocess
    if predictions is None or not situation.task.type.has_classes or any(map(is_custom_step, before)):
        return
    if situation.chosen.abstained is not None or len(predictions.scored.predictions) < _FEWEST_ROWS:
        return  # scores of different rows cannot be compared
    if predictions.scored.metric.is_custom:  # a custom metric would be called thousands of times
        return
    predictions = predictions.some()
    yield from _calibration(situation, predictions)
    yield from _weights(situation, predictions)
    yield from _threshold(situation, predictions)
    yield from _abstention(situation, predictions)


def _calibration(situation: Situation, predictions: StoredPredictions) -> Iterator[Action]:
    metric = predictions.scored.metric
    by_costs = metric.takes_costs and situation.task.type.weighs_classes
    if not by_costs and metric.family not in _OF_PROBABILITIES:
        return
    measured = _plan_with(situation, predictions, _part("calibrate"))
    if measured.value > 0:
        yield _action(
            situation,
            "calibrate",
            "calibrate",
            (_part("calibrate"),),
            measured,
            texts=("title", "do", "tried"),
        )


def _weights(situation: Situation, predictions: StoredPredictions) -> Iterator[Action]:
    metric = predictions.scored.metric
    if not situation.task.type.weighs_classes or metric.needs != "labels" or metric.takes_costs:
        return
    measured = _plan_with(situation, predictions, _part("weigh_classes"))
    if measured.value > 0:
        yield _action(
            situation,
            "weights",
            "threshold",
            (_part("weigh_classes"),),
            measured,
            texts=("title weights", "weights", "tried weights"),
        )


def _threshold(situation: Situation, predictions: StoredPredictions) -> Iterator[Action]:
    """Propose another threshold than 0.5, unless the run has tuned one for its metric."""
    metric = predictions.scored.metric
    if not situation.task.type.has_threshold or metric.family != "accuracy" or situation.chosen.postprocess:
        return
    measured = predictions.gain_of_threshold(_fewest_mistakes)
    if measured.value <= 0:
        return
    at = min(max(_fewest_mistakes(predictions.scored), 0.001), 0.999)
    yield _action(
        situation,
        "threshold",
        "threshold",
        (_part(THRESHOLD, at=round(at, 4)),),
        measured,
        texts=("title", "do", "tried"),
        at=at,
    )


def _abstention(situation: Situation, predictions: StoredPredictions) -> Iterator[Action]:
    if predictions.scored.metric.needs != "labels" or situation.chosen.postprocess:
        return  # its steps set the confidence
    people = gain_of_abstention(predictions, _LEFT, threshold=situation.chosen.threshold)
    if people is None or people.gain.value <= 0:
        return
    parts = (_part(ABSTAIN, below=people.below, label="ask a person"),)
    yield _action(
        situation,
        "abstain",
        "abstain",
        parts,
        people.gain,
        texts=("title", "do", "tried"),
        left=people.left,
        below=_percent(people.below),
    )


def _plan_with(situation: Situation, predictions: StoredPredictions, part: PluginRef) -> TrialDifference:
    before = situation.chosen.postprocess
    postprocess = follow_up_plan(situation.run.plan, situation.chosen, (part,)).postprocess
    return predictions.gain_of(postprocess, over=before)


def _action(
    situation: Situation,
    key: str,
    kind: ActionKind,
    parts: Sequence[PluginRef],
    measured: TrialDifference,
    *,
    texts: tuple[str, str, str],
    **facts: float | str,
) -> Action:
    """Return the action; ``texts`` are the keys of its title, of what it does, and of the evidence."""
    title, do, evidence = texts
    plan = follow_up_plan(situation.run.plan, situation.chosen, parts)
    is_trained = plan.origin_as(ReusedModel) is None
    seconds = situation.time.limit_s if is_trained else situation.time.tail_s
    return Action(
        key=key,
        kind=kind,
        title=Statement.of(kind, title, **facts),
        statements=(Statement.of(kind, do, **facts),),
        evidence=(Statement.of(kind, evidence, gain=float(measured.value), metric=situation.task.metric),),
        gain=calibrate_gain(kind, measured, situation.outcomes),
        cost=ActionCost(minutes=seconds / 60),
        plan=plan,
    )


def _part(reference: str, **parameters: float | str) -> PluginRef:
    return PluginRef(point="postprocess", reference=reference, parameters=tuple(parameters.items()))


def _fewest_mistakes(scored: ScoredPredictions) -> float:
    """Return the threshold with the fewest mistakes on these rows."""
    info = scored.info
    threshold = tune_threshold(
        get_metric("cost").weighted(scored.metric.weights),
        scored.truth,
        scored.predictions,
        classes=info.classes,
        positive_class=info.positive_class,
    )
    return 0.5 if threshold is None else threshold


def _percent(sure: float) -> str:
    return f"{100 * sure:.0f}" if sure < 0.99 else f"{100 * sure:.6g}"  # no model is 100 % certain
