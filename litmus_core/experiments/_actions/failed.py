"""Actions that failed on the same data, which are not offered again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from litmus_core.experiments._actions.history import validated_alike
from litmus_core.experiments._actions.outcomes import outcome_of
from litmus_core.experiments._context import Context
from litmus_core.types import Action, ActionKind, ActionList, ActionTaken, FailedAction, Run, Task

_LEAST_KEPT = 0.5  # an action that brings less than this share of its promise failed
# These depend on the model, so their failure on another model says nothing.
_OF_ONE_MODEL: frozenset[ActionKind] = frozenset({"threshold", "calibrate", "abstain"})


def without_failed(context: Context, actions: ActionList) -> ActionList:
    """Move the actions that failed on the same data from a list's actions to its ``failed``.

    The same data means the same version of the table, target, columns, split and metric, in any experiment.
    Actions that settle a verdict or make a score true promise no gain, so they cannot fail.
    """
    task = context.experiment(context.run(actions.run_id).experiment_id).task
    attempts = list(_attempts(context, task))
    failed: list[FailedAction] = []
    for action in actions.actions:
        same_attempts = [attempt for attempt in attempts if _is_same(action, actions.run_id, attempt[1])]
        gains = [(run, follows, _gain(context, run, follows)) for run, follows in same_attempts]
        measured = [(run, follows, gain) for run, follows, gain in gains if gain is not None]
        if measured and not any(_succeeded(follows, gain) for _, follows, gain in measured):
            run, follows, gain = measured[-1]
            failed.append(
                FailedAction(action=action, run_id=run.id, promised=follows.gain.value, brought=gain)
            )
    if not failed:
        return actions
    keys = {action.action.key for action in failed}
    left = tuple(action for action in actions.actions if action.key not in keys)
    return replace(actions, actions=left, failed=tuple(failed))


def _attempts(context: Context, task: Task) -> Iterator[tuple[Run, ActionTaken]]:
    """Yield the runs of actions that were applied to the data of ``task``, oldest first."""
    runs = context.store.runs()
    homes = {run.id: run.experiment_id for run in runs}
    same = {
        experiment.id for experiment in context.store.experiments() if _data(experiment.task) == _data(task)
    }
    for run in sorted(runs, key=lambda run: run.times.queued_at):
        follows = run.plan.action
        if follows is not None and run.chosen_id is not None and homes.get(follows.run_id) in same:
            yield run, follows


def _data(task: Task) -> tuple[object, ...]:
    tables = (task.dataset_version_id, task.validation_version_id, task.test_version_id)
    return *tables, task.target, frozenset(task.features), task.split, task.metric, task.positive_class


def _is_same(action: Action, run_id: str, follows: ActionTaken) -> bool:
    if (follows.key, follows.kind) != (action.key, action.kind):
        return False
    return follows.run_id == run_id or action.kind not in _OF_ONE_MODEL


def _gain(context: Context, run: Run, follows: ActionTaken) -> float | None:
    """Return the measured gain; None if unknown, or if no gain was promised.

    It is measured on validation rows, or on test rows if validation is not a fair comparison. Test rows are
    not used if the earlier model still leads on validation rows. Either only withdraws an offer, and chooses
    no model.
    """
    promised = follows.gain
    few_rows = bool(follows.n_requested) and not promised.measured
    if not promised.is_known or promised.settles is not None or few_rows:
        return None
    outcome = outcome_of(context, run, follows)
    validation = outcome.validation
    if validation is None:
        return outcome.test
    decides = validation <= 0 or validated_alike(context, run.id, follows.run_id)
    return validation if decides else outcome.test


def _succeeded(follows: ActionTaken, gain: float) -> bool:
    return gain > max(0.0, _LEAST_KEPT * follows.gain.value)
