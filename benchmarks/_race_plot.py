"""The race as a picture, normalised score by racer, and as a table of scores, both of what the runs kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks._race_ranks import Scores, mean_interval, mean_scores, normalised, table_of

_NOT_DRAWN = ("constant",)


def write_plot(scores: Scores, racers: Sequence[str], *, to: Path, seconds: float) -> None:
    """Draw each racer's normalised scores, a dot a table, with the mean and its interval over tables."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "race"
    field = [name for name in racers if name not in _NOT_DRAWN]
    shares = table_of([normalised(runs, field) for runs in scores.values()], field)
    drawn = Figure(figsize=(8, 0.5 * len(field) + 1.4), layout="constrained")
    axes = drawn.subplots()
    order = shares.mean(axis=0).argsort()
    for place, at in enumerate(order):
        mean, low, high = mean_interval(shares[:, at])
        axes.plot(shares[:, at], [place] * len(shares), ".", color="grey", alpha=0.5)
        axes.errorbar([mean], [place], xerr=[[mean - low], [high - mean]], fmt="o", capsize=4)
        axes.annotate(f"{mean:.3f}", (mean, place), xytext=(0, 7), textcoords="offset points", ha="center")
    axes.set_yticks(range(len(field)), [field[at] for at in order])
    axes.set_xlabel(
        f"0: constant answer, 1: the table's best ({len(scores)} tables, {seconds:g} s, one core)"
    )
    axes.grid(visible=True, axis="x", alpha=0.3)
    drawn.savefig(to, metadata={"Date": None})


def write_table(scores: Scores, racers: Sequence[str], *, to: Path) -> None:
    """Write each racer's score by table, the best in bold; losses are negative, so that higher is better."""
    lines = [f"| table | {' | '.join(racers)} |", "|---" * (len(racers) + 1) + "|"]
    for table, runs in scores.items():
        means = mean_scores(runs)
        best = max(means[name] for name in racers)
        cells = [f"**{means[name]:.4g}**" if means[name] == best else f"{means[name]:.4g}" for name in racers]
        lines.append(f"| {table} | {' | '.join(cells)} |")
    to.write_text("\n".join(lines) + "\n", encoding="utf-8")
