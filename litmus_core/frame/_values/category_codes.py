"""Integer codes of categories, and of texts that mean "missing"."""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.types import MISSING_WORDS


def category_codes(vocabulary: Sequence[str]) -> dict[str, int]:
    """Return the codes of texts: positions in ``vocabulary`` (n words), n + 1 for words that mean "missing".

    Import reads these words as missing, so rows are read in the same way. A word of the vocabulary stays a
    value.

    >>> codes = category_codes(["N/A", "red"])
    >>> codes["red"], codes["N/A"], codes["null"]
    (1, 0, 3)
    """
    n_words = len(vocabulary)
    codes = dict.fromkeys(MISSING_WORDS, n_words + 1)
    return codes | {word: place for place, word in enumerate(vocabulary)}
