"""Apply facts about questions to a scientist, their answers, and people's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litmus_core.store._analytic.extra_fields import set_extra
from litmus_core.store._analytic.rows import HANDOFF_COLUMNS, columns_of
from litmus_core.store._analytic.unit_of_work import UnitOfWork
from litmus_core.types import (
    Event,
    Handoff,
    HandoffAnswered,
    HandoffClosed,
    HandoffClosing,
    HandoffOpened,
    UserRenamed,
)


def _project_question(draft: UnitOfWork, fact: HandoffOpened, event: Event) -> None:
    """Store the question unless its experiment was deleted."""
    if draft.one("experiments", fact.experiment_id) is None:
        return
    handoff = Handoff(
        id=fact.handoff_id,
        experiment_id=fact.experiment_id,
        question=fact.question,
        asked_by=fact.by,
        asked_at=event.at,
        leading_run_id=fact.leading_run_id,
        step=fact.step,
    )
    draft.put("handoffs", columns_of(handoff, HANDOFF_COLUMNS))


def _answered(draft: UnitOfWork, fact: HandoffAnswered, event: Event) -> None:
    answer = fact.answer
    if row := draft.one("handoffs", fact.handoff_id):
        values = {"state": "answered", "answered_by": answer.by, "answered_at": event.at}
        columns = {"recipe": answer.recipe, "version": answer.version, "plugin": answer.plugin}
        draft.put("handoffs", row | values | columns | {"more": set_extra(row["more"], answer=answer)})


def _closed(draft: UnitOfWork, fact: HandoffClosed, event: Event) -> None:
    if row := draft.one("handoffs", fact.handoff_id):
        closing = HandoffClosing(
            by=fact.by, at=event.at, ending=fact.ending, words=fact.words, started_run_id=fact.started_run_id
        )
        more = set_extra(row["more"], closing=closing)
        ended = {"state": "closed", "closed_by": fact.by, "closed_at": event.at, "ending": fact.ending}
        draft.put("handoffs", row | ended | {"more": more})


def _person_named(draft: UnitOfWork, fact: UserRenamed, event: Event) -> None:
    draft.put("people", {"id": fact.user, "name": fact.name})


HANDOFF_APPLIERS: dict[type, Callable[[UnitOfWork, Any, Event], None]] = {
    HandoffAnswered: _answered,
    HandoffOpened: _project_question,
    HandoffClosed: _closed,
    UserRenamed: _person_named,
}
