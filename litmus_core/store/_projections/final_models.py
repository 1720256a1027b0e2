"""Apply facts about final models on all rows, and about groups of intervals."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from litmus_core.store._analytic.extra_fields import set_extra
from litmus_core.store._analytic.unit_of_work import UnitOfWork
from litmus_core.store._projections.decisions import judge_again
from litmus_core.types import (
    DeployedModelChosen,
    Event,
    FinalModel,
    FinalModelLeftOut,
    FinalModelTrained,
    IntervalGroupsChosen,
    from_plain,
)


def _trained(draft: UnitOfWork, fact: FinalModelTrained, event: Event) -> None:
    _put(draft, fact.candidate_id, final=fact.final, no_final="")


def _left_out(draft: UnitOfWork, fact: FinalModelLeftOut, event: Event) -> None:
    _put(draft, fact.candidate_id, no_final=fact.reason)


def _chosen(draft: UnitOfWork, fact: DeployedModelChosen, event: Event) -> None:
    row = draft.one("candidates", fact.candidate_id)
    plain = json.loads(row["more"] or "{}").get("final") if row else None
    if plain:
        final = from_plain(FinalModel, plain)
        _put(draft, fact.candidate_id, final=replace(final, in_use=fact.final))


def _grouped(draft: UnitOfWork, fact: IntervalGroupsChosen, event: Event) -> None:
    _put(draft, fact.candidate_id, interval_by=fact.column)
    judge_again(draft, fact.verdicts)


def _put(draft: UnitOfWork, candidate_id: str, **values: Any) -> None:
    if row := draft.one("candidates", candidate_id):
        draft.put("candidates", row | {"more": set_extra(row["more"], **values)})


FINAL_APPLIERS: dict[type, Callable[[UnitOfWork, Any, Event], None]] = {
    DeployedModelChosen: _chosen,
    FinalModelLeftOut: _left_out,
    FinalModelTrained: _trained,
    IntervalGroupsChosen: _grouped,
}
