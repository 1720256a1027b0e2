"""Numbers that give the target by arithmetic: a sum it is a part of, a product, a difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from litmus_core.checks._table import Table

Floats = NDArray[np.float64]
_FEWEST_ROWS = 40
_MOST_COLUMNS = 40
_MOST_TERMS = 5
_EXACT = 1 - 1e-4
_MOST_VALUES = 5_000


@dataclass(frozen=True, slots=True)
class Relation:
    """The target is ``formula``, row for row; leaving ``column`` out breaks that."""

    column: str
    terms: tuple[str, ...]
    formula: str


def find_relation(table: Table, *, without: frozenset[str]) -> Relation | None:
    """Return the sum or product of up to five columns that is the target, if there is one.

    ``without`` are columns that are known to say the target alone.
    """
    if table.target is None or table.suggestion.problem_type != "regression":
        return None
    numbers = [
        each.name
        for each in table.columns
        if each.kind == "number" and each.n_distinct > 2 and each.name not in without
        and each.n_missing < 0.5 * table.n_rows
    ][:_MOST_COLUMNS]  # fmt: skip
    target = np.asarray(table.labels, dtype=np.float64)
    matrix = np.column_stack([target, *(table.sample[name].astype(np.float64) for name in numbers)])
    matrix = matrix[np.isfinite(matrix).all(axis=1)][:_MOST_VALUES]
    if len(matrix) < max(_FEWEST_ROWS, 8 * len(numbers)) or len(numbers) < 2:
        return None
    terms = _terms(matrix[:, 1:], matrix[:, 0])
    if terms:
        return _relation(table, numbers, terms, _sum(matrix[:, 1:], matrix[:, 0], numbers, terms))
    positive = np.flatnonzero((matrix > 0).all(axis=0))
    if 0 not in positive or len(positive) < 3:
        return None
    chosen = [numbers[place - 1] for place in positive[1:]]
    terms = _terms(np.log(matrix[:, positive[1:]]), np.log(matrix[:, 0]))
    if not terms:
        return None
    names = [chosen[place] for place in terms]
    return _relation(table, chosen, terms, f"a product of powers of {_quoted(names)}")


def _terms(matrix: Floats, target: Floats) -> list[int]:
    """Return the fewest columns whose weighted sum is the target on rows not fitted on; none: empty."""
    if np.std(target) == 0:
        return []
    usable = [place for place in range(matrix.shape[1]) if np.std(matrix[:, place]) > 0]
    if not _is_exact(matrix, target, usable):
        return []
    kept = list(usable)
    for place in usable:
        fewer = [each for each in kept if each != place]
        if fewer and _is_exact(matrix, target, fewer):
            kept = fewer
    return kept if 2 <= len(kept) <= _MOST_TERMS else []


def _is_exact(matrix: Floats, target: Floats, places: list[int]) -> bool:
    weights = _fitted(matrix[::2], target[::2], places)
    left = target[1::2] - _applied(matrix[1::2], places, weights)
    spread = float(np.var(target[1::2]))
    return spread > 0 and 1 - float(np.mean(np.square(left))) / spread > _EXACT


def _fitted(matrix: Floats, target: Floats, places: list[int]) -> Floats:
    block = matrix[:, places]
    scale = block.std(axis=0)
    scale[scale == 0] = 1.0
    design = np.column_stack([(block - block.mean(axis=0)) / scale, np.ones(len(block))])
    found, *_ = np.linalg.lstsq(design, target, rcond=1e-10)
    slopes = found[:-1] / scale
    return np.append(slopes, found[-1] - float((slopes * block.mean(axis=0)).sum()))


def _applied(matrix: Floats, places: list[int], weights: Floats) -> Floats:
    return np.asarray(matrix[:, places] @ weights[:-1] + weights[-1])


def _sum(matrix: Floats, target: Floats, names: list[str], terms: list[int]) -> str:
    """Return the sum in words: "'total' - 'casual'", or the columns alone where it has odd weights."""
    weights = _fitted(matrix, target, terms)[:-1]
    chosen = [names[place] for place in terms]
    if np.abs(np.abs(weights) - 1).max() > 0.01:
        return f"a weighted sum of {_quoted(chosen)}"
    order = np.argsort(-weights, kind="stable")
    first, *others = [(chosen[place], weights[place] > 0) for place in order]
    said = f"'{first[0]}'" if first[1] else f"-'{first[0]}'"
    return said + "".join(f" {'+' if plus else '-'} '{name}'" for name, plus in others)


def _relation(table: Table, names: list[str], terms: list[int], formula: str) -> Relation:
    chosen = tuple(names[place] for place in terms)
    worst = max(chosen, key=lambda name: table.alone.get(name, 0.0))
    return Relation(column=worst, terms=chosen, formula=formula)


def _quoted(names: list[str]) -> Any:
    return ", ".join(f"'{name}'" for name in names)
