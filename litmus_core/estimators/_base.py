"""Parameters, input checks and the portfolio, for both estimators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from litmus_core.errors import UsageError
from litmus_core.estimators._features import Floats, FrameFeatures, Matrix
from litmus_core.estimators._portfolio import Portfolio, PortfolioPlan, check_members, fit_portfolio
from litmus_core.metrics import Metric, default_metric, get_metric

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.types import ProblemType, Score


# scikit-learn checks these; Litmus reads a frame's values.
_OF_FRAMES: dict[str, Any] = {"skip_check_array": True}
_OF_ARRAYS: dict[str, Any] = {"dtype": np.float64, "ensure_all_finite": "allow-nan"}


class LitmusEstimator(BaseEstimator):  # type: ignore[misc]
    """Base of :class:`LitmusClassifier` and :class:`LitmusRegressor`."""

    def __init__(
        self,
        *,
        models: Any = None,
        metric: str | None = None,
        folds: int = 5,
        time_limit_s: float = 60.0,
        random_state: Any = 0,
        n_jobs: int = 1,
    ) -> None:
        self.models = models
        self.metric = metric
        self.folds = folds
        self.time_limit_s = time_limit_s
        self.random_state = random_state
        self.n_jobs = n_jobs

    def leaderboard(self) -> pd.DataFrame:
        """Return the models that were tried: share in the mixture, out-of-fold score and its interval."""
        import pandas as pd

        check_is_fitted(self)
        rows = []
        for name, score in {**self.portfolio_.scores, "mixture": self.portfolio_.score}.items():
            figures = {} if score is None else {"score": score.value, "low": score.low, "high": score.high}
            share = 1.0 if name == "mixture" else self.portfolio_.shares.get(name, 0.0)
            rows.append({"model": name, "share": share, **figures})
        return pd.DataFrame(rows, columns=["model", "share", "score", "low", "high"])

    def _fit(
        self,
        X: Any,
        y: NDArray[Any],
        sample_weight: Any,
        *,
        problem_type: ProblemType,
        classes: tuple[Any, ...] = (),
    ) -> Self:
        """Fit on the result of :meth:`_read`, and on ``y`` (n,): class codes or values."""
        if not isinstance(self.folds, int) or self.folds < 2:
            raise UsageError(f"folds={self.folds!r} is not possible.", hint="Two folds at least.")
        members, metric = check_members(self.models), _metric(self.metric, problem_type)
        seed = check_random_state(self.random_state).randint(2**31 - 1)
        self._features_ = FrameFeatures(X) if _is_frame(X) else None
        weights = None
        if sample_weight is not None:
            weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        self.portfolio_: Portfolio = fit_portfolio(
            self._matrix(X),
            y,
            weights,
            PortfolioPlan(
                members=members,
                metric=metric,
                reported=metric or default_metric(problem_type),
                classes=classes,
                n_folds=self.folds,
                time_limit_s=self.time_limit_s,
                seed=seed,
                n_threads=self.n_jobs,
            ),
        )
        self.validation_score_: Score | None = self.portfolio_.score
        return self

    def _read_to_fit(self, X: Any, y: Any) -> tuple[Any, Any]:
        """Return ``X`` as :meth:`_read` does, and ``y``, checked to have the same length."""
        X = _as_pandas(X)
        if _is_frame(X) and not X.shape[1]:
            raise ValueError(
                f"Found array with 0 feature(s) (shape={X.shape}) while a minimum of 1 is required."
            )
        options = _OF_FRAMES if _is_frame(X) else _OF_ARRAYS
        return validate_data(self, X, y, **options)  # type: ignore[no-any-return]

    def _read(self, X: Any) -> Any:
        """Return ``X`` checked: a frame if the model was fitted on one, else doubles (n, m).

        An array has the fitted frame's columns in their order.
        """
        import pandas as pd

        X = _as_pandas(X)
        if self._features_ is None:
            return validate_data(self, X, reset=False, **_OF_ARRAYS)
        if not _is_frame(X) and np.ndim(X) == 2 and np.shape(X)[1] == self.n_features_in_:
            X = pd.DataFrame(X, columns=[column.name for column in self._features_.columns]).infer_objects()
        return validate_data(self, X, reset=False, **_OF_FRAMES)

    def _predict(self, X: Any) -> Floats:
        check_is_fitted(self)
        return self.portfolio_.predict(self._matrix(self._read(X)))

    def _matrix(self, X: Any) -> Matrix:
        if self._features_ is None:
            return Matrix(np.asarray(X, dtype=np.float64))
        return self._features_.matrix(X)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags


def _metric(name: str | None, problem_type: ProblemType) -> Metric | None:
    """Return the metric called ``name``; raises UsageError if it does not score this kind of target."""
    if name is None:
        return None
    metric = get_metric(name)
    if not metric.fits(problem_type):
        raise UsageError(
            f"'{name}' does not score a {problem_type} target.",
            hint=f"Such as '{default_metric(problem_type).name}' does.",
        )
    return metric


def _as_pandas(X: Any) -> Any:
    X = X.to_pandas() if type(X).__module__.startswith("polars") and _is_frame(X) else X
    if _is_frame(X) and not X.columns.is_unique:
        twice = X.columns[X.columns.duplicated()][0]
        raise UsageError(f"Two columns are called {twice!r}.", hint="Rename one, or leave it out.")
    return X


def _is_frame(X: Any) -> bool:
    return type(X).__module__.partition(".")[0] in ("pandas", "polars") and hasattr(X, "columns")
