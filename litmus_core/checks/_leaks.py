"""Which columns give the answer away: what each says alone, and what all others reach without it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from litmus_core.checks._quick import Quick, quick_model
from litmus_core.checks._relations import Relation, find_relation

if TYPE_CHECKING:
    from litmus_core.checks._table import Table
    from litmus_core.types import Column

_NEARLY_ALL = 0.97  # skill of a column that all but says the answer
_MUCH = 0.88  # skill of a column that is worth a look
_FAR_ABOVE, _FAR_ABOVE_WARNED = 0.01, 0.3  # skill beyond what all others reach together
_TIMES = 3.0  # so many times fewer mistakes than all others together
_SAME = "It says the same as"
_FEWEST_ROWS = 60


@dataclass(frozen=True)
class Leaks:
    """``same`` say the target in other words, ``certain`` nearly so, ``doubtful`` may be known too late.

    ``things`` name what comes again, each with one answer; ``relation`` gives the target by arithmetic.
    ``without`` is the quick model without what is certain (and ids, and what follows the row order).
    """

    same: tuple[str, ...]
    certain: tuple[str, ...]
    things: tuple[str, ...]
    doubtful: tuple[tuple[str, Quick], ...]
    without: Quick
    relation: Relation | None = None

    @cached_property
    def columns(self) -> frozenset[str]:
        """Columns that an honest quick model does not look at."""
        worked_out = () if self.relation is None else (self.relation.column,)
        return frozenset(self.same + self.certain + worked_out)


def find_leaks(table: Table) -> Leaks:
    """Judge all columns but texts by what they say alone, against what the others reach together."""
    question, alone = table.question, table.alone
    left_out = {each.column: each.reason for each in table.suggestion.left_out}
    same = tuple(name for name, reason in left_out.items() if reason.startswith(_SAME))
    skill = {
        name: question.skill(score)
        for name, score in alone.items()
        if name not in same and name not in table.followers
    }
    strong = [name for name, value in skill.items() if value >= _NEARLY_ALL]
    relation = find_relation(table, without=frozenset((*same, *strong)))
    in_sum = () if relation is None else (relation.column,)
    features = [table.version.column(name) for name in table.suggestion.features if name not in in_sum]
    honest = [each for each in features if each.name not in strong]
    without = quick_model(table.sample, honest, question, seed=table.seed)
    if len(question.rows) < _FEWEST_ROWS:
        return Leaks(same, (), (), (), without, relation)
    clear = [name for name in strong if _is_far(skill[name], without.skill)]
    things = tuple(name for name in clear if _names_things(table.version.column(name), question.n_classes))
    certain = tuple(name for name in clear if name not in things)
    if set(strong) - set(certain):  # nothing is wrong with the others
        kept = [each for each in features if each.name not in certain]
        without = quick_model(table.sample, kept, question, seed=table.seed)
    doubtful = _doubtful(table, skill, [each for each in features if each.name not in clear])
    return Leaks(same, certain, things, doubtful, without, relation)


def _is_far(alone: float, others: float) -> bool:
    return alone - others >= _FAR_ABOVE and 1 - others >= _TIMES * (1 - alone)


def _names_things(column: Column, n_classes: int) -> bool:
    """Say whether each value stands for a thing that comes again, and not for an answer."""
    return column.kind in ("category", "id") and column.n_distinct > max(20, 4 * n_classes)


def _doubtful(table: Table, skill: dict[str, float], features: list[Column]) -> tuple[tuple[str, Quick], ...]:
    """Return the column that says most, where all others together stay far behind it, with their model."""
    said = {each.name: skill[each.name] for each in features if each.name in skill}
    if not said or len(features) < 3:
        return ()
    best = max(said, key=lambda name: said[name])
    if said[best] < _MUCH:
        return ()
    rest = [each for each in features if each.name != best]
    others = quick_model(table.sample, rest, table.question, seed=table.seed)
    return ((best, others),) if said[best] - others.skill >= _FAR_ABOVE_WARNED else ()
