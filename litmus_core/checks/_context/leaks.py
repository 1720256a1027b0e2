"""Leaking columns: how well each one predicts the target, compared with all the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._context.arithmetic_leak import ArithmeticRelation, find_relation
from litmus_core.checks._context.quick_model import QuickPredictions, quick_model
from litmus_core.checks._context.row_order import find_followers
from litmus_core.checks._context.univariate import univariate_score, univariate_scores

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column

_NEARLY_ALL = 0.97  # skill of a column that nearly reveals the target
_SUSPICIOUS = 0.88  # skill of a suspicious column
# skill of a column that is right in 96 of 100 rows, or leaves as little variance
_NEAR, _NEAR_NUMBERS = 0.9, 0.935
_FAR_ABOVE, _FAR_ABOVE_WARNED = 0.01, 0.3  # skill above that of all others together
_FEWER_MISTAKES, _FEWER_MISTAKES_NEAR = 3.0, 1.7  # all others together make as many times its mistakes
_MOST_NEAR = 5
_PREDICTABLE, _MORE_MISTAKES = (
    0.8,
    2.5,
)  # skill of all columns; factor by which mistakes grow without the needed ones
_ALONE_SHARE = 0.85  # of that skill
_REPEATS = 3  # other folds over which a skill is averaged before it is reported
_FEWEST_ROWS = 60


@dataclass(frozen=True)
class Leaks:
    """Leaking columns, and quick models without them.

    ``same`` repeat the target under other names, ``certain`` nearly repeat it, ``suspected`` may be known too
    late. ``near`` predict nearly everything, each with the model of all columns that do not. ``needed`` are
    columns without which models are far worse, with that model. ``entity_columns`` name recurring things,
    each with one label; ``relation`` reveals the target by arithmetic. ``without`` is the quick model without
    certain leaks (and ids, and what follows the row order).
    """

    same: tuple[str, ...]
    certain: tuple[str, ...]
    entity_columns: tuple[str, ...]
    suspected: tuple[tuple[str, QuickPredictions], ...]
    without: QuickPredictions
    near: tuple[tuple[str, QuickPredictions], ...] = ()
    needed: tuple[tuple[str, ...], QuickPredictions] | None = None
    relation: ArithmeticRelation | None = None

    @cached_property
    def columns(self) -> frozenset[str]:
        """Columns that an honest quick model leaves out."""
        by_formula = () if self.relation is None else (self.relation.column,)
        return frozenset(self.same + self.certain + by_formula)


def find_leaks(table: CheckContext) -> Leaks:
    """Judge columns by how well they predict alone, compared with the others together."""
    scorer, scores = table.scorer, table.once(univariate_scores)
    same = tuple(excluded.column for excluded in table.suggestion.left_out if excluded.repeats_target)
    skill = {
        name: scorer.skill(score)
        for name, score in scores.items()
        if name not in same and name not in table.once(find_followers)
    }
    strong = [
        name
        for name, value in skill.items()
        if value >= _NEARLY_ALL and not _dates_rows(table.version.column(name))
    ]
    relation = find_relation(table, without=frozenset((*same, *strong)))
    in_formula = () if relation is None else (relation.column,)
    features = [table.version.column(name) for name in table.suggestion.features if name not in in_formula]
    honest = [feature for feature in features if feature.name not in strong]
    without = quick_model(table.sample, honest, scorer, seed=table.seed)
    if len(scorer.rows) < _FEWEST_ROWS:
        return Leaks(same, (), (), (), without, relation=relation)
    clear = [name for name in strong if _is_far(skill[name], without.skill)]
    entities = tuple(name for name in clear if _names_entities(table.version.column(name), scorer.n_classes))
    certain = tuple(name for name in clear if name not in entities)
    if set(strong) - set(certain):  # the other strong columns are not leaks
        candidates = [feature for feature in features if feature.name not in certain]
        without = quick_model(table.sample, candidates, scorer, seed=table.seed)
    others = [feature for feature in features if feature.name not in clear]
    near = _near_leaks(table, skill, others)
    suspected_leak = () if near else _suspected_leak(table, skill, others)
    needed = None if near or suspected_leak else _needed_columns(table, skill, others, without)
    return Leaks(
        same, certain, entities, suspected_leak, without, near=near, needed=needed, relation=relation
    )


def _dates_rows(column: Column) -> bool:
    """Return whether a column dates each row: it predicts a target that drifts, but is not a leak."""
    return column.traits.is_moment and not column.n_missing


def _is_far(score: float, others: float) -> bool:
    return score - others >= _FAR_ABOVE and 1 - others >= _FEWER_MISTAKES * (1 - score)


def _names_entities(column: Column, n_classes: int) -> bool:
    """Return whether each value names a recurring entity rather than a label."""
    return column.traits.is_name and column.n_distinct > max(20, 4 * n_classes)


def _near_leaks(
    table: CheckContext, skill: dict[str, float], features: list[Column]
) -> tuple[tuple[str, QuickPredictions], ...]:
    """Return the columns that are nearly always right, if the others are far behind.

    They are compared with the columns that are not: two of them would hide each other.
    """
    least = _NEAR if table.scorer.n_classes else _NEAR_NUMBERS
    suspected = [
        feature for feature in features if skill.get(feature.name, 0.0) >= least and not _dates_rows(feature)
    ]
    rest = [feature for feature in features if feature not in suspected]
    if not suspected or not rest:
        return ()
    others = quick_model(table.sample, rest, table.scorer, seed=table.seed)
    pairs = []
    for suspect in sorted(suspected, key=lambda column: -skill[column.name])[:_MOST_NEAR]:
        score = _average_skill(table, suspect)
        if score >= least and 1 - others.skill >= _FEWER_MISTAKES_NEAR * (1 - score):
            pairs.append((suspect.name, others))
    return tuple(pairs)


def _average_skill(table: CheckContext, column: Column) -> float:
    """Return a single column's skill, averaged over other folds so that no draw decides."""
    questions = [table.scorer.again(table.seed + seed) for seed in range(_REPEATS)]
    return float(np.mean([scorer.skill(univariate_score(table, column, scorer)) for scorer in questions]))


