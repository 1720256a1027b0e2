"""List the next actions after a run, start them, and read the gains that they brought."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from litmus_core.errors import UnknownNameError
from litmus_core.experiments._actions.check_findings import notes_of_checks, without_dismissed
from litmus_core.experiments._actions.collected_rows_gain import action_for_rows, count_collected_rows
from litmus_core.experiments._actions.failed import without_failed
from litmus_core.experiments._actions.group_rows import find_action
from litmus_core.experiments._actions.outcomes import outcomes
from litmus_core.experiments._actions.plugins import plugin_actions, requested_actions
from litmus_core.experiments._actions.runs import ActionRuns, action_record, check_chosen
from litmus_core.experiments._actions.situation import larger_plan, situation_of, trial_data
from litmus_core.experiments._actions.stored import STORED, stored_actions
from litmus_core.experiments._background import start_work
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.datasets import DatasetsService
from litmus_core.experiments._data.removal import undo_append
from litmus_core.experiments._names import name_with_version
from litmus_core.experiments._runs.diagnosis import run_data
from litmus_core.experiments._runs.experiments import ExperimentsService
from litmus_core.experiments._runs.lineage import plan_that_trains
from litmus_core.types import Action, ActionList, ActionOutcome, RowsToCollect, Run, to_plain

_SHARE, _LEAST_S, _MOST_S = 0.1, 8.0, 14.0  # share of the run's time for trials
_TRYING = 0.75  # share of the list's remaining seconds for trials; the rest is for the summary


@dataclass(frozen=True, slots=True)
class ActionsService:
    """Next actions after the runs of a workspace: list them, start them, and read their outcomes."""

    context: Context
    experiments: ExperimentsService
    datasets: DatasetsService
    starts: ActionRuns

    def stored(self, run_id: str) -> ActionList | None:
        """Return a run's stored list of actions; None if there is none. No trials are run.

        The list is rebuilt if somebody has since dismissed one of its findings. Actions that have failed
        since are among its ``failed``.
        """
        return stored_actions(self.context, run_id)

    def plugins(self) -> tuple[str, ...]:
        """Return the plug-in actions that a new list would call, as ``plugins`` of the list names them."""
        return requested_actions(self.context)

    def start(self, run_id: str, *, seconds: float | None = None) -> None:
        """Make a run's list of actions in the background, as :meth:`list` does.

        Raises BusyError if that is running already, UsageError while the run has no model.
        """
        from litmus_core.jobs import action_job

        check_chosen(self.context.run(run_id))
        workspace, busy = self.context.workspace, "What may help is being tried out already."
        job = action_job(workspace, run_id)
        start_work(job, "actions", run_id, context=self.context, busy=busy, seconds=seconds)

    def progress(self, run_id: str) -> str | None:
        """Return the progress of the process that makes a run's list; None if there is none."""
        from litmus_core.jobs import action_job

        return action_job(self.context.workspace, run_id).status()

    def problem(self, run_id: str) -> str:
        """Return why the last attempt to make a run's list failed; "" if it did not."""
        from litmus_core.jobs import action_job

        return action_job(self.context.workspace, run_id).problem()

    def stop(self, run_id: str) -> None:
        """End the process that makes a run's list; an existing list stays."""
        from litmus_core.jobs import action_job

        action_job(self.context.workspace, run_id).stop()

    def apply(self, run_id: str, key: str, *, most_s: float | None = None) -> Run:
        """Start the run of an action in the list of ``run_id``; it records the predicted gain.

        ``most_s`` limits its seconds. Raises UnknownNameError for a key that is not in the list, UsageError
        for an action without a run, or with too little time.
        """
        listed = self.stored(run_id) or self.list(run_id)
        action = self.find(run_id, key)
        if action is None:
            raise UnknownNameError(kind="action", name=key, names=[one.key for one in listed.actions])
        return self.starts.start(run_id, action, most_s=most_s)

    def find(self, run_id: str, key: str) -> Action | None:
        """Return an action of a run's list, or that of collecting any group of rows; nothing is tried.

        ``key`` is that of a listed action, or "rows where COLUMN is VALUE", whose gain is known once it is
        done. None for "rows" where the list has no such action. Raises UnknownNameError for another key or
        column.
        """
        return find_action(self.context, self.context.run(run_id), key, listed=self.stored(run_id))

    def train_on_more_rows(self, run_id: str, rows: Path | str, *, key: str = "rows") -> Run:
        """Append the rows of a file to a run's table and start the same run on all rows.

        It is the first run of a new experiment with the same task: scores on different tables are not
        comparable. It records the predicted gain of the action ``key``, see :meth:`find`. Raises
        UnknownNameError for an unknown key, DataError for a file that does not fit, UsageError if the run
        cannot be started this way; nothing is changed then.
        """
        from litmus_core.advice import standalone_plan

        context, run = self.context, self.context.run(run_id)
        before = context.experiment(run.experiment_id)
        other_version = context.dataset(before.task.dataset_version_id)
        plan = standalone_plan(plan_that_trains(context, run))
        action = self.find(run_id, key)
        version = self.datasets.append_rows(other_version.id, rows)
        if action is not None:
            wanted = action.collect or RowsToCollect(n_rows=0)
            n_collected = count_collected_rows(
                context, other_version, version, target=before.task.target, wanted=wanted
            )
            follows = action_for_rows(
                action_record(run_id, action), n_requested=wanted.n_rows, n_collected=n_collected
            )
            plan = replace(plan, action=follows)
        try:
            task = replace(before.task, dataset_version_id=version.id)
            created = self.experiments.create(
                task, name=name_with_version(before.name, version.version), group=before.group
            )
            return self.starts.begin(created, plan)
        except Exception:
            undo_append(context, version)
            raise

    def outcomes(self, experiment_id: str | None = None) -> list[ActionOutcome]:
        """Return the actions that were started, oldest first, with predicted and measured gain.

        They are those of one experiment or, for None, of the whole workspace.
        """
        return outcomes(self.context, experiment_id)

    def list(
        self,
        run_id: str,
        *,
        seconds: float | None = None,
        on_progress: Callable[[str], None] | None = None,
    ) -> ActionList:
        """Return the possible actions after a run, the most promising first, each with its expected gain.

        Trials use the run's training and validation rows, never its test set, for about ``seconds`` (None: a
        tenth of the run's time, 8 to 20 s). Custom actions are called too. The list is stored in the run's
        folder, and made again when other custom actions are ready. ``on_progress`` is called with
        descriptions of the current work. Raises UsageError while the run has no model.
        """
        run = self.context.run(run_id)
        check_chosen(run)
        stored = self.stored(run_id) if seconds is None else None
        if stored is not None and stored.plugins == requested_actions(self.context):
            return stored
        return _make_list(self.context, run, seconds, on_progress or (lambda _: None))


