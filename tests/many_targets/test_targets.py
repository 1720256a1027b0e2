"""Which columns, and which tags of one column, can be targets together."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from app.presenters.many_targets.setup import present_outlook
from litmus_core.errors import DataError, LitmusError, UsageError
from litmus_core.frame import list_text
from litmus_core.many_targets import (
    TagColumn,
    joint_test_rows,
    read_goal,
    read_outlook,
    read_tags,
    read_targets,
    split_tags,
)
from tests.many_targets.tables import tagged, things


def test_tags_are_read_and_one_that_occurs_once_is_left_out_and_named() -> None:
    values = tagged()
    tags = read_tags(values, "tags", separator=None, fewest=10)
    assert (tags.names, tags.separator) == (("big", "old"), ",")
    assert np.array_equal(tags.present[:, 0], things()["big"] == "yes")
    n_empty = sum(value is None for value in values)
    assert tags.notes == (
        f"3 tags of 'tags', separated by ','. {n_empty} rows have no tag.",
        "1 tag occurs in fewer than 10 rows and is left out: 'odd'.",
    )


@pytest.mark.parametrize("write", [list_text, str], ids=["as import writes lists", "as Python prints them"])
def test_a_tag_of_a_list_is_what_it_is_whatever_it_holds(write: Callable[[object], str]) -> None:
    rows = [["hot, dry", "new"], ["a|b", None], [], ["new"]] * 10
    values = [write(row) for row in rows]
    tags = read_tags(values, "tags", separator=None, fewest=10)
    assert (tags.names, tags.separator) == (("a|b", "hot, dry", "new"), "")
    assert tags.notes == ("3 tags of 'tags', given as lists. 10 rows have no tag.",)
    beside = read_tags([*values, "a|b", "new, hot"], "tags", separator=",", fewest=10)
    assert (beside.names, beside.present[-1].tolist()) == (tags.names, [False, False, True])


def test_a_text_beside_lists_is_one_tag_and_brackets_are_no_list() -> None:
    tags = read_tags(['["a","b"]', "c"] * 10, "tags", separator=None, fewest=10)
    assert tags.names == ("a", "b", "c")
    assert read_tags(["[x],[y]", "[x]", "z"] * 10, "tags", separator=None, fewest=10).names[0] == "[x]"
    assert split_tags("['a' 'b']", ",") == {"['a' 'b']"}


def test_the_page_says_that_tags_are_lists() -> None:
    table = pd.DataFrame({"tags": ['["a, b"]', '["c"]'] * 10})
    view = present_outlook(read_outlook(table, (), TagColumn("tags")))
    assert (view.sentence, view.notes) == ("2 tags, given as lists, in 20 rows.", ())


def test_tags_that_differ_only_in_case_are_one_tag() -> None:
    values = ["New York,b"] * 12 + ["new york"] * 3 + ["NEW YORK,b"] * 2 + ["b"] * 20 + [None] * 10
    tags = read_tags(values, "tags", separator=",", fewest=10)
    assert tags.names == ("New York", "b")
    assert tags.present.sum(axis=0).tolist() == [17, 34]
    assert tags.notes[-1] == (
        "2 spellings of tags differ only in case and count as the commonest one: 'NEW YORK' and 'new york'."
    )


def test_a_tag_that_almost_all_rows_have_is_left_out_too() -> None:
    tags = read_tags([f"{value or ''},all" for value in tagged()], "tags", separator=",", fewest=10)
    assert tags.names == ("big", "old")
    assert tags.notes[-1] == "1 tag is missing in fewer than 10 rows and is left out: 'all'."


@pytest.mark.parametrize(
    ("values", "message", "hint"),
    [
        (
            ["a,b", "a;b", "b, c"],
            "separated in several ways: ',' in 2 rows and ';' in 1 row",
            "separator=','",
        ),
        (["a", "b"], "No value of 'tags' holds more than one tag", "train 'tags' as one target"),
        (["a|b", "a|c"] * 6, "0 tags that 10 rows or more have", "of 12 rows are a (12), b (6) and c (6)"),
        (["a|b", "a"] * 20, "has 1 tag that 10 rows or more have and 10 or more lack", "train one tag"),
        (["a|b", "c"] * 9, "'tags' has 0 tags that 10 rows", "Lower the limit (fewest)"),
    ],
)
def test_tags_that_are_not_clear_are_refused(values: list[str], message: str, hint: str) -> None:
    with pytest.raises(DataError) as refused:
        read_tags(values, "tags", separator=None, fewest=10)
    assert message in refused.value.message
    assert hint in str(refused.value.hint)


def test_columns_of_two_values_are_yes_or_no_and_others_numbers() -> None:
    labels = read_targets(things(), ["big", "old"], fewest=10)
    assert [target.positive for target in labels] == ["yes", "yes"]
    numbers = read_targets(things(), ["price", "age"], fewest=10)
    assert [target.positive for target in numbers] == [None, None]
    flags = pd.DataFrame({"a": [True, None, False] * 30, "b": [0, 1, 1] * 30}, dtype=object)
    first, second = read_targets(flags, ["a", "b"], fewest=10)
    assert first.truth(flags)[:3].tolist() == [True, False, False]
    assert second.truth(flags)[:3].tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("columns", "message", "hint"),
    [
        (["big"], "1 target is too few to be trained together.", "litmus train"),
        (["big", "old", "big"], "'big' is named more than once.", "Name each target once."),
        (["big", "price"], "'big' is yes or no, 'price' holds numbers.", "another for 'price'"),
        (["big", "same"], "'same' has the same value in every row", "the others are 'big'"),
        (["big", "rare"], "'rare' is 'yes' in 1 row; 10 are needed", "Leave it out: the others are 'big'."),
        (["big", "colour"], "'colour' has 3 classes", "Train 'colour' by itself"),
    ],
)
def test_targets_that_do_not_fit_are_refused_with_what_does(
    columns: list[str], message: str, hint: str
) -> None:
    table = things().assign(same="no", rare="no", colour=np.resize(["red", "green", "blue"], 200))
    table.loc[3, "rare"] = "yes"
    with pytest.raises(LitmusError) as refused:
        read_targets(table, columns, fewest=10)
    assert message in refused.value.message
    assert hint in str(refused.value.hint)


def test_a_goal_is_of_the_targets_kind_and_points_the_right_way() -> None:
    metric, bar = read_goal("hamming_loss <= 0.2", "labels")
    assert (metric, bar and bar.op, bar and bar.value) == ("hamming_loss", "<=", 0.2)
    assert read_goal(None, "numbers") == ("mean_r2", None)
    for goal in ("mean_r2", "f1", "hamming_loss>=0.2", "micro_f1>=x", "micro_f1>="):
        with pytest.raises(UsageError, match="is not a goal for yes/no targets"):
            read_goal(goal, "labels")


def test_rare_labels_judge_by_their_share() -> None:
    random = np.random.default_rng(0)
    labels = random.random((1_000, 4)) < [0.5, 0.2, 0.03, 0.015]
    for seed in range(5):
        rows = joint_test_rows(labels, fraction=0.2, seed=seed)
        assert len(rows) == 200
        assert np.abs(labels[rows].sum(axis=0) - 0.2 * labels.sum(axis=0)).max() <= 3
    assert len(joint_test_rows(np.empty((50, 0), dtype=bool), fraction=0.2, seed=0)) == 10


@pytest.mark.parametrize("text", ["[" * 100_000 + "]" * 100_000, "[(" * 5_000 + "]"])
def test_a_text_that_nests_without_end_is_one_tag(text: str) -> None:
    assert split_tags(text, ",") == {text}
