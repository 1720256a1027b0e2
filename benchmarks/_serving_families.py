"""What choosing among production families costs: ten tables, three seeds, equal time.

    python -m benchmarks._serving_families TABLE SEED SIDE   # prints one JSON object {"score", "constant"}

``SIDE`` is ``production`` (the cards that Litmus would choose, on Litmus's features) or one of AutoGluon's
presets on its own features. Each side trains on the same rows for the same time, chooses by its own
validation, and is scored once on the same test rows; higher is better.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._quality_tables import METRICS, TABLES, Table
from benchmarks.quality import SCORERS, _split, constant_score
from litmus_core.types import Folds

if TYPE_CHECKING:
    import pandas as pd

LIMIT_S = 120.0
STOCK = ("medium_quality", "good_quality", "best_quality")
SIDES = ("production", *STOCK)


def main() -> None:
    name, seed, side = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    table = next(each for each in TABLES if each.name == name)
    frame = table.load()
    train, validation, test = _split(frame[table.target], table, seed=seed)
    known = np.concatenate([train, validation])
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="litmus-families-") as folder:
        if side == "production":
            score = _production(table, frame, (train, validation, test), Path(folder), seed=seed)
        else:
            score = _stock(table, frame.iloc[known], frame.iloc[test], Path(folder), preset=side)
    constant = constant_score(table, frame[table.target].iloc[known], frame[table.target].iloc[test])
    print(json.dumps({"score": score, "constant": constant, "seconds": time.perf_counter() - began}))


def _stock(table: Table, known: pd.DataFrame, test: pd.DataFrame, folder: Path, *, preset: str) -> float:
    from autogluon.tabular import TabularPredictor

    predictor = TabularPredictor(
        label=table.target,
        problem_type=table.problem,
        eval_metric=SCORERS[METRICS[table.problem]],
        path=str(folder),
        verbosity=0,
    )
    predictor.fit(known, presets=preset, time_limit=LIMIT_S)
    return float(predictor.evaluate(test, auxiliary_metrics=False)[SCORERS[METRICS[table.problem]]])


def _production(
    table: Table, frame: pd.DataFrame, parts: tuple[Any, Any, Any], folder: Path, *, seed: int
) -> float:
    from litmus_core.data import import_table, read_rows
    from litmus_core.engine import (
        FitRequest,
        choose_families,
        choose_folds,
        fit_models,
        list_models,
        open_candidate,
    )
    from litmus_core.metrics import get_metric
    from litmus_core.store import Workspace
    from litmus_core.types import Task

    deadline = time.time() + LIMIT_S
    source = folder / "table.csv"
    frame.to_csv(source, index=False)
    workspace = Workspace(folder / "workspace").create()
    version = import_table(workspace, source)
    rows = read_rows(workspace, version)
    train, validation, test = (rows.iloc[part] for part in parts)
    columns = [column for column in version.columns if column.name != table.target]
    task = Task(
        dataset_version_id=version.id,
        target=table.target,
        problem_type=table.problem,
        metric=METRICS[table.problem],
        features=tuple(column.name for column in columns),
        time_limit_s=LIMIT_S,
        seed=seed,
    )
    n_known = len(train) + len(validation)
    n_classes = train[table.target].nunique() if table.problem == "multiclass" else 2
    folds = choose_folds(task=task, columns=columns, n_rows=n_known, n_classes=n_classes)
    request = FitRequest(
        folder=folder / "run",
        train=rows.iloc[np.concatenate(parts[:2])] if folds else train,
        validation=None if folds else validation,
        columns=columns,
        task=task,
        families=choose_families(task=task, columns=columns, n_rows=n_known if folds else len(train)),
        deadline=deadline,
        folds=Folds(folds),
    )
    fit_models(request, on_model=lambda _: None, on_start=lambda _: None, should_stop=lambda: False)
    metric = get_metric(task.metric)
    sign = 1.0 if metric.greater_is_better else -1.0
    scored = [each for each in list_models(request.folder) if each.validation_score is not None]
    best = max(scored, key=lambda each: sign * float(each.validation_score or 0.0))
    predictor = open_candidate(request.folder, best.model)
    names = [column.name for column in columns]
    asked = test[names]
    answer = (
        predictor.predict_values(asked) if table.problem == "regression" else predictor.predict_proba(asked)
    )
    value = metric.score(
        test[table.target].to_numpy(),
        answer,
        classes=predictor.classes,
        positive_class=predictor.positive_class,
    )
    return sign * float(value)


if __name__ == "__main__":
    main()
