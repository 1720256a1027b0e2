"""Features as numbers alone, for models that read nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from litmus_core.engine._custom._numeric_view import NumericView
from litmus_core.plugins import PluginFailedError

COLOURS = pd.CategoricalDtype(["red", "green", "unknown", "missing"])


def frame(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_numbers_are_filled_scaled_and_say_where_they_were_missing() -> None:
    view = NumericView().fit(
        frame(size=[1.0, np.nan, 3.0, 2.0], full=[0.0, 0.0, 2.0, 2.0], empty=[np.nan] * 4)
    )
    deviation = np.std([1, 2, 3, 2])
    found = view.of(frame(size=[np.nan, 3.0], full=[np.nan, 2.0], empty=[np.nan, 7.0]))
    np.testing.assert_allclose(found, [[0, 0, 0, 1, 1], [1 / deviation, 1, 7, 0, 0]])


def test_categories_and_words_become_columns_of_zeros_and_ones() -> None:
    words = np.array([1, 0, 1], dtype=np.uint8)
    rows = frame(word=words, colour=pd.Categorical(["green", "red", "green"], dtype=COLOURS))
    view = NumericView().fit(rows)
    asked = frame(word=words, colour=pd.Categorical.from_codes([1, 3, -1], dtype=COLOURS))
    assert view.of(rows).tolist() == [[1, 1, 0, 0, 0], [0, 0, 1, 0, 0], [1, 1, 0, 0, 0]]
    assert view.of(asked).tolist() == [[1, 1, 0, 0, 0], [0, 0, 0, 0, 1], [1, 0, 0, 0, 0]]


def test_the_rarest_of_many_values_share_a_column() -> None:
    values = [f"v{number}" for number in range(40) for _ in range(40 - number)]
    rows = frame(name=pd.Categorical(values))
    found = NumericView().fit(rows).of(rows)
    assert found.shape == (len(values), 30)
    assert found.sum(axis=0).tolist() == [*range(40, 11, -1), sum(range(1, 12))]


def test_a_row_gets_what_it_gets_among_others_and_text_is_left_out() -> None:
    random = np.random.default_rng(0)
    rows = frame(
        size=np.where(random.random(30) < 0.2, np.nan, random.normal(size=30)),
        colour=pd.Categorical(random.choice(["red", "green"], 30), dtype=COLOURS),
        title=["a text"] * 30,
    )
    view = NumericView().fit(rows)
    whole = view.of(rows)
    assert whole.shape == (30, 2 + 4)
    assert all(np.array_equal(view.of(rows.iloc[[at]])[0], whole[at]) for at in range(30))
    with pytest.raises(PluginFailedError, match="only raw text"):
        NumericView().fit(rows[["title"]])
