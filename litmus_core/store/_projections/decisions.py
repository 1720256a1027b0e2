"""Apply facts about moved bars, and about models that are used anyway."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from litmus_core.store._analytic.extra_fields import set_extra
from litmus_core.store._analytic.unit_of_work import Row, UnitOfWork
from litmus_core.types import (
    AcceptanceWithdrawn,
    AssertionsChanged,
    BarMoved,
    Event,
    IntervalGroupsChosen,
    ModelAccepted,
    Task,
    Verdict,
    from_plain,
    to_plain,
)


def affected_by_bar(fact: Any) -> Iterator[tuple[str, str]]:
    """Yield the keys of the runs whose verdict changes."""
    if isinstance(fact, AssertionsChanged | BarMoved | IntervalGroupsChosen):
        yield from (("runs", run_id) for run_id, _ in fact.verdicts)


def bar_columns(task: Task) -> Row:
    """Return the columns of an experiment that depend on its bar."""
    return {
        "bar_op": task.bar.op if task.bar else None,
        "bar": task.bar.value if task.bar else None,
        "task": json.dumps(to_plain(task)),
    }


def verdict_columns(verdict: Verdict) -> Row:
    """Return the columns of a run that depend on its verdict."""
    return {
        "outcome": verdict.outcome,
        "probability_passes": verdict.probability_passes,
        "verdict": json.dumps(to_plain(verdict)),
    }


def _bar_moved(draft: UnitOfWork, fact: BarMoved, event: Event) -> None:
    _change_task(draft, fact, bar=fact.bar)


def _assertions_changed(draft: UnitOfWork, fact: AssertionsChanged, event: Event) -> None:
    _change_task(draft, fact, assertions=fact.assertions)


def _change_task(draft: UnitOfWork, fact: BarMoved | AssertionsChanged, **changed: Any) -> None:
    if (row := draft.one("experiments", fact.experiment_id)) is None:
        return
    task = replace(from_plain(Task, json.loads(row["task"])), **changed)
    draft.put("experiments", row | bar_columns(task))
    judge_again(draft, fact.verdicts)


def judge_again(draft: UnitOfWork, verdicts: Iterable[tuple[str, Verdict]]) -> None:
    """Give runs other verdicts."""
    for run_id, verdict in verdicts:
        if run := draft.one("runs", run_id):
            draft.put("runs", run | verdict_columns(verdict))


def _accepted(draft: UnitOfWork, fact: ModelAccepted, event: Event) -> None:
    if row := draft.one("experiments", fact.experiment_id):
        draft.put("experiments", row | {"more": set_extra(row["more"], decision=fact.decision)})


def _withdrawn(draft: UnitOfWork, fact: AcceptanceWithdrawn, event: Event) -> None:
    if row := draft.one("experiments", fact.experiment_id):
        draft.put("experiments", row | {"more": set_extra(row["more"], decision=None)})


DECISION_APPLIERS: dict[type, Callable[[UnitOfWork, Any, Event], None]] = {
    AcceptanceWithdrawn: _withdrawn,
    AssertionsChanged: _assertions_changed,
    BarMoved: _bar_moved,
    ModelAccepted: _accepted,
}
