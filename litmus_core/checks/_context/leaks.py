"""Leaking columns: how well each predicts the target alone, compared with all others without it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._context.arithmetic_leak import ArithmeticRelation, find_relation
from litmus_core.checks._context.quick_model import Quick, quick_model
from litmus_core.checks._context.row_order import find_followers
from litmus_core.checks._context.univariate import univariate_score, univariate_scores

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column

_NEARLY_ALL = 0.97  # skill of a column that nearly reveals the target
_MUCH = 0.88  # skill of a suspicious column
# skill of a column that is right in 96 of 100 rows, or leaves as little variance
_NEAR, _NEAR_NUMBERS = 0.9, 0.935
_FAR_ABOVE, _FAR_ABOVE_WARNED = 0.01, 0.3  # skill above that of all others together
_TIMES, _TIMES_NEAR = 3.0, 1.7  # times fewer mistakes than all others together
_MOST_NEAR = 5
_WELL_KNOWN, _TIMES_NEEDED = 0.8, 2.5  # skill of all columns; times more mistakes without the few
_BY_ITSELF = 0.85  # of that skill
_TRIES = 3  # other folds over which a skill is averaged before it is reported
_FEWEST_ROWS = 60


@dataclass(frozen=True)
class Leaks:
    """``same`` repeat the target in other words, ``certain`` nearly so, ``suspected`` may be known too late.

    ``near`` predict nearly everything, each with the model of all columns that do not. ``needed`` are columns
    without which models are far worse, with that model. ``entity_columns`` name recurring things, each with
    one label; ``relation`` reveals the target by arithmetic. ``without`` is the quick model without certain
    leaks (and ids, and what follows the row order).
    """

    same: tuple[str, ...]
    certain: tuple[str, ...]
    entity_columns: tuple[str, ...]
    suspected: tuple[tuple[str, Quick], ...]
    without: Quick
    near: tuple[tuple[str, Quick], ...] = ()
    needed: tuple[tuple[str, ...], Quick] | None = None
    relation: ArithmeticRelation | None = None

    @cached_property
    def columns(self) -> frozenset[str]:
        """Columns that an honest quick model leaves out."""
        worked_out = () if self.relation is None else (self.relation.column,)
        return frozenset(self.same + self.certain + worked_out)


def find_leaks(table: CheckContext) -> Leaks:
    """Judge columns by how well they predict alone, compared with the others together."""
    question, scores = table.question, table.once(univariate_scores)
    same = tuple(excluded.column for excluded in table.suggestion.left_out if excluded.repeats_target)
    skill = {
        name: question.skill(score)
        for name, score in scores.items()
        if name not in same and name not in table.once(find_followers)
    }
    strong = [
        name
        for name, value in skill.items()
        if value >= _NEARLY_ALL and not _is_when(table.version.column(name))
    ]
    relation = find_relation(table, without=frozenset((*same, *strong)))
    in_sum = () if relation is None else (relation.column,)
    features = [table.version.column(name) for name in table.suggestion.features if name not in in_sum]
    honest = [feature for feature in features if feature.name not in strong]
    without = quick_model(table.sample, honest, question, seed=table.seed)
    if len(question.rows) < _FEWEST_ROWS:
        return Leaks(same, (), (), (), without, relation=relation)
    clear = [name for name in strong if _is_far(skill[name], without.skill)]
    things = tuple(name for name in clear if _names_things(table.version.column(name), question.n_classes))
    certain = tuple(name for name in clear if name not in things)
    if set(strong) - set(certain):  # nothing is wrong with the others
        candidates = [feature for feature in features if feature.name not in certain]
        without = quick_model(table.sample, candidates, question, seed=table.seed)
    others = [feature for feature in features if feature.name not in clear]
    near = _near(table, skill, others)
    doubtful = () if near else _doubtful(table, skill, others)
    needed = None if near or doubtful else _needed(table, skill, others, without)
    return Leaks(same, certain, things, doubtful, without, near=near, needed=needed, relation=relation)


def _is_when(column: Column) -> bool:
    """Return whether a column dates each row: if the target drifts it predicts it, but is not a leak."""
    return column.traits.is_moment and not column.n_missing


def _is_far(score: float, others: float) -> bool:
    return score - others >= _FAR_ABOVE and 1 - others >= _TIMES * (1 - score)


def _names_things(column: Column, n_classes: int) -> bool:
    """Return whether each value stands for a recurring thing rather than a label."""
    return column.traits.is_name and column.n_distinct > max(20, 4 * n_classes)


def _near(
    table: CheckContext, skill: dict[str, float], features: list[Column]
) -> tuple[tuple[str, Quick], ...]:
    """Return the columns that are nearly always right, if the others are far behind.

    They are compared with the columns that are not: two of them would excuse each other.
    """
    least = _NEAR if table.question.n_classes else _NEAR_NUMBERS
    suspected = [
        feature for feature in features if skill.get(feature.name, 0.0) >= least and not _is_when(feature)
    ]
    rest = [feature for feature in features if feature not in suspected]
    if not suspected or not rest:
        return ()
    others = quick_model(table.sample, rest, table.question, seed=table.seed)
    pairs = []
    for suspect in sorted(suspected, key=lambda column: -skill[column.name])[:_MOST_NEAR]:
        score = _averaged(table, suspect)
        if score >= least and 1 - others.skill >= _TIMES_NEAR * (1 - score):
            pairs.append((suspect.name, others))
    return tuple(pairs)


def _averaged(table: CheckContext, column: Column) -> float:
    """Return a single column's skill, averaged over other folds so that no draw decides."""
    questions = [table.question.again(table.seed + seed) for seed in range(_TRIES)]
    return float(
        np.mean([question.skill(univariate_score(table, column, question)) for question in questions])
    )


