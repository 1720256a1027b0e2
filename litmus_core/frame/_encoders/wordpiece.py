"""Word pieces: texts as the ids that a BERT-like encoder was trained on, in plain Python.

A text is cleaned and split into words and punctuation; each word becomes the longest pieces in the
vocabulary, from its start on. The same code splits texts in training and in production, so no second
tokenizer can differ. Its ids equal those of the ``tokenizers`` package for such a model.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

START, BETWEEN, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_CHARACTERS = 4_000  # of a text are read
_INVISIBLE = ("Cc", "Cf", "Co", "Cs")  # categories of characters that are removed
_LONGEST_WORD = 100  # a longer one is unknown
_MOST_REMEMBERED = 50_000  # words whose pieces are cached
_ASCII = re.compile(r"[0-9A-Za-z]+|[!-/:-@\[-`{-~]")
_CONTROLS = dict.fromkeys((*range(32), 127)) | {ord(blank): " " for blank in "\t\n\r"}
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class WordPieces:
    """Splits the texts of a row into ids of ``vocabulary``, whose positions are the ids.

    ``lower`` removes capitals and accents. The vocabulary must contain ``[CLS]``, ``[SEP]`` and ``[UNK]``.
    Safe to use from several threads.
    """

    def __init__(self, vocabulary: Sequence[str], *, lower: bool) -> None:
        self.vocabulary, self.lower = tuple(vocabulary), lower
        self._id = {piece: place for place, piece in enumerate(self.vocabulary)}
        self._start, self._between, self._unknown = (self._id[name] for name in (START, BETWEEN, UNKNOWN))
        self._known: dict[str, tuple[int, ...]] = {}

    def ids(self, texts: Sequence[str], *, most: int) -> list[int]:
        """Return the ids of one row's texts, a separator after each, at most ``most`` in all.

        Every text may use the same share of them.

        >>> pieces = WordPieces(["[CLS]", "[SEP]", "[UNK]", "red", "fridge", "##s", "!"], lower=True)
        >>> pieces.ids(["Red fridges!", "Bed"], most=20)
        [0, 3, 4, 5, 6, 1, 2, 1]
        """
        budget = max(1, (most - 1) // len(texts) - 1)
        tokens = [self._start]
        for text in texts:
            pieces: list[int] = []
            for word in self._words(text[:_CHARACTERS]):
                pieces += self._pieces(word)
                if len(pieces) >= budget:
                    break
            tokens += pieces[:budget]
            tokens.append(self._between)
        return tokens[:most]

    def _words(self, text: str) -> list[str]:
        if text.isascii():
            plain = text.translate(_CONTROLS)
            return _ASCII.findall(plain.lower() if self.lower else plain)
        return _words_of_any(text, lower=self.lower)

    def _pieces(self, word: str) -> tuple[int, ...]:
        pieces = self._known.get(word)
        if pieces is None:
            pieces = self._cut(word)
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[word] = pieces
        return pieces

    def _cut(self, word: str) -> tuple[int, ...]:
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        pieces: list[int] = []
        start, mark = 0, ""
        while start < len(word):
            stop = len(word)
            while stop > start and mark + word[start:stop] not in self._id:
                stop -= 1
            if stop == start:
                return (self._unknown,)
            pieces.append(self._id[mark + word[start:stop]])
            start, mark = stop, "##"
        return tuple(pieces)


def _words_of_any(text: str, *, lower: bool) -> list[str]:
    """Return words, and single punctuation marks and ideographs, of a text in any script."""
    clean = "".join(map(_cleaned, text))
    if lower:
        bare = (
            letter for letter in unicodedata.normalize("NFD", clean) if unicodedata.category(letter) != "Mn"
        )
        # every sigma becomes the same letter, wherever it stands
        clean = "".join(bare).replace("\u03a3", "\u03c3").lower()
    return "".join(f" {letter} " if _is_punctuation(letter) else letter for letter in clean).split()


def _cleaned(character: str) -> str:
    if character in "\t\n\r":
        return " "
    if character == "\ufffd" or unicodedata.category(character) in _INVISIBLE:
        return ""
    code = ord(character)
    return f" {character} " if any(low <= code <= high for low, high in _IDEOGRAPHS) else character


def _is_punctuation(character: str) -> bool:
    if character.isascii():
        return character.isprintable() and not character.isalnum() and character != " "
    return unicodedata.category(character)[0] == "P"
