"""The live verdict of an endpoint, and the counts of added outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.presenters.humanize import StateMessage, ago
from litmus_core.text import format_count
from litmus_core.types import LiveComparison, LiveState, LiveVerdict, OutcomeCounts

if TYPE_CHECKING:
    from litmus_core.deploy import RetrainingPolicy

__all__ = [
    "POLICIES",
    "AddedOutcomesView",
    "LiveVerdictView",
    "PolicyView",
    "present_live",
    "present_outcomes",
    "present_policy",
]

_STATES: dict[LiveState, tuple[str, str, int]] = {
    "still meets": (":material/check_circle:", "good", 0),
    "probably": (":material/check:", "good", 1),
    "doubtful": (":material/help:", "near", 2),
    "not any more": (":material/cancel:", "bad", 3),
    "too few outcomes": (":material/hourglass_top:", "quiet", 4),
    "no bar": (":material/horizontal_rule:", "quiet", 5),
}

POLICIES: dict[str, str] = {  # triggers of automatic retraining
    "never": "Never",
    "on-alarm": "Once it no longer meets its bar",
    "after": "After so many new outcomes",
    "every": "Every so many days",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    """A retraining policy: ``when`` is a key of ``POLICIES``, ``count`` the number of outcomes or days."""

    when: str = "never"
    count: int = 1

    @property
    def command(self) -> str:
        """The policy's text in Python and on the command line."""
        unit = {"after": f":{self.count}", "every": f":{self.count}d"}
        return self.when + unit.get(self.when, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveVerdictView:
    """The live verdict of an endpoint.

    ``has_fallen``: the page offers to find the causes. ``comparison`` compares a waiting version with the
    live one; ``better`` is its number if outcomes prove it better. ``judged`` says when it was judged.
    """

    state: StateMessage
    sentence: str
    has_fallen: bool = False
    comparison: str = ""
    better: int | None = None
    judged: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedOutcomesView:
    """The counts of an added file of outcomes as a sentence, and the problems of rejected rows."""

    stored: str
    problems: tuple[str, ...] = ()


def present_live(verdict: LiveVerdict, comparison: LiveComparison | None = None) -> LiveVerdictView:
    """Present a live verdict, and the ``comparison`` with a waiting version."""
    icon, tone, rank = _STATES[verdict.judgement.state]
    state = StateMessage(word=verdict.headline, icon=icon, tone=tone, rank=rank)  # type: ignore[arg-type]
    has_fallen = verdict.judgement.state in ("doubtful", "not any more")
    is_better = comparison is not None and comparison.state == "better"
    return LiveVerdictView(
        state=state,
        sentence=verdict.sentence,
        has_fallen=has_fallen,
        comparison="" if comparison is None else comparison.sentence,
        better=comparison.challenger if comparison is not None and is_better else None,
        judged=f"Judged {ago(verdict.judged_at)}." if verdict.judged_at else "",
    )


def present_policy(policy: RetrainingPolicy | None) -> PolicyView:
    """Return a stored policy as the values of the page's form."""
    if policy is None:
        return PolicyView()
    if policy.when == "on alarm":
        return PolicyView(when="on-alarm")
    return PolicyView(when=policy.when, count=policy.n_outcomes or round(policy.days or 1))


def present_outcomes(counts: OutcomeCounts) -> AddedOutcomesView:
    """Present the counts of sent outcomes."""
    facts = [
        (counts.n_stored, "stored"),
        (counts.n_corrected, "of them replace an earlier one"),
        (counts.n_repeated, "known already"),
        (counts.n_unknown, "of no stored answer"),
        (counts.n_refused, "not readable"),
    ]
    shown = [f"{n:,} {words}" for n, words in facts if n]
    of = format_count(counts.n_sent, "outcome")
    problems = [f"Row {problem.place + 1}: {problem.message}" for problem in counts.problems]
    return AddedOutcomesView(
        stored=f"{of}: {', '.join(shown)}." if shown else f"{of}.", problems=tuple(problems)
    )
