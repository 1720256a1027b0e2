"""The figures of growth: how fast time grows, by how much limits are passed, and where it grows fastest."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks._harness import Figure

MOST_EXPONENT = 1.2
_LEAST_S = 0.02  # less than this is noise: counted as this


def exponent(seconds: Mapping[int, float]) -> float:
    """Return b of seconds ~ size^b: the least squares of the logarithms."""
    points = [(math.log(size), math.log(max(_LEAST_S, s))) for size, s in seconds.items()]
    mean_x, mean_y = (sum(axis) / len(points) for axis in zip(*points, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread


def growth_figures(part: str, seconds: Mapping[str, Mapping[int, float]]) -> list[Figure]:
    """Return each phase's exponent over its sizes, and which phase grows fastest between the last two.

    Nothing for a single size. Constant costs hide what is quadratic; between the last two sizes it shows.
    """
    seconds = {phase: of for phase, of in seconds.items() if len(of) > 1}
    if not seconds:
        return []
    found = [
        figure(f"{part}: exponent of {phase}", exponent(of), "", MOST_EXPONENT)
        for phase, of in seconds.items()
    ]
    ends = {phase: exponent(dict(sorted(of.items())[-2:])) for phase, of in seconds.items()}
    steepest = max(ends, key=ends.__getitem__)
    return [
        *found,
        figure(f"{part}: steepest between the last two sizes: {steepest}", ends[steepest], "", None),
    ]


def limit_figures(part: str, found: Mapping[int, Mapping[str, Any]], limit_s: float) -> list[Figure]:
    """Return how the runs of tables kept their limit, and those that ended without a model."""
    over = {size: each["clock"]["run"] - (1.15 * limit_s + 10) for size, each in found.items()}
    worst = max(over, key=over.__getitem__)
    got = found[worst]["cpu"]["run"] / found[worst]["clock"]["run"]
    missing = sum(not each["has_model"] for each in found.values())
    return [
        figure(f"{part}: worst over the limit by 15 % + 10 s, at {worst:,}", over[worst], "s", 0),
        figure(f"{part}: runs without a model", missing, f"of {len(found)}", 0),
        figure(f"{part}: highest load", max(each["load"] for each in found.values()), "", None),
        figure(f"{part}: processors that the worst run got", got, "processors", None),
    ]


def phases(found: Mapping[int, Mapping[str, Any]]) -> dict[str, dict[int, float]]:
    """Return processor seconds of each phase by size; of runs with a model, what is not fitting."""
    names = [name for name in next(iter(found.values()))["cpu"] if name not in ("run", "made")]
    seconds = {name: {size: each["cpu"][name] for size, each in found.items()} for name in names}
    whole = {size: each for size, each in found.items() if each.get("has_model")}
    if whole:
        seconds["run without fitting"] = {
            size: each["cpu"]["run"] - each["stages_cpu"]["fit"] for size, each in whole.items()
        }
    return seconds


def figure(name: str, value: float, unit: str, target: float | None) -> Figure:
    """Return a figure of which less is better."""
    return Figure(name=name, value=round(value, 4), unit=unit, target=target, better="lower")


def seconds_figures(
    part: str, seconds: Mapping[str, Mapping[int, float]], wanted: Sequence[int]
) -> list[Figure]:
    """Return the processor seconds of each phase at some sizes."""
    return [
        figure(f"{part}: {phase} at {size:,}", of[size], "s of the processor", None)
        for phase, of in seconds.items()
        for size in wanted
        if size in of
    ]
