"""Final models: judged candidates fitted again on all rows, and which of the two models is deployed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from litmus_core.errors import TrainingError, UsageError
from litmus_core.experiments._background import start_work
from litmus_core.experiments._context import Context
from litmus_core.experiments._runs.diagnosis import run_data
from litmus_core.experiments._runs.lock import locked_run
from litmus_core.types import Candidate, DeployedModelChosen, Run

_HOURS_S = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class FinalModelsService:
    """The final models of a workspace."""

    context: Context

    def train(
        self,
        candidate_id: str,
        *,
        on_progress: Callable[[str], None] | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Candidate:
        """Train a candidate again on all rows, in this process, and return it with its final model.

        There is no time limit. The judged model and its verdict stay. Raises UsageError if the run is not
        over, or the candidate cannot be trained again; TrainingError, with the reason, if training failed.
        """
        self.check(candidate_id)
        candidate = self.context.candidate(candidate_id)
        with locked_run(self.context, candidate.run_id):
            _train(self.context, candidate, on_progress or (lambda _: None), should_stop)
        final_candidate = self.context.candidate(candidate_id)
        if final_candidate.final is None or final_candidate.final == candidate.final:
            raise TrainingError(final_candidate.no_final, hint="The judged model is put to work, as before.")
        return final_candidate

    def start(self, candidate_id: str) -> None:
        """Train a candidate again on all rows in a process that outlives this one.

        Raises the errors of :meth:`train` before it begins, and BusyError if it is running already.
        """
        from litmus_core.jobs import final_model_job

        self.check(candidate_id)
        workspace, busy = self.context.workspace, "The model is being trained again already."
        job = final_model_job(workspace, candidate_id)
        start_work(job, "final-model", candidate_id, context=self.context, busy=busy)

    def check(self, candidate_id: str) -> None:
        """Raise UsageError, with the reason, if a candidate cannot be trained again on all rows."""
        from litmus_core.engine import check_reusable, no_final_reason
        from litmus_core.jobs import obstacle_of

        candidate = self.context.candidate(candidate_id)
        run = self.context.run(candidate.run_id)
        if not run.is_settled:
            raise UsageError(f"{run.title} is {run.status}.", hint="Wait for its end, or finish it first.")
        folder = self.context.workspace.run_dir(run.id)
        check_reusable(folder)
        reason = obstacle_of(run.plan, run_data(self.context, run)) or no_final_reason(
            folder, candidate.model
        )
        if reason:
            raise UsageError(
                f"'{candidate.name}' cannot be trained again on all rows: {reason}.",
                hint="The judged model is put to work, as before.",
            )

    def choose(self, candidate_id: str, *, final: bool) -> Candidate:
        """Deploy the final model from now on or, without ``final``, the judged one; return the candidate.

        What is exported or deployed already stays as it is. Raises UsageError if it has no final model.
        """
        if self.context.candidate(candidate_id).final is None:
            raise UsageError(
                "This model was not trained again on all rows.", hint="Train it so first: final_models.train."
            )
        self.context.record(DeployedModelChosen(candidate_id=candidate_id, final=final))
        return self.context.candidate(candidate_id)

    def seconds(self, candidate_id: str) -> float:
        """Return the expected duration of training a candidate again on all rows, from its own training."""
        from litmus_core.jobs import expected_seconds

        candidate = self.context.candidate(candidate_id)
        run = self.context.run(candidate.run_id)
        return expected_seconds(
            self.context.workspace.run_dir(run.id), candidate, run_data(self.context, run)
        )

    def progress(self, candidate_id: str) -> str | None:
        """Return the last message of the background training; None if there is none."""
        from litmus_core.jobs import final_model_job

        return final_model_job(self.context.workspace, candidate_id).status()

    def problem(self, candidate_id: str) -> str:
        """Return why the last background training gave no model; "" if it did."""
        from litmus_core.jobs import final_model_job

        return final_model_job(self.context.workspace, candidate_id).problem()

    def stop(self, candidate_id: str) -> None:
        """End the background training of a candidate; the judged model stays as it is."""
        from litmus_core.jobs import final_model_job

        final_model_job(self.context.workspace, candidate_id).stop()


def _train(
    context: Context, candidate: Candidate, say: Callable[[str], None], should_stop: Callable[[], bool]
) -> None:
    from litmus_core.data import register_task_type
    from litmus_core.jobs import RunContext, fit_final
    from litmus_core.plugins import register_run_metrics
    from litmus_core.trust import check_files

    run: Run = context.run(candidate.run_id)
    experiment, folder = context.experiment(run.experiment_id), context.workspace.run_dir(run.id)
    check_files(folder)
    register_run_metrics(folder)
    register_task_type(experiment.task, run.plan.scoring.task_type, folder)
    started = time.time()
    run_context = RunContext(
        workspace=context.workspace,
        journal=context.journal,
        run_id=run.id,
        number=run.number,
        experiment=experiment,
        plan=run.plan,
        folder=folder,
        stop_requested=should_stop,
        report=lambda fact: context.record(fact),
        started=started,
    )
    fit_final(run_context, run_data(context, run), candidate, deadline=started + _HOURS_S, say=say)
