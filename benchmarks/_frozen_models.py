"""Good models that confirm what checks say: boosted and randomised trees, averaged, tried more than once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._frozen_tables import FrozenTable, Problem
    from litmus_core.types import Finding

Folds = Sequence[tuple[Any, Any]]
_FOLDS, _REPEATS = 4, 2
_HALF, _LEAST = 0.5, 0.01  # of what was quoted; of the way from guessing to always right
_FEWEST_OF_CLASS = 4


def confirms(table: FrozenTable, frame: pd.DataFrame, finding: Finding) -> bool:
    """Return whether good models see at least half of the harm that a finding claims (at least one point).

    A finding that counts, or compares spellings, is a fact and stands by itself.
    """
    trial = _TRIALS.get(finding.kind)
    if trial is None:
        return True
    quoted, seen = trial(table, frame, finding)
    return seen >= max(_LEAST, _HALF * quoted)


def _structure(table: FrozenTable, frame: pd.DataFrame, finding: Finding) -> tuple[float, float]:
    split = None if finding.fix is None else finding.fix.split
    names = list(finding.columns)
    if split is not None and split.kind == "group":
        return finding.score, _gap_of_groups(table, frame, frame[names[0]].astype(str).to_numpy())
    import pandas as pd

    keys = [_as_time(frame[name]) for name in reversed(names)]
    codes = pd.DataFrame(dict(enumerate(reversed(keys)))).groupby(list(range(len(keys)))).ngroup()
    return finding.score, _gap_of_time(table, frame, codes.to_numpy(), without=())


def _duplicates(table: FrozenTable, frame: pd.DataFrame, finding: Finding) -> tuple[float, float]:
    import pandas as pd

    codes = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    return 0.0, _gap_of_groups(table, frame, codes)


def _near(table: FrozenTable, frame: pd.DataFrame, finding: Finding) -> tuple[float, float]:
    """Keep each named row with the rows that differ from it in the answer, or a last digit, alone."""
    features = frame.drop(columns=[table.target])
    rounded = features.apply(
        lambda each: each.round(1 - int(np.log10(abs(each).max() + 1e-9))) if each.dtype.kind == "f" else each
    )
    import pandas as pd

    codes = pd.util.hash_pandas_object(rounded, index=False).to_numpy()
    return 0.0, _gap_of_groups(table, frame, codes)


def _leakage(table: FrozenTable, frame: pd.DataFrame, finding: Finding) -> tuple[float, float]:
    """Mistakes fall to half or less with the column, and the column alone is near what it was said to be."""
    folds = _random_folds(len(frame), 0)
    with_it = _skill(table, frame, folds, without=())
    without = _skill(table, frame, folds, without=finding.columns)
    return 0.0, 1.0 if 1 - with_it <= 0.67 * (1 - without) else 0.0


def _row_order(table: FrozenTable, frame: pd.DataFrame, finding: Finding) -> tuple[float, float]:
    numbers = frame[finding.columns[0]].rank().to_numpy() if finding.columns else np.arange(len(frame))
    return 0.0, _gap_of_time(table, frame, numbers, without=())


_TRIALS: dict[str, Callable[..., tuple[float, float]]] = {
    "structure": _structure,
    "duplicate_rows": _duplicates,
    "near_duplicates": _near,
    "leakage": _leakage,
    "row_order": _row_order,
}


def _gap_of_groups(table: FrozenTable, frame: pd.DataFrame, groups: Any) -> float:
    codes = np.unique(groups, return_inverse=True)[1]
    gaps = []
    for seed in range(_REPEATS):
        rng = np.random.default_rng([seed, 3])
        whole = rng.permutation(np.arange(codes.max() + 1) % _FOLDS)[codes]
        kept = [(np.flatnonzero(whole != each), np.flatnonzero(whole == each)) for each in range(_FOLDS)]
        at_random = _random_folds(len(frame), seed)
        gaps.append(_skill(table, frame, at_random, without=()) - _skill(table, frame, kept, without=()))
    return float(np.mean(gaps))


def _gap_of_time(table: FrozenTable, frame: pd.DataFrame, times: Any, *, without: Sequence[str]) -> float:
    """Answer the last half in four blocks, each from all before it, and from as many rows of any time."""
    gaps = []
    ordered = np.lexsort((np.random.default_rng(5).random(len(times)), times))
    blocks = np.array_split(ordered, 2 * _FOLDS)
    for seed in range(_REPEATS):
        rng = np.random.default_rng([seed, 4])
        later, mixed = [], []
        for place in range(_FOLDS, 2 * _FOLDS):
            before = np.concatenate(blocks[:place])
            asked = rng.permutation(blocks[place])[: len(blocks[place]) // 2]
            others = rng.permutation(np.setdiff1d(ordered, asked))[: len(before)]
            later.append((before, asked))
            mixed.append((others, asked))
        gaps.append(
            _skill(table, frame, mixed, without=without) - _skill(table, frame, later, without=without)
        )
    return float(np.mean(gaps))


def _random_folds(n_rows: int, seed: int) -> Folds:
    dealt = np.random.default_rng([seed, 6]).permutation(np.arange(n_rows) % _FOLDS)
    return [(np.flatnonzero(dealt != each), np.flatnonzero(dealt == each)) for each in range(_FOLDS)]


def _skill(table: FrozenTable, frame: pd.DataFrame, folds: Folds, *, without: Sequence[str]) -> float:
    """Return R² of ranks, or how much better than chance classes are ranked (2 AUC - 1, over all classes)."""
    matrix = _matrix(frame.drop(columns=[table.target, *without]))
    truth = _truth(table, frame)
    answers, asked = [], []
    for known, held in folds:
        answers.append(_answer(matrix[known], truth[known], matrix[held], table.problem))
        asked.append(held)
    rows, said = np.concatenate(asked), np.concatenate(answers)
    return _ranked(truth[rows], said) if table.problem == "classes" else _explained(truth[rows], said)


def _truth(table: FrozenTable, frame: pd.DataFrame) -> Any:
    import pandas as pd

    if table.problem == "numbers":
        return frame[table.target].rank(pct=True).to_numpy()
    codes = pd.factorize(frame[table.target])[0]
    counts = np.bincount(codes)
    return np.where(counts[codes] >= _FEWEST_OF_CLASS * _FOLDS, codes, counts.argmax())


def _answer(known: Any, truth: Any, asked: Any, problem: Problem) -> Any:
    from lightgbm import LGBMClassifier, LGBMRegressor
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

    filled, filling = np.nan_to_num(known, nan=-1e6), np.nan_to_num(asked, nan=-1e6)
    boosted = {
        "n_estimators": 150,
        "learning_rate": 0.06,
        "subsample": 0.8,
        "subsample_freq": 1,
        "verbosity": -1,
    }
    boosted |= {"n_jobs": 1, "random_state": 0, "min_child_samples": 10}
    spread = {"n_estimators": 200, "n_jobs": 1, "random_state": 0, "min_samples_leaf": 2}
    if problem == "numbers":
        first = LGBMRegressor(**boosted).fit(known, truth).predict(asked)
        return (first + ExtraTreesRegressor(**spread).fit(filled, truth).predict(filling)) / 2
    n_classes = int(truth.max()) + 1
    boosted["n_estimators"] = max(40, 300 // n_classes)
    said = np.zeros((len(asked), n_classes))
    for model, rows, wanted in (
        (LGBMClassifier(**boosted), known, asked),
        (ExtraTreesClassifier(**spread), filled, filling),
    ):
        model.fit(rows, truth)
        said[:, model.classes_.astype(int)] += model.predict_proba(wanted) / 2
    return said


def _matrix(features: pd.DataFrame) -> Any:
    """Return numbers: codes of categories by how frequent they are; names of single rows are left out."""
    columns = []
    for name in features:
        values = features[name]
        if values.dtype.kind in "fiub":
            columns.append(values.astype(np.float64).to_numpy())
        elif values.nunique() <= 0.9 * len(values):
            order = {value: place for place, value in enumerate(values.value_counts().index)}
            columns.append(values.map(order).astype(np.float64).to_numpy())
    return np.column_stack(columns)


def _as_time(values: pd.Series[Any]) -> Any:
    import pandas as pd

    if values.dtype.kind in "fiub":
        return values.to_numpy()
    return pd.to_datetime(values, errors="coerce").to_numpy()


def _explained(truth: Any, said: Any) -> float:
    return float(1 - np.square(truth - said).sum() / np.square(truth - truth.mean()).sum())


def _ranked(truth: Any, said: Any) -> float:
    from sklearn.metrics import roc_auc_score

    found, weights = [], []
    for each in np.unique(truth):
        is_it = truth == each
        if 0 < is_it.sum() < len(is_it):
            found.append(2 * roc_auc_score(is_it, said[:, each]) - 1)
            weights.append(is_it.sum())
    return float(np.average(found, weights=weights))
