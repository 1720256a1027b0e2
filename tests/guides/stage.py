"""What README and guides take for granted: the files that they name, and a workspace with a trained model."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from tests.guides.blocks import ROOT

BIN = Path(sys.executable).parent
WORKSPACE = "workspace"


def write_files(folder: Path) -> None:
    """Write the tables that the blocks name into ``folder``."""
    shop = _shop(240, seed=0)
    shop.to_csv(folder / "shop.csv", index=False)
    later = _shop(120, seed=1)
    for name in ("later.csv", "new_orders.csv", "rows.csv"):
        later.to_csv(folder / name, index=False)
    shop.to_csv(folder / "orders.csv", index=False)
    shop.rename(columns={"sold": "left"}).to_csv(folder / "churn.csv", index=False)
    shop.rename(columns={"price": "tip"}).to_parquet(folder / "taxi.parquet", index=False)
    (folder / "many-parquet-files").mkdir()
    for part in range(2):
        later.to_parquet(folder / "many-parquet-files" / f"{part}.parquet", index=False)
    _titles(200).to_csv(folder / "titles.csv", index=False)
    listed = (shop["price"] / 0.9 + np.random.default_rng(3).normal(0, 2, len(shop))).round(2)
    prices = shop[["size", "colour", "price"]].assign(**{"list price": listed})
    prices.to_csv(folder / "prices.csv", index=False)
    (folder / "sample_data").symlink_to(ROOT / "sample_data")


def _shop(n_rows: int, *, seed: int) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    size = draw.normal(10, 3, n_rows).round(2)
    size[7] = 10_000.0  # somebody's slip
    colour = draw.choice(["red", "green", "blue"], n_rows)
    price = (20 + 3 * np.minimum(size, 20) + 5 * (colour == "red") + draw.normal(0, 2, n_rows)).round(2)
    wanted = price - 50 + draw.normal(0, 6, n_rows)
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(draw.integers(0, 365, n_rows), unit="D")
    return pd.DataFrame(
        {
            "size": size,
            "colour": colour,
            "currency": "EUR",
            "day": days.strftime("%Y-%m-%d"),
            "price": price,
            "profit": (price - 50).round(2),
            "sold": np.where(wanted > 0, "yes", "no"),
            "bought": np.where(wanted > 5, "yes", "no"),
        }
    )


def _titles(n_rows: int) -> pd.DataFrame:
    draw = np.random.default_rng(2)
    words = {"Fridges": ["cooling", "freezer", "litres"], "Lamps": ["light", "bulb", "shade"]}
    kinds = draw.choice(list(words), n_rows)
    titles = [" ".join(draw.choice([*words[kind], "white", "new", "large"], 5)) for kind in kinds]
    return pd.DataFrame({"title": titles, "Category": kinds, "category": kinds})


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a reader who works in ``folder``, whose workspace lies there, too."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return os.environ | {
        "LITMUS_HOME": str(folder / WORKSPACE), "PATH": path, "HOME": str(folder), "PYTHONPATH": str(ROOT)
    }  # fmt: skip


def litmus(folder: Path, *words: str) -> str:
    """Run a command of a reader who works in ``folder``; return what it printed."""
    done = subprocess.run(
        [BIN / "litmus", *words],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"litmus {' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def make_stage(folder: Path) -> Path:
    """Write the files, train two models of the shop and export the better one as ``model.zip``."""
    write_files(folder)
    words = ["shop.csv", "--target", "sold", "--card", "linear", "--card", "lightgbm", "--time-limit", "20"]
    words += ["--folds", "0"]
    for name in ("size", "colour", "day"):
        words += ["--only", name]
    litmus(folder, "train", *words)
    (experiment,) = json.loads(litmus(folder, "sql", "--json", "SELECT id FROM experiments"))
    litmus(folder, "export", experiment["id"], "--to", "model.zip")
    return folder


def copy_stage(stage: Path, to: Path) -> Path:
    """Copy a stage for one document, so that no document sees what another did."""
    shutil.copytree(stage, to, symlinks=True, dirs_exist_ok=True)
    return to
