"""Parse texts as numbers, as Python does."""

from __future__ import annotations

from litmus_core.errors import RowError

TEXT_AS_NUMBER = "text as number"  # the operation's name
_LONGEST = 60  # letters of a text that are shown
HINT = (
    "Before astype(float), take the number out of such texts by .str.extract(…, expand=False), or leave them "
    "out by where(…)."
)


class UnspelledError(RowError, ValueError):
    """Raised for a text that is no number; a ValueError, as pandas raises."""


def spelled_number(text: str) -> float:
    """Return a text as a float, as Python does; raises UnspelledError if it is not a number."""
    try:
        return float(text)
    except ValueError:
        raise UnspelledError(f"The text {shown(text)} spells no number.", hint=HINT) from None


def spells(text: str) -> bool:
    """Return whether Python reads a text as a float."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def shown(text: str) -> str:
    """Return a text in quotes, as errors show it: its first letters where it is long."""
    return repr(text) if len(text) <= _LONGEST else f"{text[:_LONGEST]!r}…"
