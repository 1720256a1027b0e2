"""The workspace as every service sees it: files, journal and store."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from litmus_core.errors import NotFoundError
from litmus_core.experiments._permissions import WRITING, check_permission
from litmus_core.people import LITMUS, Person, local_person

if TYPE_CHECKING:
    from litmus_core.store import Journal, Store, Workspace
    from litmus_core.types import Candidate, DatasetVersion, Experiment, Fact, Run


@dataclass(frozen=True, slots=True)
class Context:
    """One open workspace: its files, its journal, and the store that is built from the journal.

    ``person`` is who acts: every fact is stored with their id. Safe to use from several threads. Reads raise
    NotFoundError for an unknown id.
    """

    workspace: Workspace
    store: Store
    person: Person = field(default_factory=local_person)

    @property
    def journal(self) -> Journal:
        """The journal to write the person's facts to."""
        return self.store.journal.signed_by(self.person.id)

    def record(self, *facts: Fact) -> None:
        """Write the person's facts to the journal and wait until reads return them.

        Raises NotPermittedError for a person whose role only reads, whatever led here.
        """
        check_permission(self.person, WRITING)
        self.store.refresh(until=self.journal.append(*facts))

    def for_litmus(self) -> Context:
        """Return this context for facts that nobody decided, such as the death of a process."""
        return replace(self, person=LITMUS)

    def dataset(self, version_id: str) -> DatasetVersion:
        """Return one version of a data set."""
        return self.store.dataset_version(version_id)

    def experiment(self, experiment_id: str) -> Experiment:
        """Return one experiment."""
        return self.store.experiment(experiment_id)

    def run(self, run_id: str) -> Run:
        """Return one run."""
        return self.store.run(run_id)

    def experiment_of(self, run_id: str) -> Experiment:
        """Return the experiment of a run."""
        return self.experiment(self.run(run_id).experiment_id)

    def runs(self, experiment_id: str) -> list[Run]:
        """Return the runs of an experiment, oldest first."""
        return sorted(self.store.runs(experiment_id), key=lambda run: run.number)

    def candidate(self, candidate_id: str) -> Candidate:
        """Return one candidate."""
        return self.store.candidate(candidate_id)

    def candidates(self, run_id: str) -> list[Candidate]:
        """Return the candidates of a run in leaderboard order: the chosen one, then by validation score."""
        from litmus_core.advice import ranked

        return ranked(self.store.candidates(run_id))

    def chosen(self, run_id: str) -> Candidate:
        """Return the chosen candidate of a run; for an interrupted run, its best by validation score."""
        candidates = self.candidates(run_id)
        if not candidates:
            is_over = self.run(run_id).status not in ("queued", "running")
            hint = "The run finished no model; start it again." if is_over else "It is still training: wait."
            raise NotFoundError(kind="model in run", id=run_id, hint=hint)
        return candidates[0]
