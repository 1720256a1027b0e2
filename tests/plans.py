"""A compiled model small enough to read: hand-made weights of one step over the real pipeline's numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from litmus_core.compiled import Plan, PlanStep, write_plan
from litmus_core.deploy import draft_manifest, write_bundle
from litmus_core.frame import FeaturePipeline
from litmus_core.runtime import Predictor, executor_kind
from litmus_core.types import Budget, BundleRecord, Candidate, Column, ColumnRules, Experiment, Task

COLUMNS = (
    Column(name="size", original_name="size", kind="number", storage="DOUBLE"),
    Column(name="rooms", original_name="rooms", kind="number", storage="BIGINT"),
    Column(name="zip", original_name="zip", kind="category", storage="VARCHAR"),
)
FRAME = pd.DataFrame(
    {
        "size": [1.0, 2.5, np.nan, 4.0, 5.0, 60.0],
        "rooms": [1, 2, 3, 2, 1, 9],
        "zip": pd.Series(["02134", "10115", None, "02134", "75001", "10115"], dtype=object),
    }
)


def logistic(slope: float = 0.1) -> Plan:
    """Return a plan that says yes to large and roomy rows."""
    arrays: dict[str, Any] = {
        "offset": [-1.0],
        "number.center": [0.0, 0.0],
        "number.fill": [0.0, 0.0],
        "number.weights": [[slope], [0.2]],
    }
    step = PlanStep(
        id="s0",
        kind="dense",
        settings={"number": [["number", 0], ["number", 1]], "link": {"kind": "logistic"}},
        arrays={name: np.array(values, dtype=np.float64) for name, values in arrays.items()},
    )
    return Plan(problem_type="binary", n_classes=2, steps=(step,))


def bundle(
    to: Path,
    *,
    zipped: bool = False,
    budget: Budget | None = None,
    executor: str = "compiled",
    rules: ColumnRules | None = None,
) -> BundleRecord:
    """Write a bundle of the compiled model at ``to``."""
    scratch = to.parent / "weights"
    write_plan(logistic(), scratch)
    info = {"problem_type": "binary", "target": "sold", "classes": ["no", "yes"], "columns": COLUMNS}
    model = Predictor(info, FeaturePipeline(COLUMNS).fit(FRAME), executor_kind("compiled").load(scratch))
    task = Task(
        dataset_version_id="dv_1",
        target="sold",
        problem_type="binary",
        metric="accuracy",
        features=tuple(column.name for column in COLUMNS),
        budget=budget or Budget(),
        rules=rules or ColumnRules(),
    )
    experiment = Experiment(id="ex_1", name="Shop", task=task, created_at="2024-01-01T00:00:00+00:00")
    candidate = Candidate(
        id="run_1-plan",
        run_id="run_1",
        experiment_id="ex_1",
        name="Plan",
        model="Plan",
        family="linear",
        family_kind="linear",
        is_ensemble=False,
        fit_s=0.1,
    )
    draft = draft_manifest(
        model.info, candidate, experiment, verdict=None, executor=executor, native_reason=""
    )
    return write_bundle(model, draft, save_weights=scratch.rename, golden=FRAME, to=to, zipped=zipped)
