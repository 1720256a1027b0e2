"""The live verdict of an endpoint, and what became of outcomes that were added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.presenters.humanize import StateMessage
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

POLICIES: dict[str, str] = {  # when a model is trained again by itself
    "never": "Never",
    "on-alarm": "Once it no longer meets its bar",
    "after": "After so many new outcomes",
    "every": "Every so many days",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    """When a model is trained again by itself: a key of ``POLICIES``, and how many outcomes or days."""

    when: str = "never"
    count: int = 1

    @property
    def command(self) -> str:
        """The policy as it is written in Python and commands."""
        unit = {"after": f":{self.count}", "every": f":{self.count}d"}
        return self.when + unit.get(self.when, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveVerdictView:
    """Whether an endpoint still meets its bar, in a word and in sentences.

    ``has_fallen``: why it did is worth asking. ``comparison`` is of a waiting version with the live one;
    ``better`` is its number where outcomes prove it better.
    """

    state: StateMessage
    sentence: str
    has_fallen: bool = False
    comparison: str = ""
    better: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedOutcomesView:
    """What became of a file of outcomes: a sentence, and what was wrong with rows that were not stored."""

    stored: str
    problems: tuple[str, ...] = ()


def present_live(verdict: LiveVerdict, comparison: LiveComparison | None = None) -> LiveVerdictView:
    """Phrase a live verdict, and the ``comparison`` with a version that waits."""
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
    )


def present_policy(policy: RetrainingPolicy | None) -> PolicyView:
    """Return a stored policy as the page's form holds it."""
    if policy is None:
        return PolicyView()
    if policy.when == "on alarm":
        return PolicyView(when="on-alarm")
    return PolicyView(when=policy.when, count=policy.n_outcomes or round(policy.days or 1))


def present_outcomes(counts: OutcomeCounts) -> AddedOutcomesView:
    """Phrase what became of the outcomes that were sent."""
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
