"""The figures of the race, of what the runs kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from benchmarks._harness import Figure
from benchmarks._race_ranks import (
    OURS,
    Runs,
    Scores,
    against_peers,
    beyond_noise,
    mean_interval,
    normalised,
    ranks,
    table_of,
)

BESIDE = "litmus without verdict"  # stated beside the race, and no racer of it
_NOT_RACING = ("constant", BESIDE)


def peers_of(racers: Sequence[str]) -> list[str]:
    """Return the racers that Litmus is held against."""
    return [name for name in racers if name not in (*_NOT_RACING, OURS)]


def figures_of(scores: Scores, racers: Sequence[str], *, seconds: float) -> list[Figure]:
    """Return the figures; what Litmus is held to needs Litmus and a peer."""
    field = [name for name in racers if name not in _NOT_RACING]
    found = _told(scores, field, seconds=seconds) if field else []
    if OURS in racers and peers_of(racers):
        found = [*_held(scores, peers_of(racers), ours=OURS), *found]
    if BESIDE in racers and peers_of(racers):
        found += [_reported(each, of=BESIDE) for each in _held(scores, peers_of(racers), ours=BESIDE)]
    return found


def _reported(figure: Figure, *, of: str) -> Figure:
    name = f"{of}: {figure.name}"
    return Figure(name=name, value=figure.value, unit=figure.unit, target=None, better=figure.better)


def _held(scores: Scores, peers: Sequence[str], *, ours: str) -> list[Figure]:
    """Return the figures that have targets."""
    field = [ours, *peers]
    shares = table_of([normalised(runs, field) for runs in scores.values()], field)
    places = table_of([ranks(runs, field) for runs in scores.values()], field)
    tested = against_peers(shares, field, ours=ours)
    worse = sum(gap < 0 and p < 0.05 for gap, p in tested.values())
    ends = Counter(beyond_noise(runs, peers, ours=ours) for runs in scores.values())
    behind = float(shares[:, 1:].mean(axis=0).max() - shares[:, 0].mean())
    rank, low, high = map(float, mean_interval(places[:, 0]))
    told = [
        Figure(name="score behind the best peer", value=behind, unit="", target=0.005, better="lower"),
        Figure(
            name="mean rank", value=rank, unit=f"of {len(field)}", better="lower",
            target=float(places[:, 1:].mean(axis=0).min()) + 0.5,
        ),
        Figure(name="mean rank, lower end", value=low, unit="", target=None, better="lower"),
        Figure(name="mean rank, upper end", value=high, unit="", target=None, better="lower"),
        Figure(name="peers significantly better", value=int(worse), unit="peers", target=0, better="lower"),
        *_times(scores, peers, ours=ours),
    ]  # fmt: skip
    for end in ("win", "tie", "loss"):
        name = f"against each table's best peer: {end}"
        better = "lower" if end == "loss" else "higher"
        told.append(Figure(name=name, value=ends[end], unit="tables", target=None, better=better))  # type: ignore[arg-type]
    for name, (gap, p) in tested.items():
        told.append(Figure(name=f"ahead of {name}", value=float(gap), unit="", target=None, better="higher"))
        told.append(Figure(name=f"p against {name}", value=float(p), unit="", target=None, better="higher"))
    return told


def _times(scores: Scores, peers: Sequence[str], *, ours: str) -> list[Figure]:
    """Return how many times faster one row is: than the fastest peer's, and AutoGluon's in the middle."""
    fastest, gluon = [], []
    for runs in scores.values():
        own = _one_row(runs[ours])
        fastest += [_one_row(runs[name]) / own for name in peers]
        gluon += [_one_row(runs[name]) / own for name in peers if name.startswith("autogluon")]
    found = []
    for name, values, target, of in (
        ("one row: times faster than a peer, at worst", fastest, 10, np.nanmin),
        ("one row: times faster than AutoGluon, median", gluon, 100, np.nanmedian),
    ):
        if np.isfinite(values).any():
            value = float(of(values))
            found.append(Figure(name=name, value=value, unit="x", target=target, better="higher"))
    return found


def _one_row(runs: Runs) -> float:
    took = [run["one_row_ms"] for run in runs if "one_row_ms" in run]
    return float(np.median(took)) if took else float("nan")


def _told(scores: Scores, field: Sequence[str], *, seconds: float) -> list[Figure]:
    """Return each racer's mean normalised score, mean rank, longest training and failures."""
    shares = table_of([normalised(runs, field) for runs in scores.values()], field).mean(axis=0)
    places = table_of([ranks(runs, field) for runs in scores.values()], field).mean(axis=0)
    found = []
    for at, name in enumerate(field):
        all_runs = [run for runs in scores.values() for run in runs[name]]
        longest = max((run["fit_s"] for run in all_runs if "fit_s" in run), default=float("nan"))
        failed = sum("error" in run for run in all_runs)
        for what, value, unit, better in (
            ("normalised score", shares[at], "", "higher"),
            ("mean rank", places[at], f"of {len(field)}", "lower"),
            ("longest training", longest / seconds, "of its limit", "lower"),
            ("failed", failed, f"of {len(all_runs)} runs", "lower"),
        ):
            figure = Figure(
                name=f"{name}: {what}", value=float(value), unit=unit, target=None, better=better  # type: ignore[arg-type]
            )  # fmt: skip
            found.append(figure)
    return found
