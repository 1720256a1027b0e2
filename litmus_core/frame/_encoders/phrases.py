"""Find phrases in texts: word by word in one text, by sorted keys in many."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from litmus_core.frame._encoders.ngrams import Keys, RunSources, word_ngrams, words

ORDERS = (1, 2, 3)  # words in a phrase
READ_CHARACTERS = 4_000  # of a text; later characters are not searched
_CHUNK_ROWS = 4_000
_START_BITS = 16  # of a key: a table of them fits into the processor's cache
# The words of _ngrams: ASCII letters, digits, underscore, and beyond ASCII all but typographic punctuation.
_WORD = re.compile("[0-9A-Za-z_\u00c0-\u1fff\u2070-\u2fff\u3040-\U0010ffff]+")

Flags = np.ndarray[Any, np.dtype[np.uint8]]
_Tree = dict[str, tuple[int, Any]]  # word: index of the phrase that ends here or -1, tree of the next words


class Phrases:
    """Finds ``phrases``, each one to three lower-case words with single spaces, in any texts."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._n = len(phrases)
        self._tree = _tree_of(phrases)
        keys = _keys_of(phrases)
        self._order = np.argsort(keys)  # the index among phrases of each sorted key
        self._keys = keys[self._order]
        self._starts = np.zeros(1 << _START_BITS, dtype=np.bool_)  # first bits of keys
        self._starts[_start(keys)] = True

    def ways(self) -> Mapping[str, Callable[..., Any]]:
        """Return ``places`` for one text and ``presence`` for many."""
        return {"places": self.places, "presence": self.presence}

    def places(self, text: str | None) -> list[int]:
        """Return the indexes of the phrases in ``text``, repeated for a repeated phrase."""
        if not text or not self._n:
            return []
        words_here = _WORD.findall(" ".join(text[:READ_CHARACTERS].lower().split()))
        places = []
        root, n_words = self._tree, len(words_here)
        for at, word in enumerate(words_here):
            branch, following = root.get(word), at
            while branch is not None:
                place, tree = branch
                if place >= 0:
                    places.append(place)
                following += 1
                branch = tree.get(words_here[following]) if tree and following < n_words else None
        return places

    def presence(self, texts: Sequence[str | None]) -> Flags:
        """Return (n, phrases): 1 where the text contains the phrase."""
        presence = np.zeros((len(texts), self._n), dtype=np.uint8)
        if not self._n:
            return presence
        for start in range(0, len(texts), _CHUNK_ROWS):
            chunk = [(text or "")[:READ_CHARACTERS] for text in texts[start : start + _CHUNK_ROWS]]
            ngrams = word_ngrams(chunk, orders=ORDERS)
            likely = self._starts.take(_start(ngrams.key)).nonzero()[0]  # few are left to search
            key, row = ngrams.key.take(likely), ngrams.row.take(likely)
            place = np.minimum(np.searchsorted(self._keys, key), self._keys.size - 1)
            is_present = self._keys[place] == key
            presence[row[is_present] + start, self._order[place[is_present]]] = 1
        return presence


def holds(text: str, phrase: str) -> bool:
    """Return whether ``text`` contains ``phrase``, computed the simple way.

    >>> holds("A red, RED fridge!", "red fridge")
    True
    """
    return f" {phrase} " in f" {' '.join(words(text[:READ_CHARACTERS]))} "


def _start(keys: Keys) -> RunSources:
    return (keys >> np.uint64(64 - _START_BITS)).view(np.int64)


def _tree_of(phrases: Sequence[str]) -> _Tree:
    tree: _Tree = {}
    for place, phrase in enumerate(phrases):
        branch = tree
        *before, last = phrase.split(" ")
        for word in before:
            branch = branch.setdefault(word, (-1, {}))[1]
        branch[last] = (place, branch[last][1] if last in branch else {})
    return tree


def _keys_of(phrases: Sequence[str]) -> Keys:
    """Return the key that each phrase has inside a text."""
    keys = np.empty(len(phrases), dtype=np.uint64)
    n_words = np.array([phrase.count(" ") + 1 for phrase in phrases], dtype=np.int64)
    for order in ORDERS:
        places = np.flatnonzero(n_words == order).tolist()
        keys[places] = word_ngrams([phrases[place] for place in places], orders=[order]).key
    return keys
