"""How often the test rows of a table may be scored: who chooses by test scores wins by luck in the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from litmus_core.errors import BusyError, UsageError
from litmus_core.experiments._studio import Studio
from litmus_core.jobs import imported_versions
from litmus_core.store import FileLock
from litmus_core.text import format_count
from litmus_core.types import CandidateTested

_LOCK, _LOCK_WAIT_S = "agents.lock", 30.0
_ACTIVE = ("queued", "running")


@dataclass(frozen=True, slots=True)
class EvaluationBudget:
    """The number of test-set evaluations that a table may have before agents can start no further runs.

    Evaluations by people count, too. Versions of a data set count as one table, and so do copies with the
    same rows under another name. A run counts from its start, and once. The journal is counted, so
    neither a restart of the server nor a deletion changes anything.
    """

    studio: Studio
    most: int

    def used(self, version_id: str) -> int:
        """Return how often the version's table was scored, and will be by runs that wait or train."""
        store, journal = self.studio.store, self.studio.journal
        runs = {fact.run_id for fact in journal.queued_on(self._same_table(version_id), learned=True)}
        scored = {
            event.fact.candidate_id
            for event in journal.events(run_id=runs, types=[CandidateTested])
            if isinstance(event.fact, CandidateTested)
        }
        to_score = [
            run.id
            for run in store.runs()
            if run.id in runs
            and run.status in _ACTIVE
            and not any(candidate.startswith(f"{run.id}-") for candidate in scored)
        ]
        return len(scored) + len(to_score)

    @contextmanager
    def one(self, version_id: str) -> Iterator[None]:
        """Start one run within the block; raises UsageError before it if the budget is used up."""
        with FileLock(self.studio.workspace.path / _LOCK) as lock:
            if not lock.acquire(timeout_s=_LOCK_WAIT_S):
                raise BusyError("Another agent is starting a run.", hint="Try again in a moment.")
            self.studio.store.refresh(until=self.studio.journal.last_id())
            used = self.used(version_id)
            if used >= self.most:
                raise UsageError(
                    f"The test rows of this table were scored {format_count(used, 'time')}, and "
                    f"{self.most:,} were allowed.",
                    hint="Decide by the verdicts that are there, or ask the person who started this server: "
                    "new test rows, or a larger --evaluations.",
                )
            yield

    def _same_table(self, version_id: str) -> set[str]:
        versions = imported_versions(self.studio.journal)
        mine = versions[version_id].dataset_id
        hashes = {version.content_hash for version in versions.values() if version.dataset_id == mine}
        same = {version.dataset_id for version in versions.values() if version.content_hash in hashes}
        return {version.id for version in versions.values() if version.dataset_id in same}
