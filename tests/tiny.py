"""A model small enough to read: hand-made weights behind the real pipeline, bundled like a real one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from litmus_core.deploy import draft_manifest, write_bundle
from litmus_core.frame import FeaturePipeline
from litmus_core.runtime import Calibration, Predictor
from litmus_core.types import BundleRecord, Candidate, Column, Experiment, Task
from tests.tiny_executor import TinyExecutor, register
from tests.tiny_executor import load as load

COLUMNS = (
    Column(name="size", original_name=" size ", kind="number", storage="DOUBLE"),
    Column(name="zip", original_name="zip", kind="category", storage="VARCHAR"),
    Column(name="day", original_name="day", kind="date", storage="TIMESTAMP", written_as="%d/%m/%Y"),
    Column(name="new", original_name="new", kind="boolean", storage="BOOLEAN"),
)
FRAME = pd.DataFrame(
    {
        "size": [1.0, 2.5, np.nan, 4.0, 5.0, 60.0],
        "zip": pd.Series(["02134", "10115", None, "02134", "75001", "10115"], dtype=object),
        "day": pd.to_datetime(["2024-01-31", "2024-02-01", None, "2023-12-24", "2024-05-06", "2024-07-08"]),
        "new": pd.Series([True, False, None, True, True, False], dtype=object),
    }
)
ROW: dict[str, Any] = {"size": 2.5, "zip": "10115", "day": "2024-02-01", "new": False}


def predictor(
    *,
    classes: tuple[Any, ...] = ("no", "yes"),
    threshold: float | None = None,
    calibrate: Callable[[], Calibration | None] | None = None,
    **more: Any,
) -> Predictor:
    """Return a predictor of ``classes``; none for a regression."""
    weights = [0.5 * place for place in range(len(classes))] or [3.0]
    problem_type = {0: "regression", 2: "binary"}.get(len(classes), "multiclass")
    info = {
        "problem_type": problem_type,
        "target": "sold",
        "classes": list(classes),
        "columns": COLUMNS,
        "threshold": threshold,
    }
    pipeline = FeaturePipeline(COLUMNS).fit(FRAME)
    return Predictor({**info, **more}, pipeline, TinyExecutor(weights), calibrate=calibrate)


def bundle(to: Path, *, model: Predictor | None = None, zipped: bool = False) -> BundleRecord:
    """Write a bundle of the executor ``tiny`` at ``to``."""
    register()
    model = model or predictor()
    task = Task(
        dataset_version_id="dv_1",
        target="sold",
        problem_type=model.problem_type,
        metric="rmse" if model.problem_type == "regression" else "accuracy",
        features=tuple(column.name for column in COLUMNS),
    )
    experiment = Experiment(id="ex_1", name="Shop", task=task, created_at="2024-01-01T00:00:00+00:00")
    candidate = Candidate(
        id="run_1-tiny",
        run_id="run_1",
        experiment_id="ex_1",
        name="Tiny",
        model="Tiny",
        family="tiny",
        family_kind="tiny",
        is_ensemble=False,
        fit_s=0.1,
    )
    weights = model.executor.weights  # type: ignore[attr-defined]

    def save(folder: Path) -> None:
        folder.mkdir()
        (folder / "weights.json").write_text(json.dumps(weights))

    draft = draft_manifest(model.info, candidate, experiment, verdict=None, executor="tiny")
    return write_bundle(
        model,
        draft,
        save_weights=save,
        golden=FRAME,
        to=to,
        zipped=zipped,
        calibration=model.calibration,
    )
