"""The stored request and result of a training of many targets."""

from __future__ import annotations

from dataclasses import dataclass, field

from litmus_core.experiments._work import WorkRecord, WorkRequest
from litmus_core.many_targets import TargetsReport, TargetsSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsRequest(WorkRequest):
    """Targets that somebody asked for. ``run_ids`` train them in their order, on the same rows.

    The version with a column for each target was split into those to learn from and to judge by. ``notes``
    were said before training.
    """

    columns_version_id: str
    train_version_id: str
    test_version_id: str
    spec: TargetsSpec
    run_ids: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsRecord(WorkRecord[TargetsRequest, TargetsReport]):
    """Targets, and where they are: ``n_trained`` of them have a model.

    ``moved`` are thresholds that somebody chose after the end, by label.
    """

    n_trained: int = 0
    moved: dict[str, float] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """How much of a running training is done."""
        return self.n_trained / len(self.request.run_ids)

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Where each label begins to be yes, in what answers; () for numbers, and before the end."""
        lines = () if self.report is None else self.report.lines
        return tuple(
            self.moved.get(line.name, line.threshold) for line in lines if line.threshold is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdCounts:
    """What a threshold does to ``n`` validated rows: ``hits`` of the ``flagged`` are among the ``n_yes``."""

    n: int
    flagged: int
    hits: int
    n_yes: int
