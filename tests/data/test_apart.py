"""Rows that an own file has in common with the table are refused, set aside, or natural."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.data import SplitOverlap, baselines, find_split_overlap, read_rows, split
from litmus_core.data._split.overlap import Overlap
from litmus_core.errors import DataError
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion, SplitPlan, Task

Importer = Callable[..., DatasetVersion]
HEADER = "size,colour,who,sold"
N_MAIN = 200


def line(number: int) -> str:
    """A row whose size no other row has; some have no size, some no colour."""
    size = number if number % 10 else ""
    colour = "" if number % 10 == 5 else f"{'red' if number % 3 else 'blue'} {number}"
    return f"{size},{colour},p{number // 10},{'yes' if number % 2 else 'no'}"


def lines(*numbers: int) -> str:
    return "\n".join([HEADER, *map(line, numbers)]) + "\n"


def task_on(version: DatasetVersion, **parts: Any) -> Task:
    return Task(
        dataset_version_id=version.id,
        target="sold",
        problem_type="binary",
        metric="accuracy",
        features=("size", "colour"),
        **parts,
    )


@pytest.fixture
def main(imported: Importer) -> DatasetVersion:
    return imported(lines(*range(N_MAIN)), "shop.csv")


@pytest.mark.parametrize("n_shared", [60, 100, 120])
def test_half_a_test_file_in_common_is_refused_with_the_numbers(
    workspace: Workspace, main: DatasetVersion, imported: Importer, n_shared: int
) -> None:
    own = imported(lines(*range(n_shared), *range(500, 620 - n_shared)), "own.csv")

    with pytest.raises(DataError) as refused:
        find_split_overlap(workspace, main, task_on(main), test=own)

    assert f"{n_shared} of the 120 rows ({n_shared / 1.2:.0f} %) of the test table 'own'" in str(
        refused.value
    )
    assert "Take those rows out of one of the two tables, or leave the test table out" in refused.value.hint


def test_fewer_rows_in_common_leave_training_and_the_note_says_so(
    workspace: Workspace, main: DatasetVersion, imported: Importer
) -> None:
    own = imported(lines(*range(500, 560), *range(41)), "own.csv")

    apart = find_split_overlap(workspace, main, task_on(main), test=own)

    assert apart.rows.tolist() == list(range(41))  # rows with missing values are the same rows, too
    assert apart.note == "41 rows that also lie in the test file were left out of training."


def test_a_table_without_rows_in_common_loses_none(
    workspace: Workspace, main: DatasetVersion, imported: Importer
) -> None:
    own = imported(lines(*range(500, 560)), "own.csv")

    apart = find_split_overlap(workspace, main, task_on(main), test=own)

    assert (apart.rows.tolist(), apart.note) == ([], "")


def test_only_columns_that_are_used_tell_rows_apart(
    workspace: Workspace, main: DatasetVersion, imported: Importer
) -> None:
    other = lines(*range(500, 560), *range(11, 31)).replace(",p1,", ",someone else,")
    own = imported(other, "own.csv")

    apart = find_split_overlap(workspace, main, task_on(main), validation=own)

    assert apart.rows.tolist() == list(range(11, 31))


def test_a_row_with_another_answer_is_another_row(
    workspace: Workspace, main: DatasetVersion, imported: Importer
) -> None:
    swapped = lines(*range(11, 31)).replace("yes", "maybe").replace("no\n", "yes\n").replace("maybe", "no")
    own = imported(swapped, "own.csv")

    assert find_split_overlap(workspace, main, task_on(main), test=own).rows.tolist() == []


def test_rows_without_an_answer_are_not_compared(workspace: Workspace, imported: Importer) -> None:
    main = imported(lines(*range(N_MAIN)) + "900,red,p1,\n", "shop.csv")
    own = imported(lines(*range(500, 505)) + "900,red,p1,\n" * 20, "own.csv")

    assert find_split_overlap(workspace, main, task_on(main), test=own).rows.tolist() == []


def test_validation_rows_give_way_to_the_test_file(
    workspace: Workspace, main: DatasetVersion, imported: Importer
) -> None:
    validation = imported(lines(7, *range(300, 360)), "validation.csv")
    test = imported(lines(*range(350, 370), *range(600, 620)), "test.csv")

    apart = find_split_overlap(workspace, main, task_on(main), validation=validation, test=test)

    assert apart.rows.tolist() == [7, *range(251, 261)]
    assert apart.note == (
        "1 row that also lies in the validation file was left out of training. "
        "10 rows that also lie in the test file were left out of validation."
    )


def test_most_of_a_small_table_inside_a_large_test_file_is_refused(
    workspace: Workspace, imported: Importer
) -> None:
    main = imported(lines(*range(40)), "shop.csv")
    own = imported(lines(*range(1_000)), "own.csv")

    with pytest.raises(DataError, match=r"40 of the 40 rows \(100 %\) of 'shop' also lie in the test table"):
        find_split_overlap(workspace, main, task_on(main), test=own)


def few_values(n_rows: int, *, seed: int) -> str:
    rng = np.random.default_rng(seed)
    cells = zip(
        rng.integers(0, 5, n_rows), rng.integers(0, 4, n_rows), rng.integers(0, 2, n_rows), strict=True
    )
    return "size,colour,sold\n" + "".join(f"{size},c{colour},{'ny'[sold]}\n" for size, colour, sold in cells)


def test_rows_that_can_say_little_are_alike_by_nature_and_stay(
    workspace: Workspace, imported: Importer
) -> None:
    main, own = imported(few_values(400, seed=0), "shop.csv"), imported(few_values(100, seed=1), "own.csv")

    apart = find_split_overlap(workspace, main, task_on(main), test=own)

    assert apart.rows.tolist() == []
    assert apart.note == (
        "100 of the 100 rows of the test file also lie in 'shop'. That is to be expected: 100 % of the rows "
        "there have an equal one among them. None was left out."
    )


@pytest.mark.parametrize(
    ("twins", "shared", "is_natural"),
    [(0, 1, False), (40, 4, False), (100, 13, True), (100, 40, False), (400, 60, True), (400, 61, False),
     (990, 100, True)],
)  # fmt: skip
def test_what_is_natural_is_measured_by_the_table_itself(twins: int, shared: int, is_natural: bool) -> None:
    overlap = Overlap(n_here=1_000, n_here_shared=100, n_own=100, n_own_shared=shared, n_repeated=twins)

    assert overlap.is_natural is is_natural


APART = SplitOverlap(
    rows=np.arange(10), note="10 rows that also lie in the test file were left out of training."
)
SOLD = Task(
    dataset_version_id="dv", target="sold", problem_type="binary", metric="accuracy", features=("size",)
)


def test_rows_set_aside_are_in_no_part_and_the_split_says_so() -> None:
    frame = pd.DataFrame({"sold": ["yes", "no"] * 50, "size": range(100)})
    parts = split(frame, SOLD, test=range(80, 100), overlap=APART)

    assert sorted([*parts.train, *parts.validation]) == list(range(10, 80))
    assert parts.note == APART.note


def test_too_few_rows_left_are_refused_with_the_reason() -> None:
    frame = pd.DataFrame({"sold": ["yes", "no"] * 20, "size": range(40)})
    with pytest.raises(
        DataError, match=r"Only 15 rows are left to learn from, and at least 20 are needed\. 10"
    ):
        split(frame, SOLD, test=range(25, 40), overlap=APART)


def by_who(version: DatasetVersion) -> Task:
    return task_on(version, split=SplitPlan(kind="group", column="who"))


def test_groups_that_also_occur_in_the_test_file_leave_training(
    workspace: Workspace, main: DatasetVersion, imported: Importer
) -> None:
    own = imported(lines(*range(500, 540)).replace("p50", "p3"), "own.csv")

    apart = find_split_overlap(workspace, main, by_who(main), test=own)

    assert apart.rows.tolist() == list(range(30, 40))
    assert apart.note == "10 rows whose 'who' also occurs in the test file were left out of training."


def test_a_test_file_of_the_same_groups_is_refused(
    workspace: Workspace, main: DatasetVersion, imported: Importer
) -> None:
    own = imported("\n".join([HEADER, *(f"{500 + n},red,p{n},yes" for n in range(10))]) + "\n", "own.csv")

    with pytest.raises(
        DataError, match=r"100 of the 200 rows of 'shop' have a 'who' that also occurs in the"
    ):
        find_split_overlap(workspace, main, by_who(main), test=own)


def test_row_order_holds_in_a_large_table(workspace: Workspace, imported: Importer) -> None:
    rows = "".join(f"{row},{row % 2}\n" for row in range(150_000))
    main = imported("size,sold\n" + rows, "many.csv")
    own = imported("size,sold\n7,1\n120001,1\n149999,1\n-5,0\n-6,1\n-7,0\n-8,1\n", "own.csv")
    task = Task(
        dataset_version_id="dv", target="sold", problem_type="binary", metric="accuracy", features=("size",)
    )

    apart = find_split_overlap(workspace, main, task, test=own)

    assert read_rows(workspace, main)["size"].to_numpy()[apart.rows].tolist() == [7, 120_001, 149_999]


def test_baselines_leave_the_same_rows_out(
    workspace: Workspace, main: DatasetVersion, imported: Importer
) -> None:
    own = imported(lines(*range(500, 560), *range(1, 100, 2)), "own.csv")
    task = task_on(main)

    with_own = baselines(workspace, main, task, test=own)[0]

    assert with_own.sentence.startswith("Always guessing 'no'")  # 50 rows of a yes were left out
