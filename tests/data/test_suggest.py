"""Proposals: the kind of question by the target's values, the columns by what they would do to a model."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from litmus_core.data import suggest
from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.metrics import get_metric, metrics_for
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion, Suggestion

Importer = Callable[..., DatasetVersion]


def table(**columns: list[object]) -> str:
    rows = zip(*columns.values(), strict=True)
    return "\n".join([",".join(columns), *(",".join(map(str, row)) for row in rows)]) + "\n"


@pytest.fixture
def suggested(workspace: Workspace, imported: Importer) -> Callable[..., Suggestion]:
    """Return a function that imports a table of a target ``y`` and other columns, and suggests for it."""

    def suggested(y: list[object], **columns: list[object]) -> Suggestion:
        others = columns or {"x": [number * 7 % 5 for number in range(len(y))]}
        return suggest(workspace, imported(table(y=y, **others)), "y")

    return suggested


Suggest = Callable[..., Suggestion]


@pytest.mark.parametrize(
    ("y", "problem_type", "why", "metric"),
    [
        (
            ["no", "yes", "no", "no"] * 10, "binary",
            "Two different values, so this is a choice between no and yes.", "roc_auc",
        ),
        ([0, 1] * 20, "binary", "Two different values, so this is a choice between 0 and 1.", "roc_auc"),
        (["true", "false"] * 20, "binary",
         "Two different values, so this is a choice between false and true.",
         "roc_auc"),
        (["a", "b", "c", "d"] * 10, "multiclass",
         "4 different values, so this is a choice between 4 categories.",
         "accuracy"),
        ([1, 2, 3, 4] * 10, "multiclass",
         "Only 4 different whole numbers, so this is a choice between 4 classes.", "accuracy"),
        (list(range(40)), "regression", "40 different numbers, so this is a question of how much.", "rmse"),
        ([1.5, 2.5, 3.5, 4.5] * 10, "regression", "4 different numbers, so this is a question of how much.",
         "rmse"),
        (["a"] * 35 + ["b", "b", "b", "c", "c"], "multiclass",
         "3 different values, so this is a choice between 3 categories. One of them is 88% of the rows, so "
         "each should count the same.", "balanced_accuracy"),
    ],
    ids=[
        "words", "zero and one", "booleans", "categories", "ratings", "many numbers", "fractions", "lopsided",
    ],
)  # fmt: skip
def test_the_question_follows_from_the_values(
    suggested: Suggest, y: list[object], problem_type: str, why: str, metric: str
) -> None:
    found = suggested(y)

    assert (found.problem_type, found.why, found.metric) == (problem_type, why, metric)
    assert found.metrics[0] == metric
    families = {get_metric(name).family for name in found.metrics}
    assert families <= {each.family for each in metrics_for(found.problem_type)}


def test_many_classes_are_said_to_be_many(suggested: Suggest) -> None:
    found = suggested([f"town {number % 120}" for number in range(480)])

    assert found.problem_type == "multiclass"
    assert found.why.endswith("More than 100 is a lot: merging the rare ones into 'other' often helps.")


def test_values_that_hardly_repeat_are_no_classes(suggested: Suggest) -> None:
    found = suggested([f"name {number}" for number in range(60)])

    assert "too seldom to learn from: choose another column" in found.why


@pytest.mark.parametrize(
    ("y", "positive"),
    [
        (["no", "yes", "yes"] * 10, "yes"),
        ([0, 1, 1] * 10, "1"),
        (["true", "false", "true"] * 10, "true"),
        (["good", "bad", "good"] * 10, "bad"),
        ([1, 2, 2] * 10, "1"),
    ],
)
def test_the_positive_class_reads_as_yes_or_is_the_rarer(
    suggested: Suggest, y: list[object], positive: str
) -> None:
    assert suggested(y).positive_class == positive


def test_classes_come_most_frequent_first_and_missing_targets_are_counted(suggested: Suggest) -> None:
    found = suggested(["b", "a", "a", "c", "a", "b", "", ""] * 5)

    assert (found.classes, found.n_missing_target) == (("a", "b", "c"), 10)


def test_whole_numbers_name_their_classes_the_same_when_some_are_missing(suggested: Suggest) -> None:
    assert suggested([0, 1, ""] * 10).classes == ("0", "1")


def test_metrics_that_the_numbers_leave_undefined_are_not_offered(suggested: Suggest) -> None:
    assert suggested([number - 20 for number in range(40)]).metrics == (
        "rmse", "mae", "r2", "quantile_loss(quantile=0.9)", "interval_width(level=0.9)",
    )  # fmt: skip
    assert suggested([number + 1 for number in range(40)]).metrics == (
        "rmse", "mae", "r2", "mape", "medape", "rmsle", "quantile_loss(quantile=0.9)",
        "interval_width(level=0.9)",
    )  # fmt: skip


def test_columns_that_would_not_help_or_would_cheat_are_left_out_with_the_reason(suggested: Suggest) -> None:
    y = ["red", "blue", "green", "blue"] * 10
    found = suggested(
        y,
        row_id=list(range(40)),
        stamp=[10**9 + 5_000 * number for number in range(40)],
        code=[f"QA-{number * 37 % 41}-X" for number in range(40)],
        empty=[""] * 40,
        constant=[7] * 40,
        copy=y,
        colour_number=[{"red": 5, "blue": 3, "green": 4}[colour] for colour in y],
        useful=[number * 7 % 5 for number in range(40)],
        seldom=["x", "", "", ""] * 10,
    )

    same = "It carries the same information as 'y', so it would give the answer away."
    assert {each.column: each.reason for each in found.left_out} == {
        "row_id": "It numbers the rows in their order, which can give the answer away.",
        "stamp": "Its numbers follow the order of the rows, which can give the answer away.",
        "code": "It is an ID (nearly every value is different), so it does not help prediction.",
        "empty": "It is empty in every row.",
        "constant": "It has the same value in every row.",
        "copy": same,
        "colour_number": same,
    }
    assert found.features == ("useful", "seldom")


def test_a_number_that_nearly_follows_rows_sorted_by_the_target_is_left_out(suggested: Suggest) -> None:
    label = ["blue"] * 40 + ["green"] * 40 + ["red"] * 40
    ref = [1_000 + 3 * row // 2 for row in range(120)]
    ref[20], ref[25], ref[70], ref[71] = ref[25], ref[20], ref[71], ref[70]
    found = suggested(label, ref=ref, useful=[number * 7 % 5 for number in range(120)])

    said = "It follows the order of the rows, which gives the answer away."
    assert [(each.column, each.reason) for each in found.left_out] == [("ref", said)]


def test_a_number_in_another_unit_is_the_target_itself(suggested: Suggest) -> None:
    kilos = [number * 37 % 41 for number in range(40)]
    found = suggested(
        kilos,
        grams=[1_000 * kilo + 3 for kilo in kilos],
        height=[kilo + 3 * (row % 2) for row, kilo in enumerate(kilos)],
    )

    assert [each.column for each in found.left_out] == ["grams"]
    assert found.features == ("height",)


@pytest.mark.parametrize(
    ("y", "error", "words"),
    [
        (["", "", ""], DataError, "'y' is empty in every row."),
        (["a", "a", "a"], DataError, "'y' has the same value in every row"),
        (
            ["2024-05-01", "2024-05-02", "2024-05-03"],
            UsageError,
            "'y' holds dates, which cannot be predicted.",
        ),
    ],
)
def test_a_column_that_cannot_be_predicted_is_refused_in_words(
    suggested: Suggest, y: list[object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        suggested(y)


def test_an_unknown_target_suggests_the_nearest(workspace: Workspace, imported: Importer) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'colour'"):
        suggest(workspace, imported("colour,x\nred,1\nblue,2\n"), "color")


def test_a_short_list_is_shorter_than_the_number_of_classes(suggested: Suggest) -> None:
    assert "top_k_accuracy(k=2)" in suggested(["a", "b", "c"] * 20).metrics
    assert "top_k_accuracy(k=3)" in suggested(["a", "b", "c", "d"] * 20).metrics


def test_names_of_single_rows_do_not_say_the_same_as_a_number_of_each(suggested: Suggest) -> None:
    """A station's name goes with its number of passengers, as it would with any other number."""
    riders = [1_000 + number * 977 % 4_001 for number in range(80)]
    found = suggested(riders, station=[f"Station {'ABCDEFGH'[n % 8]} {n * 37 % 83}" for n in range(80)])

    assert [each.column for each in found.left_out if "says the same" in each.reason] == []
