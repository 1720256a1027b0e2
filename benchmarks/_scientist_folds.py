"""Eight folds of models: one after the other on one core, or side by side on two; one thread a model."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._quality_tables import TABLES
from litmus_core.types import Compute, Resources

N_FOLDS, LIMIT_S = 8, 900


def folds(cards: tuple[str, ...]) -> dict[str, float]:
    """Return the seconds of each, from the request to the finished model, and how answers differ."""
    from litmus_core.data import import_table, read_rows
    from litmus_core.engine import load_libraries
    from litmus_core.store import Workspace

    load_libraries()
    table = next(each for each in TABLES if each.name == "flights")
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch, "flights.csv")
        table.load().to_csv(source, index=False)
        workspace = Workspace(Path(scratch, "workspace")).create()
        version = import_table(workspace, source)
        rows = read_rows(workspace, version)
        columns = tuple(each for each in version.columns if each.name != table.target)
        found = {
            name: _fitted(Path(scratch, name), rows, columns, cards, n_cpus=n_cpus, parallel=parallel)
            for name, n_cpus, parallel in (("one", 1, False), ("two", 2, True))
        }
    return {
        **{f"{name}_s": seconds for name, (seconds, _) in found.items()},
        "difference": float(np.abs(found["one"][1] - found["two"][1]).max()),
    }


def _fitted(
    folder: Path, rows: Any, columns: Any, cards: tuple[str, ...], *, n_cpus: int, parallel: bool
) -> tuple[float, Any]:
    from litmus_core.engine import FitRequest, fit_models, list_models, validation_predictions
    from litmus_core.types import Folds, Task

    task = Task(
        dataset_version_id="benchmark",
        target="late",
        problem_type="binary",
        metric="roc_auc",
        features=tuple(each.name for each in columns),
        positive_class="yes",
    )
    began = time.time()
    request = FitRequest(
        folder=folder,
        train=rows,
        validation=None,
        columns=columns,
        task=task,
        families=cards,
        deadline=began + LIMIT_S,
        folds=Folds(N_FOLDS, parallel=parallel),
        compute=Compute(train=Resources(cpus=n_cpus)),
    )
    notes = fit_models(
        request, on_model=lambda model: None, on_start=lambda name: None, should_stop=lambda: False
    )
    seconds = time.time() - began
    if notes:
        raise RuntimeError(" ".join(notes))
    return seconds, validation_predictions(folder, list_models(folder)[0].model)[1]
