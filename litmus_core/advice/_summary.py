"""Summarise a list of actions: what to do, that nothing helps, or that the bar is out of reach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.advice._actions.obstacles import OBSTACLES
from litmus_core.advice._actions.settle import SETTLING
from litmus_core.advice._format import format_gain
from litmus_core.advice._surrogate import TrialData
from litmus_core.metrics import get_metric
from litmus_core.text import format_count, format_score, quote_names
from litmus_core.types import Action, ActionKind, Task

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation

_FEWEST_OF_CLASS = 10  # rows, for trials to be informative
_WITHIN_REACH = ("meets", "undecided")
_FIRST: frozenset[ActionKind] = frozenset({"faster", *OBSTACLES, *SETTLING})  # comes before any gain
_NO_GAIN: frozenset[ActionKind] = frozenset({"abstain", *_FIRST})  # in the score over all rows


def summarize_actions(situation: Situation, actions: Sequence[Action], tried: TrialData | None) -> str:
    """Describe what to do, the best of ``actions`` first; ``tried`` are the trials' rows, if any."""
    if not (actions and actions[0].kind in _FIRST):
        aside = _aside(situation.task, actions)
        if tried is None and all(action.kind == "abstain" for action in actions):
            return f"There are too few rows to try anything on.{aside}"
        rare, is_all = ("", False) if tried is None else _rare(tried)
        if is_all:
            return f"{rare}{aside}"
    return summary_of(situation.task, actions, limits=unmet_limits(situation, actions, tried))


def summary_of(task: Task, actions: Sequence[Action], *, limits: Sequence[str] = ()) -> str:
    """Describe what to do by a list of actions alone; ``limits`` are what none of them overcomes."""
    if actions and actions[0].kind == "faster":
        return f"{actions[0].title}: the best model is outside the budget."
    if actions and actions[0].kind in OBSTACLES:
        return f"{actions[0].title}: until then no score here is true."
    if actions and actions[0].kind in SETTLING:
        return f"{actions[0].title}: that may settle what the test rows cannot tell."
    better = [
        action
        for action in actions
        if action.kind != "abstain" and action.gain.value > 0 and action.gain.high > 0
    ]
    aside, limits_said = _aside(task, actions), "".join(f" {limit}" for limit in limits)
    if not better:
        nothing = "Nothing that was tried helps: the score is about what these columns and rows can give."
        return f"{nothing}{limits_said}{aside}"
    first, brings = better[0], format_gain(task, better[0].gain.value)
    if first.gain.low > 0:
        return f"{first.title}: it should bring {brings}.{limits_said}"
    unsure = "" if any(action.gain.low > 0 for action in better) else "Nothing is sure to help. "
    bet = f"The best bet: {first.title[0].lower()}{first.title[1:]}, which may bring {brings}."
    return f"{unsure}{bet}{limits_said}{aside}"


def unmet_limits(situation: Situation, actions: Sequence[Action], tried: TrialData | None) -> tuple[str, ...]:
    """Return limits that none of ``actions`` overcomes: an unreachable bar, classes with too few rows."""
    if tried is None or (actions and actions[0].kind in ("faster", *OBSTACLES)):
        return ()
    rare, is_all = _rare(tried)
    reach = "" if is_all else _out_of_reach(situation, actions).strip()
    return tuple(limit for limit in (reach, rare) if limit)


def _rare(data: TrialData) -> tuple[str, bool]:
    """Name the classes with too few rows to tell anything, and return whether that is all but one."""
    labels, sizes = np.unique(data.truth.astype(str), return_counts=True)
    rare = sizes < _FEWEST_OF_CLASS
    if not data.classes or not rare.any():
        return "", False
    most, is_all = int(sizes[rare].max()), bool((~rare).sum() <= 1)
    phrase = (
        f"Of {quote_names([str(label) for label in labels[rare]])} there {'is' if most == 1 else 'are'} "
        "at most "
        f"{format_count(most, 'row')} to learn from and try things on: too few to tell what helps"
    )
    return f"{phrase}. Collect more of them first." if is_all else f"{phrase} there.", is_all


def _out_of_reach(situation: Situation, actions: Sequence[Action]) -> str:
    """Say how far all gains together, each at its best, reach where that is not the bar; "" if it may be."""
    bar, score, verdict = situation.task.bar, situation.chosen.validation, situation.run.verdict
    if bar is None or score is None or (verdict is not None and verdict.outcome in _WITHIN_REACH):
        return ""
    sign = 1.0 if bar.is_floor else -1.0
    most = sum(max(0.0, action.gain.high) for action in actions if action.kind not in _NO_GAIN)
    # the score may be better than it looks
    most += abs((score.high if bar.is_floor else score.low) - score.value)
    if bar.gap(score.value) <= most:
        return ""
    unit, half = get_metric(score.metric).unit, (score.high - score.low) / 2
    nearest, wanted = (
        format_score(value, unit=unit, half_width=half) for value in (score.value + sign * most, bar.value)
    )
    return (
        f" With these columns and rows, at best about {nearest} on validation rows is within reach, and the "
        f"bar is {wanted}."
    )


def _aside(task: Task, actions: Sequence[Action]) -> str:
    """Describe the effect of leaving rows to people, if that is among the actions."""
    return "".join(
        " Leaving the least certain rows to people would bring "
        f"{format_gain(task, action.gain.value)} on the others."
        for action in actions
        if action.kind == "abstain"
    )
