"""The stored request and result of a training of many targets."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.experiments._work import WorkRecord, WorkRequest
from litmus_core.many_targets import TargetsReport, TargetsSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsRequest(WorkRequest):
    """Targets that somebody asked for. ``run_ids`` train them in their order, on the same rows.

    The table was split into the versions to learn from and to judge by. ``notes`` were said before training.
    """

    train_version_id: str
    test_version_id: str
    spec: TargetsSpec
    run_ids: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsRecord(WorkRecord[TargetsRequest, TargetsReport]):
    """Targets, and where they are."""
