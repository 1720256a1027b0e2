"""Who is first: normalised scores, ranks, and tests over tables, of the scores that runs kept.

``Scores`` is, of each table, what each racer's runs (one a seed) came to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Runs = Sequence[Mapping[str, Any]]
Scores = Mapping[str, Mapping[str, Runs]]
OURS = "litmus"
_N_DRAWS = 2_000


def mean_scores(runs: Mapping[str, Runs], *, constant: str = "constant") -> dict[str, float]:
    """Return each racer's mean score over seeds; a run that failed counts as the constant answer's."""
    floors = [run["metric"] for run in runs[constant]]
    return {
        name: float(np.mean([run.get("metric", floor) for run, floor in zip(each, floors, strict=True)]))
        for name, each in runs.items()
    }


def normalised(runs: Mapping[str, Runs], racers: Sequence[str]) -> dict[str, float]:
    """Return scores between 0, the constant answer's, and 1, the best racer's; worse than constant is 0."""
    means = mean_scores(runs)
    floor, best = means["constant"], max(means[name] for name in racers)
    if best <= floor:
        return dict.fromkeys(racers, 0.0)
    return {name: max(0.0, (means[name] - floor) / (best - floor)) for name in racers}


def ranks(runs: Mapping[str, Runs], racers: Sequence[str]) -> dict[str, float]:
    """Return each racer's rank on a table, 1 the best; equal ones share the mean of their places."""
    from scipy.stats import rankdata

    means = mean_scores(runs)
    return dict(zip(racers, rankdata([-means[name] for name in racers]).tolist(), strict=True))


def table_of(per_table: Sequence[Mapping[str, float]], racers: Sequence[str]) -> np.ndarray:
    """Return (tables, racers) of one number each."""
    return np.array([[each[name] for name in racers] for each in per_table])


def mean_interval(values: np.ndarray) -> tuple[float, float, float]:
    """Return the mean over tables and its 95 % interval, of draws of whole tables."""
    rng = np.random.default_rng(0)
    drawn = values[rng.integers(0, len(values), (_N_DRAWS, len(values)))].mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(values.mean()), float(low), float(high)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return Holm's adjusted p-values."""
    found, most = {}, 0.0
    for at, name in enumerate(sorted(p_values, key=lambda each: p_values[each])):
        most = max(most, min(1.0, (len(p_values) - at) * p_values[name]))
        found[name] = most
    return found


def against_peers(values: np.ndarray, racers: Sequence[str], *, ours: str) -> dict[str, tuple[float, float]]:
    """Return, of each peer, the mean difference (ours minus theirs) and Holm's p of Wilcoxon's signed ranks.

    ``values`` (tables, racers) are normalised scores. Where no table differs, p is 1.
    """
    from scipy.stats import wilcoxon

    own = values[:, racers.index(ours)]
    gaps = {name: own - values[:, at] for at, name in enumerate(racers) if name != ours}
    adjusted = holm({name: float(wilcoxon(gap).pvalue) if np.any(gap) else 1.0 for name, gap in gaps.items()})
    return {name: (float(gap.mean()), adjusted[name]) for name, gap in gaps.items()}


def beyond_noise(runs: Mapping[str, Runs], peers: Sequence[str], *, ours: str) -> str:
    """Return win, tie or loss against the table's best peer, by the paired draws of hidden rows.

    A loss or win has 95 % of the draws, meaned over seeds, on one side. A run that failed loses.
    """
    if any("draws" not in run for run in runs[ours]):
        return "loss"
    means = mean_scores(runs)
    standing = [name for name in peers if all("draws" in run for run in runs[name])]
    if not standing:
        return "win"
    best = max(standing, key=lambda name: means[name])
    drawn = [
        np.array(own["draws"]) - np.array(their["draws"])
        for own, their in zip(runs[ours], runs[best], strict=True)
    ]
    low, high = np.quantile(np.mean(drawn, axis=0), [0.025, 0.975])
    return "win" if low > 0 else "loss" if high < 0 else "tie"
