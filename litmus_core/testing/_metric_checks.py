"""Checks of metrics, above all against what their decorator declares."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import PlugInError
from litmus_core.testing._harness import ConformanceCheck, FailedCheck, PluginHarness

_N_ROWS = 300
_TRIES = 12
_GROUP_ROWS = 10


def _cases(harness: PluginHarness) -> tuple[NDArray[Any], list[NDArray[Any]], NDArray[Any]]:
    """Return a truth, predictions from perfect to completely wrong and, last, random predictions."""
    facts = harness.described.facts
    rng = np.random.default_rng(4)
    if facts["needs"] == "values":
        truth = np.round(rng.gamma(3.0, 10.0, _N_ROWS), 3) + 1.0
        noise = rng.normal(size=_N_ROWS)
        return truth, [truth + size * noise for size in (0.0, 1.0, 30.0)], rng.permutation(truth)
    labels = np.array(facts.get("labels") or ["no", "yes"])
    codes = rng.integers(0, len(labels), _N_ROWS)
    predictions = [_with_mistakes(codes, share, len(labels), rng) for share in (0.0, 0.3, 1.0)]
    at_random = rng.permutation(codes)
    if facts["needs"] == "labels":
        return labels[codes], [labels[prediction] for prediction in predictions], labels[at_random]
    return (
        labels[codes],
        [_confident_probabilities(prediction, len(labels), rng) for prediction in predictions],
        _confident_probabilities(at_random, len(labels), rng),
    )


def _with_mistakes(
    codes: NDArray[np.int64], share: float, n_classes: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    wrong = rng.random(len(codes)) < share
    return np.asarray(np.where(wrong, (codes + 1) % n_classes, codes))


def _confident_probabilities(
    codes: NDArray[np.int64], n_classes: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return about 0.98 for each row's class; no two rows are equal, so that they have one order by score."""
    doubt = rng.uniform(0.01, 0.03, len(codes))
    table = np.repeat(doubt[:, None] / max(1, n_classes - 1), n_classes, axis=1)
    table[np.arange(len(codes)), codes] = 1.0 - doubt
    return table


def _score(harness: PluginHarness, truth: NDArray[Any], answer: NDArray[Any]) -> float:
    if harness.described.facts.get("by_group"):
        ends = np.append(np.arange(_GROUP_ROWS, len(truth), _GROUP_ROWS), len(truth))
        scores = harness.proxy.score_groups(truth, answer, ends, timeout_s=harness.limit_s)
        if np.isnan(scores).all():
            raise FailedCheck("no group has a score")
        return float(np.nanmean(scores))
    value = harness.call("", truth, answer)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FailedCheck(f"it returned {type(value).__name__}, not a number")
    if not math.isfinite(value):
        raise FailedCheck(f"it returned {value}, which is not a finite number")
    return float(value)


def _check_runs(harness: PluginHarness) -> None:
    truth, (perfect, fair, wrong), at_random = _cases(harness)
    harness.results |= {"truth": truth, "answers": {"perfect": perfect, "fair": fair, "wrong": wrong}}
    harness.results["scores"] = {
        name: _score(harness, truth, answer)
        for name, answer in {**harness.results["answers"], "random": at_random}.items()
    }


def _check_input_unchanged(harness: PluginHarness) -> None:
    harness.call("", harness.results["truth"], harness.results["answers"]["fair"])
    if harness.proxy.changed:
        raise FailedCheck("it changes the arrays that it is given; let it change a copy")


def _check_repeatable(harness: PluginHarness) -> None:
    first = harness.results["scores"]["fair"]
    for _ in range(3):
        again = _score(harness, harness.results["truth"], harness.results["answers"]["fair"])
        if not math.isclose(first, again, rel_tol=1e-9, abs_tol=1e-12):
            raise FailedCheck(f"it gave {first:g} and then {again:g} for the same predictions")


def _check_direction(harness: PluginHarness) -> None:
    scores = harness.results["scores"]
    upward = harness.described.facts["greater_is_better"]
    sign = 1.0 if upward else -1.0
    if sign * scores["perfect"] <= sign * scores["wrong"]:
        direction = "greater is better" if upward else "smaller is better"
        raise FailedCheck(
            f"it declares that {direction}, but perfect predictions score {scores['perfect']:g} "
            f"and wrong ones {scores['wrong']:g}"
        )
    if sign * scores["fair"] > sign * scores["perfect"]:
        raise FailedCheck(
            f"predictions with mistakes score {scores['fair']:g}, better than perfect ones: "
            f"{scores['perfect']:g}"
        )


def _check_range(harness: PluginHarness) -> None:
    low, high = harness.described.facts.get("low"), harness.described.facts.get("high")
    rng = np.random.default_rng(8)
    truth, (perfect, _, wrong), at_random = _cases(harness)
    places = [rng.integers(0, _N_ROWS, size) for size in rng.integers(20, _N_ROWS, _TRIES)]
    for place in places:
        for answer in (perfect, wrong, at_random):
            value = _score(harness, truth[place], answer[place])
            if low is not None and value < low - 1e-9:
                raise FailedCheck(f"it declares that no score is below {low:g}, and gave {value:g}")
            if high is not None and value > high + 1e-9:
                raise FailedCheck(f"it declares that no score is above {high:g}, and gave {value:g}")


def _check_row_order(harness: PluginHarness) -> None:
    backwards = np.arange(_N_ROWS)[::-1]
    first = harness.results["scores"]["fair"]
    again = _score(
        harness, harness.results["truth"][backwards], harness.results["answers"]["fair"][backwards]
    )
    if not math.isclose(first, again, rel_tol=1e-6, abs_tol=1e-9):
        raise FailedCheck(f"it gave {first:g}, and {again:g} for the same rows in another order")


def _check_few_rows(harness: PluginHarness) -> None:
    """Allow one row, or one class, to have no score: the metric raises ValueError, but must not hang.

    A group without a score is NaN: a metric that raises for a group would end a run.
    """
    truth, predictions = harness.results["truth"], harness.results["answers"]["fair"]
    same = np.flatnonzero(truth == truth[0])[:10]
    for places in ([0], same):
        try:
            value = harness.call("", truth[places], predictions[places])
        except PlugInError as error:
            if harness.described.facts.get("by_group"):
                raise FailedCheck(
                    f"it stops at a group of {len(places)} rows; return float('nan') to leave one out"
                ) from error
            raise
        if harness.described.facts.get("by_group") and not isinstance(value, int | float):
            raise FailedCheck(f"it returned {type(value).__name__} for a group, not a number or NaN")


METRIC_CHECKS = (
    ConformanceCheck("runs", _check_runs, first=True),
    ConformanceCheck("does not change its input", _check_input_unchanged),
    ConformanceCheck("same predictions, same score", _check_repeatable),
    ConformanceCheck("its direction is true", _check_direction),
    ConformanceCheck("its range is true", _check_range),
    ConformanceCheck("the order of rows does not matter", _check_row_order),
    ConformanceCheck("few rows", _check_few_rows),
)
