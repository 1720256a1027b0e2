"""What answers are judged by, in groups."""

from __future__ import annotations

import pytest

from app.presenters.question.metric_picker import group_of, present_judging, with_costs, with_parameter
from litmus_core.errors import UsageError
from litmus_core.metrics import metrics_for

BINARY = [metric.name for metric in metrics_for("binary")]


def test_every_metric_that_fits_is_in_one_group_plain_word_first():
    for kind in ("binary", "multiclass", "regression"):
        names = [metric.name for metric in metrics_for(kind)]
        view = present_judging(names, names[0], classes=("a", "b", "c"))
        families = [family for group in view.groups.values() for family in group]
        assert sorted(families) == sorted(metric.family for metric in metrics_for(kind))
    view = present_judging(BINARY, "accuracy", classes=("no", "yes"))
    assert view.titles["accuracy"] == "How often it is right (Accuracy)"
    assert view.titles["recall_at_precision"].endswith("(Recall at a set precision)")


def test_a_metric_is_found_in_its_group_whatever_its_parameters():
    view = present_judging(BINARY, "recall_at_precision(precision=0.7)", classes=("no", "yes"))
    assert group_of("recall_at_precision(precision=0.7)", view) == "Fixed precision or recall"
    assert [(each.name, each.value, each.is_share) for each in view.sliders] == [("precision", 0.7, True)]
    assert "70\u202f%" in view.help


def test_numbers_have_one_group_only():
    names = [metric.name for metric in metrics_for("regression")]
    assert list(present_judging(names, "rmse", classes=()).groups) == ["How far off"]


def test_a_short_list_ends_before_all_classes_are_on_it():
    names = [metric.name for metric in metrics_for("multiclass")]
    [slider] = present_judging(names, "top_k_accuracy(k=3)", classes=("a", "b", "c", "d")).sliders
    assert (slider.minimum, slider.maximum, slider.value, slider.is_whole) == (1, 3, 3, True)


def test_moving_a_slider_changes_that_parameter_only():
    assert with_parameter("fbeta(beta=2)", "beta", 0.30000000000000004) == "fbeta(beta=0.3)"


def test_the_table_of_costs_begins_with_one_for_each_mistake():
    view = present_judging(BINARY, "cost", classes=("no", "yes"))
    assert view.costs.costs == ((0.0, 1.0), (1.0, 0.0))
    assert with_costs(view.costs.classes, view.costs.costs) == "cost"


def test_a_table_that_was_filled_in_is_shown_again_in_the_columns_order():
    text = with_costs(["yes", "no"], [[0, 20], [1, 0]])
    view = present_judging(BINARY, text, classes=("no", "yes"))
    assert view.costs.costs == ((0.0, 1.0), (20.0, 0.0))


def test_a_table_of_another_column_is_begun_anew():
    view = present_judging(BINARY, with_costs(["a", "b"], [[0, 2], [3, 0]]), classes=("no", "yes"))
    assert view.costs.costs == ((0.0, 1.0), (1.0, 0.0))


def test_many_classes_have_no_table_to_fill_in():
    names = [metric.name for metric in metrics_for("multiclass")]
    view = present_judging(names, "cost", classes=tuple(map(str, range(13))))
    assert view.costs is None
    assert view.too_many_classes


def test_an_empty_cell_is_said():
    with pytest.raises(UsageError, match="A cost is missing"):
        with_costs(["no", "yes"], [[0, float("nan")], [1, 0]])
