"""Wait for a run in the shell: print its stages, handle Ctrl-C, return its exit status."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import typer

from litmus_core.cli._session import FailedWork, say
from litmus_core.errors import TrainingError, UsageError
from litmus_core.types import Progress, Run

if TYPE_CHECKING:
    from litmus_core.experiments import TrainingHandle


def watch(handle: TrainingHandle) -> Run:
    """Wait for a run and print its stages; Ctrl-C stops it gracefully, a second Ctrl-C leaves it running."""
    heard: set[str] = set()

    def print_progress(progress: Progress) -> None:
        if progress.status == "finished":
            return  # the report of the run says its message
        if progress.message and progress.message not in heard:
            heard.add(progress.message)
            say(f"{progress.elapsed_s:5.0f} s  {progress.message}")

    try:
        run = handle.studio.runs.wait(handle.run_id, on_progress=print_progress)
    except KeyboardInterrupt:
        stop_gracefully(handle)
        run = handle.studio.runs.wait(handle.run_id, on_progress=print_progress)
    if (mirrored := handle.studio.tracking.mirror(run.id)) is not None and mirrored.is_confirmed:
        say(mirrored.sentence)
    if run.status == "failed" and run.verdict is None:
        raise FailedWork(TrainingError(run.message, hint=run.hint))
    if run.status == "interrupted":
        ways = f"'litmus leaderboard {run.id}' shows them, 'litmus runs finish {run.id}' judges them."
        raise FailedWork(TrainingError(run.message, hint=f"Its finished models are kept: {ways}"))
    return run


def fail_with(*runs: Run) -> None:
    """End the command with status 1 for a failed run that still has results to show."""
    failed = [run for run in runs if run.status == "failed"]
    for run in failed:
        say(f"{run.title}: {' '.join(run.missing) or run.message}\n{run.hint}")
    if failed:
        raise typer.Exit(1)


def stop_gracefully(handle: TrainingHandle) -> None:
    """Ask a run to stop after its current model, and print how to leave or end it."""
    say(
        "Stopping after the current model; the best so far is kept. Ctrl-C again leaves it to itself; "
        f"'litmus runs stop {handle.run_id} --hard' ends it."
    )
    with suppress(UsageError):  # it ended in the meantime
        handle.stop()
