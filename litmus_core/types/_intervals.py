"""The coverage and size of intervals or label sets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The coverage of intervals or label sets of a promised ``level``, on ``n_rows`` rows not used to make
    them.

    For a ``share`` of the rows they held the truth, with a 95 % interval (Wilson's) from ``low`` to ``high``.
    ``size`` is the mean width of the intervals in the target's unit, or the mean number of labels in a set
    (``of_labels``).
    """

    level: float
    share: float
    low: float
    high: float
    n_rows: int
    size: float
    of_labels: bool = False
