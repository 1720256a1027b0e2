"""Write and withdraw questions to a scientist."""

from __future__ import annotations

from litmus_core.errors import UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._handoffs.context import gather, write
from litmus_core.store import new_id, utc_now
from litmus_core.types import Handoff, HandoffClosed, HandoffOpened, HandoffState, RecipeStep

_LONGEST = 10_000
_ORDER: dict[HandoffState, int] = {"open": 0, "answered": 1, "closed": 2}


def handoffs_of(
    context: Context, experiment_id: str | None = None, *, state: HandoffState | None = None
) -> list[Handoff]:
    """Return the questions (of one experiment): open ones first, then the newest."""
    context.store.refresh()
    handoffs = [
        handoff for handoff in context.store.handoffs(experiment_id) if state in (None, handoff.state)
    ]
    return sorted(handoffs, key=lambda handoff: _ORDER[handoff.state])


def question_fact(
    context: Context, experiment_id: str, question: str, *, by: str, step: RecipeStep | None = None
) -> HandoffOpened:
    """Write the folder of a question, and return the fact to record."""
    gathered = gather(context, experiment_id)
    leader = next(
        (candidate for candidate in gathered.candidates if candidate.id == gathered.leader_id), None
    )
    fact = HandoffOpened(
        handoff_id=new_id("ho"),
        experiment_id=experiment_id,
        question=question,
        by=by,
        leading_run_id="" if leader is None else leader.run_id,
        step=step,
    )
    handoff = Handoff(
        id=fact.handoff_id,
        experiment_id=experiment_id,
        question=question,
        asked_by=by,
        asked_at=utc_now(),
        leading_run_id=fact.leading_run_id,
        step=step,
    )
    write(context, handoff, gathered)
    return fact


def withdrawn_facts(
    context: Context, experiment_id: str, step: RecipeStep, *, by: str
) -> list[HandoffClosed]:
    """Return the facts that close the question of a recipe's step that somebody skipped."""
    return [
        HandoffClosed(handoff_id=handoff.id, ending="withdrawn", by=by, words="It was skipped.")
        for handoff in handoffs_of(context, experiment_id, state="open")
        if handoff.step == step
    ]


def read_text(text: str, *, subject: str) -> str:
    """Return the trimmed text of a question or an answer. Raises UsageError if it is empty or too long."""
    words = text.strip()
    if not words:
        raise UsageError(f"The {subject} is empty.", hint="Write a sentence.")
    if len(words) > _LONGEST:
        raise UsageError(
            f"The {subject} of {len(words):,} letters is too long.", hint=f"Use {_LONGEST:,} at most."
        )
    return words
