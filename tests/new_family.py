"""Takes the family of CONTRIBUTING.md from a table to a certificate, in a process of its own.

    python tests/new_family.py FOLDER

Prints, as JSON, what came of it. The package that it imports is a copy of the checkout, with the family.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

KEY = "discriminant"


def main(folder: Path) -> dict[str, object]:
    """Train and tune on a small table, compile the best model, write it as ONNX, and certify it."""
    import litmus_core
    from litmus_core import Compute, Training, Tuning, train

    _table().to_csv(folder / "shop.csv", index=False)
    handle = train(
        folder / "shop.csv",
        "sold",
        goal="roc_auc>=0.6",
        training=Training(models=(KEY,), tuning=Tuning(n_trials=3)),
        compute=Compute(time_limit_s=60),
        folds=0,
        workspace=folder / "workspace",
    )
    run = handle.wait(timeout_s=280).run
    studio = handle.studio
    best = next(each for each in studio.candidates.list(run.id) if each.model == f"{KEY}-tuned")
    bundle = studio.bundles.export(best.id, to=folder / "bundle", form="compiled")
    onnx = Path(studio.bundles.export_onnx(best.id, to=folder / "model.onnx"))
    certificate = studio.certificates.create(bundle.id, full=False)
    trials = studio.tuning.trials(run.id)
    studio.close()
    return {
        "package": str(Path(litmus_core.__file__).parent),
        "run": run.status,
        "name": best.name,
        "tuned": sorted({each.name for trial in trials for each in trial.settings}),
        "bundle": bundle.form,
        "onnx": onnx.stat().st_size > 0,
        "certified": certificate.passed,
    }


def _table(n_rows: int = 300) -> pd.DataFrame:
    random = np.random.default_rng(0)
    size = random.normal(10, 3, n_rows)
    colour = random.choice(["red", "green", "blue"], n_rows, p=[0.5, 0.4, 0.1])
    chance = 1 / (1 + np.exp(-(size - 10) - (colour == "red")))
    sold = np.where(random.random(n_rows) < chance, "yes", "no")
    frame = pd.DataFrame({"size": size.round(2), "colour": colour, "sold": sold})
    frame.loc[random.random(n_rows) < 0.05, "size"] = np.nan
    return frame


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
