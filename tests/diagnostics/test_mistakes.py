import numpy as np
import pandas as pd
import pytest

from litmus_core.diagnostics import ConfusedPair, confusion, mistakes, residuals


def test_the_most_confident_wrong_answer_comes_first_and_right_ones_are_left_out():
    frame = pd.DataFrame({"n": [10, 11, 12]})
    prediction = np.array([[0.4, 0.6], [0.1, 0.9], [0.2, 0.8]])
    found = mistakes(frame, np.array(["no", "no", "yes"], dtype=object), prediction, classes=("no", "yes"))
    assert [(one.position, one.truth, one.prediction, one.probability) for one in found] == [
        (1, "no", "yes", 0.9),
        (0, "no", "yes", 0.6),
    ]
    assert found[0].values == {"n": 11}


def test_a_threshold_decides_what_is_wrong():
    frame = pd.DataFrame({"n": [1]})
    found = mistakes(
        frame,
        np.array(["no"], dtype=object),
        np.array([[0.7, 0.3]]),
        classes=("no", "yes"),
        positive_class="yes",
        threshold=0.25,
    )
    assert [(one.prediction, one.probability, one.truth_probability) for one in found] == [("yes", 0.3, 0.7)]


def test_in_regression_the_largest_error_comes_first_with_its_sign():
    frame = pd.DataFrame({"n": [1, 2, 3]})
    found = mistakes(frame, np.array([1.0, 2.0, 3.0]), np.array([1.5, 2.0, -7.0]), n=2)
    assert [(one.position, one.error) for one in found] == [(2, -10.0), (0, 0.5)]


def test_missing_dates_and_long_texts_become_json_values():
    frame = pd.DataFrame({"day": [pd.NaT], "text": ["x" * 2_000], "gap": [np.nan], "flag": [True]})
    values = mistakes(frame, np.array([0.0]), np.array([1.0]))[0].values
    assert (values["day"], values["gap"], values["flag"], len(values["text"])) == (None, None, True, 1_000)


def test_confusion_counts_truth_in_rows_and_answers_in_columns():
    prediction = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7]])
    found = confusion(np.array([0, 0, 1]), prediction, classes=(0, 1))
    assert found.counts == ((1, 1), (0, 1))
    assert found.pairs == (ConfusedPair(truth="0", prediction="1", n_rows=1),)
    assert (found.n_rows, found.n_wrong) == (3, 1)


def test_a_hundred_classes_become_the_twelve_most_frequent_and_others():
    classes = tuple(f"k{number:03d}" for number in range(100))
    truth = np.array([classes[number] for number in range(100)] + [classes[5]] * 10, dtype=object)
    prediction = np.zeros((110, 100))
    prediction[:, 7] = 1.0
    found = confusion(truth, prediction, classes=classes)
    assert len(found.labels) == 13
    assert found.labels[-1] == "88 others"
    assert sum(map(sum, found.counts)) == 110
    assert found.pairs[0] == ConfusedPair(truth="k005", prediction="k007", n_rows=11)


def test_labels_read_back_as_text_still_match_their_class():
    found = confusion(np.array(["1", "2"], dtype=object), np.eye(2), classes=(1, 2))
    assert found.n_wrong == 0


def test_residuals_tell_bias_and_typical_error_of_all_rows_and_show_a_sample():
    truth = np.zeros(3_000)
    found = residuals(truth, np.concatenate([np.full(1_500, 1.0), np.full(1_500, 3.0)]), seed=0)
    assert (len(found.points), found.n_rows) == (1_000, 3_000)
    assert (found.bias, found.typical_error, found.large_error) == (2.0, 2.0, pytest.approx(3.0))
