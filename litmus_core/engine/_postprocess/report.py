"""Sentences on the effect of each step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._postprocess.scored_predictions import ScoredPredictions
from litmus_core.runtime import (
    DECISIONS,
    THRESHOLD,
    Calibrate,
    Cap,
    Post,
    PostStep,
    Round,
    Rule,
    ShiftClasses,
    Thresholds,
    WeighClasses,
    decide,
    is_custom_step,
    label_text,
)
from litmus_core.types import PluginRef, StepReport

Floats = NDArray[np.float64]
_DEFAULT_THRESHOLD = 0.5
_SHOWN = 6


def decided(predictions: Floats, scored: ScoredPredictions, threshold: float | None) -> NDArray[Any]:
    """Return the decisions (n,): class indexes, or values."""
    if predictions.ndim == 1:
        return predictions
    info = scored.info
    return decide(predictions, positive=info.positive_index, threshold=threshold, costs=info.costs)


def step_reports(
    parts: Sequence[PluginRef], post: Post, scored: ScoredPredictions, *, threshold: float | None
) -> tuple[StepReport, ...]:
    """Return each fitted step's effect on the scored rows' predictions, in order.

    ``threshold`` is the model's own; after thresholds by segment it is 0.5. Abstention is reported elsewhere.
    """
    reports, predictions = [], scored.predictions
    texts = [part for part in parts if is_custom_step(part) or part.reference not in DECISIONS]
    for part, step in zip(texts, post.steps, strict=True):
        stepped = step.apply(predictions, scored.rows)
        later = _DEFAULT_THRESHOLD if isinstance(step, Thresholds) else threshold
        n_changed = int((decided(predictions, scored, threshold) != decided(stepped, scored, later)).sum())
        moved = (stepped != predictions).reshape(len(stepped), -1).any(axis=1)
        n_touched = int(step.fires(scored.rows).sum()) if isinstance(step, Rule) else int(moved.sum())
        sentence = _sentence(step, scored, n_touched=n_touched, n_changed=n_changed)
        reports.append(
            StepReport(step=part.reference, n_touched=n_touched, n_changed=n_changed, sentence=sentence)
        )
        predictions, threshold = stepped, later
    return tuple(reports)


def threshold_report(
    scored: ScoredPredictions, predictions: Floats, *, at: float, plain: float | None
) -> StepReport:
    """Return the effect of another threshold than the ``plain`` one, after the steps."""
    yes = label_text(scored.info.classes[scored.info.positive_index])
    n_changed = int((decided(predictions, scored, plain) != decided(predictions, scored, at)).sum())
    return StepReport(
        step=THRESHOLD,
        n_touched=n_changed,
        n_changed=n_changed,
        sentence=f"The model answers “{yes}” from a probability of {at:.2f} on, not from "
        f"{plain or _DEFAULT_THRESHOLD:.2f}: {_rows_text(n_changed, len(predictions))} changed their answer.",
    )


def abstain_report(post: Post, *, n_abstained: int, n_rows: int) -> StepReport:
    """Return the effect of abstention."""
    return StepReport(
        step="abstain",
        n_touched=n_abstained,
        n_changed=n_abstained,
        sentence=f"Says “{post.abstain_label}” where the probability of its answer is below "
        f"{post.abstain_below:g}: {_rows_text(n_abstained, n_rows)}.",
    )


def _sentence(step: PostStep, scored: ScoredPredictions, *, n_touched: int, n_changed: int) -> str:
    n_rows, changed = len(scored.predictions), f"{_rows_text(n_changed, len(scored.predictions))} changed"
    match step:
        case Cap(low=low, high=high):
            return f"Values stay {_limits_text(low, high)}: {_rows_text(n_touched, n_rows)} were outside."
        case Round(step=size):
            return f"Rounded to a multiple of {size:g}: {changed}."
        case Rule():
            fired = f"it fired on {_rows_text(n_touched, n_rows)} and changed the answer of {n_changed:,}"
            return f"If {' and '.join(map(str, step.conditions))}, then {_rule_text(step)}: {fired}."
        case Thresholds():
            return f"{_thresholds(step, scored)} {changed[:1].upper()}{changed[1:]} their answer."
        case Calibrate():
            how = "surer of itself" if step.power > 1 else "less sure of itself"
            return f"Probabilities are calibrated: it is {how} than before, and {changed} their answer."
        case WeighClasses():
            return f"{_weights(step, scored)} {changed[:1].upper()}{changed[1:]} their answer."
        case ShiftClasses():
            return f"Probabilities are for the shares that were given: {changed} their answer."
        case _:
            return f"Your step {step.reference.rpartition(':')[2]}: {changed} their answer."


def _rows_text(n: int, n_rows: int) -> str:
    return f"{n:,} of {n_rows:,} rows"


def _limits_text(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at most {high:g}"
    return f"at least {low:g}" if high is None else f"between {low:g} and {high:g}"


def _rule_text(rule: Rule) -> str:
    value = rule.then.value
    if rule.then.kind == "answer":
        return f"the answer is “{value if isinstance(value, str) else label_text(value)}”"
    return {
        "set": f"the value is {value:g}",
        "add": f"{value:+g} is added to the value",
        "multiply": f"the value is multiplied by {value:g}",
    }[rule.then.kind]


def _weights(step: WeighClasses, scored: ScoredPredictions) -> str:
    weights = np.asarray(step.factors) / np.median(step.factors)
    order = np.argsort(-weights, kind="stable")
    shown = [at for at in order if weights[at] > 1][:_SHOWN]
    if not shown:
        return "Each label keeps its weight: none gains from another."
    few = ", ".join(f"“{label_text(scored.info.classes[at])}” times {weights[at]:.2g}" for at in shown)
    return f"Some labels weigh more than the one in the middle: {few}."


def _thresholds(step: Thresholds, scored: ScoredPredictions) -> str:
    yes = label_text(scored.info.classes[step.positive])
    shown = sorted(step.by_value.items(), key=lambda pair: pair[1])
    few = ", ".join(f"{line:.2f} where {step.column.name} is {value}" for value, line in shown[:_SHOWN])
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    if not shown:
        return (
            f"The model answers “{yes}” from a probability of {step.fallback:.2f} on: no part gains from a "
            "threshold of its own."
        )
    return (
        f"The model answers “{yes}” from a probability of {few}{more}, "
        f"and from {step.fallback:.2f} elsewhere."
    )
