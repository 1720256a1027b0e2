"""The live verdict of an endpoint, and the counts of added outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.presenters.humanize import StateMessage, ago
from litmus_core.experiments import WayBack
from litmus_core.text import format_count
from litmus_core.types import LiveCauses, LiveComparison, LiveState, LiveVerdict, OutcomeCounts

if TYPE_CHECKING:
    from litmus_core.deploy import RetrainingPolicy

__all__ = [
    "POLICIES",
    "AddedOutcomesView",
    "CausesView",
    "LiveVerdictView",
    "PolicyView",
    "WayBackView",
    "present_causes",
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

_WAYS = {  # icons of the ways back that other pages go
    "action": ":material/playlist_add_check:",
    "improve": ":material/search_insights:",
    "recipe": ":material/menu_book:",
    "bar": ":material/swap_horiz:",
}

POLICIES: dict[str, str] = {  # triggers of automatic retraining
    "never": "Never",
    "on-alarm": "Once it no longer meets its bar",
    "after": "After so many new outcomes",
    "every": "Every so many days",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    """A retraining policy: ``when`` is a key of ``POLICIES``, ``count`` the number of outcomes or days.

    With ``warm_start`` the model that answers continues where it can.
    """

    when: str = "never"
    count: int = 1
    warm_start: bool = False

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
    """The counts of added outcomes as a sentence, and the problems of rejected rows."""

    stored: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBackView:
    """A way back as a button; ``help`` has its command."""

    title: str
    icon: str
    help: str
    way: WayBack


@dataclass(frozen=True, slots=True, kw_only=True)
class CausesView:
    """Why an endpoint got worse, and the ways back beside training again.

    ``can_continue``: training can also go on from the model that answers.
    """

    sentences: tuple[str, ...]
    can_continue: bool = False
    ways: tuple[WayBackView, ...] = ()


def present_causes(causes: LiveCauses, ways: Sequence[WayBack]) -> CausesView:
    """Present the causes of a fall with the ways back; training has buttons of its own."""
    return CausesView(
        sentences=causes.sentences,
        can_continue=any(way.kind == "continue" for way in ways),
        ways=tuple(
            WayBackView(
                title=way.title, icon=_WAYS[way.kind], help=f"On the command line: {way.command}", way=way
            )
            for way in ways
            if way.kind in _WAYS
        ),
    )


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
        return PolicyView(when="on-alarm", warm_start=policy.warm_start)
    count = policy.n_outcomes or round(policy.days or 1)
    return PolicyView(when=policy.when, count=count, warm_start=policy.warm_start)


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
