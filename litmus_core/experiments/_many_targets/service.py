"""Many targets of the workspace: listed, judged, exported, removed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import LitmusError, UnknownNameError, UsageError, reading, writing
from litmus_core.experiments._deploy.bundles import BundlesService
from litmus_core.experiments._many_targets.proposal import TargetsProposal, propose_targets
from litmus_core.experiments._many_targets.record import TargetsRecord, TargetsRequest, ThresholdCounts
from litmus_core.experiments._runs.service import RunsService
from litmus_core.experiments._work import MODEL, StoredWork, WorkFolders, WorkSubject
from litmus_core.many_targets import (
    TARGETS_FILE,
    TagColumn,
    TargetsOutlook,
    TargetsReport,
    bundle_folder,
    joint_metric,
    load_targets,
    read_outlook,
    say,
    write_targets,
)
from litmus_core.types import DatasetVersion, from_plain

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.many_targets import TargetsPredictor

_MOVED = "thresholds.json"


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

    def propose(self, version: DatasetVersion) -> TargetsProposal:
        """Return which columns may be targets together."""
        return propose_targets(version, self._all_rows(version))

    def outlook(
        self, version: DatasetVersion, columns: Sequence[str] = (), tags: TagColumn | None = None
    ) -> TargetsOutlook:
        """Return what there is to say before training; raises DataError where nothing can be trained."""
        return read_outlook(self._all_rows(version), columns, tags)

    def record(self, request: TargetsRequest) -> TargetsRecord:
        """Put a request, whose runs were started, on record."""
        self.folders.add(request)
        return self.get(request.id)

    def get(self, work_id: str) -> TargetsRecord:
        """Return many targets by their id; they are judged once all of their runs are over."""
        request = self.folders.request(work_id)
        if report := self.folders.report(work_id):
            return TargetsRecord(request=request, state="finished", report=report, moved=self._moved(work_id))
        self.context.store.refresh()
        try:
            if unfinished := self._unfinished(request):
                return unfinished
            return TargetsRecord(request=request, state="finished", report=self._judged(request))
        except LitmusError as error:  # a run, or its files, were removed
            return TargetsRecord(request=request, state="failed", message=error.message)

    def _subject(self, request: TargetsRequest, report: TargetsReport) -> WorkSubject:
        """Return what many targets are about, beside the best answer that is the same for every row."""
        metric = joint_metric(report.verdict.score.metric)
        return WorkSubject(
            predicts=say("subject", n=len(request.spec.names), names=request.spec.names),
            metric=metric.title,
            baseline=say("guessing"),
            greater_is_better=metric.greater_is_better,
        )

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
            write_targets(folder, self.folders.request(work_id).spec, self.get(work_id).thresholds)
        return folder

    def open(self, targets_id: str) -> TargetsPredictor:
        """Return what answers all targets."""
        return load_targets(self.model(targets_id))

    def counts(self, targets_id: str, thresholds: Sequence[float]) -> Sequence[ThresholdCounts]:
        """Return what thresholds of all labels do to the rows that validated them."""
        from litmus_core.experiments._many_targets.judge import label_counts

        return label_counts(self.context, self.folders.request(targets_id), thresholds)

    def move(self, targets_id: str, thresholds: Mapping[str, float]) -> TargetsRecord:
        """Let labels begin to be yes elsewhere, in all that answers from now on; the verdict stays.

        Labels that are not named go back to what was chosen by validation rows.
        """
        report, folder = self._finished(targets_id), self.folders.folder(targets_id)
        labels = [line.name for line in report.lines if line.threshold is not None]
        for name, threshold in thresholds.items():
            if name not in labels:
                raise UnknownNameError(kind="label", name=name, names=labels)
            if not 0 < threshold < 1:
                raise UsageError(f"{threshold} is not a threshold.", hint="Choose one between 0 and 1.")
        with writing(folder):
            (folder / _MOVED).write_text(json.dumps(dict(thresholds)), encoding="utf-8")
            if (folder / MODEL / TARGETS_FILE).exists():
                record = self.get(targets_id)
                write_targets(folder / MODEL, record.request.spec, record.thresholds)
        return self.get(targets_id)

    def _moved(self, targets_id: str) -> dict[str, float]:
        path = self.folders.folder(targets_id) / _MOVED
        if not path.exists():
            return {}
        with reading(path):
            return from_plain(dict[str, float], json.loads(path.read_text(encoding="utf-8")))

    def _all_rows(self, version: DatasetVersion) -> pd.DataFrame:
        from litmus_core.data import read_rows

        return read_rows(self.context.workspace, version, n_rows=version.n_rows)

    def _unfinished(self, request: TargetsRequest) -> TargetsRecord | None:
        """Return what is still trained, or failed; None where all runs have a model to judge."""
        progresses = [self.runs.progress(run_id) for run_id in request.run_ids]
        pairs = list(zip(request.spec.targets, progresses, strict=True))
        open_ones = [
            f"{target.name}: {progress.message}"
            for target, progress in pairs
            if progress.status in ("queued", "running")
        ]
        if open_ones:
            n_trained = len(pairs) - len(open_ones)
            message = f"{n_trained} of {len(pairs)} trained. {open_ones[0]}"
            return TargetsRecord(request=request, state="running", message=message, n_trained=n_trained)
        for target, progress in pairs:
            if progress.status in ("failed", "interrupted"):
                message = f"{target.name}: {self.context.run(progress.run_id).message}"
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
