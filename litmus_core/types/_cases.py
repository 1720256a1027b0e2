"""Counts of a model's right and wrong predictions on the rows that judged it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FlaggedCases:
    """Of ``n_rows`` rows, ``n_flagged`` were flagged as ``label``, ``n_hits`` of them rightly; ``n_positive``
    have that label.
    """

    label: str
    n_rows: int
    n_positive: int
    n_flagged: int
    n_hits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RightCases:
    """Of ``n_rows`` rows, ``n_right`` were predicted right; ``n_commonest`` have the class that is commonest
    in the training rows.
    """

    n_rows: int
    n_right: int
    n_commonest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCases:
    """How far predictions are off: half of them by at most ``typical``, 9 in 10 by at most ``nine_in_ten``.

    ``guess_typical``: half of the true values lie within that distance of the best constant of the training
    rows (None: the guess differs by row). All in the target's ``unit`` ("": unknown).
    """

    n_rows: int
    typical: float
    nine_in_ten: float
    guess_typical: float | None
    unit: str = ""


Cases = FlaggedCases | RightCases | ErrorCases
