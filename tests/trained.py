"""One real, tiny training that many tests share: a binary task with numbers, categories and a date."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from litmus_core import Compute, Goal, Studio, Training, train
from litmus_core.types import Experiment, Run

N_ROWS = 600
CARDS = ("lightgbm", "linear")


def table(n_rows: int = N_ROWS, seed: int = 0) -> pd.DataFrame:
    """A made-up table whose target hangs on two columns, with missing values and a rare category."""
    random = np.random.default_rng(seed)
    size = random.normal(10, 3, n_rows)
    colour = random.choice(["red", "green", "blue"], n_rows, p=[0.5, 0.45, 0.05])
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 300, n_rows), unit="D")
    chance = 1 / (1 + np.exp(-(size - 10) - (colour == "red")))
    sold = np.where(random.random(n_rows) < chance, "yes", "no")
    frame = pd.DataFrame(
        {"size": size.round(2), "colour": colour, "day": day.strftime("%Y-%m-%d"), "sold": sold}
    )
    frame.loc[random.random(n_rows) < 0.05, "size"] = np.nan
    return frame


@dataclass(frozen=True)
class Trained:
    """A workspace with one finished run."""

    workspace: Path
    experiment: Experiment
    run: Run


def make(folder: Path) -> Trained:
    """Train in ``folder`` and return what came of it."""
    source = folder / "shop.csv"
    table().to_csv(source, index=False)
    handle = train(
        source,
        "sold",
        goal=Goal("roc_auc>=0.75", max_latency_ms=1_000),
        training=Training(models=CARDS, keep_judged=True),
        compute=Compute(time_limit_s=20),
        folds=0,
        workspace=folder / "workspace",
    )
    run = handle.wait(timeout_s=200).run
    trained = Trained(folder / "workspace", handle.experiment, run)
    handle.studio.close()
    return trained


def copied(trained: Trained, folder: Path) -> Trained:
    """Copy the trained workspace into ``folder``."""
    return replace(trained, workspace=Path(shutil.copytree(trained.workspace, folder / "workspace")))


def opened(trained: Trained) -> Studio:
    """Open the trained workspace."""
    return Studio.open(trained.workspace)
