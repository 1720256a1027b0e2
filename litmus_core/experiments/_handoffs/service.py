"""Asking a scientist: the question with all that belongs to it, the answer, and starting what it brought."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import UsageError
from litmus_core.experiments._handoffs.users import People, named
from litmus_core.experiments._recipes.editing import RecipeDesk
from litmus_core.store import new_id, utc_now
from litmus_core.types import (
    Handoff,
    HandoffAsked,
    HandoffClosed,
    HandoffContext,
    HandoffEnd,
    HandoffState,
    RecipeStep,
    Scalar,
)

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio

_LONGEST = 10_000
_ORDER: dict[HandoffState, int] = {"open": 0, "answered": 1, "closed": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTaken:
    """What starting an answer did: ``said`` in words, ``run_id`` of the run that began ("" none).

    ``experiment_id`` is where it goes on.
    """

    experiment_id: str
    said: str
    run_id: str = ""


class HandOffs(RecipeDesk, People):
    """The part of a Studio that hands questions to a scientist, and answers back."""

    def ask(self, experiment_id: str, question: str, *, by: str | None = None) -> Handoff:
        """Ask a scientist about an experiment. All that belongs to the question goes into a folder.

        ``by`` is who asks (None: the display name). The same question that still waits is not asked twice.
        Raises UsageError for an empty or endless one; nothing is kept then.
        """
        studio, words = self._studio, _words(question, what="question")
        studio.experiment(experiment_id)
        for each in self.handoffs(experiment_id, state="open"):
            if each.question == words:
                return each
        studio.record(asked_fact(studio, experiment_id, words, by=self._by(by)))
        return self.handoffs(experiment_id, state="open")[0]

    def handoffs(
        self, experiment_id: str | None = None, *, state: HandoffState | None = None
    ) -> list[Handoff]:
        """Return the questions (of one experiment): those that wait first, then the newest."""
        self.store.refresh()
        found = [each for each in self.store.handoffs(experiment_id) if state in (None, each.state)]
        return sorted(found, key=lambda each: _ORDER[each.state])

    def handoff(self, handoff_id: str) -> Handoff:
        """Return one question."""
        return self.store.handoff(handoff_id)

    def handoff_context(self, handoff_id: str) -> HandoffContext:
        """Return all that belongs to a question, as it was when it was asked."""
        from litmus_core.experiments._handoffs import context as _handoff_context
        from litmus_core.handoffs import read_context

        folder = self.handoff_folder(handoff_id)
        handoff = self.handoff(handoff_id)
        return read_context(folder) or _handoff_context.gather(self._studio, handoff.experiment_id)

    def handoff_folder(self, handoff_id: str) -> Path:
        """Return the folder with all that belongs to a question; one that is gone is written anew."""
        from litmus_core.experiments._handoffs import context as _handoff_context

        return _handoff_context.folder_of(self._studio, self.handoff(handoff_id))

    def handoff_zip(self, handoff_id: str) -> bytes:
        """Return that folder as a zip file."""
        from litmus_core.handoffs import zip_of

        return zip_of(self.handoff_folder(handoff_id))

    def answer(
        self,
        handoff_id: str,
        words: str,
        *,
        recipe: str = "",
        version: int | None = None,
        knobs: Mapping[str, Scalar] | None = None,
        plugin: str = "",
        by: str | None = None,
    ) -> Handoff:
        """Answer a question in words, and with what the asker can start: a recipe, or a plug-in.

        ``recipe`` names one (``version`` None: its latest) that must fit the asker's experiment; ``plugin``
        one that is ready, with values in brackets (``Caps(share=0.5)``): the leading model's run is then
        offered again with it. A recipe's step that asked is done by it. A later answer replaces this one.

        Raises UsageError where the question is closed, and what else is wrong in words; nothing is changed.
        """
        from litmus_core.experiments._handoffs import answers

        return answers.give(
            self._studio,
            self._unclosed(handoff_id),
            _words(words, what="answer"),
            recipe=recipe,
            version=version,
            knobs=knobs,
            plugin=plugin,
            by=self._by(by),
        )

    def take_answer(self, handoff_id: str, *, by: str | None = None) -> AnswerTaken:
        """Start what an answer brought: follow its recipe from its first step, or begin its run.

        Raises UsageError where it brought nothing that starts, or was started; an answer that cannot start
        stays. Of several who start it at once, one does.
        """
        from litmus_core.experiments._handoffs import answers as answers
        from litmus_core.experiments._recipes import steps as _recipe_steps

        with _recipe_steps.alone(self.workspace, handoff_id):
            return answers.take(self._studio, self._unclosed(handoff_id), by=self._by(by))

    def close_handoff(self, handoff_id: str, *, words: str = "", by: str | None = None) -> Handoff:
        """Close a question: ``solved`` where it was answered, else ``withdrawn``.

        A step of a recipe that asked it is passed over where no answer came.
        """
        from litmus_core.experiments._handoffs import answers as answers
        from litmus_core.experiments._recipes import steps as _recipe_steps

        handoff = self._unclosed(handoff_id)
        ending: HandoffEnd = "withdrawn" if handoff.answer is None else "solved"
        said = " ".join(words.split())
        steps = _recipe_steps.alone(self.workspace, handoff.experiment_id) if handoff.step else nullcontext()
        with steps:
            closed = "The question was closed without an answer."
            self.record(
                HandoffClosed(handoff_id=handoff.id, ending=ending, by=self._by(by), words=said),
                *answers.step_ended(self._studio, handoff, "skipped", closed),
            )
        return self.handoff(handoff.id)

    def _unclosed(self, handoff_id: str) -> Handoff:
        self.store.refresh()
        handoff = self.handoff(handoff_id)
        if handoff.state == "closed":
            raise UsageError(
                f"The question was closed ({handoff.ending}) on {handoff.closed_at[:10]}.",
                hint="Ask anew: litmus ask EXPERIMENT, with your question.",
            )
        return handoff

    def _by(self, by: str | None) -> str:
        return self.display_name() if by is None else named(by)


def asked_fact(
    studio: Studio, experiment_id: str, question: str, *, by: str, step: RecipeStep | None = None
) -> HandoffAsked:
    """Write a question's folder and return the fact to record."""
    from litmus_core.experiments._handoffs import context as _handoff_context

    context = _handoff_context.gather(studio, experiment_id)
    leader = next((each for each in context.candidates if each.id == context.leader_id), None)
    fact = HandoffAsked(
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
    _handoff_context.write(studio, handoff, context)
    return fact


def withdrawn_facts(studio: Studio, experiment_id: str, step: RecipeStep) -> list[HandoffClosed]:
    """Return the facts that close what a recipe's step asked, because someone passed over it."""
    return [
        HandoffClosed(
            handoff_id=each.id, ending="withdrawn", by=studio.display_name(), words="It was passed over."
        )
        for each in studio.handoffs(experiment_id, state="open")
        if each.step == step
    ]


def _words(text: str, *, what: str) -> str:
    words = text.strip()
    if not words:
        raise UsageError(f"The {what} is empty.", hint="Write a sentence.")
    if len(words) > _LONGEST:
        raise UsageError(
            f"The {what} of {len(words):,} letters is too long.", hint=f"Use {_LONGEST:,} at most."
        )
    return words
