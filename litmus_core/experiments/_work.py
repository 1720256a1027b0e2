"""Work that is not a run: a folder of the workspace with what was asked for, and what came of it."""

from __future__ import annotations

import json
import re
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar

from litmus_core.errors import BusyError, NotFoundError, TrainingError, UsageError, reading, writing
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.removal import remove_files
from litmus_core.experiments._deploy.living import check_undeployed
from litmus_core.types import Verdict, from_plain, to_plain
from litmus_core.verdicts import baseline_message, score_message, verdict_readiness

WorkState = Literal["running", "finished", "failed", "interrupted"]
T = TypeVar("T")
RequestT = TypeVar("RequestT", bound="WorkRequest")
ReportT = TypeVar("ReportT", bound="JudgedReport")
RecordT = TypeVar("RecordT", bound="WorkRecord[Any, Any]")
MODEL, _COPIES = "model", "deployed"
_REQUEST, _REPORT = "request.json", "report.json"
_POLL_S = 0.25


class JudgedReport(Protocol):
    """What came of work, with a verdict."""

    @property
    def verdict(self) -> Verdict:
        """The judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRequest:
    """What somebody asked for, of one version of a table."""

    id: str
    name: str
    created_at: str
    dataset_version_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRecord(Generic[RequestT, ReportT]):
    """A request, and where it is: ``message`` says what is done now, or what failed."""

    request: RequestT
    state: WorkState
    message: str = ""
    report: ReportT | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return self.request.id


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedWork:
    """Finished work on a leaderboard: what it predicts, and its score beside that of its baseline.

    ``metric`` and ``baseline`` are what people call them. ``beats_baseline`` is None where the score's
    interval leaves that open.
    """

    id: str
    name: str
    table: str
    created_at: str
    predicts: str
    metric: str
    baseline: str
    verdict: Verdict
    beats_baseline: bool | None

    @property
    def score_text(self) -> str:
        """The score with its metric and interval: "MASE 0.462 (0.220 to 0.703)"."""
        return score_message(self.verdict.score, self.metric)

    @property
    def baseline_text(self) -> str:
        """The score beside the baseline's: "Better than last season (0.967)"."""
        return baseline_message(self.verdict, self.baseline, is_beaten=self.beats_baseline)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSubject:
    """What a report is about, as people call it: what is predicted, its metric, and its baseline."""

    predicts: str
    metric: str
    baseline: str
    greater_is_better: bool

    def is_beaten(self, verdict: Verdict) -> bool | None:
        """Return whether a score is better than the baseline; None where its interval leaves that open."""
        score = verdict.score
        sign = 1 if self.greater_is_better else -1
        worst = score.low if self.greater_is_better else score.high
        if sign * (worst - verdict.baseline) > 0:
            return True
        return None if sign * (score.value - verdict.baseline) > 0 else False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFolders(Generic[RequestT, ReportT]):
    """The folders of one kind of work below ``root``, one for each id, which begins with ``prefix``.

    ``noun`` and ``command`` are for people: what it is, and how it is started.
    """

    root: Path
    prefix: str
    noun: str
    command: str
    request_type: type[RequestT]
    report_type: type[ReportT]

    def ids(self) -> tuple[str, ...]:
        """Return all ids."""
        return tuple(path.parent.name for path in self.root.glob(f"*/{_REQUEST}"))

    def folder(self, work_id: str) -> Path:
        """Return the folder of a request on record; raises NotFoundError for an unknown id."""
        is_id = re.fullmatch(f"{self.prefix}_[0-9a-f]+", work_id)  # no path: it may come from an address
        if not is_id or not (self.root / work_id / _REQUEST).exists():
            raise NotFoundError(kind=self.noun, id=work_id, names=self.ids())
        return self.root / work_id

    def request(self, work_id: str) -> RequestT:
        """Return what was asked for; raises NotFoundError for an unknown id."""
        return _read(self.folder(work_id) / _REQUEST, self.request_type)

    def report(self, work_id: str) -> ReportT | None:
        """Return what came of it; None before its end."""
        path = self.folder(work_id) / _REPORT
        return _read(path, self.report_type) if path.exists() else None

    def add(self, request: RequestT) -> None:
        """Put a request on record."""
        folder = self.root / request.id
        with writing(folder):
            folder.mkdir(parents=True)
            (folder / _REQUEST).write_text(json.dumps(to_plain(request)), encoding="utf-8")

    def finish(self, work_id: str, report: ReportT) -> None:
        """Put what came of a request on record, whole or not at all."""
        folder = self.folder(work_id)
        fresh = folder / f"{_REPORT}.new"
        with writing(folder):
            fresh.write_text(json.dumps(to_plain(report)), encoding="utf-8")
            fresh.replace(folder / _REPORT)


