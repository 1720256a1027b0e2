"""The facts and functions that a worker process passes to a run's stages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from litmus_core.store import Journal, Workspace
from litmus_core.types import DatasetImported, DatasetVersion, Experiment, Fact, RunEnded, RunPlan


@dataclass(frozen=True, kw_only=True)
class RunContext:
    """One run in its worker process.

    ``folder`` exists; ``started`` is time.time() at the worker's start. ``stop_requested`` is cheap enough to
    call between any two steps. ``report`` writes a fact into the journal at once, so that it survives the
    process. ``outer_fold`` is the number of the outer fold in training; it ignores trials that used its rows.
    """

    workspace: Workspace
    journal: Journal
    run_id: str
    number: int
    experiment: Experiment
    plan: RunPlan
    folder: Path
    stop_requested: Callable[[], bool]
    report: Callable[[Fact], None]
    started: float
    outer_fold: int | None = None

    def versions(self) -> dict[str, DatasetVersion]:
        """Return the imported versions by id, from the journal."""
        return imported_versions(self.journal)


def imported_versions(journal: Journal) -> dict[str, DatasetVersion]:
    """Return the imported versions by id, from the journal."""
    imported = [event.fact for event in journal.events(types=[DatasetImported])]
    return {fact.version.id: fact.version for fact in imported if isinstance(fact, DatasetImported)}


class Stages(Protocol):
    """A module that does a run's work; the message of a LitmusError that it raises is the run's."""

    def run(self, context: RunContext) -> RunEnded:
        """Run all stages, and return how the run ended."""

    def finish(self, context: RunContext) -> RunEnded:
        """Finish what an earlier process left in the folder, and return how the run ended."""
