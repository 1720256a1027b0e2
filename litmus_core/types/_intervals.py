"""How often intervals or label sets held the truth, and how large they were."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What intervals or label sets at a promised ``level`` did on ``n_rows`` rows that they are not from.

    ``share`` of them held the truth, with a 95 % interval (Wilson's) from ``low`` to ``high``. ``size`` is
    the mean width of the intervals in the target's unit, or the mean number of labels in a set
    (``of_labels``).
    """

    level: float
    share: float
    low: float
    high: float
    n_rows: int
    size: float
    of_labels: bool = False
