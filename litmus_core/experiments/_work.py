"""Work that is not a run: a folder of the workspace with what was asked for, and what came of it."""

from __future__ import annotations

import json
import re
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from litmus_core.errors import BusyError, NotFoundError, TrainingError, UsageError, reading, writing
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.removal import remove_files
from litmus_core.types import from_plain, to_plain

WorkState = Literal["running", "finished", "failed", "interrupted"]
T = TypeVar("T")
RequestT = TypeVar("RequestT", bound="WorkRequest")
ReportT = TypeVar("ReportT")
RecordT = TypeVar("RecordT", bound="WorkRecord[Any, Any]")
MODEL = "model"
_REQUEST, _REPORT = "request.json", "report.json"
_POLL_S = 0.25


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
    def stop(self, work_id: str) -> None:
        """Stop its training."""

    @abstractmethod
    def model(self, work_id: str) -> Path:
        """Return the folder that answers; raises UsageError before its end."""

    def list(self) -> list[RecordT]:
        """Return all records, the newest first."""
        records = [self.get(work_id) for work_id in self.ids()]
        return sorted(records, key=lambda record: record.request.created_at, reverse=True)

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all records."""
        return self.folders.ids()

    def requests(self) -> tuple[RequestT, ...]:
        """Return what was asked for, of all records."""
        return tuple(self.folders.request(work_id) for work_id in self.ids())

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
        """Remove a record with its model; raises BusyError while it is trained."""
        if self.get(work_id).state == "running":
            raise BusyError(f"'{work_id}' is being trained.", hint="Stop it first.")
        remove_files(self.folders.folder(work_id))

    def _finished(self, work_id: str) -> ReportT:
        record = self.get(work_id)
        if record.report is None:
            raise UsageError(f"'{work_id}' is {record.state}.", hint="Wait for its end.")
        report: ReportT = record.report
        return report
