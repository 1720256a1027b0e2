"""Parse texts as numbers, as Python does."""

from __future__ import annotations

from litmus_core.errors import RowError

TEXT_AS_NUMBER = "text as number"  # the operation's name
_LONGEST = 60  # characters of a text that errors show
HINT = (
    "Before astype(float), take the number out of such texts by .str.extract(…, expand=False), or leave them "
    "out by where(…)."
)


class NotANumberError(RowError, ValueError):
    """Raised for a text that is not a number; a ValueError, as in pandas."""


def parse_float(text: str) -> float:
    """Return a text as a float, as Python does; raises NotANumberError if it is not a number."""
    try:
        return float(text)
    except ValueError:
        raise NotANumberError(f"The text {shown(text)} spells no number.", hint=HINT) from None


def spells(text: str) -> bool:
    """Return whether Python reads a text as a float."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def shown(text: str) -> str:
    """Return a text in quotes for errors, shortened if it is long."""
    return repr(text) if len(text) <= _LONGEST else f"{text[:_LONGEST]!r}…"
