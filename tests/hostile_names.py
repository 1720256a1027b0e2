"""A trained workspace in which every name that travels would fetch, run or format something."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from litmus_core import Compute, Studio, Training, train

OUTSIDE = "outside.example"
BAD = (
    f"<img src=http://{OUTSIDE}/i onerror=window.fired=1>",
    f"![i](http://{OUTSIDE}/m)",
    f"[click](http://{OUTSIDE}/a)",
    "<script>window.fired=1</script>",
    "# $x^2$ **b** `c` |d| <b>e</b> :red[f] :material/cruelty_free: ~~g~~ _h_",
)


def train_hostile(folder: Path) -> str:
    """Train in the workspace of this process; return the id of the experiment."""
    random = np.random.default_rng(0)
    n_rows = 300
    size = random.normal(size=n_rows)
    frame = pd.DataFrame(
        {
            f"n {BAD[0]}": size.round(2),
            f"c {BAD[1]}": random.choice([f"v {bad}" for bad in BAD], n_rows),
            f"s {BAD[2]}": random.choice([f"w {BAD[0]}", f"w {BAD[4]}"], n_rows),
            f"d {BAD[3]}": random.normal(size=n_rows).round(2),
            f"k {BAD[4]}": 1,  # a finding's sentence names it
            f"t {BAD[4]}": np.where(size + random.normal(size=n_rows) > 0, f"yes {BAD[0]}", f"no {BAD[4]}"),
        }
    )
    table = folder / "table.csv"
    frame.to_csv(table, index=False)
    with Studio.open() as studio:
        version = studio.datasets.import_file(table, name=f"table {BAD[0]} {BAD[4]}")
        handle = train(
            version.id,
            f"t {BAD[4]}",
            goal="roc_auc>=0.99",
            training=Training(models=("linear",)),
            compute=Compute(time_limit_s=20),
            folds=0,
            name=f"experiment {BAD[1]} {BAD[0]}",
        )
        handle.wait(timeout_s=200)
        experiment = handle.experiment.id
        handle.studio.close()
    return experiment


def ask_with_names(studio: Studio, experiment: str) -> None:
    """Ask people for an answer, in a question full of names."""
    studio.handoffs.ask(experiment, f"Why {BAD[0]} {BAD[1]}?", by=BAD[0])


def markdown_obeyed(text: str) -> list[str]:
    """Return what a document in Markdown makes of names outside of code."""
    plain = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    return re.findall(r"(?<!\\)<(?:img|script|b)\b|(?<!\\)\]\(http", plain)
