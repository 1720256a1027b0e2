"""A cost table: the cost of each prediction for each truth, and a model's average cost."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.metrics._case import Floats, LabelCase, label_index
from litmus_core.metrics._uncertainty.draws import Draws
from litmus_core.runtime import label_text

PER_CASES = 1_000.0
_FORM = 'Write cost(table={"no":{"yes":1},"yes":{"no":20}}): the truth, the answer, what it costs.'


@dataclass(frozen=True)
class CostTable:
    """Costs by the texts of truth and prediction; a missing pair costs nothing.

    ``rows`` are (truth, ((prediction, cost), …)), sorted, one for each class.
    """

    rows: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]

    @classmethod
    def read(cls, table: Any) -> CostTable:
        """Build the table from ``{truth: {prediction: cost}}``; raises UsageError for an invalid table."""
        if isinstance(table, CostTable):
            return table
        if not isinstance(table, Mapping) or not all(isinstance(row, Mapping) for row in table.values()):
            raise UsageError(f"'{table}' is not a cost table.", hint=_FORM)
        rows = {label_text(truth): _costs(label_text(truth), row) for truth, row in table.items()}
        _check(rows, table)
        return cls(
            rows=tuple(
                (truth, tuple((answer, cost) for answer, cost in sorted(row.items()) if cost))
                for truth, row in sorted(rows.items())
            )
        )

    @classmethod
    def of_matrix(cls, classes: Sequence[Any], costs: Iterable[Iterable[float]]) -> CostTable:
        """Build the table from costs of truth (rows) and prediction (columns), in the order of
        ``classes``."""
        return cls.read(
            {
                label_text(truth): {
                    label_text(answer): cost for answer, cost in zip(classes, row, strict=True)
                }
                for truth, row in zip(classes, costs, strict=True)
            }
        )

    def __str__(self) -> str:
        plain = {truth: {answer: _number(cost) for answer, cost in row} for truth, row in self.rows}
        return json.dumps(plain, separators=(",", ":"), ensure_ascii=False)

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The classes that the table has costs for."""
        return tuple(truth for truth, _ in self.rows)

    @property
    def lowest(self) -> float:
        """The lowest possible cost of a prediction."""
        return min(self._cells)

    @property
    def highest(self) -> float:
        """The highest possible cost of a prediction."""
        return max(self._cells)

    @cached_property
    def _cells(self) -> tuple[float, ...]:
        costs = [cost for _, row in self.rows for _, cost in row]
        return (*costs, 0.0) if len(costs) < len(self.rows) ** 2 else tuple(costs)

    def matrix(self, classes: Sequence[Any]) -> Floats:
        """Return (k, k) costs of truth (rows) and prediction (columns) in the order of ``classes``.

        Raises UsageError if a class has no costs. Other classes of the table are ignored.
        """
        places: dict[str, int] = {}
        for name in self.classes:
            try:
                places[name] = label_index(classes, name)
            except UnknownNameError:  # too rare to be among the training rows
                continue
        missing = [label_text(label) for at, label in enumerate(classes) if at not in places.values()]
        if missing:
            raise UsageError(
                f"The cost table says nothing of '{missing[0]}'.",
                hint=f"It has {', '.join(self.classes[:10])}: give each class a row of costs.",
            )
        costs = np.zeros((len(classes), len(classes)))
        for truth, row in self.rows:
            for answer, cost in row:
                if truth in places and answer in places:
                    costs[places[truth], places[answer]] = cost
        return costs


def zero_one_costs(n_classes: int) -> Floats:
    """Return (k, k) costs where every wrong prediction costs 1."""
    return 1.0 - np.eye(n_classes)


def cost_per_1000(case: LabelCase, draws: Draws) -> Floats:
    """Mean cost of the predicted classes, times 1,000; an unknown truth costs the most."""
    per_cell = _with_unknown(case).ravel()
    cells, codes = np.unique(case.codes * case.n_classes + case.decided, return_inverse=True)
    drawn = draws.counts(codes.astype(np.int64), len(cells))
    return np.asarray(PER_CASES * (drawn @ per_cell[cells]) / drawn.sum(axis=1))


def cost_at_thresholds(case: LabelCase, thresholds: Floats) -> Floats:
    """Return (t,) costs per 1,000 cases of two classes if each threshold decided."""
    weights = np.ones(case.n_rows) if case.weights is None else case.weights
    costs = _with_unknown(case)[case.codes] * weights[:, None]
    scores = case.probabilities[:, case.positive]
    order = np.argsort(scores)
    below = np.searchsorted(scores[order], thresholds, side="left")
    refused = np.r_[0.0, np.cumsum(costs[order, 1 - case.positive])][below]
    claimed = np.r_[0.0, np.cumsum(costs[order, case.positive])]
    return np.asarray(PER_CASES * (refused + claimed[-1] - claimed[below]) / weights.sum())


def _with_unknown(case: LabelCase) -> Floats:
    costs = zero_one_costs(case.n_classes) if case.costs is None else case.costs
    return np.vstack([costs, costs.max(axis=0)])


def _costs(truth: str, row: Mapping[Any, Any]) -> dict[str, float]:
    costs = {}
    for answer, cost in row.items():
        is_number = isinstance(cost, int | float) and not isinstance(cost, bool)
        if not is_number or not math.isfinite(cost):
            raise UsageError(
                f"The cost of answering '{label_text(answer)}' for '{truth}' is {cost!r}, not a number.",
                hint="Write a number, 0 where it costs nothing.",
            )
        costs[label_text(answer)] = float(cost)
    return costs


def _check(rows: Mapping[str, Mapping[str, float]], table: Mapping[Any, Any]) -> None:
    for truth, row in rows.items():
        unknown = [answer for answer in row if answer not in rows]
        if unknown:
            raise UnknownNameError(kind="row in the cost table for", name=unknown[0], names=rows)
        right = row.get(truth, 0.0)
        cheaper = [answer for answer in rows if row.get(answer, 0.0) < right]
        if cheaper:
            raise UsageError(
                f"Where '{truth}' is right, answering '{cheaper[0]}' would cost "
                f"{row.get(cheaper[0], 0.0):g}, and the right answer {right:g}.",
                hint="The right answer must be the cheapest of its row.",
            )
    if len(rows) < 2 or len(rows) != len(table):
        raise UsageError("A cost table needs a row for each of two or more classes.", hint=_FORM)
    if all(row.get(answer, 0.0) == row.get(truth, 0.0) for truth, row in rows.items() for answer in rows):
        raise UsageError(
            "In this cost table, wrong answers cost no more than right ones.",
            hint="Give at least one mistake a cost.",
        )


def _number(value: float) -> int | float:
    return int(value) if value == int(value) and abs(value) < 1e15 else value