def _doubtful(
    table: CheckContext, skill: dict[str, float], features: list[Column]
) -> tuple[tuple[str, Quick], ...]:
    """Return the most predictive column, if all others together are far behind, with their model."""
    skills = {
        feature.name: skill[feature.name]
        for feature in features
        if feature.name in skill and not _is_when(feature)
    }
    if not skills or len(features) < 3:
        return ()
    best = max(skills, key=lambda name: skills[name])
    if skills[best] < _MUCH:
        return ()
    rest = [feature for feature in features if feature.name != best]
    others = quick_model(table.sample, rest, table.question, seed=table.seed)
    return ((best, others),) if skills[best] - others.skill >= _FAR_ABOVE_WARNED else ()


def _needed(
    table: CheckContext, skill: dict[str, float], features: list[Column], model: Quick
) -> tuple[tuple[str, ...], Quick] | None:
    """Return the column, or those numbered alike (flag_1, flag_2), without which the ``model`` is far worse.

    Alone it predicts less: for example an amount that reveals the target together with another column. A
    column that reveals it alone is judged by that; one that is nearly always right, but no better than all
    others together, is judged here.
    """
    least = _NEAR if table.question.n_classes else _NEAR_NUMBERS
    skills = {
        feature.name: value
        for feature in features
        if (value := skill.get(feature.name)) is not None
        and (value < _BY_ITSELF * model.skill or value >= least)
        and not _is_when(feature)
    }
    best = sorted(skills, key=lambda name: -skills[name])[:_MOST_NEAR]
    if model.skill < _WELL_KNOWN or len(features) < 3:
        return None
    stems = [re.sub(r"[\W_]*\d+$", "", name) for name in best]
    alike = [
        tuple(name for name, stem in zip(best, stems, strict=True) if stem == part) for part in set(stems)
    ]
    for sets in ([(name,) for name in best], sorted(column for column in alike if len(column) > 1)):
        rests = [(names, [feature for feature in features if feature.name not in names]) for names in sets]
        models = [
            (names, quick_model(table.sample, rest, table.question, seed=table.seed))
            for names, rest in rests
            if rest
        ]
        names, others = min(models, key=lambda pair: pair[1].skill, default=((), model))
        if 1 - others.skill >= _TIMES_NEEDED * (1 - model.skill):
            return names, others
    return None
