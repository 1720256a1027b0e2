"""A quick linear model, trained in a few seconds: its score is a reference for other models."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.types import Column

Floats = NDArray[np.float64]
_WORDS = 30_000  # of each text column, fewer with many classes
_COEFFICIENTS = 2_000_000
_LETTERS = 2_000  # of each text
_CATEGORIES = 100
_SMALL_WORK, _MOST_WORK = 2_000_000, 1_000_000_000  # stored numbers times classes
_DAY_US = 86_400_000_000
_HUGE = 1e100  # the squares of larger numbers would overflow when summed


def class_probabilities(
    train: pd.DataFrame,
    codes: NDArray[np.int64],
    other: pd.DataFrame,
    *,
    columns: Sequence[Column],
    n_classes: int,
    seed: int,
    weights: Floats | None = None,
) -> Floats:
    """Fit a logistic regression on ``train`` and return (n, n_classes) probabilities for ``other``'s rows.

    ``codes`` (n_train,) are classes from 0; a class without rows has probability 0.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    words = max(1_000, min(_WORDS, _COEFFICIENTS // n_classes))
    features = _features(columns, words=words, min_rows=5 if len(train) > 500 else 1)
    matrix = csr_matrix(features.fit_transform(train))
    work = int(matrix.getnnz()) * n_classes
    is_small = work < _SMALL_WORK  # solved exactly, otherwise by stochastic steps
    model = LogisticRegression(
        C=5.0,
        solver="lbfgs" if is_small else "saga",
        max_iter=100 if is_small else int(np.clip(_MOST_WORK // work, 3, 50)),
        tol=1e-3,
        random_state=seed,
    )
    # Threads wait for each other longer than such small steps take.
    with threadpool_limits(1), warnings.catch_warnings():
        # It stops early on purpose: it is only a reference.
        warnings.filterwarnings("ignore", message=".*(failed to converge|max_iter was reached)")
        model.fit(matrix, codes, sample_weight=weights)
    probabilities = np.zeros((len(other), n_classes))
    probabilities[:, model.classes_] = model.predict_proba(features.transform(other))
    return probabilities


def predict_values(
    train: pd.DataFrame,
    target: Floats,
    other: pd.DataFrame,
    *,
    columns: Sequence[Column],
    seed: int,
    weights: Floats | None = None,
) -> Floats:
    """Fit a ridge regression on ``train`` and return a value (n,) for each of ``other``'s rows.

    Predictions are clipped to the range of ``target`` (n_train,).
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import Ridge

    features = _features(columns, words=_WORDS, min_rows=5 if len(train) > 500 else 1)
    matrix = csr_matrix(features.fit_transform(train))
    middle, spread = float(target.mean()), float(target.std()) or 1.0
    model = Ridge(alpha=1.0, solver="lsqr", max_iter=50, random_state=seed).fit(
        matrix, (target - middle) / spread, sample_weight=weights
    )
    predicted = model.predict(features.transform(other)) * spread + middle
    return np.asarray(np.clip(predicted, target.min(), target.max()), dtype=np.float64)


def _features(columns: Sequence[Column], *, words: int, min_rows: int) -> Any:
    """Return the transformer: scaled numbers, one column per category, weighted words and word pairs."""
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

    def scaled(first: Any) -> Any:
        numbers = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
        clip = FunctionTransformer(np.clip, kw_args={"a_min": -6.0, "a_max": 6.0})
        return make_pipeline(first, numbers, StandardScaler(), clip)

    named = {kind: [column.name for column in columns if column.traits.is_a(kind)] for kind in
             ("number", "boolean", "date", "category", "text")}  # fmt: skip
    named["number"] += [
        column.name for column in columns if column.traits.is_identifier and column.stores_whole_numbers
    ]
    one_hot = OneHotEncoder(
        handle_unknown="infrequent_if_exist", min_frequency=min_rows, max_categories=_CATEGORIES
    )
    blocks: list[tuple[str, Any, Any]] = [
        ("numbers", scaled(FunctionTransformer(_as_floats)), named["number"] + named["boolean"]),
        ("dates", scaled(FunctionTransformer(_date_parts)), named["date"]),
        ("categories", make_pipeline(FunctionTransformer(_fill_missing), one_hot), named["category"]),
    ]
    for place, name in enumerate(named["text"]):
        weigher = TfidfVectorizer(
            ngram_range=(1, 2),
            sublinear_tf=True,
            max_features=words,
            token_pattern=r"(?u)\b\w+\b",  # noqa: S106 - single letters count, too
        )
        blocks.append((f"text {place}", make_pipeline(FunctionTransformer(_first_letters), weigher), name))
    used = [block for block in blocks if len(block[2])]
    used.append(("nothing", FunctionTransformer(_constant_column), [columns[0].name]))
    return ColumnTransformer(used, sparse_threshold=1.0)


def _as_floats(frame: pd.DataFrame) -> Floats:
    return np.asarray(np.clip(frame.astype("float64").to_numpy(), -_HUGE, _HUGE))


def _date_parts(frame: pd.DataFrame) -> Floats:
    """Return, for each date column, days and the position in year, week and day as points on circles."""
    parts = []
    for name in frame.columns:
        moment = frame[name].to_numpy().astype("datetime64[us]")
        missing = np.isnat(moment)
        days = moment.astype(np.int64) / _DAY_US
        circles = [days / 365.2425, days / 7, days]
        angles = [2 * np.pi * (turn % 1.0) for turn in circles]
        columns = [days, *(np.sin(angle) for angle in angles), *(np.cos(angle) for angle in angles)]
        parts += [np.where(missing, np.nan, column) for column in columns]
    return np.column_stack(parts)


def _fill_missing(values: Any) -> Any:
    return values.astype(object).where(values.notna(), "(missing)").astype(str)


def _first_letters(texts: pd.Series[str]) -> Any:
    return texts.astype(object).where(texts.notna(), "").str.slice(0, _LETTERS)


def _constant_column(frame: pd.DataFrame) -> Floats:
    return np.ones((len(frame), 1))
