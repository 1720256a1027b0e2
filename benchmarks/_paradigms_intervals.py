"""Intervals and label sets of light models on real tables: coverage, size and groups, beside peers."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import _race_environments as environments
from benchmarks._paradigms_tables import Table
from litmus_core.engine import ScoredPredictions, calibrate, count_coverage
from litmus_core.metrics import get_metric
from litmus_core.runtime import ModelInfo
from litmus_core.types import Column

LEVEL = 0.9
SPLITS = 20
PEERS = "conformal"
_FOLDS = 5
_GROUP_ROWS = 200
_GROUP = Column(name="group", original_name="group", kind="category", storage="VARCHAR")
_TREES: dict[str, Any] = {
    "n_estimators": 60,
    "learning_rate": 0.12,
    "num_leaves": 15,
    "n_jobs": 1,
    "verbose": -1,
    "random_state": 0,
}
_CHILD = Path(__file__).with_name("_paradigms_peers.py")


def measure(table: Table, n_splits: int) -> dict[str, Any]:
    """Return, over random splits, coverage and size of ours, by folds and by groups, and of each peer's way.

    Half of the rows train boosted trees, a quarter stops them and calibrates, as validation rows do; a
    quarter tests.
    """
    columns, truth, groups = table.load()
    splits = [_one_split(table, columns, truth, groups, seed) for seed in range(n_splits)]
    peers = _ask_peers([split.pop("arrays") for split in splits])
    return {
        "n_calibration": splits[0]["n_calibration"],
        "validation": _mean([split["validation"] for split in splits]),
        "folds": _mean([split["folds"] for split in splits]),
        "groups": {
            name: float(np.mean(np.concatenate([split["groups"].get(name, []) for split in splits])))
            for name in sorted({name for split in splits for name in split["groups"]})
        },
        "peers": {
            name: _mean([split[name] for split in peers])
            for name in peers[0]
            if all(name in split for split in peers)  # some ways are of positive numbers alone
        },
    }


def _mean(found: list[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([each[name] for each in found])) for name in found[0]}


def _one_split(
    table: Table, columns: np.ndarray, truth: np.ndarray, groups: np.ndarray, seed: int
) -> dict[str, Any]:
    order = np.random.default_rng(seed).permutation(len(truth))
    train, calibration, test = np.split(order, [len(order) // 2, 3 * len(order) // 4])
    predict = _fitted(table, columns, truth, train, stop=calibration)
    rows = {
        name: _scored(table, predict(columns[index]), truth[index], groups[index], truth.max())
        for name, index in (("calibration", calibration), ("test", test))
    }
    known = np.concatenate([train, calibration])
    return {
        "n_calibration": len(calibration),
        "validation": _counted(rows["calibration"], rows["test"]),
        "folds": _by_folds(table, columns, truth, groups, known, test),
        "groups": _by_groups(rows["calibration"], rows["test"]) if table.group else {},
        "arrays": {
            "calibration": rows["calibration"].predictions,
            "calibration_truth": truth[calibration],
            "calibration_columns": columns[calibration],
            "test": rows["test"].predictions,
            "test_truth": truth[test],
            "test_columns": columns[test],
        },
    }


def _fitted(
    table: Table, columns: np.ndarray, truth: np.ndarray, train: np.ndarray, *, stop: np.ndarray
) -> Callable[[np.ndarray], np.ndarray]:
    """Return the predictions of boosted trees that were stopped by the rows ``stop``."""
    import lightgbm as lgb

    kind = lgb.LGBMClassifier if table.labels else lgb.LGBMRegressor
    model = kind(**_TREES)
    seen = np.isin(truth[stop], truth[train]) if table.labels else np.ones(len(stop), dtype=bool)
    model.fit(
        columns[train],
        truth[train],
        eval_set=[(columns[stop][seen], truth[stop][seen])],
        callbacks=[lgb.early_stopping(10, verbose=False)],
    )
    if not table.labels:
        return lambda rows: np.asarray(model.predict(rows), dtype=np.float64)
    n_classes = int(truth.max()) + 1

    def probabilities(rows: np.ndarray) -> np.ndarray:
        shares = np.zeros((len(rows), n_classes))
        shares[:, model.classes_.astype(int)] = model.predict_proba(rows)
        return shares

    return probabilities


def _scored(
    table: Table, predictions: np.ndarray, truth: np.ndarray, groups: np.ndarray, last: float
) -> ScoredPredictions:
    import pandas as pd

    n_classes = int(last) + 1 if table.labels else 0
    problem = {0: "regression", 2: "binary"}.get(n_classes, "multiclass")
    return ScoredPredictions(
        predictions=predictions,
        rows=pd.DataFrame({"group": pd.Series(groups, dtype=object)}),
        truth=truth,
        info=ModelInfo.of(
            {"problem_type": problem, "target": "y", "columns": (_GROUP,), "classes": range(n_classes)}
        ),
        metric=get_metric("accuracy" if table.labels else "rmse"),
    )


def _counted(calibration: ScoredPredictions, test: ScoredPredictions) -> dict[str, float]:
    covered, sizes = count_coverage(calibrate(calibration, source="validation"), test, level=LEVEL)
    return {"share": float(covered.mean()), "size": float(sizes.mean()), "least": float(sizes.min())}


def _by_folds(
    table: Table,
    columns: np.ndarray,
    truth: np.ndarray,
    groups: np.ndarray,
    known: np.ndarray,
    test: np.ndarray,
) -> dict[str, float]:
    """Return what out-of-fold errors promise of the average of the folds' models."""
    folds = np.array_split(known, _FOLDS)
    outside, inside = [], []
    for fold in folds:
        predict = _fitted(table, columns, truth, np.setdiff1d(known, fold), stop=fold)
        outside.append(predict(columns[fold]))
        inside.append(predict(columns[test]))
    last = truth.max()
    calibration = _scored(table, np.concatenate(outside), truth[known], groups[known], last)
    return _counted(calibration, _scored(table, np.mean(inside, axis=0), truth[test], groups[test], last))


def _by_groups(calibration: ScoredPredictions, test: ScoredPredictions) -> dict[str, list[float]]:
    """Return, for each group of enough calibration rows, which of its test rows were covered."""
    covered, _ = count_coverage(calibrate(calibration, source="validation", by="group"), test, level=LEVEL)
    sizes = calibration.rows["group"].value_counts()
    names = [str(name) for name in sizes.index if sizes[name] >= _GROUP_ROWS]
    return {name: covered[(test.rows["group"] == name).to_numpy()].astype(float).tolist() for name in names}


def _ask_peers(splits: list[dict[str, np.ndarray]]) -> list[dict[str, dict[str, float]]]:
    environments.prepare(PEERS)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "splits.npz", Path(folder) / "ways.json"
        arrays = {
            f"{number} {name}": each for number, split in enumerate(splits) for name, each in split.items()
        }
        np.savez(source, n_splits=np.array(len(splits)), **arrays)
        environments.run_in(environments.python_of(PEERS), [str(_CHILD), str(source), str(target)])
        return list(json.loads(target.read_text(encoding="utf-8")))
