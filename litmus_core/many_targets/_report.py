"""What is known of many targets once they are judged, as facts that JSON holds."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.types import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetLine:
    """One target on the joint test rows: its F1 or its R² (``score``), and the model that answers.

    A label is yes from ``threshold`` on, and truly is in ``n_yes`` test rows; both are None for a number.
    """

    name: str
    score: float
    model: str
    run_id: str
    threshold: float | None = None
    n_yes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsReport:
    """The verdict on all targets together, and ``scores`` by every metric of their kind."""

    verdict: Verdict
    scores: dict[str, float]
    lines: tuple[TargetLine, ...]

    @property
    def thresholds(self) -> tuple[float, ...]:
        """The threshold of each label; () for numbers."""
        return tuple(line.threshold for line in self.lines if line.threshold is not None)
