"""Categories with a frozen vocabulary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.frame import _values
from litmus_core.frame._encoder import Encoded, Outputs
from litmus_core.types import Column

if TYPE_CHECKING:
    from litmus_core.frame._values import Raw

_MAX_CATEGORIES = 5_000
_MIN_COUNT = 2


class CategoryEncoder:
    """A Categorical whose dtype never changes: the vocabulary of fit, then "unknown", then "missing".

    Values that fit saw once, values beyond the most frequent ``5_000`` and values it never saw are
    "unknown". Vocabulary order: by number where all are numbers, else by text.
    """

    kind = "category"

    def __init__(self, column: Column, *, vocabulary: Sequence[str]) -> None:
        self.column = column
        self.vocabulary = tuple(vocabulary)
        self._codes: dict[str | None, int] = {word: code for code, word in enumerate(self.vocabulary)}
        self._unknown = len(self.vocabulary)
        self._codes[None] = self._unknown + 1
        self._dtype: Any = None

    @classmethod
    def fit(cls, column: Column, raw: Raw) -> CategoryEncoder:
        """Learn the vocabulary."""
        counts = Counter(each for each in _values.texts(raw, column) if each is not None)
        common = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MAX_CATEGORIES]
        return cls(column, vocabulary=_ordered([word for word, n in common if n >= _MIN_COUNT]))

    @property
    def outputs(self) -> Outputs:
        """The column itself."""
        return Outputs(category="")

    def encode(self, raw: Raw) -> Encoded:
        """Return the categories."""
        import pandas as pd

        find, unknown = self._codes.get, self._unknown
        codes = [find(each, unknown) for each in _values.texts(raw, self.column)]
        if self._dtype is None:
            self._dtype = pd.CategoricalDtype([*self.vocabulary, *_reserved(self.vocabulary)])
        array = np.array(codes, dtype=np.int16)
        return Encoded(category=pd.Categorical.from_codes(array, dtype=self._dtype, validate=False))

    def state(self) -> dict[str, Any]:
        """Return the vocabulary."""
        return {"vocabulary": list(self.vocabulary)}


def _reserved(vocabulary: Sequence[str]) -> list[str]:
    """Return names for unknown and missing that no value of the vocabulary has."""
    taken = set(vocabulary)
    names = []
    for name in ("unknown", "missing"):
        while name in taken:
            name = f"({name})"
        names.append(name)
    return names


def _ordered(words: list[str]) -> list[str]:
    try:
        return sorted(words, key=lambda word: (float(word), word))
    except ValueError:
        return sorted(words)
