"""New rows since a model was trained, and the cost and benefit of continuing its training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.presenters import humanize
from litmus_core.experiments import Comparison, NewerRows
from litmus_core.text import format_measured
from litmus_core.types import Candidate, Run

__all__ = ["ContinuingView", "SideRow", "WarmStartOffer", "present_continuing"]

_BOOSTED = ("boosting", "stock")


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmStartOffer:
    """The offer to continue training a candidate, and why."""

    candidate_id: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRow:
    """One model of the comparison: its description, name, test score and training time."""

    side: str
    model: str
    test: str
    fit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuingView:
    """The ``offer`` to continue, and the result of an earlier continuation: ``rows`` of both sides."""

    offer: WarmStartOffer | None = None
    rows: tuple[SideRow, ...] = ()
    sentence: str = ""


def present_continuing(
    opened: Candidate | None,
    candidates: Sequence[Candidate],
    newer: NewerRows | None,
    both: Comparison | None,
) -> ContinuingView:
    """Present the offer to continue the ``opened`` candidate, and the result of an earlier continuation."""
    rows = (
        []
        if both is None
        else [
            _side("Continued", both.continued, both.continued_run),
            _side("Retrained", both.retrained, both.retrained_run),
        ]
    )
    awaited = "" if both is None else "They are compared when both have been tested."
    return ContinuingView(
        offer=_offer(opened, candidates, newer),
        rows=tuple(row for row in rows if row is not None),
        sentence=awaited if both is None else both.sentence or awaited,
    )


def _offer(
    opened: Candidate | None, candidates: Sequence[Candidate], newer: NewerRows | None
) -> WarmStartOffer | None:
    """Return the offer if there are new rows, and trees that can be extended."""
    if opened is None or newer is None:
        return None
    models = [opened, *(candidate for candidate in candidates if candidate.id in opened.parents)]
    if not any(candidate.family_kind in _BOOSTED for candidate in models):
        return None
    return WarmStartOffer(
        candidate_id=opened.id,
        sentence=f"New rows since this model was trained: {newer.n_new:,} (version {newer.version.version}).",
    )


def _side(title: str, candidate: Candidate | None, run: Run | None) -> SideRow | None:
    if run is None:
        return None
    if candidate is None or candidate.test is None:
        return SideRow(side=title, model=humanize.status_message(run.status).word, test="", fit="")
    fit = humanize.brief(candidate.fit_s)
    return SideRow(side=title, model=candidate.name, test=format_measured(candidate.test), fit=fit)