def _suspected_leak(
    table: CheckContext, skill: dict[str, float], features: list[Column]
) -> tuple[tuple[str, QuickPredictions], ...]:
    """Return the most predictive column, if all others together are far behind, with their model."""
    skills = {
        feature.name: skill[feature.name]
        for feature in features
        if feature.name in skill and not _dates_rows(feature)
    }
    if not skills or len(features) < 3:
        return ()
    best = max(skills, key=lambda name: skills[name])
    if skills[best] < _SUSPICIOUS:
        return ()
    rest = [feature for feature in features if feature.name != best]
    others = quick_model(table.sample, rest, table.scorer, seed=table.seed)
    return ((best, others),) if skills[best] - others.skill >= _FAR_ABOVE_WARNED else ()


def _needed_columns(
    table: CheckContext, skill: dict[str, float], features: list[Column], model: QuickPredictions
) -> tuple[tuple[str, ...], QuickPredictions] | None:
    """Return the column, or numbered columns (flag_1, flag_2), without which the ``model`` is far worse.

    On its own it predicts less, like an amount that reveals the target together with another column. A column
    that reveals the target on its own is not judged here, unless all others together are as good.
    """
    least = _NEAR if table.scorer.n_classes else _NEAR_NUMBERS
    skills = {
        feature.name: value
        for feature in features
        if (value := skill.get(feature.name)) is not None
        and (value < _ALONE_SHARE * model.skill or value >= least)
        and not _dates_rows(feature)
    }
    best = sorted(skills, key=lambda name: -skills[name])[:_MOST_NEAR]
    if model.skill < _PREDICTABLE or len(features) < 3:
        return None
    stems = [re.sub(r"[\W_]*\d+$", "", name) for name in best]
    alike = [
        tuple(name for name, stem in zip(best, stems, strict=True) if stem == part) for part in set(stems)
    ]
    for sets in ([(name,) for name in best], sorted(column for column in alike if len(column) > 1)):
        rests = [(names, [feature for feature in features if feature.name not in names]) for names in sets]
        models = [
            (names, quick_model(table.sample, rest, table.scorer, seed=table.seed))
            for names, rest in rests
            if rest
        ]
        names, others = min(models, key=lambda pair: pair[1].skill, default=((), model))
        if 1 - others.skill >= _MORE_MISTAKES * (1 - model.skill):
            return names, others
    return None
