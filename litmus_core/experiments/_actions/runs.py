"""Start the run of an action: with fewer columns, on a fixed table, or with another split."""

from __future__ import annotations

from dataclasses import dataclass, replace
from shlex import quote

from litmus_core.errors import UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.fixes import FixesService
from litmus_core.experiments._data.removal import delete_version
from litmus_core.experiments._runs.experiments import ExperimentsService
from litmus_core.experiments._runs.plan_checks import bounded
from litmus_core.experiments._runs.service import RunsService
from litmus_core.types import Action, ActionTaken, Experiment, Fix, Run, RunPlan, Task


@dataclass(frozen=True, slots=True)
class ActionRuns:
    """Starts the runs of actions."""

    context: Context
    runs: RunsService
    experiments: ExperimentsService
    fixes: FixesService

    def start(self, run_id: str, action: Action, *, most_s: float | None) -> Run:
        """Start the run of an action from a run's list, for at most ``most_s`` seconds.

        Raises UsageError for an action without a run.
        """
        from litmus_core.advice import action_evidence, action_sentence, action_title

        if action.plan is None and action.collect is not None:
            raise UsageError(
                f"'{action_title(action)}' needs a file of such rows.",
                hint=f"Name it: litmus improve {run_id} --start {quote(action.key)} --rows FILE",
            )
        if action.plan is None:
            raise UsageError(
                f"'{action_title(action)}' is nothing that a run can do.",
                hint=f"{action_sentence(action)} {action_evidence(action)}",
            )
        home = self.context.run(run_id).experiment_id
        plan = bounded(action.plan, self.context.experiment(home).task, most_s)
        plan = replace(plan, action=action_record(run_id, action))
        if action.fix is not None and action.fix.split is None:
            return self._on_fixed_table(home, action.fix, plan)
        task = _changed_task(self.context.experiment(home).task, action)
        return self._start_in_experiment(home, task, plan, named=_name_suffix(action))

    def begin(self, experiment: Experiment, plan: RunPlan) -> Run:
        """Start the first run of a new experiment; if it cannot start, the experiment is deleted."""
        try:
            return self.runs.start(experiment.id, plan)
        except Exception:
            self.experiments.delete(experiment.id)
            raise

    def _on_fixed_table(self, experiment_id: str, fix: Fix, plan: RunPlan) -> Run:
        """Start a run on the version that a fix makes; if it cannot start, the version is deleted."""
        task = self.context.experiment(experiment_id).task
        version_ids = {
            one.id
            for one in self.context.store.versions(self.context.dataset(task.dataset_version_id).dataset_id)
        }
        version = self.fixes.apply(task.dataset_version_id, [fix])
        try:
            split = replace(task.split, grown_from=())  # row positions before appending differ here
            task = replace(task, dataset_version_id=version.id, split=split)
            return self._start_in_experiment(experiment_id, task, plan, named="without copies")
        except Exception:
            if version.id not in version_ids:
                delete_version(self.context, version)
            raise

    def _start_in_experiment(self, experiment_id: str, task: Task, plan: RunPlan, *, named: str) -> Run:
        """Start a run in the experiment with ``task``, which is created if needed."""
        existing_id = next(
            (experiment.id for experiment in self.context.store.experiments() if experiment.task == task),
            None,
        )
        if existing_id is not None:
            return self.runs.start(existing_id, plan)
        experiment_now = self.context.experiment(experiment_id)
        created = self.experiments.create(
            task, name=f"{experiment_now.name}, {named}", group=experiment_now.group
        )
        return self.begin(created, plan)


def _changed_task(task: Task, action: Action) -> Task:
    features = tuple(name for name in task.features if name not in action.leave_out)
    split, other = task.split, None if action.fix is None else action.fix.split
    if other is not None:
        test, validation = split.test_fraction, split.validation_fraction
        split = replace(other, test_fraction=test, validation_fraction=validation)
    return replace(task, features=features, split=split)


def _name_suffix(action: Action) -> str:
    if action.fix is not None and action.fix.split is not None:
        return f"split by {action.fix.split.by}"
    names = action.leave_out
    return f"without {names[0] if len(names) == 1 else f'{len(names)} columns'}"


def action_record(run_id: str, action: Action) -> ActionTaken:
    """Return the record of the action that its run stores."""
    return ActionTaken(run_id=run_id, key=action.key, kind=action.kind, gain=action.gain)


def check_chosen(run: Run) -> None:
    """Raise UsageError for a run without a model to improve on."""
    if run.chosen_id is None:
        raise UsageError(
            f"{run.title} has no chosen model to improve on.",
            hint="Wait for its end, or finish it; then ask again.",
        )
