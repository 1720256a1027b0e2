"""What to do next, found out in the background, and the actions that are no run: more rows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from litmus_core.errors import UsageError
from litmus_core.store import Store, Workspace
from litmus_core.types import ActionList, Run, from_plain

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio

KEPT = "actions.json"


class Advising:
    """The part of a Studio that has a run's list of actions made by a process that outlives this one."""

    workspace: Workspace
    store: Store

    def kept_actions(self, run_id: str) -> ActionList | None:
        """Return a run's list of actions where one was made; None before that. Nothing is tried out."""
        from cattrs.errors import BaseValidationError

        kept = self.workspace.run_dir(self.store.run(run_id).id) / KEPT
        try:
            return from_plain(ActionList, json.loads(kept.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, BaseValidationError):  # none, or not of this Litmus
            return None

    def start_advising(self, run_id: str, *, seconds: float | None = None) -> None:
        """Make a run's list of actions in the background, as ``actions`` does; BusyError where one is at it.

        Raises UsageError while the run has no model.
        """
        from litmus_core.jobs import start_advising

        check_chosen(self.store.run(run_id))
        start_advising(self.workspace, run_id, seconds=seconds)

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

    def train_on_more(self, run_id: str, rows: Path | str) -> Run:
        """Append the rows of a file to a run's table and start the same run on all of them.

        It is the first run of a new experiment with the same question: scores on different tables are no
        comparison. Raises DataError where the file does not fit; nothing is changed then.
        """
        from litmus_core.advice import afresh

        studio, run = cast("Studio", self), self.store.run(run_id)
        before = studio.experiment(run.experiment_id)
        version = studio.append_rows(before.task.dataset_version_id, rows)
        task = replace(before.task, dataset_version_id=version.id)
        after = studio.create_experiment(task, name=before.name, group=before.group)
        return studio.start_run(after.id, afresh(run.plan))


def check_chosen(run: Run) -> None:
    """Raise UsageError where a run has no model to improve on."""
    if run.chosen_id is None:
        raise UsageError(
            f"{run.title} has no chosen model to improve on.",
            hint="Wait for its end, or finish it; then ask again.",
        )
