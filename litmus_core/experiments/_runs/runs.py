"""Runs on their way: waiting for them, stopping them, making the best of what was cut short."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from litmus_core import jobs
from litmus_core.errors import BusyError, UsageError
from litmus_core.experiments._plugins import source_copies
from litmus_core.store import new_id
from litmus_core.types import Progress, Run, RunPlan, RunQueued

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio

_OVER = ("finished", "stopped", "failed", "interrupted")


def start(studio: Studio, experiment_id: str, plan: RunPlan) -> Run:
    """Queue a run; the source of models of one's own is copied into its folder first."""
    experiment = studio.experiment(experiment_id)
    studio.check_plan(experiment.task, plan)
    number = max((run.number for run in studio.runs(experiment_id)), default=0) + 1
    run_id = new_id("run")
    folder = studio.workspace.run_dir(run_id)
    with source_copies.kept(plan, folder, experiment.task, home=studio.workspace.path) as kept:
        fact = RunQueued(run_id=run_id, number=number, experiment=experiment, plan=kept)
        event_id = jobs.enqueue(studio.workspace, studio.journal, fact)
    studio.store.refresh(until=event_id)
    return studio.run(run_id)


def stop(studio: Studio, run_id: str, *, hard: bool) -> None:
    """Stop a run that is not over yet."""
    if studio.run(run_id).status in _OVER:
        raise UsageError("This run is already over.", hint="Its results are on the Results page.")
    jobs.stop(studio.workspace, run_id, hard=hard)
    studio.store.refresh(until=studio.journal.last_id())


def finish(studio: Studio, run_id: str) -> Run:
    """Finish a run that was cut short from what it left on disk."""
    run = studio.run(run_id)
    if run.status not in ("interrupted", "failed", "stopped"):
        raise UsageError(f"{run.title} is {run.status}.", hint="Stop it, or wait for its end.")
    if run.is_settled and run.verdict is not None:
        how = "was stopped" if run.status == "stopped" else "is over"
        raise UsageError(
            f"{run.title} {how} and judged: nothing is left to finish.",
            hint="Its results are on the Results page; start another run to train more.",
        )
    jobs.finish(studio.workspace, run_id)
    studio.store.refresh(until=studio.journal.last_id())
    return studio.run(run_id)


def progress(studio: Studio, run_id: str) -> Progress:
    """Return where a run is; one whose process died without a word is marked interrupted first."""
    studio.store.refresh()
    found = studio.store.progress(run_id)
    if found.status in _OVER or not jobs.reattach(studio.workspace):
        return found
    studio.store.refresh(until=studio.journal.last_id())
    return studio.store.progress(run_id)


def _has_ended(studio: Studio, run_id: str) -> bool:
    """Say whether the run's job is over; the store, which takes longer to follow, is left as it is."""
    jobs.reattach(studio.workspace)
    job = studio.journal.job(run_id)
    return job is None or job.state == "done"


def wait(
    studio: Studio,
    run_id: str,
    *,
    timeout_s: float | None,
    on_progress: Callable[[Progress], None] | None,
    poll_s: float,
) -> Run:
    """Wait until a run is over; a worker that dies meanwhile leaves it interrupted."""
    ends = None if timeout_s is None else time.monotonic() + timeout_s
    while True:
        if on_progress is not None or _has_ended(studio, run_id):
            now = progress(studio, run_id)
            if on_progress is not None:
                on_progress(now)
            if now.status in _OVER:
                return studio.run(run_id)
        if ends is not None and time.monotonic() > ends:
            raise BusyError(f"The run goes on after {timeout_s:g} s.", hint="Wait again, or stop it.")
        time.sleep(poll_s)
