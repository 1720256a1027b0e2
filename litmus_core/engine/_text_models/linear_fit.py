"""Fits the text family's linear model within a time limit: a pilot, a calibration, the fit itself."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from litmus_core.engine._text_models.columns import Blocks, TextAndColumns

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, np.dtype[Any]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Settings = dict[str, float]

_GRID = tuple(
    {"word_weight": weight, "penalty": penalty} for weight in (0.35, 0.1, 1.0) for penalty in (1.0, 3.0, 0.3)
)
_PILOT_ROWS, _PILOT_CHARACTERS = 4_000, 2_000_000
# A longer fit can search more: multiples of the pilot rows, by the seconds of its limit. In steps, since the
# remaining time is never quite the same, and other pilot rows give another model.
_MORE_PILOT_ROWS = ((120.0, 3), (80.0, 2), (0.0, 1))
_SEARCH_SHARE = 0.2  # of the limit, for searching settings
_FOLDED_ROWS = 1_000  # up to here the pilot's scores use all folds: one has too few rows
_LEAST_ROWS = 200
_SAFETY = 0.7  # share of the remaining time that may be planned for
_SLOWER = 1.3  # a row's cost grows a little with the number of rows


@dataclass(frozen=True, slots=True)
class Pace:
    """When the fit started (``time.monotonic``) and its time limit in seconds (None: no limit)."""

    started: float
    limit_s: float | None

    def left_s(self) -> float:
        """Return the seconds left."""
        return float("inf") if self.limit_s is None else self.started + self.limit_s - time.monotonic()

    def may_search(self, spent_s: float) -> bool:
        """Return whether there is more time to search settings, after ``spent_s`` so far."""
        return self.limit_s is None or spent_s < _SEARCH_SHARE * self.limit_s


class UnfinishedError(Exception):
    """The time does not allow even a small fit."""


class Objective(Protocol):
    """The kind of target: classes or values (``linear_losses``)."""

    def fit(self, joined: Any, y: Array, weight: Floats | None, *, penalty: float) -> tuple[Floats, Floats]:
        """Return weights (d, k) and offsets (k,) learned from a CSR matrix (n, d)."""
        ...

    def calibrate(self, margins: Floats, y: Array) -> tuple[Settings, float]:
        """Return what turns margins (n, k) of unseen rows into predictions, and the remaining loss."""
        ...

    def answer(self, margins: Floats, settings: Mapping[str, float]) -> Floats:
        """Return probabilities (n, n_classes) or values (n,)."""
        ...

    def strata(self, y: Array) -> Array:
        """Return a code per row that held-out parts should contain evenly."""
        ...


@dataclass(frozen=True, slots=True)
class LinearFit:
    """A fitted linear model: ``weights`` (d, k) over the joined blocks, ``offsets`` (k,)."""

    goal: Objective
    vectors: TextAndColumns
    weights: Floats
    offsets: Floats
    settings: Settings

    def answer(self, frame: pd.DataFrame) -> Floats:
        """Return probabilities (n, n_classes) or values (n,); each row is computed separately."""
        blocks = self.vectors.transform(frame)
        return self.goal.answer(_margins(blocks, self.weights, self.offsets, self.settings), self.settings)


@dataclass(frozen=True, slots=True)
class TextRows:
    """Training rows: the pipeline's columns (n, c), the target (n,) and weights (n,) or None."""

    frame: pd.DataFrame
    y: Array
    weight: Floats | None

    def __len__(self) -> int:
        return len(self.y)

    def some(self, places: Array) -> TextRows:
        """Return the rows at ``places``."""
        weight = None if self.weight is None else self.weight[places]
        return TextRows(self.frame.iloc[places], self.y[places], weight)


def fit_linear(
    rows: TextRows, goal: Objective, vectors: TextAndColumns, *, options: Settings, pace: Pace, seed: int
) -> LinearFit:
    """Fit on all rows, or on as many as the time allows; settings in ``options`` are not searched again.

    Raises UnfinishedError if the time is up before a small fit is done.
    """
    job = _Job(goal, vectors, pace, np.random.default_rng(seed))
    pilot = rows.some(_pilot_places(rows, vectors, pace, job.rng))
    blocks = job.learn(pilot)
    settings = options or job.search(pilot, blocks)
    n_rows, calibrated = job.affordable(len(rows), len(pilot), settings, calibrate=not options)
    if n_rows <= len(pilot):
        return job.finish(pilot, blocks, settings)
    chosen = rows if n_rows == len(rows) else rows.some(_sample_positions(len(rows), n_rows, job.rng))
    blocks = job.learn(chosen)
    if calibrated:
        settings = job.calibrated(chosen, blocks, settings)
    return job.finish(chosen, blocks, settings)


