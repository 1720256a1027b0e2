"""Parting a table that rows were appended to: nothing moves, and the new rows are parted alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.data import SplitParts, split
from litmus_core.types import SplitPlan, Task

NAMES = ("train", "validation", "test")


def table(n_rows: int, *, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "x": rng.normal(size=n_rows),
            "shop": rng.choice([f"shop {each}" for each in range(30)], n_rows),
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 200, n_rows), unit="D"),
            "sold": rng.choice(["no", "yes", "later"], n_rows, p=[0.5, 0.4, 0.1]),
        }
    )


def task(problem_type: Any = "multiclass", **plan: Any) -> Task:
    return Task(
        dataset_version_id="dv",
        target="sold" if problem_type == "multiclass" else "x",
        problem_type=problem_type,
        metric="accuracy" if problem_type == "multiclass" else "rmse",
        features=("shop",),
        split=SplitPlan(**plan),
    )


def among(parts: SplitParts, *, first: int, last: int) -> dict[str, list[int]]:
    return {name: [each for each in getattr(parts, name).tolist() if first <= each < last] for name in NAMES}


@pytest.mark.parametrize("problem_type", ["multiclass", "regression"])
@pytest.mark.parametrize(
    "plan", [{"kind": "random"}, {"kind": "group", "column": "shop"}, {"kind": "time", "column": "day"}]
)
def test_rows_keep_their_parts_when_rows_are_appended(plan: dict[str, Any], problem_type: Any) -> None:
    frame = pd.concat([table(200), table(90, seed=1), table(40, seed=2)], ignore_index=True)
    first = split(frame[:200], task(problem_type, **plan))
    second = split(frame[:290], task(problem_type, **plan, grown_from=(200,)))
    third = split(frame, task(problem_type, **plan, grown_from=(200, 290)))

    assert among(second, first=0, last=200) == among(first, first=0, last=200)
    assert among(third, first=0, last=290) == among(second, first=0, last=290)
    assert sorted(np.concatenate([getattr(third, name) for name in NAMES]).tolist()) == list(range(330))


def test_new_rows_are_parted_in_the_shares_of_the_old_ones() -> None:
    frame = pd.concat([table(400), table(200, seed=1)], ignore_index=True)
    parts = split(frame, task(test_fraction=0.3, grown_from=(400,)))

    added = {name: len(rows) for name, rows in among(parts, first=400, last=600).items()}
    assert added == {"train": 112, "validation": 28, "test": 60}
    assert "200 newer rows were split by themselves" in parts.note


def test_a_group_that_is_known_stays_in_its_part() -> None:
    frame = pd.concat([table(200), table(100, seed=1)], ignore_index=True)
    parts = split(frame, task(kind="group", column="shop", grown_from=(200,)))

    shops = [shop for name in NAMES for shop in frame["shop"].iloc[getattr(parts, name)].unique()]
    assert len(shops) == len(set(shops))


def test_a_few_new_rows_only_train() -> None:
    frame = pd.concat([table(100), table(3, seed=1)], ignore_index=True)
    parts = split(frame, task(grown_from=(100,)))

    assert among(parts, first=100, last=103) == {"train": [100, 101, 102], "validation": [], "test": []}


def test_rows_of_an_own_test_file_stay_the_test_part() -> None:
    old, new, own = table(100), table(50, seed=1), table(30, seed=2)
    before = split(pd.concat([old, own], ignore_index=True), task(), test=range(100, 130))
    frame = pd.concat([old, new, own], ignore_index=True)
    after = split(frame, task(grown_from=(100,)), test=range(150, 180))

    assert after.test.tolist() == list(range(150, 180))
    assert among(after, first=0, last=100) == among(before, first=0, last=100)
    assert len(among(after, first=100, last=150)["validation"]) == 10
