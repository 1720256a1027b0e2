"""Candidates: the models that runs trained, opened, tested, asked and postprocessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litmus_core.errors import UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._runs import diagnosis
from litmus_core.experiments._runs.comparison.paired import leader_of
from litmus_core.experiments._runs.postprocess_checks import read_parts
from litmus_core.experiments._runs.predictions import predictions_of
from litmus_core.experiments._runs.service import RunsService
from litmus_core.types import Candidate, Part, PostReport, Run

if TYPE_CHECKING:
    from litmus_core.advice import StoredPredictions
    from litmus_core.diagnostics import WhatIf
    from litmus_core.runtime import Predictor


@dataclass(frozen=True, slots=True)
class CandidatesService:
    """The models that the runs of a workspace trained."""

    context: Context
    runs: RunsService

    def get(self, candidate_id: str) -> Candidate:
        """Return one candidate."""
        return self.context.candidate(candidate_id)

    def chosen(self, run_id: str) -> Candidate:
        """Return the run's chosen candidate; in a run that was cut short, its best by validation."""
        return self.context.chosen(run_id)

    def leader(self, run_ids: Sequence[str]) -> Candidate | None:
        """Return the best of what runs chose, all asked the same, by validation; None: none chose any.

        Runs are compared on the validation rows that both were scored on, in the order given.
        """
        return leader_of(self.context, run_ids)

    def reveal_test(self, candidate_id: str, *, by: str = "") -> Candidate:
        """Score another candidate on the test part: deliberate, logged, and never part of a choice."""
        return diagnosis.reveal_test(self.context, candidate_id, by=by)

    def predictor(self, candidate_id: str) -> Predictor:
        """Open a candidate for predictions in this process (seconds, and memory: keep it)."""
        return diagnosis.open_predictor(self.context, candidate_id)

    def what_if(
        self, candidate_id: str, row: dict[str, Any], *, predictor: Predictor | None = None
    ) -> WhatIf:
        """Answer one row, and say which of its values pushed the answer."""
        return diagnosis.what_if(self.context, candidate_id, row, predictor=predictor)

    def postprocess_report(self, candidate_id: str) -> PostReport | None:
        """Return what the steps after a candidate's model changed; None for one without."""
        return diagnosis.post_report(self.context, candidate_id)

    def predictions(self, candidate_id: str) -> StoredPredictions | None:
        """Return what a candidate answered to its validation rows (or out-of-fold), after its steps.

        Functions of :mod:`litmus_core.advice` tell from it what another threshold would do, or leaving unsure
        rows to people. None where its files were removed.
        """
        return predictions_of(self.context, self.context.candidate(candidate_id), after_steps=True)

    def postprocess(self, candidate_id: str, steps: Sequence[str | Part] | str) -> Run:
        """Start a run that takes a candidate's model as it is and has ``steps`` after it.

        Such as ``"threshold(at=0.3)"``, ``"abstain(below=0.8)"``, ``"calibrate"``
        (docs/guides/post-processing.md). Steps that learn are fitted on validation rows, and what comes of it
        is judged as any run is: one more look at the test part. A model with code of one's own in it is
        trained again. Raises UsageError, in words and before anything starts, where the steps do not fit or
        the model is not finished; NotFoundError where its files were removed.
        """
        from litmus_core.advice import follow_up_plan
        from litmus_core.engine import check_takeable

        parts = read_parts(steps)
        if not parts:
            raise UsageError("No step is named.", hint="Name one, such as 'threshold(at=0.3)'.")
        candidate = self.context.candidate(candidate_id)
        run = self.context.run(candidate.run_id)
        if not run.is_settled:
            raise UsageError(f"{run.title} is {run.status}.", hint="Wait for its end, or finish it first.")
        plan = follow_up_plan(run.plan, candidate, parts)
        if plan.takes is not None:
            check_takeable(self.context.workspace.run_dir(run.id))
        return self.runs.start(run.experiment_id, plan)

    def list(self, run_id: str) -> list[Candidate]:
        """Return a run's candidates in leaderboard order: the chosen one, then by validation score."""
        return self.context.candidates(run_id)
