"""Integer codes of categories, and of the words for "missing"."""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.types import MISSING_WORDS


def category_codes(vocabulary: Sequence[str]) -> dict[str, int]:
    """Return the codes of texts: places in ``vocabulary`` (n words), and n + 1 for words that say "missing".

    Import reads these words as missing, so that a row that comes with one is read alike; one that is a value
    of the vocabulary stays that value.

    >>> codes = category_codes(["N/A", "red"])
    >>> codes["red"], codes["N/A"], codes["null"]
    (1, 0, 3)
    """
    n_words = len(vocabulary)
    codes = dict.fromkeys(MISSING_WORDS, n_words + 1)
    return codes | {word: place for place, word in enumerate(vocabulary)}