class _Job:
    """A fit in progress: knows the cost of a row so far."""

    def __init__(
        self, goal: Objective, vectors: TextAndColumns, pace: Pace, rng: np.random.Generator
    ) -> None:
        self.goal, self.vectors, self.pace, self.rng = goal, vectors, pace, rng
        self.read_s = self.fit_s = 0.0  # per row

    def learn(self, rows: TextRows) -> Blocks:
        """Learn vocabularies from ``rows`` and return their blocks."""
        started = time.monotonic()
        blocks = self.vectors.fit(rows.frame).transform(rows.frame)
        self.read_s = (time.monotonic() - started) / len(rows)
        return blocks

    def search(self, rows: TextRows, blocks: Blocks) -> Settings:
        """Return the best of the grid's settings by the loss on held-out rows, calibrated there."""
        strata = self.goal.strata(rows.y)
        n_folds = 4 if len(rows) <= _FOLDED_ROWS else 1
        parts = list(held_out(strata, n_parts=4, rng=self.rng))[:n_folds]
        best: tuple[float, Settings] | None = None
        began = time.monotonic()
        for settings in _GRID:
            started = time.monotonic()
            tested = np.concatenate([test for _, test in parts])
            margins = np.concatenate([self._margins(rows, blocks, part, settings) for part in parts])
            learned, loss = self.goal.calibrate(margins, rows.y[tested])
            spent = time.monotonic() - started
            if best is None or loss < best[0]:
                best = loss, {**settings, **learned}
                self.fit_s = spent / sum(len(train) for train, _ in parts)
            if self.pace.left_s() < 4 * spent or not self.pace.may_search(time.monotonic() - began):
                break
        if best is None:  # the grid is not empty
            raise AssertionError
        return best[1]

    def calibrated(self, rows: TextRows, blocks: Blocks, settings: Settings) -> Settings:
        """Return ``settings`` with the calibration of a fit on nine tenths of ``rows``."""
        part = next(held_out(self.goal.strata(rows.y), n_parts=10, rng=self.rng))
        learned, _ = self.goal.calibrate(self._margins(rows, blocks, part, settings), rows.y[part[1]])
        return {**settings, **learned}

    def affordable(
        self, n_rows: int, n_pilot: int, settings: Settings, *, calibrate: bool
    ) -> tuple[int, bool]:
        """Return how many rows can be read and fitted in the remaining time.

        And whether there is time for a second, calibrating fit.
        """
        left = self.pace.left_s()
        if n_rows == n_pilot or left == float("inf"):
            return n_rows, calibrate
        n_once, n_twice = (
            int(_SAFETY * left / max(1e-9, _SLOWER * (self.read_s + n_fits * self.fit_s)))
            for n_fits in (1, 2)
        )
        if min(n_once, n_rows) < min(n_pilot, _LEAST_ROWS):
            raise UnfinishedError
        return min(n_once, n_rows), calibrate and n_twice >= n_rows

    def finish(self, rows: TextRows, blocks: Blocks, settings: Settings) -> LinearFit:
        """Fit on all of ``rows``."""
        if self.pace.left_s() < self.fit_s * len(rows):
            raise UnfinishedError
        joined = blocks.joined(word_weight=settings["word_weight"])
        weights, offsets = self.goal.fit(joined, rows.y, rows.weight, penalty=settings["penalty"])
        return LinearFit(self.goal, self.vectors, weights, offsets, settings)

    def _margins(
        self, rows: TextRows, blocks: Blocks, part: tuple[Array, Array], settings: Settings
    ) -> Floats:
        """Fit on a part's training positions and return the margins of its test positions."""
        train, test = part
        joined = blocks.rows(train).joined(word_weight=settings["word_weight"])
        weight = None if rows.weight is None else rows.weight[train]
        weights, offsets = self.goal.fit(joined, rows.y[train], weight, penalty=settings["penalty"])
        return _margins(blocks.rows(test), weights, offsets, settings)


def held_out(strata: Array, *, n_parts: int, rng: np.random.Generator) -> Iterator[tuple[Array, Array]]:
    """Yield (train, test) positions of ``n_parts`` parts that contain each stratum about evenly."""
    order = rng.permutation(len(strata))
    order = order[np.argsort(strata[order], kind="stable")]
    part = np.empty(len(strata), dtype=np.int64)
    part[order] = np.arange(len(strata)) % n_parts
    for index in range(n_parts):
        yield np.flatnonzero(part != index), np.flatnonzero(part == index)


def _margins(blocks: Blocks, weights: Floats, offsets: Floats, settings: Mapping[str, float]) -> Floats:
    return np.asarray(blocks.times(weights, word_weight=settings["word_weight"])) + offsets


def _pilot_places(rows: TextRows, vectors: TextAndColumns, pace: Pace, rng: np.random.Generator) -> Array:
    characters = vectors.characters(rows.frame) / max(len(rows), 1)
    limit_s = pace.limit_s or 0.0
    most = _PILOT_ROWS * next(times for least_s, times in _MORE_PILOT_ROWS if limit_s >= least_s)
    n_rows = min(most, max(_LEAST_ROWS, int(_PILOT_CHARACTERS / max(characters, 1.0))))
    return _sample_positions(len(rows), n_rows, rng)


def _sample_positions(n_all: int, n_wanted: int, rng: np.random.Generator) -> Array:
    """Return ``n_wanted`` of the positions 0 to ``n_all - 1`` in order, or all if there are fewer."""
    if n_wanted >= n_all:
        return np.arange(n_all)
    return np.sort(rng.permutation(n_all)[:n_wanted])
