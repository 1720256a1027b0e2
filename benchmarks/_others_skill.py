"""How well plain boosted trees predict: what decides whether a trap is harmful enough to be planted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._frozen_tables import FrozenTable

Rows = NDArray[np.int64]
_PARTS = 5
_SMALL = 1_500  # rows: here one part says little
_LEAST_HARM, _LEAST_GAIN = 0.1, 0.05
_NEARLY_KNOWN = 0.85  # of the way from guessing to always right


def time_does_harm(table: FrozenTable, frame: pd.DataFrame, names: Sequence[str], times: Rows) -> bool:
    """Say whether a random split scores at least 0.1 better than a split by ``times`` (one a row).

    The columns ``names``, which tell the time, have to have a part of at least 0.05 in that.
    """
    by_chance = skill(table, frame)
    if by_chance - max(skill(table, frame.drop(columns=[*names])), 0.0) < _LEAST_GAIN:
        return False
    order = np.argsort(times, kind="stable")
    return by_chance - max(_skill_by_time(table, frame, order), 0.0) >= _LEAST_HARM


def nearly_give_answer(table: FrozenTable, frame: pd.DataFrame, names: Sequence[str]) -> bool:
    """Say whether the columns ``names`` raise the score of a random split by 0.1, to 0.85 or more."""
    with_them = skill(table, frame)
    if with_them < _NEARLY_KNOWN:
        return False
    return with_them - max(skill(table, frame.drop(columns=[*names])), 0.0) >= _LEAST_HARM


def skill(table: FrozenTable, frame: pd.DataFrame) -> float:
    """Return the mean score of random splits: R², or 2 AUC - 1 (mean of the classes); 0 is guessing."""
    places = np.random.default_rng(7).permutation(len(frame))
    parts = np.array_split(places, _PARTS)
    parts = parts[:2] if len(frame) > _SMALL else parts[:4]
    return float(np.mean([_score(table, frame, np.setdiff1d(places, part), part) for part in parts]))


def _skill_by_time(table: FrozenTable, frame: pd.DataFrame, order: Rows) -> float:
    """Return the mean score of the last fifth, and of the fifth before it, by what came earlier."""
    parts = np.array_split(order, _PARTS)
    last = _score(table, frame, np.concatenate(parts[:-1]), parts[-1])
    return (last + _score(table, frame, np.concatenate(parts[:-2]), parts[-2])) / 2


def _score(table: FrozenTable, frame: pd.DataFrame, train: Rows, test: Rows) -> float:
    from lightgbm import LGBMClassifier, LGBMRegressor

    settings: dict[str, Any] = {
        "n_estimators": 80, "num_leaves": 15, "learning_rate": 0.1, "min_child_samples": 10,
        "random_state": 0, "n_jobs": 1, "deterministic": True, "verbosity": -1,
    }  # fmt: skip
    features = _as_numbers(frame.drop(columns=[table.target]))
    truth = frame[table.target].to_numpy()
    if table.problem == "numbers":
        model = LGBMRegressor(**settings).fit(features[train], truth[train].astype(float))
        return _r2(truth[test].astype(float), model.predict(features[test]))
    texts = truth.astype(str)
    model = LGBMClassifier(**settings).fit(features[train], texts[train])
    return _two_auc_less_one(texts[test], model.predict_proba(features[test]), list(model.classes_))


def _r2(truth: NDArray[Any], predicted: NDArray[Any]) -> float:
    spread = float(((truth - truth.mean()) ** 2).sum())
    return 1 - float(((truth - predicted) ** 2).sum()) / spread if spread else 0.0


def _two_auc_less_one(truth: NDArray[Any], shares: NDArray[Any], classes: list[str]) -> float:
    from sklearn.metrics import roc_auc_score

    found = []
    for place, name in enumerate(classes):
        is_it = truth == name
        if 0 < is_it.sum() < len(truth):
            found.append(2 * float(roc_auc_score(is_it, shares[:, place])) - 1)
    return float(np.mean(found)) if found else 0.0


def _as_numbers(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Return numbers as they are, texts as their place in the sorted texts, and missing ones as NaN."""
    import pandas as pd

    columns = []
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        if pd.api.types.is_numeric_dtype(column):
            columns.append(column.to_numpy(np.float64, na_value=np.nan))
            continue
        codes, _ = pd.factorize(column.astype(str).where(column.notna()), sort=True)
        columns.append(np.where(codes < 0, np.nan, codes))
    return np.column_stack(columns)
