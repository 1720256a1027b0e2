"""Numbers that texts spell."""

from __future__ import annotations

from litmus_core.errors import RowError

TEXT_AS_NUMBER = "text as number"  # the operation's name
_LONGEST = 60  # letters of a text that are shown
HINT = (
    "Before astype(float), take the number out of such texts by .str.extract(…, expand=False), or leave them "
    "out by where(…)."
)


class UnspelledError(RowError, ValueError):
    """A text that spells no number; ValueError is what pandas raises."""


def spelled_number(text: str) -> float:
    """Return the number that a text spells, as Python reads it; UnspelledError for another text."""
    try:
        return float(text)
    except ValueError:
        raise UnspelledError(f"The text {shown(text)} spells no number.", hint=HINT) from None


def spells(text: str) -> bool:
    """Return whether a text spells a number, as Python reads it."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def shown(text: str) -> str:
    """Return a text in quotes, as errors show it: its first letters where it is long."""
    return repr(text) if len(text) <= _LONGEST else f"{text[:_LONGEST]!r}…"
