"""Parts: disjoint and complete, the same for the same seed, never leaking groups or the future."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from litmus_core.data import SplitParts, split, validation_fraction
from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.types import ProblemType, SplitPlan, Task


def task_of(problem_type: ProblemType = "multiclass", *, seed: int = 0, **plan: Any) -> Task:
    return Task(
        dataset_version_id="dv_1",
        target="y",
        problem_type=problem_type,
        metric="rmse" if problem_type == "regression" else "accuracy",
        features=("x",),
        split=SplitPlan(**plan),
        seed=seed,
    )


def frame_of(labels: list[Any], **columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"y": pd.Series(labels), "x": range(len(labels)), **columns})


def sizes(parts: SplitParts) -> tuple[int, int, int]:
    return len(parts.train), len(parts.validation), len(parts.test)


def all_rows(parts: SplitParts) -> list[int]:
    return sorted(np.concatenate([parts.train, parts.validation, parts.test]).tolist())


LABELS = st.lists(st.sampled_from(["a", "b", "c", None]), min_size=40, max_size=120)


@given(labels=LABELS, seed=st.integers(0, 5))
def test_random_parts_are_disjoint_complete_and_repeatable(labels: list[str | None], seed: int) -> None:
    known = [row for row, label in enumerate(labels) if label is not None]
    assume(len(known) >= 20 and len({labels[row] for row in known}) > 1)

    parts = split(frame_of(labels), task_of(seed=seed))
    again = split(frame_of(labels), task_of(seed=seed))

    assert all_rows(parts) == known
    assert parts.n_without_target == len(labels) - len(known)
    for name in ("train", "validation", "test"):
        rows = getattr(parts, name)
        assert rows.tolist() == sorted(getattr(again, name).tolist())
        assert len(rows)
    assert {labels[row] for row in known} == {labels[row] for row in parts.train}


@given(
    groups=st.lists(st.sampled_from("abcdefgh"), min_size=30, max_size=100),
    problem_type=st.sampled_from(["multiclass", "regression"]),
)
def test_groups_never_straddle(groups: list[str], problem_type: ProblemType) -> None:
    assume(len(set(groups)) >= 3)
    labels = [row % 2 for row in range(len(groups))]
    frame = frame_of(labels, who=groups)
    try:
        parts = split(frame, task_of(problem_type, kind="group", column="who"))
    except DataError as refused:
        assume("have 'y' =" not in refused.message)  # a lone small group may hold one class only
        raise

    in_part = [set(frame["who"].to_numpy()[rows]) for rows in (parts.train, parts.validation, parts.test)]
    assert all_rows(parts) == list(range(len(groups)))
    assert sum(len(found) for found in in_part) == len(set(groups))


@given(days=st.lists(st.integers(0, 30), min_size=30, max_size=100))
def test_time_is_kept_and_one_moment_is_in_one_part(days: list[int]) -> None:
    assume(len(set(days)) >= 3)
    frame = frame_of(
        [float(day) for day in days], day=pd.to_datetime(days, unit="D").astype("datetime64[us]")
    )

    parts = split(frame, task_of("regression", kind="time", column="day"))

    moments = [frame["day"].to_numpy()[rows] for rows in (parts.train, parts.validation, parts.test)]
    assert all_rows(parts) == list(range(len(days)))
    assert moments[0].max() < moments[1].min()
    assert moments[1].max() < moments[2].min()


def test_sizes_follow_the_fractions() -> None:
    assert sizes(split(frame_of(["a", "b"] * 500), task_of())) == (640, 160, 200)
    assert sizes(split(frame_of(["a", "b"] * 500), task_of(test_fraction=0.5, validation_fraction=0.1))) == (
        450, 50, 500,
    )  # fmt: skip
    assert sizes(split(frame_of([1.5, 2.5] * 500), task_of("regression"))) == (640, 160, 200)


def test_classes_keep_their_shares() -> None:
    parts = split(frame_of(["a"] * 900 + ["b"] * 100), task_of())

    assert [int((rows >= 900).sum()) for rows in (parts.train, parts.validation, parts.test)] == [64, 16, 20]


def test_another_seed_gives_other_parts() -> None:
    frame = frame_of(["a", "b"] * 50)

    assert split(frame, task_of(seed=1)).test.tolist() != split(frame, task_of(seed=2)).test.tolist()


def test_the_validation_share_falls_from_a_fifth_to_a_tenth() -> None:
    assert [validation_fraction(n) for n in (100, 20_000, 35_000, 50_000, 10**7)] == [
        0.2, 0.2, 0.15, 0.1, 0.1,
    ]  # fmt: skip


def test_rows_without_a_target_are_set_aside_and_counted() -> None:
    parts = split(frame_of(["a", "b", None, None] * 10), task_of())

    assert sizes(parts) == (13, 3, 4)
    assert parts.n_without_target == 20
    assert parts.note == "20 rows without 'y' were set aside."
    assert split(frame_of([*"ab" * 10, None]), task_of()).note == "1 row without 'y' was set aside."


def test_classes_too_rare_to_be_tested_train() -> None:
    parts = split(frame_of(["a", "b"] * 30 + ["rare", "rarer", "rarer"]), task_of())

    assert {60, 61, 62} <= set(parts.train.tolist())
    assert parts.note.endswith(
        "Classes 'rarer' and 'rare' with fewer than 3 rows only train: they cannot be tested."
    )


def test_a_class_of_five_is_in_each_part() -> None:
    parts = split(frame_of(["a"] * 2_000 + ["b"] * 2_000 + ["five"] * 5), task_of())

    assert [int((rows >= 4_000).sum()) for rows in (parts.train, parts.validation, parts.test)] == [3, 1, 1]


def test_random_rows_are_drawn_one_by_one() -> None:
    assert split(frame_of(["a", "b"] * 20), task_of()).blocks is None


def test_groups_are_the_blocks_and_missing_groups_are_one() -> None:
    who = ["p", "q", "r", "s", None] * 10
    parts = split(frame_of([1.0, 2.0] * 25, who=who), task_of("regression", kind="group", column="who"))

    assert parts.blocks is not None
    assert len(set(parts.blocks.tolist())) == 5
    assert parts.blocks[4] == parts.blocks[9] != parts.blocks[0]


def test_group_sizes_come_close_to_the_fractions() -> None:
    who = [f"customer {row // 4}" for row in range(1_000)]
    parts = split(frame_of(["a", "b"] * 500, who=who), task_of(kind="group", column="who"))

    assert sizes(parts) == (640, 160, 200)


def test_time_blocks_are_fifty_stretches_of_each_part() -> None:
    parts = split(
        frame_of([1.0] * 999 + [2.0], when=range(1_000)), task_of("regression", kind="time", column="when")
    )

    assert parts.blocks is not None
    assert sizes(parts) == (640, 160, 200)
    assert len(set(parts.blocks[parts.test].tolist())) == 50
    assert np.diff(parts.blocks[parts.test]).tolist().count(1) == 49
    assert not set(parts.blocks[parts.test]) & set(parts.blocks[parts.validation])


def test_a_test_part_has_two_groups_where_there_are_five() -> None:
    who = [place for place in "abcde" for _ in range(20)]
    for seed in range(10):
        parts = split(
            frame_of([1.0, 2.0] * 50, who=who), task_of("regression", kind="group", column="who", seed=seed)
        )

        assert len({who[row] for row in parts.test}) == 2
        assert parts.note.endswith(
            "The test part holds only 2 values of 'who', so the interval around the score is rough."
        )


def test_one_large_group_does_not_test_alone() -> None:
    who = ["large"] * 200 + [f"small {row // 8}" for row in range(800)]
    parts = split(frame_of([1.0, 2.0] * 500, who=who), task_of("regression", kind="group", column="who"))

    assert len({who[row] for row in parts.test}) > 5
    assert len({who[row] for row in parts.validation}) > 5


def test_a_test_part_of_one_group_is_said_to_have_an_interval_too_narrow() -> None:
    who = [place for place in "abcd" for _ in range(20)]
    parts = split(frame_of([1.0, 2.0] * 40, who=who), task_of("regression", kind="group", column="who"))

    assert len({who[row] for row in parts.test}) == 1
    assert parts.note.endswith(
        "All test rows are of one 'who', so the interval around the score treats them as independent: "
        "it may be too narrow."
    )


def test_the_latest_moment_does_not_test_alone() -> None:
    year = [2019] * 200 + [2020] * 200 + [2021] * 200 + [2022] * 10 + [2023] * 190
    parts = split(frame_of([1.0, 2.0] * 400, year=year), task_of("regression", kind="time", column="year"))

    assert {year[row] for row in parts.test} == {2022, 2023}
    assert parts.blocks is not None
    assert len(set(parts.blocks[parts.test].tolist())) == 2


def test_two_moments_are_two_blocks_however_few_rows_one_has() -> None:
    year = [2019] * 300 + [2020] * 300 + [2022] * 1 + [2023] * 199
    frame = frame_of([1.0, 2.0] * 400, year=year)
    parts = split(frame, task_of("regression", kind="time", column="year"), test=range(600, 800))

    assert parts.blocks is not None
    assert len(set(parts.blocks[600:].tolist())) == 2
    assert "The test part holds only 2 periods of 'year'" in parts.note


def test_rows_without_a_time_train() -> None:
    when = [None, *range(1, 100)]
    parts = split(frame_of([1.0, 2.0] * 50, when=when), task_of("regression", kind="time", column="when"))

    assert 0 in parts.train
    assert parts.note.endswith("1 rows without 'when' train.")


def test_own_files_are_their_parts() -> None:
    frame = frame_of(["a", "b"] * 50)

    parts = split(frame, task_of(), validation=range(60, 80), test=range(80, 100))

    assert parts.validation.tolist() == list(range(60, 80))
    assert parts.test.tolist() == list(range(80, 100))
    assert parts.train.tolist() == list(range(60))


def test_with_its_own_test_file_validation_is_still_cut() -> None:
    parts = split(frame_of(["a", "b"] * 50 + ["c"]), task_of(), test=range(80, 101))

    assert sizes(parts) == (64, 16, 21)
    assert parts.note.endswith("Class 'c' without a training row; their 1 test rows count as mistakes.")


@pytest.mark.parametrize(
    ("labels", "plan", "columns", "words"),
    [
        (["a", "b"] * 5, {}, {}, "Only 10 rows have a 'y'"),
        ([None] * 30, {}, {}, "Only 0 rows have a 'y'"),
        (["a"] * 30, {}, {}, "All rows of the train part have 'y' = a"),
        (
            ["a", "b"] * 15, {"kind": "group", "column": "who"}, {"who": ["p", "q"] * 15},
            "'who' has too few different values",
        ),
        (["a", "b"] * 15, {"kind": "time", "column": "at"}, {"at": [1.0] * 30}, "'at' has too few different"),
        (["a", "b"] * 15, {"kind": "time", "column": "at"}, {"at": [1, 2] * 15}, "'at' has too few"),
        (list(range(30)), {}, {}, "No row is left for the test part"),
    ],
)  # fmt: skip
def test_rows_that_do_not_allow_the_split_are_refused_in_words(
    labels: list[Any], plan: dict[str, Any], columns: dict[str, Any], words: str
) -> None:
    with pytest.raises(DataError) as refused:
        split(frame_of(labels, **columns), task_of(**plan))

    assert words in refused.value.message
    assert refused.value.hint


def test_a_part_with_one_side_only_is_refused_where_the_metric_needs_both() -> None:
    frame = frame_of(["no", "yes"] * 20 + ["no"] * 10, at=range(50))
    task = Task(
        dataset_version_id="dv_1", target="y", problem_type="binary", metric="roc_auc", features=("x",),
        split=SplitPlan(kind="time", column="at"),
    )  # fmt: skip

    with pytest.raises(DataError, match="All rows of the test part have 'y' = no"):
        split(frame, task)


def test_a_class_of_two_rows_is_the_cause_and_not_the_split() -> None:
    task = Task(
        dataset_version_id="dv_1", target="y", problem_type="binary", metric="roc_auc", features=("x",),
    )  # fmt: skip
    with pytest.raises(DataError, match="Only 2 rows have another 'y' than no: too few to train and test"):
        split(frame_of(["no"] * 298 + ["yes"] * 2), task)


def test_a_split_column_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'x'"):
        split(frame_of(["a", "b"] * 20), task_of(kind="group", column="xx"))


def test_words_have_no_order_in_time() -> None:
    with pytest.raises(UsageError, match="holds neither dates nor numbers"):
        split(frame_of(["a", "b"] * 20, at=["x"] * 40), task_of(kind="time", column="at"))
