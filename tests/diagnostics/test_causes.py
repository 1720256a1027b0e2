"""Why a deployed model got worse: the one thing that happened to its rows is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.diagnostics import RowLosses, find_causes, has_fallen
from litmus_core.types import Cause, Column


def column(name: str, kind: Any) -> Column:
    return Column(name=name, original_name=name, kind=kind, storage="DOUBLE")


COLUMNS = (column("size", "number"), column("age", "number"), column("place", "category"))


def table(n_rows: int, seed: int) -> tuple[pd.DataFrame, Any]:
    """Rows whose target is their size and place; those of 'sea' are noisier."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "size": rng.gamma(2.0, 2.0, n_rows),
            "age": rng.uniform(0, 90, n_rows),
            "place": rng.choice(["hill", "lake", "sea"], n_rows, p=[0.6, 0.25, 0.15]),
        }
    )
    noise = rng.normal(size=n_rows) * np.where(frame["place"] == "sea", 3.0, 1.0)
    return frame, model(frame) + noise


def model(frame: pd.DataFrame) -> Any:
    size = frame["size"].fillna(0.0).to_numpy(dtype=float)
    return 2 * size + frame["place"].map({"hill": 0.0, "lake": 4.0}).fillna(1.0).to_numpy(dtype=float)


def causes(change: Callable[[pd.DataFrame, Any], tuple[pd.DataFrame, Any]]) -> tuple[Cause, ...]:
    frame, truth = table(1_000, seed=0)
    before = RowLosses(frame=frame, losses=np.abs(model(frame) - truth))
    changed, came = change(*table(1_000, seed=1))
    now = RowLosses(frame=changed, losses=np.abs(model(changed) - came))
    return find_causes(before, now, COLUMNS, lambda rows: np.abs(model(rows) - came))


def test_a_change_of_unit_is_named_by_its_column() -> None:
    first = causes(lambda frame, came: (frame.assign(size=frame["size"] * 2.54), came))[0]
    assert (first.kind, first.column) == ("values changed", "size")
    assert first.share > 0.9


def test_renamed_categories_are_named_by_their_column() -> None:
    first = causes(lambda frame, came: (frame.assign(place=frame["place"].str.upper()), came))[0]
    assert (first.kind, first.column) == ("values changed", "place")


def test_a_column_that_goes_missing_is_named_with_its_share_before_and_now() -> None:
    def lose(frame: pd.DataFrame, came: Any) -> tuple[pd.DataFrame, Any]:
        return frame.assign(size=frame["size"].mask(np.arange(len(frame)) % 2 == 0)), came

    first = causes(lose)[0]
    assert (first.kind, first.column, first.group) == ("values missing", "size", "missing")
    assert (first.share_before, first.share_now) == (0.0, 0.5)


def test_a_range_of_a_number_whose_answers_got_worse_is_named() -> None:
    def age(frame: pd.DataFrame, came: Any) -> tuple[pd.DataFrame, Any]:
        return frame, came + np.where(frame["age"].between(20, 40), 8.0, 0.0)

    first = causes(age)[0]
    low, high = (float(end) for end in first.group.split(" to "))
    assert (first.kind, first.column) == ("group worse", "age")
    assert abs(low - 20) < 8
    assert abs(high - 40) < 8
    assert 0.15 < (first.share_now or 0) < 0.3


def test_a_hard_group_that_grew_is_named() -> None:
    def more_sea(frame: pd.DataFrame, came: Any) -> tuple[pd.DataFrame, Any]:
        rows = np.flatnonzero((frame["place"] == "sea").to_numpy() | (np.arange(len(frame)) % 4 == 0))
        return frame.iloc[rows].reset_index(drop=True), came[rows]

    first = causes(more_sea)[0]
    assert (first.kind, first.column, first.group) == ("group grew", "place", "sea")
    assert (first.share_before or 0) < 0.2 < (first.share_now or 0)


@pytest.mark.parametrize("added", [0.0, 4.0])
def test_nothing_is_named_where_nothing_fell_or_all_fell_alike(added: float) -> None:
    assert causes(lambda frame, came: (frame, came + added)) == ()


def test_half_the_rows_are_not_named_where_the_others_fell_nearly_as_far() -> None:
    assert causes(lambda frame, came: (frame, came + np.where(frame["age"] < 45, 7.0, 4.0))) == ()


def test_a_group_is_named_where_some_of_the_others_did_not_fall() -> None:
    named = causes(lambda frame, came: (frame, came + np.where(frame["place"] == "sea", 0.0, 4.0)))
    assert [cause.column for cause in named] == ["place"]


def test_few_rows_name_nothing() -> None:
    assert causes(lambda frame, came: (frame[:99] * 1, came[:99] + 50)) == ()


def test_a_fall_must_be_beyond_chance() -> None:
    losses = np.random.default_rng(0).gamma(2.0, 1.0, 400)
    before, same, worse = (
        RowLosses(frame=pd.DataFrame(index=range(400)), losses=losses * scale) for scale in (1.0, 1.02, 1.5)
    )
    assert not has_fallen(before, same)
    assert has_fallen(before, worse)
