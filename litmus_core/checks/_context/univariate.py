"""How well each column predicts the target; for a text, how well one of its words does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.checks._context.row_order import find_followers
from litmus_core.data import text_order

if TYPE_CHECKING:
    from litmus_core.checks._context.table import CheckContext
    from litmus_core.data import UnivariateScorer
    from litmus_core.types import Column, KindName

Values = NDArray[Any]
_MOST_COLUMNS = 1_000
_PLACES = (0, 1, 2, -1)  # positions of words: "Yes - ref 4711", "result=yes;doc=4711", "letter 4711: yes"
_WORDS_PER_CLASS, _COVERED = 2, 0.9  # distinct words in this share of the rows
_LETTERS = 300


def univariate_scores(table: CheckContext) -> dict[str, float]:
    """Return each column's out-of-fold score; in a very wide table, only for the first 1,000.

    A text has a score if few distinct words, compared with the classes, stand at one position in nearly all
    rows.
    """
    used = [column for column in table.columns if column.n_missing < table.n_rows]
    scores = {column.name: list(_scored_values(table, column)) for column in used[:_MOST_COLUMNS]}
    return {
        name: max(table.scorer.column_score(*value) for value in values_of)
        for name, values_of in scores.items()
        if values_of
    }


def univariate_score(table: CheckContext, column: Column, scorer: UnivariateScorer) -> float:
    """Return the best out-of-fold score of a column's values, or of a text's words."""
    return max(
        (scorer.column_score(*value) for value in _scored_values(table, column)), default=scorer.chance
    )


def _scored_values(table: CheckContext, column: Column) -> Iterator[tuple[Values, KindName]]:
    """Yield a column's values and kind; for texts in row order, their positions."""
    values = table.sample[column.name]
    if column.traits.is_prose:
        for words in _words(np.asarray(values), most=_WORDS_PER_CLASS * table.scorer.n_classes):
            yield words, "category"
        return
    if column.stores_text and column.name in table.once(find_followers):
        order = text_order(values, column.name)
        if order is not None:
            yield order.numbers, "number"
            return
    yield np.asarray(values), column.kind


def _words(texts: Values, *, most: int) -> Iterator[Values]:
    """Yield the word (or None) at one position of the texts, if ``most`` distinct words cover nearly all."""
    all_words = [
        re.findall(r"\w+", text[:_LETTERS].lower()) if isinstance(text, str) else [] for text in texts
    ]
    for place in _PLACES:
        least = place + 1 if place >= 0 else -place
        words = np.array([word[place] if len(word) >= least else None for word in all_words], dtype=object)
        terms = words[words != None]  # noqa: E711 - elementwise
        if not len(terms):
            continue
        n_rows = np.sort(np.unique(terms.astype(str), return_counts=True)[1])[::-1]
        if len(n_rows) > 1 and n_rows[:most].sum() >= _COVERED * len(texts):
            yield words
