"""How often the test rows of a table may be scored: who chooses by test scores wins by luck in the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from litmus_core.errors import BusyError, UsageError
from litmus_core.experiments._studio import Studio
from litmus_core.store import FileLock
from litmus_core.text import format_count

_LOCK, _LOCK_WAIT_S = "agents.lock", 30.0
_ACTIVE = ("queued", "running")


@dataclass(frozen=True, slots=True)
class EvaluationBudget:
    """The number of test-set evaluations that a table may have before agents can start no further runs.

    Evaluations by people count, too. Versions of a data set count as one table, and so do copies with the
    same rows under another name. A run that waits or trains counts already. The journal is counted, so a
    restart of the server changes nothing.
    """

    studio: Studio
    most: int

    def used(self, version_id: str) -> int:
        """Return the number of test-set evaluations of the version's table, and of its active runs."""
        store, versions = self.studio.store, self._same_table(version_id)
        experiments = [
            experiment.id
            for experiment in store.experiments()
            if experiment.task.dataset_version_id in versions
        ]
        scored = sum(map(store.n_evaluations, experiments))
        runs = [run for experiment in experiments for run in store.runs(experiment)]
        return scored + sum(run.status in _ACTIVE for run in runs)

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
        store = self.studio.store
        families = [store.versions(latest.dataset_id) for latest in store.datasets()]
        mine = store.dataset_version(version_id)
        hashes = {version.content_hash for version in store.versions(mine.dataset_id)}
        return {
            version.id
            for family in families
            if any(version.content_hash in hashes for version in family)
            for version in family
        }
