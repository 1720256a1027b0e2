"""Columns that reveal the target by arithmetic: as a part of a sum, a product or a difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.checks._context.univariate import univariate_scores

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext

Floats = NDArray[np.float64]
_FEWEST_ROWS = 40
_MOST_COLUMNS = 40
_MOST_TERMS = 5
_CLOSE, _IN_MOST = 0.01, 0.95  # of the target's spread; share of rows in which a formula has to be as close
# share of rows, the closest ones, that the next fit uses; number of fits
_TRIMMED, _FITS = 0.9, 5
_MOST_VALUES = 5_000


@dataclass(frozen=True, slots=True)
class ArithmeticRelation:
    """The target equals ``formula`` in a ``share`` of the rows; leaving ``column`` out breaks that."""

    column: str
    terms: tuple[str, ...]
    formula: str
    share: float


def find_relation(table: CheckContext, *, without: frozenset[str]) -> ArithmeticRelation | None:
    """Return the sum or product of up to five columns that equals the target, if there is one.

    ``without`` are columns that reveal the target on their own.
    """
    if table.target is None or table.suggestion.type.has_classes:
        return None
    numbers = [
        column.name
        for column in table.columns
        if column.traits.is_quantity and column.n_distinct > 2 and column.name not in without
        and column.n_missing < 0.5 * table.n_rows
    ][:_MOST_COLUMNS]  # fmt: skip
    target = np.asarray(table.labels, dtype=np.float64)
    matrix = np.column_stack([target, *(table.sample[name].astype(np.float64) for name in numbers)])
    matrix = matrix[np.isfinite(matrix).all(axis=1)][:_MOST_VALUES]
    if len(matrix) < max(_FEWEST_ROWS, 8 * len(numbers)) or len(numbers) < 2:
        return None
    values, target_values = matrix[:, 1:], matrix[:, 0]
    terms = _terms(values, target_values)
    if terms:
        share = _explained_share(values, target_values, terms)
        return _relation(table, numbers, terms, _sum(values, target_values, numbers, terms), share)
    positive = np.flatnonzero((matrix > 0).all(axis=0))
    if 0 not in positive or len(positive) < 3:
        return None
    chosen = [numbers[place - 1] for place in positive[1:]]
    values, target_values = np.log(matrix[:, positive[1:]]), np.log(matrix[:, 0])
    terms = _terms(values, target_values)
    if not terms:
        return None
    names = [chosen[place] for place in terms]
    share = _explained_share(values, target_values, terms)
    return _relation(table, chosen, terms, f"a product of powers of {_quote_names(names)}", share)


def _terms(matrix: Floats, target: Floats) -> list[int]:
    """Return the fewest columns whose weighted sum is the target in most rows; empty if there are none."""
    if np.std(target) == 0:
        return []
    usable = [place for place in range(matrix.shape[1]) if np.std(matrix[:, place]) > 0]
    if not _is_exact(matrix, target, usable):
        return []
    terms = list(usable)
    for place in usable:
        fewer = [term for term in terms if term != place]
        if fewer and _is_exact(matrix, target, fewer):
            terms = fewer
    return terms if 2 <= len(terms) <= _MOST_TERMS else []


def _is_exact(matrix: Floats, target: Floats, places: list[int]) -> bool:
    return _explained_share(matrix, target, places) >= _IN_MOST


def _explained_share(matrix: Floats, target: Floats, places: list[int]) -> float:
    """Return the share of rows whose target a weighted sum matches closely, fitted on every second row."""
    weights = _fit_most_rows(matrix[::2], target[::2], places)
    left = np.abs(target - _weighted_sum(matrix, places, weights))
    return float((left <= _CLOSE * np.std(target)).mean())


def _fit_most_rows(matrix: Floats, target: Floats, places: list[int]) -> Floats:
    """Fit weights and a constant to most rows: a few rows may hold anything."""
    rows = np.arange(len(target))
    for _ in range(_FITS):
        weights = _least_squares(matrix[rows][:, places], target[rows])
        left = np.abs(target - _weighted_sum(matrix, places, weights))
        rows = np.argsort(left, kind="stable")[: max(len(places) + 2, int(_TRIMMED * len(left)))]
    return weights


def _least_squares(block: Floats, target: Floats) -> Floats:
    scale = block.std(axis=0)
    scale[scale == 0] = 1.0
    design = np.column_stack([(block - block.mean(axis=0)) / scale, np.ones(len(block))])
    weights, *_ = np.linalg.lstsq(design, target, rcond=1e-10)
    slopes = weights[:-1] / scale
    return np.append(slopes, weights[-1] - float((slopes * block.mean(axis=0)).sum()))


def _weighted_sum(matrix: Floats, places: list[int], weights: Floats) -> Floats:
    return np.asarray(matrix[:, places] @ weights[:-1] + weights[-1])


def _sum(matrix: Floats, target: Floats, names: list[str], terms: list[int]) -> str:
    """Return the sum as text: "'total' - 'casual'", or only the columns if its weights are odd."""
    weights = _fit_most_rows(matrix, target, terms)[:-1]
    chosen = [names[place] for place in terms]
    if np.abs(np.abs(weights) - 1).max() > 0.01:
        return f"a weighted sum of {_quote_names(chosen)}"
    order = np.argsort(-weights, kind="stable")
    first, *others = [(chosen[place], weights[place] > 0) for place in order]
    text = f"'{first[0]}'" if first[1] else f"-'{first[0]}'"
    return text + "".join(f" {'+' if plus else '-'} '{name}'" for name, plus in others)


def _relation(
    table: CheckContext, names: list[str], terms: list[int], formula: str, share: float
) -> ArithmeticRelation:
    chosen = tuple(names[place] for place in terms)
    worst = max(chosen, key=lambda name: table.once(univariate_scores).get(name, 0.0))
    return ArithmeticRelation(column=worst, terms=chosen, formula=formula, share=share)


def _quote_names(names: list[str]) -> Any:
    return ", ".join(f"'{name}'" for name in names)
