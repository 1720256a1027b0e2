"""Rows drawn out of a table by the seed: each class in its share, whole groups, evenly over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from litmus_core.data import bytes_per_row, read_rows, sample_rows
from litmus_core.data._rows.sampling import quotas_of
from litmus_core.errors import UnknownNameError
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion, SplitPlan

Importer = Callable[..., DatasetVersion]
N_ROWS = 20_000


def line(number: int) -> str:
    """A row of 20,000: 40 are 'rare', 2,000 'some', 100 without a label; ten to a shop, one a day."""
    label = "rare" if number % 500 == 3 else "some" if number % 10 == 1 else "often"
    label = "" if number % 200 == 7 else label
    return f"{number * 7 % 1000},shop {number // 10},{number},{label}"


@pytest.fixture
def table(imported: Importer) -> DatasetVersion:
    return imported("\n".join(["size,shop,day,sold", *map(line, range(N_ROWS))]) + "\n")


def draw(workspace: Workspace, table: DatasetVersion, n_rows: int, **how: object) -> np.ndarray:
    return drawn(workspace, table, n_rows, **how).rows


def drawn(workspace, table, n_rows, *, target="sold", split=SplitPlan(), by_class=True, seed=0):  # noqa: B008
    return sample_rows(
        workspace, table, target=target, n_rows=n_rows, split=split, by_class=by_class, seed=seed
    )


def test_each_class_is_drawn_in_its_share(workspace: Workspace, table: DatasetVersion):
    found = drawn(workspace, table, 1_000)

    labels = read_rows(workspace, table, columns=["sold"])["sold"]
    assert Counter(labels.iloc[found.rows]) == {"often": 897, "some": 101, "rare": 2}
    assert found.n_without_target == 100


def test_the_same_seed_draws_the_same_rows_and_another_one_others(workspace: Workspace, table):
    assert draw(workspace, table, 500).tolist() == draw(workspace, table, 500).tolist()
    assert draw(workspace, table, 500).tolist() != draw(workspace, table, 500, seed=1).tolist()


def test_a_smaller_draw_lies_within_a_larger_one(workspace: Workspace, table: DatasetVersion):
    small, large = (draw(workspace, table, n, by_class=False) for n in (500, 5_000))

    assert len(small), len(large) == (500, 5_000)
    assert np.isin(small, large).all()


def test_numbers_are_drawn_evenly(workspace: Workspace, table: DatasetVersion):
    rows = draw(workspace, table, 2_000, target="size", by_class=False)

    assert len(rows) == len(set(rows.tolist())) == 2_000
    assert read_rows(workspace, table, columns=["size"])["size"].iloc[rows].mean() == pytest.approx(
        499.5, abs=20
    )


def test_groups_are_drawn_whole(workspace: Workspace, table: DatasetVersion):
    found = drawn(workspace, table, 1_000, split=SplitPlan(kind="group", column="shop"), target="size")

    assert set(Counter(found.rows // 10).values()) == {10}
    assert 990 <= len(found.rows) <= 1_000


def test_of_a_few_large_groups_some_rows_of_each_are_drawn(workspace: Workspace, table: DatasetVersion):
    rows = draw(workspace, table, 1_000, split=SplitPlan(kind="group", column="sold"), target="size")

    labels = read_rows(workspace, table, columns=["sold"])["sold"].iloc[rows]
    assert len(rows) == 1_000
    assert set(labels.dropna()) == {"often", "some", "rare"}


def test_rows_split_by_time_are_drawn_evenly_over_it(workspace: Workspace, table: DatasetVersion):
    found = drawn(workspace, table, 2_000, split=SplitPlan(kind="time", column="day"))

    assert (np.diff(found.rows) > 0).all()
    assert np.histogram(found.rows, bins=4, range=(0, N_ROWS))[0].tolist() == pytest.approx([500] * 4, abs=80)


def test_a_column_that_is_not_there_is_said(workspace: Workspace, table: DatasetVersion):
    with pytest.raises(UnknownNameError):
        draw(workspace, table, 100, target="price")


def test_more_rows_than_there_are_is_all_of_them(workspace: Workspace, table: DatasetVersion):
    assert len(draw(workspace, table, 50_000)) == N_ROWS - 100


def test_quotas_add_up():
    quotas = quotas_of(np.array([50_000, 30_000, 19_990, 10]), n_rows=1_001)

    assert quotas.sum() == 1_001
    assert quotas.tolist() == [501, 300, 200, 0]


def test_a_row_is_measured_in_bytes(workspace: Workspace, table: DatasetVersion):
    assert bytes_per_row(workspace, table, columns=["size"]) == 8.0
    assert 60 < bytes_per_row(workspace, table, columns=["size", "shop"]) < 80
