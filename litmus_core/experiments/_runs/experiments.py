"""Experiments: tasks on tables, the leading model of each, and comparisons of two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from litmus_core.experiments import _tasks
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.removal import remove_files
from litmus_core.experiments._deploy.living import check_undeployed
from litmus_core.experiments._names import default_name, require_name
from litmus_core.experiments._runs.comparison.evaluations import n_evaluations
from litmus_core.experiments._runs.comparison.experiments import paired, why_incomparable
from litmus_core.experiments._runs.comparison.leader import best_candidate, leading_run, leading_runs
from litmus_core.experiments._runs.plan_checks import check_code
from litmus_core.experiments._runs.service import RunsService
from litmus_core.store import new_id, utc_now
from litmus_core.types import (
    Candidate,
    Experiment,
    ExperimentCreated,
    ExperimentDeleted,
    ExperimentRenamed,
    ExperimentSummary,
    Run,
    Task,
)

if TYPE_CHECKING:
    from litmus_core.metrics import PairedDifference


@dataclass(frozen=True, slots=True)
class ExperimentsService:
    """The experiments of a workspace, each with its runs."""

    context: Context
    runs: RunsService

    def get(self, experiment_id: str) -> Experiment:
        """Return one experiment."""
        return self.context.experiment(experiment_id)

    def of_run(self, run_id: str) -> Experiment:
        """Return a run's experiment."""
        return self.context.experiment_of(run_id)

    def create(self, task: Task, *, name: str | None = None, group: str = "") -> Experiment:
        """Create an experiment for a task. Raises an error if the task does not fit its data.

        Without a ``name`` it is called after its table and target, with a number if that name is taken.
        Experiments that are created by one call share a ``group``.
        """
        check_code(self.context, task)
        version = self.context.dataset(task.dataset_version_id)
        separate, test = (
            _tasks.table_of(self.context, version_id)
            for version_id in (task.validation_version_id, task.test_version_id)
        )
        _tasks.check(self.context.workspace, version, task, validation=separate, test=test)
        existing = [one.name for one in self.context.store.experiments()]
        title = require_name(name) if name else default_name(version, task.target, existing=existing)
        owner, now = self.context.person.id, utc_now()
        experiment = Experiment(
            id=new_id("ex"), name=title, task=task, created_at=now, owner=owner, group=group
        )
        self.context.record(ExperimentCreated(experiment=experiment))
        return experiment

    def rename(self, experiment_id: str, name: str) -> None:
        """Rename an experiment."""
        self.context.store.experiment(experiment_id)
        self.context.record(ExperimentRenamed(experiment_id=experiment_id, name=require_name(name)))

    def delete(self, experiment_id: str) -> None:
        """Delete an experiment with all its runs.

        Raises BusyError while one of them is running, or an endpoint may use a model of it: the bar and the
        model to train again are the experiment's.
        """
        context = self.context
        experiment = context.experiment(experiment_id)
        check_undeployed(context, *(bundle.id for bundle in context.store.bundles(experiment_id)))
        for run in context.store.runs(experiment_id):
            self.runs.delete(run.id)
        paths = [
            context.workspace.handoff_dir(handoff.id) for handoff in context.store.handoffs(experiment_id)
        ]
        context.record(ExperimentDeleted(experiment_id=experiment.id))
        remove_files(*paths)

    def leading_run(self, experiment_id: str) -> Run | None:
        """Return the run with a verdict whose model is best by validation; None before any verdict."""
        return leading_run(self.context, experiment_id)

    def leading_runs(self) -> dict[str, str]:
        """Return the leading run's id by experiment id, for experiments with several verdicts."""
        return leading_runs(self.context)

    def best_candidate(self, experiment_id: str) -> Candidate:
        """Return the best of the runs' chosen candidates, else the latest run's best so far."""
        return best_candidate(self.context, experiment_id)

    def n_test_evaluations(self, run_id: str) -> int:
        """Return how many test scores of the rows that judge a run were seen, in any experiment.

        0 before its verdict.
        """
        run = self.context.run(run_id)
        return 0 if run.verdict is None else n_evaluations(self.context, run, run.verdict)

    def why_not_paired(self, left_id: str, right_id: str) -> str:
        """Return why two experiments' scores cannot be compared row by row; "" if they can."""
        return why_incomparable(self.context.experiment(left_id).task, self.context.experiment(right_id).task)

    def paired_difference(self, left_id: str, right_id: str) -> PairedDifference:
        """Return by how much the first experiment's chosen model is better than the second's, row by row.

        Both predict the shared test rows again (seconds). Their scores were seen for their verdicts, so this
        is not a new evaluation. Raises UsageError without shared test rows, NotFoundError if one has no
        verdict or its files are gone.
        """
        return paired(self.context, left_id, right_id)

    def summaries(self) -> list[ExperimentSummary]:
        """Return every experiment with the verdict and model of its leading run, newest first."""
        return self.context.store.summaries(leading=self.leading_runs().values())
