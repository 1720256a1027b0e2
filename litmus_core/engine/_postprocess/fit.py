"""Fit post-processing steps on rows that the model was not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._postprocess.calibration import fit_calibrate, fit_weights
from litmus_core.engine._postprocess.label_shares import parse_shares
from litmus_core.engine._postprocess.scored_predictions import ScoredPredictions
from litmus_core.errors import DataError
from litmus_core.frame import RawColumn
from litmus_core.metrics import Metric, get_metric, label_index, tune_threshold, weighted_quantile
from litmus_core.runtime import (
    ABSTAIN,
    THRESHOLD,
    Cap,
    Post,
    PostStep,
    Round,
    Rule,
    ShiftClasses,
    Thresholds,
    is_custom_step,
    label_text,
    parameters_of,
    parse_then,
    parse_when,
    segment_keys,
)
from litmus_core.types import PluginRef

Floats = NDArray[np.float64]
_MOST_SEGMENTS = 200  # largest first: each costs a pass over all rows
_EDGE = 1e-9  # distance of a threshold from 0 and 1


class CustomFitter(Protocol):
    """Fits a custom step."""

    def __call__(self, part: PluginRef, scored: ScoredPredictions) -> PostStep: ...


def fit_post(parts: Sequence[PluginRef], scored: ScoredPredictions, *, fitter: CustomFitter) -> Post:
    """Fit the steps in order, each on the predictions after the earlier ones."""
    steps: list[PostStep] = []
    below, label = None, ""
    for part in parts:
        if part.reference == ABSTAIN:
            values = parameters_of(part)
            below, label = float(values["below"]), str(values["label"])
            continue
        # like abstaining, it changes the label: see the candidate's threshold
        if part.reference == THRESHOLD:
            continue
        step = (
            fitter(part, scored)
            if is_custom_step(part)
            else _FITTERS[part.reference](parameters_of(part), scored)
        )
        scored = replace(scored, predictions=step.apply(scored.predictions, scored.rows))
        steps.append(step)
    return Post(steps, abstain_below=below, abstain_label=label)


def needs_fitting(parts: Sequence[PluginRef]) -> bool:
    """Return whether a step learns from the truth: then a score on the rows it learned from is optimistic."""
    return any(is_custom_step(part) or part.reference in _LEARN or _has_quantile(part) for part in parts)


def _has_quantile(part: PluginRef) -> bool:
    return any(name.endswith("_quantile") and value is not None for name, value in part.parameters)


def fit_cross(
    parts: Sequence[PluginRef], scored: ScoredPredictions, half: NDArray[Any], *, fitter: CustomFitter
) -> tuple[Post, Floats]:
    """Return the steps, fitted on all rows, and the predictions of steps fitted on the other half.

    ``half`` (n,) is 0 or 1. If nothing is learned the predictions are those of the steps themselves.
    """
    post = fit_post(parts, scored, fitter=fitter)
    if not needs_fitting(parts):
        return post, post.apply(scored.predictions, scored.rows)
    predictions = np.empty_like(scored.predictions)
    for which in (0, 1):
        rows, others = np.flatnonzero(half == which), np.flatnonzero(half != which)
        fitted = fit_post(parts, scored.at(others), fitter=fitter)
        other_half = scored.at(rows)
        predictions[rows] = fitted.apply(other_half.predictions, other_half.rows)
    return post, predictions


def cross_fit_halves(
    truth: NDArray[Any], blocks: NDArray[Any] | None, *, regression: bool, seed: int
) -> NDArray[np.int64]:
    """Return 0 or 1 for each row: two halves with the same share of each label, blocks kept together."""
    random = np.random.default_rng(seed)
    if blocks is not None and len(np.unique(blocks)) > 1:
        _, block = np.unique(blocks, return_inverse=True)
        which = random.permutation(int(block.max()) + 1) % 2
        return np.asarray(which[block], dtype=np.int64)
    order = random.permutation(len(truth))
    if not regression:
        _, codes = np.unique(truth.astype(str), return_inverse=True)
        order = order[np.argsort(codes[order], kind="stable")]
    half = np.empty(len(truth), dtype=np.int64)
    half[order] = np.arange(len(truth)) % 2
    return half


def _fit_cap(values: dict[str, Any], scored: ScoredPredictions) -> PostStep:
    ends, truth = {}, scored.truth.astype(np.float64)
    for end in ("low", "high"):
        quantile, end_value = values[f"{end}_quantile"], values[end]
        learned = (
            None
            if quantile is None
            else weighted_quantile(truth, scored.metric.weights, quantile=float(quantile))
        )
        ends[end] = learned if end_value is None else float(end_value)
    return Cap(low=ends["low"], high=ends["high"])


def _fit_round(values: dict[str, Any], scored: ScoredPredictions) -> PostStep:
    return Round(step=float(values["step"]))


def _fit_rule(values: dict[str, Any], scored: ScoredPredictions) -> PostStep:
    conditions, then = parse_when(values["when"]), parse_then(values["then"])
    names = dict.fromkeys(condition.column for condition in conditions)
    return Rule(
        conditions=conditions,
        then=then,
        columns=tuple(scored.column(name) for name in names),
        place=label_index(scored.info.classes, then.value) if then.kind == "answer" else None,
    )


def _fit_shift(values: dict[str, Any], scored: ScoredPredictions) -> PostStep:
    classes = scored.info.classes
    shares_by_place = {
        label_index(classes, label): share for label, share in parse_shares(values["shares"]).items()
    }
    texts = [label_text(label) for label in scored.truth.tolist()]
    counted = np.ones(len(texts)) if scored.metric.weights is None else scored.metric.weights
    counted = counted * len(texts) / max(counted.sum(), 1e-300)
    is_label = [np.array([text == label_text(label) for text in texts], dtype=bool) for label in classes]
    here = np.array([counted[rows].sum() for rows in is_label])
    here = np.maximum(here, 0.5) / max(1, len(texts))
    wanted = np.array([shares_by_place.get(at, 0.0) for at in range(len(classes))])
    return ShiftClasses(factors=tuple((wanted / here).tolist()))


def _fit_thresholds(values: dict[str, Any], scored: ScoredPredictions) -> PostStep:
    info = scored.info
    column = scored.column(values["column"])
    keys = np.array(segment_keys(RawColumn(column).of(scored.rows)), dtype=object)
    step = Thresholds(
        column=column, positive=info.positive_index, fallback=_best_threshold(scored), by_value={}
    )
    learned_values, counts = np.unique(keys.astype(str), return_counts=True)
    large = [at for at in np.argsort(-counts, kind="stable") if counts[at] >= values["min_rows"]]
    best = _oriented_score(step, scored)
    for at in large[:_MOST_SEGMENTS]:
        inside = scored.at(np.flatnonzero(keys == learned_values[at]))
        if len(np.unique(inside.truth.astype(str))) < 2:
            continue
        tried = replace(step, by_value={**step.by_value, str(learned_values[at]): _best_threshold(inside)})
        reached = _oriented_score(tried, scored)
        if reached > best:  # if the metric is not a sum over rows, a part's own best may be no gain overall
            step, best = tried, reached
    return step


def tuned_for(metric: Metric) -> Metric | None:
    """Return the metric to tune thresholds for if ``metric`` judges; None if none is suitable.

    Over all rows 0.5 is near the best for accuracy, but not over a part of them: there mistakes are counted.
    """
    if metric.family == "accuracy":
        return get_metric("cost").weighted(metric.weights)
    return metric if metric.threshold_rate is not None or metric.takes_costs else None


def _best_threshold(scored: ScoredPredictions) -> float:
    """Return the best threshold for the metric on these rows."""
    tuned = tune_threshold(
        tuned_for(scored.metric) or scored.metric,
        scored.truth,
        scored.predictions,
        classes=scored.info.classes,
        positive_class=scored.info.positive_class,
    )
    return float(np.clip(0.5 if tuned is None else tuned, _EDGE, 1 - _EDGE))


def _oriented_score(step: Thresholds, scored: ScoredPredictions) -> float:
    """Return the metric over all rows, larger is better."""
    try:
        value = scored.metric.score(
            scored.truth,
            step.apply(scored.predictions, scored.rows),
            classes=scored.info.classes,
            positive_class=scored.info.positive_class,
            threshold=0.5,
        )
    except DataError:  # undefined on these rows
        return -np.inf
    return value if scored.metric.greater_is_better else -value


_LEARN = ("calibrate", "shift_classes", "thresholds_by_segment", "weigh_classes")
_FITTERS: dict[str, Any] = {
    "calibrate": fit_calibrate,
    "cap": _fit_cap,
    "round": _fit_round,
    "rule": _fit_rule,
    "shift_classes": _fit_shift,
    "thresholds_by_segment": _fit_thresholds,
    "weigh_classes": fit_weights,
}
