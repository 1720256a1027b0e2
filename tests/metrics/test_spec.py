"""How a metric is asked for: texts, parameters, and what is said of invalid ones."""

from __future__ import annotations

import pytest

import litmus_core
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.metrics import all_metrics, get_metric


def test_python_and_text_ask_for_the_same_metric():
    asked = litmus_core.Metric("coverage_at_precision", precision=0.85)
    assert str(asked) == "coverage_at_precision(precision=0.85)"
    assert get_metric(asked) is get_metric("coverage_at_precision( precision = 0.85 )")


@pytest.mark.parametrize(
    "text",
    [
        *(metric.name for metric in all_metrics()),
        "coverage_at_precision(precision=0.8512345678901)",
        "fbeta(beta=0.5)",
        'cost(table={"a, (b)=\\"c\\"":{"ü":2.5},"ü":{"a, (b)=\\"c\\"":10}})',
    ],
)
def test_a_metrics_text_asks_for_that_metric_again(text):
    assert get_metric(text).name == text
    assert get_metric(get_metric(text).name) == get_metric(text)


def test_what_is_not_said_has_its_default_and_the_text_says_it():
    assert get_metric("top_k_accuracy").name == "top_k_accuracy(k=3)"
    assert get_metric("cost").name == "cost"


def test_equal_cost_tables_have_equal_texts():
    one = litmus_core.Metric("cost", table={"yes": {"no": 20.0, "yes": 0}, "no": {"yes": 1}})
    other = litmus_core.Metric("cost", table={"no": {"yes": 1.0}, "yes": {"no": 20}})
    assert one == other
    assert str(one) == 'cost(table={"no":{"yes":1},"yes":{"no":20}})'


def test_names_that_others_use_mean_ours():
    assert get_metric("pr_auc").name == "average_precision"
    assert get_metric("cohen_kappa").name == "kappa"
    assert get_metric("ece(bins=10)").name == "expected_calibration_error(bins=10)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("coverage_at_precison(precision=0.9)", "Did you mean 'coverage_at_precision'"),
        ("coverage_at_precision(precison=0.9)", "Did you mean 'precision'"),
        ("coverage_at_precision(precision=85)", "between 0.01 and 1, not 85. Did you mean 0.85?"),
        ("coverage_at_precision(precision=0)", "between 0.01 and 1, not 0."),
        ('coverage_at_precision(precision="high")', "is a number, not 'high'"),
        ("coverage_at_precision(precision=NaN)", "between 0.01 and 1, not nan"),
        ("coverage_at_precision(precision=0.9, precision=0.8)", "gives precision twice"),
        ("coverage_at_precision(0.9)", "'0.9' in 'coverage_at_precision.0.9.' is not a parameter"),
        ("coverage_at_precision(precision=0.9", "is not a metric"),
        ("coverage_at_precision(precision=high)", "neither a number nor a table"),
        ("coverage_at_precision(precision=0.9 0.8)", "cannot be read from '0.8' on"),
        ("top_k_accuracy(k=2.5)", "k of top_k_accuracy is a whole number, not 2.5"),
        ("accuracy(k=3)", "accuracy takes no parameters"),
        ("", "'' is not a metric"),
        ("cost(table=3)", "'3' is not a cost table"),
        ('cost(table={"a":{"b":1}})', "There is no row in the cost table for 'b'"),
        ('cost(table={"a":{}})', "a row for each of two or more classes"),
        ('cost(table={"a":{"b":"x"},"b":{}})', "The cost of answering 'b' for 'a' is 'x', not a number"),
        ('cost(table={"a":{"b":NaN},"b":{}})', "is nan, not a number"),
        ('cost(table={"a":{},"b":{}})', "wrong answers cost no more than right ones"),
        ('cost(table={"a":{"a":5,"b":1},"b":{}})', "answering 'b' would cost 1, and the right answer 5"),
        ('cost(table={"a":{"b":-1},"b":{}})', "answering 'b' would cost -1, and the right answer 0"),
    ],
)
def test_what_cannot_be_meant_is_said_in_words(text, said):
    with pytest.raises(UsageError, match=said):
        get_metric(text)


def test_an_unknown_parameter_is_an_unknown_name():
    with pytest.raises(UnknownNameError, match="no parameter of fbeta called 'b'"):
        get_metric("fbeta(b=1)")
