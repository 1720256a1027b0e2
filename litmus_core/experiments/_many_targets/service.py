"""Many targets of the workspace: listed, judged, exported, removed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import LitmusError, writing
from litmus_core.experiments._deploy.bundles import BundlesService
from litmus_core.experiments._many_targets.record import TargetsRecord, TargetsRequest
from litmus_core.experiments._runs.service import RunsService
from litmus_core.experiments._work import MODEL, StoredWork, WorkFolders
from litmus_core.many_targets import (
    TARGETS_FILE,
    TargetsReport,
    bundle_folder,
    load_targets,
    write_targets,
)

if TYPE_CHECKING:
    from litmus_core.many_targets import TargetsPredictor


@dataclass(frozen=True, slots=True)
class TargetsService(StoredWork[TargetsRequest, TargetsReport, TargetsRecord]):
    """Questions of many targets, each a folder with its request and its report; its runs are ordinary."""

    runs: RunsService
    bundles: BundlesService

    @property
    def folders(self) -> WorkFolders[TargetsRequest, TargetsReport]:
        """The folder of each question."""
        return WorkFolders(
            root=self.context.workspace.targets,
            prefix="mt",
            noun="set of targets",
            command="litmus targets train",
            request_type=TargetsRequest,
            report_type=TargetsReport,
        )

    def record(self, request: TargetsRequest) -> TargetsRecord:
        """Put a request, whose runs were started, on record."""
        self.folders.add(request)
        return self.get(request.id)

    def get(self, work_id: str) -> TargetsRecord:
        """Return many targets by their id; they are judged once all of their runs are over."""
        request = self.folders.request(work_id)
        if report := self.folders.report(work_id):
            return TargetsRecord(request=request, state="finished", report=report)
        self.context.store.refresh()
        try:
            if unfinished := self._unfinished(request):
                return unfinished
            return TargetsRecord(request=request, state="finished", report=self._judged(request))
        except LitmusError as error:  # a run, or its files, were removed
            return TargetsRecord(request=request, state="failed", message=error.message)

    def stop(self, work_id: str) -> None:
        """Stop the runs that are not over; each keeps its best model so far."""
        for run_id in self.folders.request(work_id).run_ids:
            if self.runs.progress(run_id).status in ("queued", "running"):
                self.runs.stop(run_id)

    def model(self, work_id: str) -> Path:
        """Return the folder that answers all targets; it is made at the first time."""
        report = self._finished(work_id)
        folder = self.folders.folder(work_id) / MODEL
        if not (folder / TARGETS_FILE).exists():  # which is written last
            shutil.rmtree(folder, ignore_errors=True)
            with writing(folder):
                folder.mkdir()
            for place, line in enumerate(report.lines):
                candidate = self.context.chosen(line.run_id)
                self.bundles.export(candidate.id, to=folder / bundle_folder(place), zipped=False)
            write_targets(folder, self.folders.request(work_id).spec, report.thresholds)
        return folder

    def open(self, targets_id: str) -> TargetsPredictor:
        """Return what answers all targets."""
        return load_targets(self.model(targets_id))

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

        report = judged_report(self.context, request, n_evaluations=1 + self._n_looks(request))
        self.folders.finish(request.id, report)
        return report

    def _n_looks(self, request: TargetsRequest) -> int:
        """Return how often the same targets were judged by the same test rows before."""
        others = [self.folders.request(other) for other in self.ids() if other != request.id]
        return sum(
            other.test_version_id == request.test_version_id
            and other.spec.columns == request.spec.columns
            and self.folders.report(other.id) is not None
            for other in others
        )
