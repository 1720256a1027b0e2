"""The run that an action of a list is: asked again without columns, on a mended table, or split again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.experiments._actions.background import begun, followed
from litmus_core.experiments._runs.plan_checks import bounded
from litmus_core.experiments._storage import delete_version
from litmus_core.types import Action, Fix, Run, RunPlan, Task

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio


def applied(studio: Studio, run_id: str, key: str, most_s: float | None) -> Run:
    """Start the run that the action ``key`` of a run's list is, for at most ``most_s`` seconds.

    Raises UnknownNameError for a key that is not in the list, UsageError for an action that is no run.
    """
    listed = studio.kept_actions(run_id) or studio.actions(run_id)
    found = {action.key: action for action in listed.actions}
    if key not in found:
        raise UnknownNameError(kind="action", name=key, known=found)
    action = found[key]
    if action.plan is None:
        raise UsageError(
            f"'{action.title}' is nothing that a run can do.", hint=f"{action.sentence} {action.evidence}"
        )
    home = studio.run(run_id).experiment_id
    plan = bounded(action.plan, studio.experiment(home).task, most_s)
    plan = replace(plan, follows=followed(run_id, action))
    if action.fix is not None and action.fix.split is None:
        return _mended(studio, home, action.fix, plan)
    task = _asked_otherwise(studio.experiment(home).task, action)
    return _begun_on(studio, home, task, plan, named=_named(action))


def _asked_otherwise(task: Task, action: Action) -> Task:
    features = tuple(name for name in task.features if name not in action.leave_out)
    split, other = task.split, None if action.fix is None else action.fix.split
    if other is not None:
        test, validation = split.test_fraction, split.validation_fraction
        split = replace(other, test_fraction=test, validation_fraction=validation)
    return replace(task, features=features, split=split)


def _named(action: Action) -> str:
    if action.fix is not None and action.fix.split is not None:
        return f"split by {action.fix.split.by}"
    names = action.leave_out
    return f"without {names[0] if len(names) == 1 else f'{len(names)} columns'}"


def _mended(studio: Studio, experiment_id: str, fix: Fix, plan: RunPlan) -> Run:
    """Start a run on the version that a fix makes of the table, which is gone again where it cannot start."""
    task = studio.experiment(experiment_id).task
    there = {each.id for each in studio.store.versions(studio.dataset(task.dataset_version_id).dataset_id)}
    version = studio.apply_fixes(task.dataset_version_id, [fix])
    try:
        split = replace(task.split, grown_from=())  # where rows were appended is no place of this version's
        task = replace(task, dataset_version_id=version.id, split=split)
        return _begun_on(studio, experiment_id, task, plan, named="without copies")
    except Exception:
        if version.id not in there:
            delete_version(studio, version)
        raise


def _begun_on(studio: Studio, experiment_id: str, task: Task, plan: RunPlan, *, named: str) -> Run:
    """Start a run in the experiment that asks ``task``, which is made if need be."""
    there = next((each.id for each in studio.store.experiments() if each.task == task), None)
    if there is not None:
        return studio.start_run(there, plan)
    asked = studio.experiment(experiment_id)
    made = studio.create_experiment(task, name=f"{asked.name}, {named}", group=asked.group)
    return begun(studio, made, plan)
