"""What a run's stages are given by the worker process that they run in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from litmus_core.store import Journal, Workspace
from litmus_core.types import DatasetImported, DatasetVersion, Experiment, Fact, RunEnded, RunPlan


@dataclass(frozen=True, kw_only=True)
class RunContext:
    """One run in its worker. ``folder`` exists; ``started`` is time.time() when the worker took it up.

    ``stop_requested`` is cheap enough to ask between any two steps. ``report`` writes a fact into the
    journal at once: what was reported stays, whatever happens to the process.
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

    def versions(self) -> dict[str, DatasetVersion]:
        """Return the imported versions by their id, as the journal has them."""
        imported = [event.fact for event in self.journal.events(types=[DatasetImported])]
        return {fact.version.id: fact.version for fact in imported if isinstance(fact, DatasetImported)}


class Stages(Protocol):
    """A module that does the work of a run; a LitmusError it raises is how the run failed, in words."""

    def run(self, context: RunContext) -> RunEnded:
        """Do a run from its start and return how it ended."""

    def finish(self, context: RunContext) -> RunEnded:
        """Make the best of what an earlier process left in the folder and return how the run ended."""