def _make_list(
    context: Context, run: Run, seconds: float | None, on_progress: Callable[[str], None]
) -> ActionList:
    from litmus_core.advice import next_actions

    began = time.monotonic()
    on_progress("Reading what the run learned from…")
    data = run_data(context, run)
    run = without_dismissed(context, run)
    trial_rows = trial_data(context, run, data)
    situation = situation_of(context, run, trial_rows)
    if data.places is not None:
        sampled = {
            "n_drawn": len(data.places),
            "n_there": data.n_there,
            "larger_plan": larger_plan(situation.plan),
        }
        situation = replace(situation, **sampled)  # type: ignore[arg-type]
    seed = situation.task.seed
    plugin_proposals, notes = plugin_actions(context, situation, trial_rows)
    spend = min(_MOST_S, max(_LEAST_S, _SHARE * situation.time.limit_s))
    if seconds is not None:
        spend = max(0.5 * seconds, _TRYING * seconds - (time.monotonic() - began))
    on_progress(
        f"Training small stand-ins on {len(trial_rows.frame):,} rows that are not test rows, {spend:.0f} s "
        "or so…"
    )
    actions = next_actions(
        replace(situation, plugin_actions=plugin_proposals), trial_rows, seconds=spend, seed=seed
    )
    seconds_used = round(time.monotonic() - began, 2)
    notes = (*notes, *notes_of_checks(context, situation.task))
    actions = replace(actions, plugins=requested_actions(context), notes=notes, seconds=seconds_used)
    partial = context.workspace.run_dir(run.id) / f"{STORED}.partial"
    partial.write_text(json.dumps(to_plain(actions)), encoding="utf-8")
    partial.replace(partial.with_name(STORED))
    return without_failed(context, actions)
