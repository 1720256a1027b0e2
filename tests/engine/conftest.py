"""One tiny real training per problem type, shared by all tests of the engine and the lab."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from autogluon.common.utils.resource_utils import ResourceManager

from litmus_core.engine import FitRequest, FittedModel, fit_models
from litmus_core.types import Column, Compute, Folds, Resources, Task
from tests.session import once


def column(name: str, kind: Any, storage: str) -> Column:
    return Column(name=name, original_name=name, kind=kind, storage=storage)


COLUMNS = (
    column('width "in" [mm]', "number", "DOUBLE"),
    column("count", "number", "BIGINT"),
    column("target", "category", "VARCHAR"),  # a feature that is called like the engine's own column
    column("when", "date", "TIMESTAMP"),
    column("label text", "text", "VARCHAR"),
)


def table(n_rows: int, *, seed: int = 0) -> pd.DataFrame:
    """Features with odd names, missing values and text, and a ``signal`` that depends on some of them."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            'width "in" [mm]': np.where(rng.random(n_rows) < 0.05, np.nan, rng.normal(size=n_rows)),
            "count": rng.integers(0, 9, n_rows),
            "target": rng.choice(np.array(["red", "green", None], dtype=object), n_rows),
            "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 700, n_rows), unit="D"),
            "label text": rng.choice(np.array(["big box", "small box", "lid"], dtype=object), n_rows),
        }
    )
    frame["signal"] = (
        frame['width "in" [mm]'].fillna(0)
        + 1.5 * (frame["target"] == "red")
        + (frame["label text"] == "lid")
        + 0.3 * rng.normal(size=n_rows)
    )
    return frame


def task(problem_type: Any, metric: str, **facts: Any) -> Task:
    return Task(
        dataset_version_id="dv",
        target="answer",
        problem_type=problem_type,
        metric=metric,
        features=tuple(each.name for each in COLUMNS),
        **facts,
    )


@dataclass(frozen=True)
class Trained:
    """A run's folder, the rows it was trained and scored on, and what was reported meanwhile."""

    folder: Path
    frame: pd.DataFrame
    task: Task
    reported: list[FittedModel]
    started: list[str]


def train(
    folder: Path,
    frame: pd.DataFrame,
    task: Task,
    *,
    families: Sequence[str],
    validation: pd.DataFrame | None = None,
    folds: int | Folds = 0,
    seconds: float = 60.0,
    should_stop: Any = lambda: False,
    **facts: Any,
) -> Trained:
    reported: list[FittedModel] = []
    started: list[str] = []
    fit_models(
        FitRequest(
            folder=folder,
            train=frame,
            validation=validation,
            columns=COLUMNS,
            task=task,
            families=tuple(families),
            deadline=time.time() + seconds,
            folds=folds if isinstance(folds, Folds) else Folds(folds),
            **{"compute": Compute(train=Resources(cpus=1)), **facts},
        ),
        on_model=reported.append,
        on_start=started.append,
        should_stop=should_stop,
    )
    whole = frame if validation is None else pd.concat([frame, validation])
    return Trained(folder=folder, frame=whole, task=task, reported=reported, started=started)


@once(scope="session")
def binary(folder: Path) -> Trained:
    """Boolean labels, the positive class the first in order; validation rows; a metric with a threshold."""
    frame = table(400)
    frame["answer"] = (frame["signal"] < 1.4).astype(object)
    return train(
        folder,
        frame[:280],
        task("binary", "f1", positive_class="False"),
        families=["lightgbm", "linear", "forest"],
        validation=frame[280:],
    )


@once(scope="session")
def multiclass(folder: Path) -> Trained:
    """Three folds; float labels that are whole numbers, one of them on a single row."""
    frame = table(240, seed=1)
    frame["answer"] = pd.cut(frame["signal"], [-9, 0.4, 1.6, 9], labels=False).astype(float)
    frame.loc[7, "answer"] = 9.0
    return train(
        folder,
        frame,
        task("multiclass", "accuracy"),
        families=["linear", "extra_trees"],
        folds=3,
    )


@once(scope="session")
def regression(folder: Path) -> Trained:
    """Large values; an error that is AutoGluon's by another name."""
    frame = table(300, seed=2)
    frame["answer"] = 1000 + 100 * frame["signal"]
    return train(
        folder,
        frame[:200],
        task("regression", "rmse"),
        families=["xgboost", "linear"],
        validation=frame[200:],
    )


@pytest.fixture
def gpus_counted_by_torch(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """The times that AutoGluon asked PyTorch for GPUs: importing it takes a second and 200 MB."""
    counted: list[bool] = []

    def count(cuda_only: bool = False) -> int:
        counted.append(cuda_only)
        return 0

    monkeypatch.setattr(ResourceManager, "get_gpu_count_torch", staticmethod(count))
    return counted
