"""Our curve beside the talk's, drawn of what `python -m benchmarks.frame --json` printed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# What the talk says of its data frame: how often it is as fast as pandas, by rows.
TALK = {
    "transform": {1: 15.2, 1_000: 1.0, 10_000: 1.0, 10_000_000: 27.7},
    "fit_transform": {1: 4.5, 1_000: 1.0, 10_000: 1.0},
}
_SAID = {"transform": "transform", "fit_transform": "fit + transform"}


def curve(figures: Mapping[str, float], what: str) -> dict[int, float]:
    """Return ratios to pandas by rows; the most rows of all are those of files."""
    found = {
        int(name.removeprefix(f"{what}_")): value
        for name, value in figures.items()
        if name.removeprefix(f"{what}_").isdecimal()
    }
    files = {
        int(name.removeprefix("parquet_to_parquet_")): value
        for name, value in figures.items()
        if name.removeprefix("parquet_to_parquet_").isdecimal()
    }
    return dict(sorted((found | (files if what == "transform" else {})).items()))


def plot(results: Path, to: Path) -> None:
    """Draw both curves of a results file; matplotlib comes with what trains."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    told: dict[str, Any] = json.loads(results.read_text(encoding="utf-8"))
    figures = {each["name"]: each["value"] for each in told["figures"]}
    mpl.rcParams["svg.hashsalt"] = "frame"
    drawn = Figure(figsize=(9, 4), layout="constrained")
    for axes, what in zip(drawn.subplots(1, 2, sharey=True), TALK, strict=True):
        ours = curve(figures, what)
        axes.loglog(list(ours), list(ours.values()), "o-", label="Litmus, measured")
        axes.loglog(list(TALK[what]), list(TALK[what].values()), "s--", label="the talk, as told")
        axes.axhline(1, color="grey", linewidth=0.8)
        axes.set_title(_SAID[what])
        axes.set_xlabel("rows")
        axes.grid(visible=True, alpha=0.3)
        axes.margins(0.08, 0.1)
        axes.legend()
        for n_rows, ratio in ours.items():
            axes.annotate(
                f"{ratio:,.0f}x" if ratio >= 100 else f"{ratio:.3g}x",
                (n_rows, ratio),
                xytext=(0, 6),
                textcoords="offset points",
                ha="center",
                bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
            )
    drawn.axes[0].set_ylabel("times as fast as pandas")
    about = "{cpu}, {cores} cores, Python {python}, load {load_1min}".format(**told["machine"])
    drawn.suptitle(f"Rows in, rows out: {about}", fontsize=9)
    drawn.savefig(to, metadata={"Date": None})
