"""What to do next, found out in the background, and the actions that are no run: more rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from litmus_core.errors import UsageError
from litmus_core.experiments._actions.collected_rows_gain import of_rows, rows_that_came
from litmus_core.experiments._runs.lineage import plan_that_trains
from litmus_core.experiments._storage import delete_version
from litmus_core.store import Store, Workspace
from litmus_core.types import (
    Action,
    ActionList,
    DatasetVersion,
    Experiment,
    Follows,
    Run,
    RunPlan,
    read_kept,
)

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio

KEPT = "actions.json"


class Advising:
    """The part of a Studio that has a run's list of actions made by a process that outlives this one."""

    workspace: Workspace
    store: Store

    def kept_actions(self, run_id: str) -> ActionList | None:
        """Return a run's list of actions where one was made; None before that. Nothing is tried out.

        One is made anew where someone said meanwhile that a finding which it has as an action is fine.
        """
        run = self.store.run(run_id)
        found = read_kept(self.workspace.run_dir(run.id) / KEPT, ActionList)
        if found is None:
            return None
        task = self.store.experiment(run.experiment_id).task
        fine = self.store.known_findings(self.store.dataset_version(task.dataset_version_id).dataset_id)
        return None if fine & {each.key for each in found.actions} else found

    def asked_actions(self) -> tuple[str, ...]:
        """Return the actions of one's own that a list is asked of now, as its ``plugins`` name them."""
        from litmus_core.experiments._actions.plugins import asked_actions

        return asked_actions(cast("Studio", self))

    def start_advising(self, run_id: str, *, seconds: float | None = None) -> None:
        """Make a run's list of actions in the background, as ``actions`` does; BusyError where one is at it.

        Raises UsageError while the run has no model.
        """
        from litmus_core.jobs import start_advising

        check_chosen(self.store.run(run_id))
        start_advising(
            self.workspace, run_id, seconds=seconds, worker="litmus_core.experiments._actions.worker"
        )

    def advising(self, run_id: str) -> str | None:
        """Return what the process that makes a run's list says now; None where there is none."""
        from litmus_core.jobs import advising

        return advising(self.workspace, run_id).said()

    def advising_problem(self, run_id: str) -> str:
        """Return why the last attempt at a run's list came to nothing; "" where it did not."""
        from litmus_core.jobs import advising

        return advising(self.workspace, run_id).problem()

    def stop_advising(self, run_id: str) -> None:
        """End the process that makes a run's list; one that was made before stays."""
        from litmus_core.jobs import advising

        advising(self.workspace, run_id).stop()

    def train_on_more(self, run_id: str, rows: Path | str, *, key: str = "rows") -> Run:
        """Append the rows of a file to a run's table and start the same run on all of them.

        It is the first run of a new experiment with the same question: scores on different tables are no
        comparison. It remembers what the action ``key`` of the run's list was to bring, where there is one.
        Raises DataError where the file does not fit, UsageError where the run cannot go so; nothing is
        changed then.
        """
        from litmus_core.advice import afresh

        studio, run = cast("Studio", self), self.store.run(run_id)
        before = studio.experiment(run.experiment_id)
        there = studio.dataset(before.task.dataset_version_id)
        plan = afresh(plan_that_trains(studio, run))
        version = studio.append_rows(there.id, rows)
        listed = self.kept_actions(run_id)
        action = next((each for each in listed.actions if each.key == key), None) if listed else None
        if action is not None:
            n_came = rows_that_came(studio, there, version, target=before.task.target, of=action.of)
            follows = of_rows(followed(run_id, action), n_asked=action.n_rows, n_came=n_came)
            plan = replace(plan, follows=follows)
        try:
            task = replace(before.task, dataset_version_id=version.id)
            return begun(studio, studio.create_experiment(task, name=before.name, group=before.group), plan)
        except Exception:
            take_back(studio, version)
            raise


def begun(studio: Studio, experiment: Experiment, plan: RunPlan) -> Run:
    """Start the first run of an experiment that was made for it, and is gone where it cannot start."""
    try:
        return studio.start_run(experiment.id, plan)
    except Exception:
        studio.delete_experiment(experiment.id)
        raise


def followed(run_id: str, action: Action) -> Follows:
    """Return what a run that an action becomes remembers of it."""
    return Follows(run_id=run_id, key=action.key, kind=action.kind, gain=action.gain)


def take_back(studio: Studio, version: DatasetVersion) -> None:
    """Remove a version that rows were appended in, and what it was before its fixes."""
    made = [version]
    while made[-1].how == "mended" and made[-1].parent_id is not None:
        made.append(studio.dataset(made[-1].parent_id))
    for each in made:
        delete_version(studio, each)


def check_chosen(run: Run) -> None:
    """Raise UsageError where a run has no model to improve on."""
    if run.chosen_id is None:
        raise UsageError(
            f"{run.title} has no chosen model to improve on.",
            hint="Wait for its end, or finish it; then ask again.",
        )
