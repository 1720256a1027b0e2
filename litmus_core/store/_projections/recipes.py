"""Apply facts about recipes that experiments follow and the outcome of their steps."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from litmus_core.store._analytic.unit_of_work import Row, UnitOfWork
from litmus_core.types import Event, RecipeFollowed, StepApplied, to_plain


def _recipe_started(draft: UnitOfWork, fact: RecipeFollowed, event: Event) -> None:
    _note(draft, event, {"recipe": fact.recipe, "version": fact.version, "message": ""})


def _step_done(draft: UnitOfWork, fact: StepApplied, event: Event) -> None:
    _note(draft, event, {"number": fact.number, "note": fact.note, "message": fact.message})


def _note(draft: UnitOfWork, event: Event, row: Row) -> None:
    """Store the event as a row unless its experiment was deleted."""
    fact: Any = event.fact
    if draft.one("experiments", fact.experiment_id) is None:
        return
    row = {"id": f"{event.id:012}", "happened_at": event.at, "experiment_id": fact.experiment_id} | row
    draft.put("recipe_notes", row | {"type": type(fact).__name__, "fact": json.dumps(to_plain(fact))})


RECIPE_APPLIERS: dict[type, Callable[[UnitOfWork, Any, Event], None]] = {
    RecipeFollowed: _recipe_started,
    StepApplied: _step_done,
}
