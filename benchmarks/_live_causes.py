"""Falls with a planted cause: a real table, a quick model of it, and rows to which one thing happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._flexible_tables import TABLES, Table
from litmus_core.diagnostics import RowLosses, find_causes
from litmus_core.types import Column

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
PLANTS = ("unit", "missing", "renamed", "group worse", "group grew")
N_ROWS = 2_000  # before, and now
POINTS, ERRORS = 0.03, 3.0  # by how much the score falls at least, and how surely
_MOST_LEVELS = 40
_TRIES = 60
_GROUP = (0.05, 0.5)  # share of the rows


@dataclass(frozen=True, eq=False)
class World:
    """A table's hidden rows, typed columns, and a model that reads them as an endpoint would."""

    frame: pd.DataFrame
    truth: NDArray[Any]
    columns: tuple[Column, ...]
    predict: Callable[[pd.DataFrame], Floats]
    n_classes: int

    def losses(self, frame: pd.DataFrame, truth: NDArray[Any]) -> Floats:
        """Return the absolute error, or the squared one of the probabilities."""
        answers = self.predict(frame)
        if not self.n_classes:
            return np.abs(answers - truth)
        return np.asarray(np.square(answers - np.eye(self.n_classes)[truth]).sum(axis=1))

    def errors(self, frame: pd.DataFrame, truth: NDArray[Any]) -> Floats:
        """Return what the score counts: wrong labels, or the absolute error over its usual size."""
        answers = self.predict(frame)
        if not self.n_classes:
            return np.abs(answers - truth) / self._usual_error
        return np.asarray(answers.argmax(axis=1) != truth, dtype=np.float64)

    @property
    def _usual_error(self) -> float:
        some = slice(0, N_ROWS)
        return float(np.abs(self.predict(self.frame.iloc[some]) - self.truth[some]).mean())


@cache
def world_of(name: str) -> World:
    """Train LightGBM on the table's first rows; all others are the world."""
    from lightgbm import LGBMClassifier, LGBMRegressor

    table = next(table for table in TABLES if table.name == name)
    frame = table.load()
    features, target = frame.drop(columns=table.target), frame[table.target]
    columns = tuple(_column(features[name], str(name)) for name in features)
    features = features[[column.name for column in columns]]
    for column in columns:
        if not column.traits.is_quantity:
            features = features.assign(**{column.name: features[column.name].astype(str)})
    n_train, n_classes = table.n_train, 0
    truth = target.to_numpy()
    if table.problem == "regression":
        truth = truth.astype(np.float64)
    else:
        met = sorted(set(truth[:n_train].tolist()), key=str)
        known = np.isin(truth, met)
        features, truth = features[known], truth[known]
        truth = np.array([met.index(label) for label in truth.tolist()], dtype=np.int64)
        n_classes = len(met)
    encode = _encoder(features.iloc[:n_train], columns)
    kind: Any = LGBMClassifier if n_classes else LGBMRegressor
    model = kind(n_estimators=80, num_leaves=15, learning_rate=0.08, n_jobs=1, verbosity=-1, random_state=0)
    model.fit(encode(features.iloc[:n_train]), truth[:n_train])
    ask = model.predict_proba if n_classes else model.predict

    def predict(rows: pd.DataFrame) -> Floats:
        return np.asarray(ask(encode(rows)), dtype=np.float64)

    rest = features.iloc[n_train:].reset_index(drop=True)
    return World(rest, truth[n_train:], columns, predict, n_classes)


def _column(values: pd.Series[Any], name: str) -> Column:
    import pandas as pd

    is_number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    kind: Any = "number" if is_number and values.nunique() > 2 else "category"
    storage = "DOUBLE" if kind == "number" else "VARCHAR"
    return Column(name=name, original_name=name, kind=kind, storage=storage, n_distinct=values.nunique())


def _encoder(train: pd.DataFrame, columns: tuple[Column, ...]) -> Callable[[pd.DataFrame], Floats]:
    places = {
        column.name: {
            value: place for place, value in enumerate(train[column.name].value_counts().index[:_MOST_LEVELS])
        }
        for column in columns
        if not column.traits.is_quantity
    }

    def encode(rows: pd.DataFrame) -> Floats:
        return np.column_stack(
            [
                rows[column.name].map(places[column.name]).to_numpy(dtype=np.float64)
                if column.name in places
                else rows[column.name].to_numpy(dtype=np.float64)
                for column in columns
            ]
        )

    return encode