def copies_of(folder: Path) -> Path:
    """Return where the copies of its model lie that endpoints serve."""
    return folder / _COPIES


def _read(path: Path, kind: type[T]) -> T:
    with reading(path):
        return from_plain(kind, json.loads(path.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class StoredWork(ABC, Generic[RequestT, ReportT, RecordT]):
    """What can be done with all work of one kind, in whatever way it is trained."""

    context: Context

    @property
    @abstractmethod
    def folders(self) -> WorkFolders[RequestT, ReportT]:
        """Where it lies."""

    @abstractmethod
    def get(self, work_id: str) -> RecordT:
        """Return the record; raises NotFoundError for an unknown id."""

    @abstractmethod
    def _subject(self, request: RequestT, report: ReportT) -> WorkSubject:
        """Return what a report is about."""

    @abstractmethod
    def stop(self, work_id: str) -> None:
        """Stop its training."""

    @abstractmethod
    def model(self, work_id: str) -> Path:
        """Return the folder that answers; raises UsageError before its end."""

    def list(self) -> list[RecordT]:
        """Return all records, the newest first."""
        return [*self.latest()]

    def latest(self, most: int | None = None) -> Sequence[RecordT]:
        """Return the newest records (None: all), the newest first; only what is asked for is read."""
        newest = sorted(self.requests(), key=lambda request: request.created_at, reverse=True)
        return [self.get(request.id) for request in newest[:most]]

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all records."""
        return self.folders.ids()

    def requests(self) -> tuple[RequestT, ...]:
        """Return what was asked for, of all records."""
        return tuple(self.folders.request(work_id) for work_id in self.ids())

    def judged(self) -> Sequence[JudgedWork]:
        """Return all that is finished as lines of a leaderboard, the most ready first."""
        lines = [self._line(record, record.report) for record in self.list() if record.report is not None]
        return sorted(lines, key=lambda line: verdict_readiness(line.verdict, at=line.created_at))

    def newest(self) -> RecordT:
        """Return the newest that is finished; raises NotFoundError where there is none."""
        for record in self.list():
            if record.state == "finished":
                return record
        folders = self.folders
        raise NotFoundError(
            kind=f"finished {folders.noun}", id="(any)", hint=f"Start one: {folders.command}."
        )

    def wait(self, work_id: str, *, on_progress: Callable[[str], None] = lambda message: None) -> RecordT:
        """Return the record once its training has ended; raises TrainingError where there is no result."""
        record = self.get(work_id)
        on_progress(record.message)
        while record.state == "running":
            time.sleep(_POLL_S)
            record = self.get(work_id)
            on_progress(record.message)
        if record.state != "finished":
            raise TrainingError(
                record.message or f"The training of '{work_id}' was interrupted.",
                hint=f"Start it again: {self.folders.command}.",
            )
        return record

    def export(self, work_id: str, folder: Path | str) -> Path:
        """Copy what answers into a new ``folder``; raises UsageError before its end."""
        model, target = self.model(work_id), Path(folder)
        if target.exists():
            raise UsageError(f"'{target}' exists.", hint="Name a folder that does not.")
        with writing(target):
            shutil.copytree(model, target)
        return target

    def remove(self, work_id: str) -> None:
        """Remove a record with its model; raises BusyError while it is trained, or an endpoint may use it."""
        if self.get(work_id).state == "running":
            raise BusyError(f"'{work_id}' is being trained.", hint="Stop it first.")
        check_undeployed(self.context, work_id)
        remove_files(self.folders.folder(work_id))

    def _line(self, record: RecordT, report: ReportT) -> JudgedWork:
        request, verdict = record.request, report.verdict
        subject = self._subject(request, report)
        return JudgedWork(
            id=request.id,
            name=request.name,
            table=self._table_name(request.dataset_version_id),
            created_at=request.created_at,
            predicts=subject.predicts,
            metric=subject.metric,
            baseline=subject.baseline,
            verdict=verdict,
            beats_baseline=subject.is_beaten(verdict),
        )

    def _table_name(self, version_id: str) -> str:
        """Return a table's name; "" where the table was deleted."""
        try:
            return self.context.dataset(version_id).name
        except NotFoundError:
            return ""

    def _finished(self, work_id: str) -> ReportT:
        record = self.get(work_id)
        if record.report is None:
            raise UsageError(f"'{work_id}' is {record.state}.", hint="Wait for its end.")
        report: ReportT = record.report
        return report
