"""Candidates: trained models to open, test, query and postprocess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litmus_core.errors import UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.intervals import calibration_of
from litmus_core.experiments._handoffs.users import UsersService
from litmus_core.experiments._runs import diagnosis
from litmus_core.experiments._runs.comparison.paired import leader_of
from litmus_core.experiments._runs.postprocess_checks import read_parts
from litmus_core.experiments._runs.predictions import predictions_of
from litmus_core.experiments._runs.service import RunsService
from litmus_core.types import Candidate, PluginRef, PostReport, ReusedModel, Run

if TYPE_CHECKING:
    from litmus_core.advice import StoredPredictions
    from litmus_core.diagnostics import WhatIf
    from litmus_core.runtime import Predictor


@dataclass(frozen=True, slots=True)
class CandidatesService:
    """The trained models of a workspace."""

    context: Context
    runs: RunsService

    def get(self, candidate_id: str) -> Candidate:
        """Return one candidate."""
        return self.context.candidate(candidate_id)

    def chosen(self, run_id: str) -> Candidate:
        """Return the run's chosen candidate; for an interrupted run, its best by validation."""
        return self.context.chosen(run_id)

    def leader(self, run_ids: Sequence[str]) -> Candidate | None:
        """Return the best of the runs' chosen candidates by validation score; None if there is none.

        The runs must have the same task, and are compared on common validation rows, in the given order.
        """
        return leader_of(self.context, run_ids)

    def reveal_test(self, candidate_id: str, *, by: str = "") -> Candidate:
        """Score another candidate on the test set; this is recorded, and never used for the choice."""
        users = UsersService(self.context)
        author = users.author(by) if by or self.context.person.is_signed_in else ""
        return diagnosis.reveal_test(self.context, candidate_id, by=author)

    def predictor(self, candidate_id: str, *, judged: bool = False) -> Predictor:
        """Open a candidate for predictions in this process; keep it, since that takes seconds and memory.

        It is the model that would be deployed: that of all rows if there is one, unless ``judged``.
        """
        return diagnosis.open_predictor(
            self.context,
            candidate_id,
            judged=judged,
            calibrate=lambda: calibration_of(self.context, candidate_id),
        )

    def what_if(
        self, candidate_id: str, row: dict[str, Any], *, predictor: Predictor | None = None
    ) -> WhatIf:
        """Predict one row, with the contribution of each of its values."""
        return diagnosis.what_if(self.context, candidate_id, row, predictor=predictor)

    def postprocess_report(self, candidate_id: str) -> PostReport | None:
        """Return the effect of a candidate's post-processing; None without any."""
        return diagnosis.post_report(self.context, candidate_id)

    def predictions(self, candidate_id: str) -> StoredPredictions | None:
        """Return a candidate's predictions for its validation (or out-of-fold) rows, after its steps.

        Functions in :mod:`litmus_core.advice` compute from them the effect of another threshold, or of
        leaving uncertain rows to people. None if its files were removed.
        """
        return predictions_of(self.context, self.context.candidate(candidate_id), with_steps=True)

    def postprocess(self, candidate_id: str, steps: Sequence[str | PluginRef] | str) -> Run:
        """Start a run that reuses a candidate's model and adds ``steps`` after it.

        Steps are such as ``"threshold(at=0.3)"``, ``"abstain(below=0.8)"`` or ``"calibrate"``
        (docs/guides/post-processing.md). Steps that learn are fitted on validation rows. The result is judged
        like any run, which is one more evaluation on the test set. A model with custom code is retrained.
        Raises UsageError before anything starts if the steps do not fit or the model is not finished,
        NotFoundError if its files were removed.
        """
        from litmus_core.advice import follow_up_plan
        from litmus_core.engine import check_reusable

        parts = read_parts(steps)
        if not parts:
            raise UsageError("No step is named.", hint="Name one, such as 'threshold(at=0.3)'.")
        candidate = self.context.candidate(candidate_id)
        run = self.context.run(candidate.run_id)
        if not run.is_settled:
            raise UsageError(f"{run.title} is {run.status}.", hint="Wait for its end, or finish it first.")
        plan = follow_up_plan(run.plan, candidate, parts)
        if plan.origin_as(ReusedModel) is not None:
            check_reusable(self.context.workspace.run_dir(run.id))
        return self.runs.start(run.experiment_id, plan)

    def list(self, run_id: str) -> list[Candidate]:
        """Return a run's candidates in leaderboard order: the chosen one, then by validation score."""
        return self.context.candidates(run_id)
