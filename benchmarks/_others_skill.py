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
_SMALL = 1_500  # rows: here two parts say little
_LEAST_HARM, _LEAST_GAIN = 0.1, 0.05
_NEARLY_KNOWN = 0.85  # of the way from guessing to always right
_SURE = 2.0  # standard errors
_FEW_CLASSES = 3  # of more, each has fewer trees


def time_does_harm(table: FrozenTable, frame: pd.DataFrame, names: Sequence[str], times: Rows) -> bool:
    """Return whether a random split scores at least 0.1 better, with certainty, than one by ``times`` (n,).

    The columns ``names``, which tell the time, have to have a part of at least 0.05 in that.
    """
    by_chance = _by_chance(table, frame)
    if np.mean(by_chance) - max(skill(table, frame.drop(columns=[*names])), 0.0) < _LEAST_GAIN:
        return False
    by_time = np.maximum(_by_time(table, frame, np.argsort(times, kind="stable")), 0.0)
    harm = float(np.mean(by_chance) - np.mean(by_time))
    error = np.hypot(*(np.std(each, ddof=1) / np.sqrt(len(each)) for each in (by_chance, by_time)))
    return harm >= max(_LEAST_HARM, _SURE * float(error))


def nearly_give_answer(table: FrozenTable, frame: pd.DataFrame, names: Sequence[str]) -> bool:
    """Return whether the columns ``names`` raise the score of a random split by 0.1, to 0.85 or more."""
    with_them = skill(table, frame)
    if with_them < _NEARLY_KNOWN:
        return False
    return with_them - max(skill(table, frame.drop(columns=[*names])), 0.0) >= _LEAST_HARM


def skill(table: FrozenTable, frame: pd.DataFrame) -> float:
    """Return the mean score of random splits: R², or 2 AUC - 1 (mean of the classes); 0 is guessing."""
    return float(np.mean(_by_chance(table, frame)))


def _by_chance(table: FrozenTable, frame: pd.DataFrame) -> list[float]:
    places = np.random.default_rng(7).permutation(len(frame))
    parts = np.array_split(places, _PARTS)[: _PARTS if len(frame) < _SMALL else 3]
    return [_score(table, frame, np.setdiff1d(places, part), part) for part in parts]


def _by_time(table: FrozenTable, frame: pd.DataFrame, order: Rows) -> list[float]:
    """Return the scores of the last three fifths, each by all that came before it."""
    parts = np.array_split(order, _PARTS)
    return [_score(table, frame, np.concatenate(parts[:at]), parts[at]) for at in (2, 3, 4)]


def _score(table: FrozenTable, frame: pd.DataFrame, train: Rows, test: Rows) -> float:
    from lightgbm import LGBMClassifier, LGBMRegressor

    settings: dict[str, Any] = {
        "num_leaves": 15, "learning_rate": 0.1, "min_child_samples": 10, "random_state": 0, "n_jobs": 1,
        "deterministic": True, "verbosity": -1,
    }  # fmt: skip
    features = _as_numbers(frame.drop(columns=[table.target]))
    truth = frame[table.target].to_numpy()
    if table.problem == "numbers":
        model = LGBMRegressor(n_estimators=80, **settings).fit(features[train], truth[train].astype(float))
        return _r2(truth[test].astype(float), model.predict(features[test]))
    texts = truth.astype(str)
    n_trees = 80 if len(np.unique(texts)) <= _FEW_CLASSES else 30
    model = LGBMClassifier(n_estimators=n_trees, **settings).fit(features[train], texts[train])
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
