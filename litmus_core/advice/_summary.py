"""The summary of an action list: what to do, that nothing helps, or that the bar is out of reach."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.advice._actions.collect_rows import GATHERING
from litmus_core.advice._actions.obstacles import OBSTACLES
from litmus_core.advice._actions.settle import SETTLING
from litmus_core.advice._actions.texts import action_text, action_title
from litmus_core.advice._surrogate import TrialData
from litmus_core.types import Action, ActionKind, ActionList, Statement

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation

_FEWEST_OF_CLASS = 10  # rows, for trials to be informative
_WITHIN_REACH = ("meets", "undecided")
_FIRST: frozenset[ActionKind] = frozenset({"faster", *OBSTACLES, *SETTLING})  # comes before any gain
_NO_GAIN: frozenset[ActionKind] = frozenset({"abstain", *_FIRST})  # in the score over all rows
_NO_REACH: frozenset[ActionKind] = frozenset({*GATHERING, *_NO_GAIN})
_ALL_RARE = "all classes are rare"
_OUT_OF_REACH = "out of reach"


def action_list_sentence(actions: ActionList) -> str:
    """Return the best action to take, or that no known action helps, as a sentence."""
    listed, metric = actions.actions, actions.metric
    if listed and listed[0].kind in _FIRST:
        kind = listed[0].kind
        key = "budget" if kind == "faster" else "obstacle" if kind in OBSTACLES else "settling"
        return action_text(Statement.of("list", key, title=action_title(listed[0])))
    aside = [
        Statement.of("list", "aside", gain=action.gain.value, metric=metric)
        for action in listed
        if action.kind == "abstain"
    ]
    if not actions.n_rows and all(action.kind == "abstain" for action in _everything(actions)):
        return _text(Statement.of("list", "few rows"), *aside)
    if any(limit.key == _ALL_RARE for limit in actions.limits):
        return _text(*actions.limits, *aside)
    better = [action for action in listed if _may_gain(action)]
    if not better:
        return _text(Statement.of("list", "nothing"), *actions.limits, *aside)
    best = better[0]
    of_best = partial(
        Statement.of, "list", title=action_title(best), gain=float(best.gain.value), metric=metric
    )
    if best.gain.low > 0:
        return _text(of_best("sure"), *actions.limits)
    unsure = [] if any(action.gain.low > 0 for action in better) else [Statement.of("list", "unsure")]
    return _text(*unsure, of_best("bet"), *actions.limits, *aside)


def worth_doing(actions: ActionList) -> tuple[Action, ...]:
    """Return the actions that come before any gain, and those that may bring a gain.

    Leaving cases to people is not among them: it does not improve the model.
    """
    return tuple(action for action in actions.actions if action.kind in _FIRST or _may_gain(action))


def is_out_of_reach(actions: ActionList) -> bool:
    """Return whether no action is expected to reach the bar with these columns and rows."""
    return any(limit.key == _OUT_OF_REACH for limit in actions.limits)


def _may_gain(action: Action) -> bool:
    return action.kind != "abstain" and action.gain.value > 0 and action.gain.high > 0


def action_list_limits(actions: ActionList, *, unit: str = "") -> tuple[str, ...]:
    """Return limits that none of the actions overcomes: an unreachable bar, classes with too few rows.

    ``unit`` is the target's.
    """
    return tuple(action_text(limit, unit=unit) for limit in actions.limits)


def _everything(actions: ActionList) -> tuple[Action, ...]:
    return (*actions.actions, *(failed.action for failed in actions.failed))


def _text(*statements: Statement) -> str:
    return " ".join(map(action_text, statements))


def unmet_limits(
    situation: Situation, actions: Sequence[Action], data: TrialData | None
) -> tuple[Statement, ...]:
    """Return limits that none of ``actions`` overcomes: an unreachable bar, classes with too few rows."""
    if data is None or (actions and actions[0].kind in ("faster", *OBSTACLES)):
        return ()
    rare = _rare(data)
    reach = () if any(limit.key == _ALL_RARE for limit in rare) else _out_of_reach(situation, actions)
    return (*reach, *rare)


def _rare(data: TrialData) -> tuple[Statement, ...]:
    """Return which classes have too few rows to tell anything, and whether only one class has enough."""
    labels, sizes = np.unique(data.truth.astype(str), return_counts=True)
    rare = sizes < _FEWEST_OF_CLASS
    if not data.classes or not rare.any():
        return ()
    key = _ALL_RARE if (~rare).sum() <= 1 else "some classes are rare"
    return (Statement.of("list", key, labels=map(str, labels[rare]), n_rows=int(sizes[rare].max())),)


def _out_of_reach(situation: Situation, actions: Sequence[Action]) -> tuple[Statement, ...]:
    """Return the best score within reach of these columns and rows, if it is short of the bar.

    Each gain is taken at its best, except for rows that are not in the table. They are added to the better
    end of both scores: the validation score and the score of the verdict.
    """
    bar, verdict = situation.task.bar, situation.run.verdict
    if bar is None or (verdict is not None and verdict.outcome in _WITHIN_REACH):
        return ()
    scores = [situation.chosen.validation, None if verdict is None else verdict.score]
    gains = sum(max(0.0, action.gain.high) for action in actions if action.kind not in _NO_REACH)
    ends = [
        (score.high + gains if bar.is_floor else score.low - gains, score)
        for score in scores
        if score is not None
    ]
    beyond = [(bar.gap(end), end, score) for end, score in ends if bar.gap(end) > 0]
    if not beyond:
        return ()
    _, nearest, score = max(beyond, key=lambda reach: reach[0])
    reach = Statement.of(
        "list",
        _OUT_OF_REACH,
        nearest=float(nearest),
        bar=float(bar.value),
        metric=score.metric,
        half_width=float(score.high - score.low) / 2,
    )
    return (reach,)
