"""Runs: start, watch, stop, complete, repeat and delete them."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from litmus_core import jobs
from litmus_core.errors import BusyError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.removal import remove_files
from litmus_core.experiments._deploy.living import check_undeployed
from litmus_core.experiments._names import trim_name
from litmus_core.experiments._plugins import source_copies
from litmus_core.experiments._runs import diagnosis, plan_checks
from litmus_core.experiments._runs.code import repeat
from litmus_core.experiments._runs.lock import locked_run
from litmus_core.experiments._runs.quote import quote, quote_outcomes
from litmus_core.store import new_id
from litmus_core.types import (
    Event,
    Progress,
    Quote,
    QuoteOutcome,
    Run,
    RunDeleted,
    RunPlan,
    RunQueued,
    RunQuoted,
    RunRenamed,
    Task,
)

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.diagnostics import Diagnostics

_OVER = ("finished", "stopped", "failed", "interrupted")


@dataclass(frozen=True, slots=True)
class RunsService:
    """The runs of a workspace."""

    context: Context

    def get(self, run_id: str) -> Run:
        """Return one run."""
        return self.context.run(run_id)

    def quote(self, task: Task, plan: RunPlan | None = None) -> Quote:
        """Return the expected time, memory and score of a run, in seconds and without starting it."""
        plan_checks.check_code(self.context, task)
        return quote(self.context, task, plan)

    def quote_outcomes(self) -> list[QuoteOutcome]:
        """Return earlier quotes of the workspace with their outcomes, oldest first."""
        return quote_outcomes(self.context)

    def record_quote(self, run_id: str, quoted: Quote) -> None:
        """Record the quote of a run, so that its outcome is known later; ignored once the run is over."""
        if self.context.run(run_id).status not in _OVER:
            self.context.record(RunQuoted(run_id=run_id, quote=quoted))

    def start(self, experiment_id: str, plan: RunPlan | None = None) -> Run:
        """Queue a run of an experiment; it starts at once if no other is running.

        The source of custom models is copied to the run's folder: later changes to the files do not
        affect the run.
        """
        context, plan = self.context, plan or RunPlan()
        experiment = context.experiment(experiment_id)
        self.check_plan(experiment.task, plan)
        number = max((run.number for run in context.runs(experiment_id)), default=0) + 1
        run_id = new_id("run")
        folder = context.workspace.run_dir(run_id)
        with source_copies.stored_source(
            plan, folder, experiment.task, home=context.workspace.path
        ) as source:
            fact = RunQueued(run_id=run_id, number=number, experiment=experiment, plan=source)
            event_id = jobs.enqueue(context.workspace, context.journal, fact)
        context.store.refresh(until=event_id)
        return context.run(run_id)

    def check_plan(self, task: Task, plan: RunPlan) -> None:
        """Raise an error if a run of ``task`` cannot use this plan."""
        plan_checks.check_plan(self.context, task, plan)

    def repeat(self, run_id: str) -> Run:
        """Repeat a run without time limits, as a new run; its message says which predictions are equal."""
        return repeat(self.context, run_id)

    def stop(self, run_id: str, *, hard: bool = False) -> None:
        """Stop a run and keep its best model so far: between two models or, with ``hard``, at once."""
        if self.context.run(run_id).status in _OVER:
            raise UsageError("This run is already over.", hint="Its results are on the Results page.")
        jobs.stop(self.context.workspace, run_id, hard=hard, person=self.context.person.id)
        self.context.store.refresh(until=self.context.journal.last_id())

    def finish(self, run_id: str) -> Run:
        """Complete an interrupted run with what it trained: ensemble, scores and verdict."""
        self.mark_interrupted()
        run = self.context.run(run_id)
        if run.status not in ("interrupted", "failed", "stopped"):
            raise UsageError(f"{run.title} is {run.status}.", hint="Stop it, or wait for its end.")
        if run.is_settled and run.verdict is not None:
            how = "was stopped" if run.status == "stopped" else "is over"
            raise UsageError(
                f"{run.title} {how} and judged: nothing is left to finish.",
                hint="Its results are on the Results page; start another run to train more.",
            )
        jobs.finish(self.context.workspace, run_id, person=self.context.person.id)
        self.context.store.refresh(until=self.context.journal.last_id())
        return self.context.run(run_id)

    def mark_interrupted(self) -> None:
        """Mark runs whose process died as interrupted, and start the next run that waits.

        A workspace that may only be read is left as it is.
        """
        if not self.context.workspace.is_read_only and jobs.reattach(self.context.workspace):
            self.context.store.refresh(until=self.context.journal.last_id())

    def rename(self, run_id: str, name: str) -> None:
        """Rename a run; an empty name leaves only its number."""
        self.context.run(run_id)
        self.context.record(RunRenamed(run_id=run_id, name=trim_name(name)))

    def delete(self, run_id: str) -> None:
        """Delete a run with its files; its bundles stay.

        Raises BusyError while the run is running or being exported, or an endpoint may use a model of it.
        """
        run = self.context.run(run_id)
        if run.status in ("queued", "running") and jobs.is_alive(self.context.workspace, run_id):
            raise BusyError(f"{run.title} is still running.", hint="Stop it first. Nothing was removed.")
        bundles = self.context.store.bundles(run.experiment_id)
        check_undeployed(self.context, *(bundle.id for bundle in bundles if bundle.run_id == run_id))
        if run.status == "queued":
            self.stop(run_id)
        folder = self.context.workspace.run_dir(run_id)
        with locked_run(self.context, run_id, patience_s=0.0) if folder.exists() else nullcontext():
            self.context.record(RunDeleted(run_id=run_id))
            remove_files(folder)

    def progress(self, run_id: str) -> Progress:
        """Return the progress of a run; a run whose process died is first marked as interrupted."""
        self.context.store.refresh()
        progress_now = self.context.store.progress(run_id)
        if progress_now.status in _OVER or not jobs.reattach(self.context.workspace):
            return progress_now
        self.context.store.refresh(until=self.context.journal.last_id())
        return self.context.store.progress(run_id)

    def events(self, run_id: str, number: int = 0) -> list[Event]:
        """Return the events of a run after the event ``number``, directly from the journal."""
        return self.context.journal.events(number=number, run_id=run_id)

    def wait(
        self,
        run_id: str,
        *,
        timeout_s: float | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        poll_s: float = 0.25,
    ) -> Run:
        """Wait until a run is over and return it. Raises BusyError after ``timeout_s``; the run continues."""
        return _wait(self, run_id, timeout_s=timeout_s, on_progress=on_progress, poll_s=poll_s)

    def diagnostics(self, run_id: str) -> Diagnostics | None:
        """Return the diagnosis of the run's chosen candidate on validation rows."""
        return diagnosis.diagnostics(self.context, run_id)

    def validation_rows(self, run_id: str, n_rows: int = 200) -> pd.DataFrame:
        """Return validation rows (features and target) to start a what-if from."""
        return diagnosis.validation_rows(self.context, run_id, n_rows)

    def list(self, experiment_id: str) -> list[Run]:
        """Return an experiment's runs, oldest first."""
        return self.context.runs(experiment_id)


def _wait(
    runs: RunsService,
    run_id: str,
    *,
    timeout_s: float | None,
    on_progress: Callable[[Progress], None] | None,
    poll_s: float,
) -> Run:
    ends = None if timeout_s is None else time.monotonic() + timeout_s
    while True:
        if on_progress is not None or _has_ended(runs.context, run_id):
            now = runs.progress(run_id)
            if on_progress is not None:
                on_progress(now)
            if now.status in _OVER:
                return runs.context.run(run_id)
        if ends is not None and time.monotonic() > ends:
            raise BusyError(f"The run goes on after {timeout_s:g} s.", hint="Wait again, or stop it.")
        time.sleep(poll_s)


def _has_ended(context: Context, run_id: str) -> bool:
    """Return whether the run's job is over, without waiting for the slower store."""
    jobs.reattach(context.workspace)
    job = context.journal.job(run_id)
    return job is None or job.state == "done"