def planted(table: Table, plant: str, seed: int) -> dict[str, Any]:
    """Plant one cause that costs three points; return its place in the list, nothing where none can be."""
    world = world_of(table.name)
    rng = np.random.default_rng([seed, PLANTS.index(plant)])
    for _ in range(_TRIES):
        rows = rng.permutation(len(world.frame))
        if len(rows) < 2 * N_ROWS:
            half = len(rows) // 2
            first, second = rows[:half], rows[half:]
        else:
            first, second = rows[:N_ROWS], rows[N_ROWS:]
        column = world.columns[int(rng.integers(len(world.columns)))]
        changed = _PLANTED[plant](world, second, column, rng)
        if changed is None:
            continue
        frame, truth = changed
        errors = [world.errors(world.frame.iloc[first], world.truth[first]), world.errors(frame, truth)]
        fall = float(errors[1].mean() - errors[0].mean())
        error = float(np.sqrt(sum(part.var() / len(part) for part in errors)))
        without = world.errors(*_some(world, second))
        cost = float(errors[1].mean() - without.mean())
        if min(fall, cost) < max(POINTS, ERRORS * error):
            continue  # it cost nothing, or chance hides it
        before = RowLosses(
            frame=world.frame.iloc[first], losses=world.losses(world.frame.iloc[first], world.truth[first])
        )
        now = RowLosses(frame=frame, losses=world.losses(frame, truth))
        causes = find_causes(before, now, world.columns, partial(_losses, world, truth))
        names = [cause.column for cause in causes]
        place = names.index(column.name) if column.name in names else None
        shown = [[cause.kind, cause.column, cause.group, round(cause.share, 2)] for cause in causes]
        return {"place": place, "column": column.name, "fall": fall, "causes": shown}
    return {}


def _losses(world: World, truth: NDArray[Any], frame: pd.DataFrame) -> Floats:
    return world.losses(frame, truth)


Planted = tuple["pd.DataFrame", NDArray[Any]] | None


def _some(world: World, rows: NDArray[np.int64]) -> tuple[pd.DataFrame, NDArray[Any]]:
    return world.frame.iloc[rows[:N_ROWS]].reset_index(drop=True), world.truth[rows[:N_ROWS]]


def _unit(world: World, rows: NDArray[np.int64], column: Column, rng: np.random.Generator) -> Planted:
    if not column.traits.is_quantity:
        return None
    frame, truth = _some(world, rows)
    factor = float(rng.choice([0.001, 0.01, 0.4536, 0.621, 1.609, 2.54, 12.0, 100.0, 1000.0]))
    return frame.assign(**{column.name: frame[column.name] * factor}), truth


def _missing(world: World, rows: NDArray[np.int64], column: Column, rng: np.random.Generator) -> Planted:
    frame, truth = _some(world, rows)
    lost = rng.random(len(frame)) < rng.uniform(0.3, 1.0)
    return frame.assign(**{column.name: frame[column.name].mask(lost)}), truth


def _renamed(world: World, rows: NDArray[np.int64], column: Column, rng: np.random.Generator) -> Planted:
    if column.traits.is_quantity:
        return None
    frame, truth = _some(world, rows)
    return frame.assign(**{column.name: frame[column.name].str.upper() + "_V2"}), truth


def _group(world: World, rows: NDArray[np.int64], column: Column, rng: np.random.Generator) -> Any:
    """Return which of ``rows`` are in a group that is drawn from the column; None if it has none."""
    values = world.frame[column.name].iloc[rows]
    if column.traits.is_quantity:
        low = float(rng.uniform(0.0, 0.8))
        edges = values.quantile([low, min(1.0, low + float(rng.uniform(0.15, 0.4)))]).tolist()
        inside = values.between(*edges).to_numpy()
    else:
        inside = (values == values.iloc[int(rng.integers(len(values)))]).to_numpy()
    return inside if _GROUP[0] <= inside.mean() <= _GROUP[1] else None


def _group_worse(world: World, rows: NDArray[np.int64], column: Column, rng: np.random.Generator) -> Planted:
    inside = _group(world, rows[:N_ROWS], column, rng)
    if inside is None:
        return None
    frame, truth = _some(world, rows)
    drawn = rng.choice(world.truth, int(inside.sum()))
    truth = truth.copy()
    truth[inside] = drawn
    return frame, truth


def _group_grew(world: World, rows: NDArray[np.int64], column: Column, rng: np.random.Generator) -> Planted:
    inside = _group(world, rows, column, rng)
    if inside is None:
        return None
    weight = np.where(inside, float(rng.uniform(3, 12)), 1.0)
    drawn = rng.choice(rows, min(N_ROWS, len(rows)), p=weight / weight.sum())
    return _some(world, drawn)


_PLANTED: dict[str, Callable[..., Planted]] = {
    "unit": _unit,
    "missing": _missing,
    "renamed": _renamed,
    "group worse": _group_worse,
    "group grew": _group_grew,
}
