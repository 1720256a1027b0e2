"""The verdict in one line, as in the decision card's headline."""

from __future__ import annotations

from dataclasses import dataclass

from app.presenters import humanize
from app.presenters.results.verdict import chance_text, verdict_flags
from app.theme import Tone
from litmus_core.types import LiveVerdict, Verdict
from litmus_core.verdicts import another_evaluation_message, deployed_sentence

__all__ = ["VerdictLine", "present_verdict_line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLine:
    """The grade, the chance of reaching the bar, the ``flags``, and a ``caution`` about another run."""

    word: str
    icon: str
    tone: Tone
    chance: str
    flags: tuple[str, ...]
    more: str
    caution: str


def present_verdict_line(
    verdict: Verdict, *, n_evaluations: int, fallen: LiveVerdict | None = None
) -> VerdictLine:
    """Present a verdict in one line; ``n_evaluations`` is its experiment's number of test-set evaluations.

    ``fallen`` is the verdict of outcomes by which the deployed model no longer meets its bar, if any.
    """
    state = humanize.verdict_state(verdict)
    caution = another_evaluation_message(max(n_evaluations, verdict.n_evaluations))
    flags = verdict_flags(verdict)
    more = "You may still try for more." if verdict.outcome == "meets" and not flags else ""
    if fallen is not None:
        more = deployed_sentence(fallen.name, fallen)
    return VerdictLine(
        word=state.word,
        icon=state.icon,
        tone="near" if (flags or fallen) and state.tone in ("good", "likely") else state.tone,
        chance=chance_text(verdict),
        flags=flags,
        more=more,
        caution=caution,
    )
