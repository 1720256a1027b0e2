"""Outcomes: the truth about rows that an endpoint predicted, and how many of them were stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

_MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeProblem:
    """The reason why the outcome at ``place``, counted from 0, was not stored."""

    place: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCounts:
    """The counts of stored and refused outcomes.

    ``n_corrected`` of the ``n_stored`` replace an earlier outcome of the same answer, which is stored, too;
    ``n_repeated`` equal the stored outcome. ``n_unknown`` ids belong to no stored answer: their outcomes are
    stored, in case the answer is still on its way. ``problems`` are the first twenty of ``n_refused``.
    """

    n_sent: int = 0
    n_stored: int = 0
    n_corrected: int = 0
    n_repeated: int = 0
    n_unknown: int = 0
    n_refused: int = 0
    problems: tuple[OutcomeProblem, ...] = ()

    def with_refused(self, problems: Sequence[OutcomeProblem], *, n_sent: int) -> OutcomeCounts:
        """Return the counts with ``problems`` of outcomes that could not be read; ``n_sent`` outcomes were
        sent.
        """
        shown = tuple(problems[:_MOST_PROBLEMS])
        return replace(self, n_sent=n_sent, n_refused=len(problems), problems=shown)

    def __add__(self, other: OutcomeCounts) -> OutcomeCounts:
        """Return the sum of both counts."""
        return OutcomeCounts(
            n_sent=self.n_sent + other.n_sent,
            n_stored=self.n_stored + other.n_stored,
            n_corrected=self.n_corrected + other.n_corrected,
            n_repeated=self.n_repeated + other.n_repeated,
            n_unknown=self.n_unknown + other.n_unknown,
            n_refused=self.n_refused + other.n_refused,
            problems=(*self.problems, *other.problems)[:_MOST_PROBLEMS],
        )
