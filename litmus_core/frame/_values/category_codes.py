"""Integer codes of categories, and of texts that mean "missing"."""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.types import MISSING_WORDS

# Import trims spaces before it compares; a lookup knows whole texts only, so the usual paddings are listed.
_LONGEST_BLANK = 40
_PADDINGS = [("", ""), (" ", ""), ("", " "), (" ", " "), ("  ", ""), ("", "  ")]
MISSING_TEXTS = (
    *(f"{head}{word}{tail}" for head, tail in _PADDINGS for word in MISSING_WORDS if word),
    *(" " * n for n in range(_LONGEST_BLANK + 1)),
)


def category_codes(vocabulary: Sequence[str]) -> dict[str, int]:
    """Return the codes of texts: positions in ``vocabulary`` (n words), n + 1 for words that mean "missing".

    Import reads these words as missing, with spaces around them or not, so rows are read in the same way. A
    word of the vocabulary stays a value.

    >>> codes = category_codes(["N/A", "red"])
    >>> codes["red"], codes["N/A"], codes["null"], codes["  "]
    (1, 0, 3, 3)
    """
    n_words = len(vocabulary)
    codes = dict.fromkeys(MISSING_TEXTS, n_words + 1)
    return codes | {word: place for place, word in enumerate(vocabulary)}
