"""Asking a scientist: the question with all that belongs to it, the answer, and starting what it brought."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from litmus_core.errors import UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._handoffs.answers import AnswerStarted, HandoffAnswers
from litmus_core.experiments._handoffs.context import folder_of, gather
from litmus_core.experiments._handoffs.questions import handoffs_of, question_fact, read_text
from litmus_core.experiments._handoffs.users import UsersService, named
from litmus_core.experiments._recipes.walk_state import locked
from litmus_core.types import Handoff, HandoffClosed, HandoffContext, HandoffEnd, HandoffState, Scalar


@dataclass(frozen=True, slots=True)
class HandoffsService:
    """Questions to a scientist, and their answers."""

    context: Context
    users: UsersService
    answers: HandoffAnswers

    def ask(self, experiment_id: str, question: str, *, by: str | None = None) -> Handoff:
        """Ask a scientist about an experiment. All that belongs to the question goes into a folder.

        ``by`` is who asks (None: the display name). The same question that still waits is not asked twice.
        Raises UsageError for an empty or endless one; nothing is kept then.
        """
        context, words = self.context, read_text(question, what="question")
        context.experiment(experiment_id)
        for each in self.list(experiment_id, state="open"):
            if each.question == words:
                return each
        context.record(question_fact(context, experiment_id, words, by=self._by(by)))
        return self.list(experiment_id, state="open")[0]

    def get(self, handoff_id: str) -> Handoff:
        """Return one question."""
        return self.context.store.handoff(handoff_id)

    def get_context(self, handoff_id: str) -> HandoffContext:
        """Return all that belongs to a question, as it was when it was asked."""
        from litmus_core.handoffs import read_context

        folder = self.folder(handoff_id)
        handoff = self.get(handoff_id)
        return read_context(folder) or gather(self.context, handoff.experiment_id)

    def folder(self, handoff_id: str) -> Path:
        """Return the folder with all that belongs to a question; one that is gone is written again."""
        return folder_of(self.context, self.get(handoff_id))

    def zip(self, handoff_id: str) -> bytes:
        """Return that folder as a zip file."""
        from litmus_core.handoffs import zip_of

        return zip_of(self.folder(handoff_id))

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
        return self.answers.give(
            self._unclosed(handoff_id),
            read_text(words, what="answer"),
            recipe=recipe,
            version=version,
            knobs=knobs,
            plugin=plugin,
            by=self._by(by),
        )

    def take_answer(self, handoff_id: str, *, by: str | None = None) -> AnswerStarted:
        """Start what an answer brought: follow its recipe from its first step, or begin its run.

        Raises UsageError where it brought nothing that starts, or was started; an answer that cannot start
        stays. Of several who start it at once, one does.
        """
        with locked(self.context.workspace, handoff_id):
            return self.answers.take(self._unclosed(handoff_id), by=self._by(by))

    def close(self, handoff_id: str, *, words: str = "", by: str | None = None) -> Handoff:
        """Close a question: ``solved`` where it was answered, else ``withdrawn``.

        A step of a recipe that asked it is passed over where no answer came.
        """
        handoff = self._unclosed(handoff_id)
        ending: HandoffEnd = "withdrawn" if handoff.answer is None else "solved"
        said = " ".join(words.split())
        steps = locked(self.context.workspace, handoff.experiment_id) if handoff.step else nullcontext()
        with steps:
            closed = "The question was closed without an answer."
            self.context.record(
                HandoffClosed(handoff_id=handoff.id, ending=ending, by=self._by(by), words=said),
                *self.answers.step_ended(handoff, "skipped", closed),
            )
        return self.get(handoff.id)

    def _unclosed(self, handoff_id: str) -> Handoff:
        self.context.store.refresh()
        handoff = self.get(handoff_id)
        if (closing := handoff.closing) is not None:
            raise UsageError(
                f"The question was closed ({closing.ending}) on {closing.at[:10]}.",
                hint="Ask again: litmus ask EXPERIMENT, with your question.",
            )
        return handoff

    def _by(self, by: str | None) -> str:
        return self.users.display_name() if by is None else named(by)

    def list(self, experiment_id: str | None = None, *, state: HandoffState | None = None) -> list[Handoff]:
        """Return the questions (of one experiment): those that wait first, then the newest."""
        return handoffs_of(self.context, experiment_id, state=state)
