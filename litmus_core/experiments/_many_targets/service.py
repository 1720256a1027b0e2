"""Many targets of the workspace: listed, judged, exported, removed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import (
    BusyError,
    LitmusError,
    NotFoundError,
    TrainingError,
    UsageError,
    reading,
    writing,
)
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.removal import remove_files
from litmus_core.experiments._deploy.bundles import BundlesService
from litmus_core.experiments._many_targets.record import REPORT, REQUEST, TargetsRecord, TargetsRequest
from litmus_core.experiments._runs.service import RunsService
from litmus_core.many_targets import TargetsReport, bundle_folder, load_targets, write_targets
from litmus_core.types import from_plain, to_plain

if TYPE_CHECKING:
    from litmus_core.many_targets import TargetsPredictor

_POLL_S = 0.25


@dataclass(frozen=True, slots=True)
class TargetsService:
    """Questions of many targets, each a folder with its request and its report; its runs are ordinary."""

    context: Context
    runs: RunsService
    bundles: BundlesService

    def record(self, request: TargetsRequest) -> TargetsRecord:
        """Put a request, whose runs were started, on record."""
        folder = self._folder(request.id)
        with writing(folder):
            folder.mkdir(parents=True)
            (folder / REQUEST).write_text(json.dumps(to_plain(request)), encoding="utf-8")
        return self.get(request.id)

    def get(self, targets_id: str) -> TargetsRecord:
        """Return many targets by their id; they are judged once all of their runs are over."""
        request, folder = self._request(targets_id), self._folder(targets_id)
        if (folder / REPORT).exists():
            return TargetsRecord(request=request, state="finished", report=_read(folder / REPORT))
        self.context.store.refresh()
        try:
            if unfinished := self._unfinished(request):
                return unfinished
            return TargetsRecord(request=request, state="finished", report=self._judged(request))
        except LitmusError as error:  # a run, or its files, were removed
            return TargetsRecord(request=request, state="failed", message=error.message)

    def list(self) -> list[TargetsRecord]:
        """Return all, the newest first."""
        records = [self.get(targets_id) for targets_id in self._ids()]
        return sorted(records, key=lambda record: record.request.created_at, reverse=True)

    def newest(self) -> TargetsRecord:
        """Return the newest that are finished; raises NotFoundError where there are none."""
        for record in self.list():
            if record.state == "finished":
                return record
        raise NotFoundError(
            kind="finished set of targets", id="(any)", hint="Train some: litmus targets train."
        )

    def wait(
        self, targets_id: str, *, on_progress: Callable[[str], None] = lambda message: None
    ) -> TargetsRecord:
        """Return many targets once they are judged; raises TrainingError where a run failed."""
        record = self.get(targets_id)
        on_progress(record.message)
        while record.state == "running":
            time.sleep(_POLL_S)
            record = self.get(targets_id)
            on_progress(record.message)
        if record.state == "failed":
            raise TrainingError(record.message, hint="The other runs go on: litmus targets show.")
        return record

    def stop(self, targets_id: str) -> None:
        """Stop the runs that are not over; each keeps its best model so far."""
        for run_id in self._request(targets_id).run_ids:
            if self.runs.progress(run_id).status in ("queued", "running"):
                self.runs.stop(run_id)

    def export(self, targets_id: str, folder: Path | str) -> Path:
        """Write what answers all targets into a new ``folder``: a bundle for each, and what joins them."""
        record, to = self.get(targets_id), Path(folder)
        if record.report is None:
            raise UsageError(f"'{targets_id}' is {record.state}.", hint="Wait for the end of its runs.")
        if to.exists():
            raise UsageError(f"'{to}' exists.", hint="Name a folder that does not.")
        with writing(to):
            to.mkdir(parents=True)
        for place, line in enumerate(record.report.lines):
            candidate = self.context.chosen(line.run_id)
            self.bundles.export(candidate.id, to=to / bundle_folder(place), zipped=False)
        write_targets(to, record.request.spec, record.report.thresholds)
        return to

    def open(self, targets_id: str) -> TargetsPredictor:
        """Return what answers all targets, exported into their folder at the first time."""
        folder = self._folder(targets_id) / "model"
        if not folder.exists():
            self.export(targets_id, folder)
        return load_targets(folder)

    def remove(self, targets_id: str) -> None:
        """Remove many targets from the list; their runs stay. Raises BusyError while one is trained."""
        if self.get(targets_id).state == "running":
            raise BusyError(f"'{targets_id}' is being trained.", hint="Stop it first.")
        remove_files(self._folder(targets_id))

    def _unfinished(self, request: TargetsRequest) -> TargetsRecord | None:
        """Return what is still trained, or failed; None where all runs have a model to judge."""
        for target, run_id in zip(request.spec.targets, request.run_ids, strict=True):
            progress = self.runs.progress(run_id)
            if progress.status in ("queued", "running"):
                message = f"{target.name}: {progress.message}"
                return TargetsRecord(request=request, state="running", message=message)
            if progress.status in ("failed", "interrupted"):
                message = f"{target.name}: {self.context.run(run_id).message}"
                return TargetsRecord(request=request, state="failed", message=message)
        return None

    def _judged(self, request: TargetsRequest) -> TargetsReport:
        from litmus_core.experiments._many_targets.judge import judged_report

        folder = self._folder(request.id)
        report = judged_report(self.context, request, n_evaluations=1 + self._n_looks(request))
        fresh = folder / f"{REPORT}.new"
        with writing(folder):
            fresh.write_text(json.dumps(to_plain(report)), encoding="utf-8")
            fresh.replace(folder / REPORT)
        return report

    def _n_looks(self, request: TargetsRequest) -> int:
        """Return how often the same targets were judged by the same test rows before."""
        others = [self._request(other) for other in self._ids() if other != request.id]
        return sum(
            other.test_version_id == request.test_version_id
            and other.spec.columns == request.spec.columns
            and (self._folder(other.id) / REPORT).exists()
            for other in others
        )

    def _ids(self) -> tuple[str, ...]:
        return tuple(path.parent.name for path in self.context.workspace.targets.glob(f"*/{REQUEST}"))

    def _request(self, targets_id: str) -> TargetsRequest:
        path = self._folder(targets_id) / REQUEST
        if not path.exists():
            raise NotFoundError(kind="set of targets", id=targets_id, names=self._ids())
        with reading(path):
            return from_plain(TargetsRequest, json.loads(path.read_text(encoding="utf-8")))

    def _folder(self, targets_id: str) -> Path:
        return self.context.workspace.targets_dir(targets_id)


def _read(path: Path) -> TargetsReport:
    with reading(path):
        return from_plain(TargetsReport, json.loads(path.read_text(encoding="utf-8")))
