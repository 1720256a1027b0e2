"""Workspaces that somebody else made: list the code in them that would run, and trust it once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from litmus_core.errors import BusyError
from litmus_core.experiments._context import Context
from litmus_core.jobs import final_folders, is_alive, is_queue_row_trusted, sign_queued
from litmus_core.plugins import PlugInState, sign_modules
from litmus_core.runtime import MODULES
from litmus_core.store import is_trusted, trust_workspace
from litmus_core.trust import are_files_trusted, sign_files
from litmus_core.types import RunQueued

_MOST_NAMES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Untrusted:
    """The parts of a workspace that somebody else made; none runs before this person trusts it.

    ``workspace`` means all of it. ``runs`` are those with files (models, which run code when opened) that
    were not written here, or have changed since; ``waiting`` are those that would start. ``plugins`` are the
    plug-in files that the workspace's maker trusted.
    """

    workspace: bool
    runs: tuple[str, ...]
    waiting: tuple[str, ...]
    plugins: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.workspace or self.runs)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The text to read before trusting it."""
        lines = ["Opening a model runs code. What you trust can read and write what you can."]
        if self.workspace:
            lines.append("You did not make this workspace on this computer.")
        for names, subject in (
            (self.runs, "Runs with files that you did not write"),
            (self.waiting, "Runs that will start"),
            (self.plugins, "Plug-ins that its author trusted"),
        ):
            if names:
                more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
                lines.append(f"{subject}: {', '.join(names[:_MOST_NAMES])}{more}.")
        return tuple(lines)


@dataclass(frozen=True, slots=True)
class TrustService:
    """Trust in the code of a workspace."""

    context: Context

    def is_trusted(self) -> bool:
        """Return whether this person made or trusts the workspace; only then its jobs and models run."""
        return is_trusted(self.context.workspace, self.context.journal)

    def untrusted(self) -> Untrusted:
        """Return the parts of the workspace that come from others.

        The first call hashes the files of all runs.
        """
        queued = self._queued_facts()
        runs = [run_id for run_id, fact in queued.items() if not self._is_run_trusted(fact)]
        waiting = {job.run_id for job in self.context.journal.jobs("queued", "claimed")}
        return Untrusted(
            workspace=not self.is_trusted(),
            runs=tuple(runs),
            waiting=tuple(run_id for run_id in queued if run_id in waiting),
            plugins=PlugInState(self.context.workspace.path).foreign_copies(),
        )

    def grant(self, run_ids: Sequence[str] | None = None) -> None:
        """Trust the workspace with its present contents, or only the runs with these ids.

        From then on their models can be opened, which runs any code in them, and queued runs start. Later
        changes by others need to be trusted again. Raises NotFoundError for an unknown run, BusyError for a
        running one.
        """
        queued = self._queued_facts()
        chosen = (
            list(queued) if run_ids is None else [self.context.store.run(run_id).id for run_id in run_ids]
        )
        for run_id in chosen:
            self._trust_run(queued[run_id])
        if run_ids is None:
            PlugInState(self.context.workspace.path).trust_foreign_copies()
            trust_workspace(self.context.workspace, self.context.journal)

    def _queued_facts(self) -> dict[str, RunQueued]:
        """Return the request of each existing run, oldest first."""
        run_ids = {run.id for run in self.context.store.runs()}
        facts = (event.fact for event in self.context.journal.events(types=[RunQueued]))
        return {fact.run_id: fact for fact in facts if isinstance(fact, RunQueued) and fact.run_id in run_ids}

    def _is_run_trusted(self, fact: RunQueued) -> bool:
        folder = self.context.workspace.run_dir(fact.run_id)
        return is_queue_row_trusted(self.context.workspace, fact) and all(
            are_files_trusted(part) for part in (folder, *final_folders(folder))
        )

    def _trust_run(self, fact: RunQueued) -> None:
        folder = self.context.workspace.run_dir(fact.run_id)
        if is_alive(self.context.workspace, fact.run_id):
            raise BusyError(f"'{fact.run_id}' is still running.", hint="Trust it when it has ended.")
        sign_queued(self.context.workspace, fact)
        if (folder / MODULES).is_dir():
            sign_modules(folder / MODULES)
        for part in (folder, *final_folders(folder)):
            sign_files(part)
