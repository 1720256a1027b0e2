"""Boosted trees over all series at once: LightGBM learns them, plain arrays answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.forecasting._models.lags import LagDesign
from litmus_core.forecasting._series.panel import Panel, Series

Array = NDArray[Any]
MOST_ROWS = 150_000
FEWEST_ROWS = 150
_SETTINGS: dict[str, Any] = {
    "objective": "l1",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "use_missing": False,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,  # on rows this few, threads wait for one another longer than they work
    "verbose": -1,
}
_ROUNDS = 200


@dataclass(frozen=True, slots=True, eq=False)
class TreeArrays:
    """The trees of a booster, their nodes one after the other; a leaf leads to itself.

    ``roots`` (trees,), and of each node the ``feature``, the ``threshold`` up to which ``left`` comes next,
    else ``right``, and the ``value`` of a leaf. ``depth`` is that of the deepest tree.
    """

    roots: Array
    feature: Array
    threshold: Array
    left: Array
    right: Array
    value: Array
    depth: int

    def check(self) -> None:
        """Raise ValueError where the arrays are not trees: their types, lengths, or where a node leads."""
        nodes = (self.feature, self.threshold, self.left, self.right, self.value)
        is_typed = "".join(array.dtype.kind for array in (self.roots, *nodes)) == "iifiif"
        if not is_typed or any(array.shape != self.value.shape for array in nodes) or self.value.ndim != 1:
            raise ValueError("the trees' arrays have other types or lengths")
        targets = np.concatenate([self.roots, self.left, self.right])
        n_nodes = len(self.value)
        if targets.min(initial=0) < 0 or targets.max(initial=0) >= n_nodes or self.feature.min(initial=0) < 0:
            raise ValueError("a node of the trees leads nowhere")
        if not 0 <= self.depth <= n_nodes:
            raise ValueError("the trees are deeper than they have nodes")

    def predict(self, rows: Array) -> Array:
        """Return the sums (n,) of the leaves that ``rows`` (n, d) reach."""
        nodes = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        index = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            goes_left = rows[index, self.feature[nodes]] <= self.threshold[nodes]
            nodes = np.where(goes_left, self.left[nodes], self.right[nodes])
        return np.asarray(self.value[nodes].sum(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class BoosterModel:
    """Trees, and the design of the rows that they read.

    ``quick`` is LightGBM's own sum of the leaves, which training uses for many rows.
    """

    design: LagDesign
    trees: TreeArrays
    quick: Callable[[Array], Array] | None = None

    def can_answer(self, series: Series) -> bool:
        """Whether the history is long enough for a row."""
        return len(series) >= self.design.first_origin

    def forecast(self, series: Series, horizon: int) -> Array:
        """Return the values (horizon,) after a series' last one, by the trees' arrays."""
        return np.asarray(self._forecast(series, np.array([len(series)]), horizon, self.trees.predict)[0])

    def forecast_from(self, series: Series, origins: Array, horizon: int) -> Array:
        """Return the values (k, horizon) after each of ``origins`` (k,), numbers of known values."""
        return self._forecast(series, origins, horizon, self.quick or self.trees.predict)

    def _forecast(
        self, series: Series, origins: Array, horizon: int, predict: Callable[[Array], Array]
    ) -> Array:
        steps = np.tile(np.arange(1, horizon + 1), len(origins))
        rows = self.design.rows(series, np.repeat(origins, horizon), steps)
        level, spread = self.design.scales(series.values, origins)
        forecasts = predict(rows).reshape(len(origins), horizon)
        return np.asarray(level[:, None] + spread[:, None] * forecasts)


def fit_boosters(panel: Panel, horizon: int, *, seed: int) -> BoosterModel | None:
    """Return trees that learned all series of ``panel`` together; None where there is too little to learn."""
    import lightgbm

    typical = int(np.median([len(series) for series in panel.series]))
    design = LagDesign.for_history(panel.frequency, panel.season, typical)
    rows, targets = _training_rows(panel, design, horizon, np.random.default_rng(seed))
    if len(rows) < FEWEST_ROWS:
        return None
    booster = lightgbm.train(
        _SETTINGS | {"seed": seed}, lightgbm.Dataset(rows, targets), num_boost_round=_ROUNDS
    )
    quick = partial(booster.predict, num_threads=1)
    return BoosterModel(design, _arrays(booster.dump_model()["tree_info"]), quick)


def _training_rows(
    panel: Panel, design: LagDesign, horizon: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Return rows of all origins and steps whose value is known, or a sample of them, and their targets."""
    pairs = []
    for series in panel.series:
        origins = np.arange(design.first_origin, len(series))
        grid = np.stack(np.meshgrid(origins, np.arange(1, horizon + 1), indexing="ij"), axis=-1).reshape(
            -1, 2
        )
        ahead = grid.sum(axis=1) - 1
        inside = ahead < len(series)
        grid = grid[inside][~series.is_filled[ahead[inside]]]
        pairs.append(grid)
    n_rows = sum(map(len, pairs))
    share = min(1.0, MOST_ROWS / max(n_rows, 1))
    rows, targets = [], []
    for series, grid in zip(panel.series, pairs, strict=True):
        chosen = grid if share == 1.0 else grid[rng.random(len(grid)) < share]
        if len(chosen):
            origins, steps = chosen.T
            level, spread = design.scales(series.values, origins)
            rows.append(design.rows(series, origins, steps))
            targets.append((series.values[origins + steps - 1] - level) / spread)
    if not rows:
        return np.empty((0, 0)), np.empty(0)
    return np.concatenate(rows), np.clip(np.concatenate(targets), -50, 50)


def _arrays(trees: list[dict[str, Any]]) -> TreeArrays:
    """Return LightGBM's trees as arrays."""
    nodes: list[tuple[int, float, int, int, float]] = []
    depths = []

    def add(node: dict[str, Any], depth: int) -> int:
        index = len(nodes)
        nodes.append((0, 0.0, index, index, float(node.get("leaf_value", 0.0))))
        if "split_feature" not in node:
            depths.append(depth)
            return index
        left = add(node["left_child"], depth + 1)
        right = add(node["right_child"], depth + 1)
        nodes[index] = (int(node["split_feature"]), float(node["threshold"]), left, right, 0.0)
        return index

    roots = [add(tree["tree_structure"], 0) for tree in trees]
    feature, threshold, left, right, value = zip(*nodes, strict=True)
    return TreeArrays(
        np.array(roots), np.array(feature), np.array(threshold), np.array(left), np.array(right),
        np.array(value), max(depths, default=0),
    )  # fmt: skip
