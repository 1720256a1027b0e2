"""Categories with a frozen vocabulary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from litmus_core.frame._encoders.encoder import Expressed, Outputs
from litmus_core.frame._encoders.expression import Lazy
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._values import raw_values
from litmus_core.types import Column

if TYPE_CHECKING:
    from litmus_core.frame._values.raw_values import Raw

_MAX_CATEGORIES = 5_000
_MIN_COUNT = 2


class CategoryEncoder:
    """A Categorical whose dtype never changes: the vocabulary of fit, then "unknown", then "missing".

    Values that fit saw once, values beyond the 5,000 most frequent ones and values that fit never saw are
    "unknown". The vocabulary is in numeric order if all values are numbers, else in text order.
    """

    kind = "category"
    reads: Dtype = "text"

    def __init__(self, column: Column, *, vocabulary: Sequence[str]) -> None:
        self.column = column
        self.vocabulary = tuple(vocabulary)
        self._dtype: Any = None

    @classmethod
    def fit(cls, column: Column, raw: Raw) -> CategoryEncoder:
        """Learn the vocabulary."""
        counts = Counter(text for text in raw_values.texts(raw, column) if text is not None)
        common = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MAX_CATEGORIES]
        return cls(column, vocabulary=_ordered([word for word, n in common if n >= _MIN_COUNT]))

    @property
    def outputs(self) -> Outputs:
        """The column itself."""
        return Outputs(category="")

    def express(self, raw: Lazy) -> Expressed:
        """Return the codes."""
        return Expressed(category=raw.codes(self.vocabulary))

    def dtype(self) -> Any:
        """Return the pandas dtype of the codes, created once."""
        import pandas as pd

        if self._dtype is None:
            self._dtype = pd.CategoricalDtype([*self.vocabulary, *_reserved(self.vocabulary)])
        return self._dtype

    def state(self) -> dict[str, Any]:
        """Return the vocabulary."""
        return {"vocabulary": list(self.vocabulary)}


def _reserved(vocabulary: Sequence[str]) -> list[str]:
    """Return names for unknown and missing that are not in the vocabulary."""
    used_names = set(vocabulary)
    names = []
    for name in ("unknown", "missing"):
        while name in used_names:
            name = f"({name})"
        names.append(name)
    return names


def _ordered(words: list[str]) -> list[str]:
    try:
        return sorted(words, key=lambda word: (float(word), word))
    except ValueError:
        return sorted(words)
