"""What a model did with the rows that judged it, counted: cases before rates."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FlaggedCases:
    """Of ``n_rows`` it flagged ``n_flagged`` as ``label``, ``n_hits`` of them rightly; ``n_positive`` are."""

    label: str
    n_rows: int
    n_positive: int
    n_flagged: int
    n_hits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RightCases:
    """Of ``n_rows`` it got ``n_right`` right; the commonest class is that of ``n_commonest``."""

    n_rows: int
    n_right: int
    n_commonest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCases:
    """How far predictions are off: half of them by at most ``typical``, 9 in 10 by at most ``nine_in_ten``.

    ``guess_typical``: half of the answers lie within that distance of the middle one
    (None: what guessing says differs by row). All in the target's
    ``unit`` ("": none is known).
    """

    n_rows: int
    typical: float
    nine_in_ten: float
    guess_typical: float | None
    unit: str = ""


Cases = FlaggedCases | RightCases | ErrorCases
