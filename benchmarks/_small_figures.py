"""The figures of small tables: do intervals hold the deployed model's score, and is that model better?"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from benchmarks._harness import Figure
from litmus_core.metrics import get_metric
from litmus_core.types import Bar, Candidate, Score, Task
from litmus_core.verdicts import verdict

Case = dict[str, Any]
REACH, FAR = 4.0, 3.0  # bars lie within so many standard errors of a test part; from where they are far
_BARS = 20  # of each case
_WIDTHS = {1_000: 0.6, 300: 0.7}  # of a test part's interval, at most
_CERTAIN = 0.05


def interval_figures(cases: list[Case], *, way: str = "") -> list[Figure]:
    """Return coverage, width and verdicts by size.

    A case has ``interval`` and ``part`` (value, low, high) of outer folds and of a test part, the score
    ``hidden`` of the model that the first judges, and the standard ``error`` of a test part's score.
    """
    found: list[Figure] = []
    for size in sorted({each["size"] for each in cases}):
        of_size = [each for each in cases if each["size"] == size]
        end = f", {size} rows{way}"
        found += _coverage(of_size, end)
        known = [each for each in of_size if 0 < _width(each["part"]) < np.inf]
        width = float(np.median([_width(each["interval"]) / _width(each["part"]) for each in known]))
        found.append(_figure(f"width, of a test part's{end}", width, "times", _WIDTHS.get(size), "lower"))
        found.append(_figure(f"mean z{end}", float(np.mean([_z(each) for each in of_size])), "", None))
    wrong, meets, open_, far = (sum(each) for each in zip(*map(_verdicts, cases), strict=True))
    found.append(_figure(f"false_meets{way}", wrong / max(1, meets), "share", 0.05, "lower"))
    found.append(
        _figure(
            f"undecided where the truth is 3 standard errors away{way}",
            open_ / max(1, far),
            "share",
            0.03,
            "lower",
        )
    )
    return found


def _coverage(cases: list[Case], end: str) -> list[Figure]:
    held = float(np.mean([each["interval"][1] <= each["hidden"] <= each["interval"][2] for each in cases]))
    return [
        _figure(f"interval_coverage{end}", held, "share", 0.92),
        _figure(f"interval_coverage, no more{end}", held, "share", 0.98, "lower"),
    ]


def _width(interval: list[float]) -> float:
    return interval[2] - interval[1]


def _z(case: Case) -> float:
    """Return how many standard errors better than its score the model is."""
    value, low, high = case["interval"]
    sign = 1.0 if get_metric(case["metric"]).greater_is_better else -1.0
    over = case["hidden"] - value
    half = (high - value if over > 0 else value - low) / 1.96
    return float(np.clip(sign * over / half, -5, 5)) if half > 0 else 0.0


def _verdicts(case: Case) -> tuple[int, int, int, int]:
    """Return of bars about the true score: false *meets*, *meets*, undecided far ones, and far ones."""
    better = get_metric(case["metric"]).greater_is_better
    sign = 1.0 if better else -1.0
    value, low, high = case["interval"]
    score = Score(metric=case["metric"], value=value, low=low, high=high, n_rows=case["size"])
    key = zlib.crc32(f"{case['table']} {case['metric']} {case['size']} {case['number']}".encode())
    wrong = meets = open_ = far = 0
    for distance in np.random.default_rng(key).uniform(-REACH, REACH, _BARS):
        bar = case["hidden"] + sign * distance * case["error"]
        outcome = _outcome(score, Bar(metric=case["metric"], op=">=" if better else "<=", value=bar))
        meets += outcome == "meets"
        wrong += outcome == "meets" and distance > 0
        far += abs(distance) >= FAR
        open_ += abs(distance) >= FAR and outcome == "undecided"
    return wrong, meets, open_, far


def _outcome(score: Score, bar: Bar) -> str:
    metric = get_metric(score.metric)
    task = Task(
        dataset_version_id="benchmark",
        target="target",
        problem_type=metric.problem_types[0],
        metric=score.metric,
        features=(),
        bar=bar,
    )
    candidate = Candidate(
        id="model",
        run_id="run",
        experiment_id="experiment",
        name="model",
        model="model",
        family="model",
        family_kind="model",
        is_ensemble=False,
        fit_s=1.0,
    )
    found = verdict(
        task=task, candidate=candidate, score=score, replicates=np.array([score.value]), baseline=score.value
    )
    return found.outcome


def better_figures(cases: list[Case]) -> list[Figure]:
    """Return whether the model of all rows is better on hidden rows than that of four fifths, pair by pair.

    A pair is a table and a size; differences are in standard errors of a test part's score. No pair may be
    worse beyond chance, with Holm's correction for their number.
    """
    pairs: dict[tuple[str, int], list[float]] = {}
    for each in cases:
        sign = 1.0 if get_metric(each["metric"]).greater_is_better else -1.0
        gain = sign * (each["hidden"] - each["hidden_of_part"]) / each["error"]
        pairs.setdefault((each["table"], each["size"]), []).append(gain)
    means = np.array([np.mean(each) for each in pairs.values()])
    low = _low_of_mean(means)
    return [
        _figure("pairs of a table and a size", len(pairs), "pairs", None),
        _figure("better on hidden rows", float((means >= 0).mean()), "of pairs", 0.8),
        _figure("mean gain", float(means.mean()), "standard errors", None),
        _figure("mean gain, low end of 95 %", low, "standard errors", 0.0),
        _figure("pairs that are worse, by Holm", _worse(pairs.values()), "pairs", 0.0, "lower"),
    ]


def time_figures(ratios: list[float]) -> list[Figure]:
    """Return the time of one row against that of today's model, median."""
    if not ratios:
        return []
    return [_figure("one-row time, of the other's", float(np.median(ratios)), "times", 1.1, "lower")]


def _low_of_mean(values: Any) -> float:
    drawn = np.random.default_rng(0).choice(values, (10_000, len(values))).mean(axis=1)
    return float(np.quantile(drawn, 0.025))


def _worse(pairs: Iterable[list[float]]) -> int:
    """Return how many pairs are worse, by one-sided t tests with Holm's correction."""
    from scipy.stats import ttest_1samp

    tested = [each for each in pairs if len(each) > 2 and np.std(each) > 0]
    chances = sorted(float(ttest_1samp(each, 0.0, alternative="less").pvalue) for each in tested)
    worse = 0
    for at, chance in enumerate(chances):
        if chance > _CERTAIN / (len(chances) - at):
            break
        worse += 1
    return worse


def _figure(name: str, value: float, unit: str, target: float | None, better: Any = "higher") -> Figure:
    return Figure(name=name, value=float(value), unit=unit, target=target, better=better)
