"""The stored request and result of a training of many targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.many_targets import TargetsReport, TargetsSpec

TargetsState = Literal["running", "finished", "failed"]
REQUEST, REPORT = "request.json", "report.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsRequest:
    """Targets that somebody asked for. ``run_ids`` train them in their order, on the same rows.

    ``dataset_version_id`` is the table that was split into the versions to learn from and to judge by.
    ``notes`` were said before training.
    """

    id: str
    name: str
    created_at: str
    dataset_version_id: str
    train_version_id: str
    test_version_id: str
    spec: TargetsSpec
    run_ids: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsRecord:
    """Targets, and where they are: ``message`` says what is trained now, or what failed."""

    request: TargetsRequest
    state: TargetsState
    message: str = ""
    report: TargetsReport | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return self.request.id
