"""Actions after the model: another threshold or weights, calibration, leaving uncertain rows to people.

Each is measured with its real code on the run's own predictions of the rows it was scored on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from litmus_core.advice._abstention import gain_of_abstention
from litmus_core.advice._derived_plans import follow_up_plan
from litmus_core.advice._format import format_gain
from litmus_core.advice._gain_calibration import calibrate_gain
from litmus_core.advice._stored_predictions import StoredPredictions
from litmus_core.advice._trials.runner import TrialDifference
from litmus_core.metrics import get_metric, tune_threshold
from litmus_core.runtime import ABSTAIN, THRESHOLD, is_custom_step
from litmus_core.types import Action, ActionCost, ActionKind, PluginRef, ReusedModel

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation
    from litmus_core.engine import Scored

_OF_PROBABILITIES = ("log_loss", "brier", "expected_calibration_error")
_LEFT = 0.1  # of the rows, handled by people
_FEWEST_ROWS = 60  # for fitting anything


def propose_decision_rules(situation: Situation, said: StoredPredictions | None) -> Iterator[Action]:
    """Propose changes after the model, each with its measured gain."""
    before = situation.chosen.postprocess
    if said is None or not situation.task.type.has_classes or any(map(is_custom_step, before)):
        return
    if situation.chosen.abstained is not None or len(said.scored.predictions) < _FEWEST_ROWS:
        return  # scores of different rows cannot be compared
    if said.scored.metric.is_custom:  # a custom metric would be called thousands of times
        return
    said = said.some()
    yield from _calibration(situation, said)
    yield from _weights(situation, said)
    yield from _threshold(situation, said)
    yield from _people(situation, said)


def _calibration(situation: Situation, said: StoredPredictions) -> Iterator[Action]:
    metric = said.scored.metric
    by_costs = metric.takes_costs and situation.task.type.weighs_classes
    if not by_costs and metric.family not in _OF_PROBABILITIES:
        return
    measured = _with(situation, said, _part("calibrate"))
    if measured.value > 0:
        yield _action(
            situation,
            "calibrate",
            "calibrate",
            (_part("calibrate"),),
            measured,
            title="Set its sureness right",
            sentence="Its probabilities become how often such answers are right; the model stays as it is.",
            evidence=(
                f"Fitted on one half of the validation rows and scored on the other: "
                f"{format_gain(situation.task, measured.value)}."
            ),
        )


def _weights(situation: Situation, said: StoredPredictions) -> Iterator[Action]:
    metric = said.scored.metric
    if not situation.task.type.weighs_classes or metric.needs != "labels" or metric.takes_costs:
        return
    measured = _with(situation, said, _part("weigh_classes"))
    if measured.value > 0:
        yield _action(
            situation,
            "weights",
            "threshold",
            (_part("weigh_classes"),),
            measured,
            title="Give each label its weight",
            sentence=(
                "Labels that are overlooked are answered sooner: each one's probability gets a weight that "
                "suits how the score counts; the model stays as it is."
            ),
            evidence=(
                f"Weights of one half of the validation rows brought "
                f"{format_gain(situation.task, measured.value)} on the other."
            ),
        )


def _threshold(situation: Situation, said: StoredPredictions) -> Iterator[Action]:
    """Propose another threshold than 0.5; metrics that need one were tuned in the run already."""
    metric = said.scored.metric
    if not situation.task.type.has_threshold or metric.family != "accuracy" or situation.chosen.postprocess:
        return
    measured = said.gain_of_threshold(_fewest_mistakes)
    if measured.value <= 0:
        return
    at = min(max(_fewest_mistakes(said.scored), 0.001), 0.999)
    yield _action(
        situation,
        "threshold",
        "threshold",
        (_part(THRESHOLD, at=round(at, 4)),),
        measured,
        title=f"Say yes from a probability of {at:.2f} on",
        sentence="Fewest mistakes are made with another threshold than 0.5; the model stays as it is.",
        evidence=(
            f"The threshold of one half of the validation rows brought "
            f"{format_gain(situation.task, measured.value)} on the other."
        ),
    )


def _people(situation: Situation, said: StoredPredictions) -> Iterator[Action]:
    if said.scored.metric.needs != "labels" or situation.chosen.postprocess:
        return  # its steps set the confidence
    found = gain_of_abstention(said, _LEFT, threshold=situation.chosen.threshold)
    if found is None or found.gain.value <= 0:
        return
    parts = (_part(ABSTAIN, below=found.below, label="ask a person"),)
    yield _action(
        situation,
        "abstain",
        "abstain",
        parts,
        found.gain,
        title=f"Leave the least certain {100 * found.left:.0f} % to people",
        sentence=(
            f"Where it is less than {_percent(found.below)} % sure of its answer, it gives none. The gain is "
            "of the rows that it answers; the others cost people time."
        ),
        evidence=(
            f"Of the validation rows, those that it answers score "
            f"{format_gain(situation.task, found.gain.value)} "
            "against all of them."
        ),
    )


def _with(situation: Situation, said: StoredPredictions, part: PluginRef) -> TrialDifference:
    before = situation.chosen.postprocess
    after = follow_up_plan(situation.run.plan, situation.chosen, (part,)).postprocess
    return said.gain_of(after, over=before)


def _action(
    situation: Situation,
    key: str,
    kind: ActionKind,
    parts: Sequence[PluginRef],
    measured: TrialDifference,
    *,
    title: str,
    sentence: str,
    evidence: str,
) -> Action:
    plan = follow_up_plan(situation.run.plan, situation.chosen, parts)
    is_trained = plan.origin_as(ReusedModel) is None
    seconds = situation.time.limit_s if is_trained else situation.time.tail_s
    return Action(
        key=key,
        kind=kind,
        title=title,
        sentence=sentence,
        evidence=evidence,
        gain=calibrate_gain(kind, measured, situation.outcomes),
        cost=ActionCost(minutes=seconds / 60),
        plan=plan,
    )


def _part(reference: str, **parameters: float | str) -> PluginRef:
    return PluginRef(point="postprocess", reference=reference, parameters=tuple(parameters.items()))


def _fewest_mistakes(scored: Scored) -> float:
    """Return the threshold with the fewest mistakes on these rows."""
    info = scored.info
    found = tune_threshold(
        get_metric("cost"),
        scored.truth,
        scored.predictions,
        classes=info.classes,
        positive_class=info.positive_class,
    )
    return 0.5 if found is None else found


def _percent(sure: float) -> str:
    return f"{100 * sure:.0f}" if sure < 0.99 else f"{100 * sure:.6g}"  # no model is 100 % certain
