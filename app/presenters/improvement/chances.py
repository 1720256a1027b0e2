"""The chance that an action helps, as a word with an icon."""

from __future__ import annotations

from collections.abc import Mapping

from app.presenters import humanize
from litmus_core.advice import OBSTACLES, SETTLING
from litmus_core.types import Action, ActionKind

__all__ = ["FIRST", "chance_of"]

# Actions that come before any gain in score, with their benefit.
FIRST: Mapping[ActionKind, humanize.StateMessage] = {
    **dict.fromkeys(
        OBSTACLES,
        humanize.StateMessage(word="Makes the score true", icon=":material/verified:", tone="unsure", rank=1),
    ),
    "faster": humanize.StateMessage(word="Keeps the budget", icon=":material/speed:", tone="unsure", rank=1),
    **dict.fromkeys(
        SETTLING,
        humanize.StateMessage(word="Settles the verdict", icon=":material/gavel:", tone="unsure", rank=1),
    ),
}


def chance_of(action: Action) -> humanize.StateMessage:
    """Return a chip with the chance that the action helps."""
    gain = action.gain
    if gain.value <= 0 and action.kind in FIRST:
        return FIRST[action.kind]
    if not gain.is_known:
        return humanize.StateMessage(word="Not tried out", icon=":material/help:", tone="unsure", rank=1)
    if gain.low > 0:
        return humanize.StateMessage(
            word="Likely to help", icon=":material/trending_up:", tone="good", rank=0
        )
    if gain.value > 0 and gain.high > 0:
        return humanize.StateMessage(word="May help", icon=":material/help:", tone="unsure", rank=1)
    return humanize.StateMessage(
        word="Not expected to help", icon=":material/trending_flat:", tone="quiet", rank=2
    )
