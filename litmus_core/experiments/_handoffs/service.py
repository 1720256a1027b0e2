"""Ask a scientist with full context, receive the answer, and start its proposal."""

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
    replies: HandoffAnswers

    def ask(self, experiment_id: str, question: str, *, by: str | None = None) -> Handoff:
        """Ask a scientist about an experiment; a folder collects the full context of the question.

        ``by`` is who asks (None: the display name). An equal open question is not asked twice. Raises
        UsageError for an empty or overlong question; then nothing is stored.
        """
        context, words = self.context, read_text(question, subject="question")
        context.experiment(experiment_id)
        for handoff in self.list(experiment_id, state="open"):
            if handoff.question == words:
                return handoff
        context.record(question_fact(context, experiment_id, words, by=self._by(by)))
        return self.list(experiment_id, state="open")[0]

    def get(self, handoff_id: str) -> Handoff:
        """Return one question."""
        return self.context.store.handoff(handoff_id)

    def get_context(self, handoff_id: str) -> HandoffContext:
        """Return the context of a question at the time it was asked."""
        from litmus_core.handoffs import read_context

        folder = self.folder(handoff_id)
        handoff = self.get(handoff_id)
        return read_context(folder) or gather(self.context, handoff.experiment_id)

    def folder(self, handoff_id: str) -> Path:
        """Return the folder with the context of a question; a missing folder is written again."""
        return folder_of(self.context, self.get(handoff_id))

    def zip(self, handoff_id: str) -> bytes:
        """Return that folder as a zip file."""
        from litmus_core.handoffs import zip_of

        return zip_of(self.folder(handoff_id))

    def answer(
        self,
        handoff_id: str,
        text: str,
        *,
        recipe: str = "",
        version: int | None = None,
        knobs: Mapping[str, Scalar] | None = None,
        plugin: str = "",
        by: str | None = None,
    ) -> Handoff:
        """Answer a question with a text, and with a recipe or a plug-in that the asker can start.

        ``recipe`` names a recipe (``version`` None: its latest) that must fit the asker's experiment.
        ``plugin`` names a ready plug-in, with values in brackets (``Caps(share=0.5)``), to be added to the
        leading model's run. The answer completes the recipe's step that asked. A later answer replaces this
        one. Raises UsageError for a closed question, and for other errors; then nothing changes.
        """
        return self.replies.give(
            self._open_handoff(handoff_id),
            read_text(text, subject="answer"),
            recipe=recipe,
            version=version,
            knobs=knobs,
            plugin=plugin,
            by=self._by(by),
        )

    def start_answer(self, handoff_id: str, *, by: str | None = None) -> AnswerStarted:
        """Start the proposal of an answer: follow its recipe from the first step, or start its run.

        Raises UsageError if there is nothing to start, or it was started before; an answer that cannot start
        is kept. If several people start it at once, one succeeds.
        """
        with locked(self.context.workspace, handoff_id):
            return self.replies.start(self._open_handoff(handoff_id), by=self._by(by))

    def close(self, handoff_id: str, *, text: str = "", by: str | None = None) -> Handoff:
        """Close a question: as ``solved`` if it was answered, otherwise as ``withdrawn``.

        Without an answer, the recipe's step that asked is skipped.
        """
        handoff = self._open_handoff(handoff_id)
        ending: HandoffEnd = "withdrawn" if handoff.answer is None else "solved"
        closing = " ".join(text.split())
        steps = locked(self.context.workspace, handoff.experiment_id) if handoff.step else nullcontext()
        with steps:
            closed = "The question was closed without an answer."
            self.context.record(
                HandoffClosed(handoff_id=handoff.id, ending=ending, by=self._by(by), words=closing),
                *self.replies.step_ended(handoff, "skipped", closed),
            )
        return self.get(handoff.id)

    def _open_handoff(self, handoff_id: str) -> Handoff:
        self.context.store.refresh()
        handoff = self.get(handoff_id)
        if (closing := handoff.closing) is not None:
            raise UsageError(
                f"The question was closed ({closing.ending}) on {closing.at[:10]}.",
                hint="Ask again: litmus handoffs ask EXPERIMENT, with your question.",
            )
        return handoff

    def _by(self, by: str | None) -> str:
        return self.users.author("") if by is None else self.users.author(named(by))

    def list(self, experiment_id: str | None = None, *, state: HandoffState | None = None) -> list[Handoff]:
        """Return the questions (of one experiment): open ones first, then the newest."""
        return handoffs_of(self.context, experiment_id, state=state)
