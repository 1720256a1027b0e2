"""Several words for yes, or for no, in one column."""

from __future__ import annotations

from collections.abc import Mapping

from litmus_core.checks._similarity.strings import SimilarNames

_YES = frozenset(
    ("yes", "y", "true", "t", "1", "1.0", "on", "ja", "j", "oui", "si", "sí", "sim", "wahr", "vrai")
)
_NO = frozenset(("no", "n", "false", "f", "0", "0.0", "off", "nein", "non", "não", "nao", "falsch", "faux"))
_MOST_OTHERS = 1  # such as "unknown"


def yes_no_synonyms(counts: Mapping[str, int]) -> list[SimilarNames]:
    """Return the texts of ``counts`` (rows of each text) that mean yes, or no, as a more frequent one does.

    Nearly all texts mean yes or no, and either side has a word of letters: "1" and "T" alone may mean more.

    >>> pairs = yes_no_synonyms({"yes": 9, "no": 8, "Y": 3, "nein": 2})
    >>> [(pair.rarer, pair.commoner) for pair in pairs]
    [('Y', 'yes'), ('nein', 'no')]
    >>> yes_no_synonyms({"yes": 9, "no": 8}), yes_no_synonyms({"1": 9, "0": 8, "T": 3, "F": 2})
    ([], [])
    """
    word_of = {text: text.strip().casefold() for text in counts}
    sides = [[text for text in counts if word_of[text] in words] for words in (_YES, _NO)]
    has_words = all(
        any(len(word_of[text]) > 1 and word_of[text].isalpha() for text in side) for side in sides
    )
    n_words = [len({word_of[text] for text in side}) for side in sides]
    if not has_words or max(n_words) < 2 or len(counts) - sum(map(len, sides)) > _MOST_OTHERS:
        return []
    pairs = []
    for side in sides:
        commonest = max(side, key=lambda text: (counts[text], text))
        pairs += [
            SimilarNames(rarer=text, commoner=commonest, why="same answer")
            for text in side
            if text != commonest
        ]
    return pairs
