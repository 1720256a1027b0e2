"""Checks of rows and labels: copies, contradictions, missing and rare labels, too few rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from litmus_core.checks import evidence_sentences, finding_sentence
from tests.checks.shop import Checker, one, shop


def hard_to_tell(n_rows: int = 400) -> pd.DataFrame:
    """Rows of which the columns say little: who knows a copy is far better off."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.normal(size=(n_rows, 4)), columns=list("abcd"))
    return frame.assign(sold=np.where(frame["a"] + rng.normal(scale=3, size=n_rows) > 0, "yes", "no"))


def test_copies_that_make_a_score_too_good_are_harmful_and_can_go(check: Checker) -> None:
    frame = hard_to_tell()
    report = check(pd.concat([frame, frame.head(160)]), target="sold", kinds=["duplicate_rows"])
    found = one(report)
    assert (found.severity, found.n_rows) == ("harmful", 160)
    assert "the score is too good" in finding_sentence(found)
    assert "copies kept together" in evidence_sentences(found)[0]
    assert found.fix is not None


def test_copies_that_make_no_score_better_only_warn(check: Checker) -> None:
    frame = shop()
    report = check(pd.concat([frame, frame.head(40)]), target="sold", kinds=["duplicate_rows"])
    found = one(report)
    assert (found.severity, found.n_rows) == ("warning", 40)
    assert finding_sentence(found) == "40 rows (9 %) are copies of another."
    assert "copies kept together" in evidence_sentences(found)[0]


def test_copies_in_a_table_of_few_rows_are_harmful_though_no_model_can_be_asked(check: Checker) -> None:
    frame = hard_to_tell(40)
    report = check(pd.concat([frame, frame.head(20)]), target="sold", kinds=["duplicate_rows"])
    assert (one(report).severity, evidence_sentences(one(report))) == ("harmful", ())


def test_rows_that_can_say_little_are_equal_by_nature(check: Checker) -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {each: rng.choice(["a", "b", "c"], 600) for each in ("first", "second", "third", "fourth")}
    )
    found = one(check(frame, target="fourth", kinds=["duplicate_rows"]))
    assert found.severity == "hint"
    assert "natural" in finding_sentence(found)
    assert found.fix is None


def test_ordinary_answers_are_equal_by_nature_though_one_column_tells_of_another(check: Checker) -> None:
    rng = np.random.default_rng(4)
    grade = rng.choice(5, 500, p=[0.5, 0.25, 0.15, 0.06, 0.04])
    frame = pd.DataFrame({f"is {n}": (grade == n).astype(int) for n in range(5)})
    frame["visits"] = rng.geometric(0.3, 500)
    frame["kids"] = rng.geometric(0.5, 500)
    assert one(check(frame, target="kids", kinds=["duplicate_rows"])).severity == "hint"


@pytest.mark.exhaustive(
    reason="test_a_table_of_few_kinds_of_rows_that_is_there_twice_is_copied is the harder one"
)
def test_a_table_that_is_there_twice_is_no_natural_one(check: Checker) -> None:
    report = check(pd.concat([shop(), shop()]), target="sold", kinds=["duplicate_rows"])
    assert (one(report).severity, one(report).n_rows) == ("harmful", 400)


def test_empty_rows_are_said_by_themselves_and_can_safely_go(check: Checker) -> None:
    frame = shop().assign(sold="yes")
    frame.loc[[4, 9], ["size", "price", "city"]] = None
    report = check(frame, target="sold", kinds=["empty_rows", "duplicate_rows"])
    assert (
        finding_sentence(one(report)) == "2 rows (less than 1 %) are empty: nothing can be learned from them."
    )
    assert one(report).fix is not None
    assert one(report).fix.rows == (4, 9)


def test_equal_rows_with_other_labels_are_counted_with_the_best_that_can_be_reached(check: Checker) -> None:
    frame = shop()
    turned = frame.head(20).assign(sold=frame["sold"].head(20).map({"yes": "no", "no": "yes"}))
    found = one(check(pd.concat([frame, turned]), target="sold", kinds=["conflicting_labels"]))
    assert (found.severity, found.n_rows) == ("warning", 40)
    assert evidence_sentences(found) == ("So no model can be right on more than 95.2 % of all rows.",)
    assert found.table is not None
    assert found.table.rows[0][:2] == ("1, 401", "no, yes")


def test_rows_without_a_label_can_safely_go(check: Checker) -> None:
    frame = shop()
    frame.loc[:39, "sold"] = None
    found = one(check(frame, target="sold", kinds=["missing_labels"]))
    assert finding_sentence(found).startswith("40 rows (10 %) have no 'sold'")
    assert found.fix is not None
    assert (found.fix.kind, found.fix.safe) == ("drop_missing", True)


def test_one_row_without_a_label_is_said_in_the_singular(check: Checker) -> None:
    frame = shop()
    frame.loc[3, "sold"] = None
    found = one(check(frame, target="sold", kinds=["missing_labels"]))
    assert finding_sentence(found) == (
        "1 row (less than 1 %) has no 'sold', so nothing can be learned from it."
    )


def test_rare_labels_are_merged_and_a_single_one_is_set_aside(check: Checker) -> None:
    frame = shop()
    frame.loc[:2, "city"] = "Lugano"
    single = one(check(frame, target="city", kinds=["rare_labels"]))
    assert single.fix is not None
    assert (single.fix.kind, single.fix.values) == ("as_missing", (("Lugano", None),))
    frame.loc[10:11, "city"] = "Locarno"
    several = one(check(frame, target="city", kinds=["rare_labels"]))
    assert several.fix is not None
    assert several.fix.values == (("Lugano", "other"), ("Locarno", "other"))


def test_imbalance_says_what_guessing_reaches(check: Checker) -> None:
    frame = shop().assign(sold=np.where(np.arange(400) % 33 == 0, "yes", "no"))
    found = one(check(frame, target="sold", kinds=["imbalance"]))
    assert finding_sentence(found).startswith("Guessing always 'no' is right 97 % of the time")
    assert "balanced accuracy" in finding_sentence(found)


def test_few_rows_that_judge_are_said_with_the_range_of_a_score(check: Checker) -> None:
    found = one(check(shop(), target="sold", kinds=["small_test"]))
    assert "80 rows (20 % of the table)" in finding_sentence(found)
    assert "from 83 % to 97 %" in finding_sentence(found)


def test_few_rows_and_many_columns_are_said(check: Checker) -> None:
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(20, 40))).add_prefix("x")
    report = check(frame, kinds=["few_rows", "wide_table"])
    assert {each.kind: each.severity for each in report.findings} == {
        "few_rows": "warning",
        "wide_table": "warning",
    }


def test_a_table_of_few_kinds_of_rows_that_is_there_twice_is_copied(check: Checker) -> None:
    rng = np.random.default_rng(0)
    few = pd.DataFrame({"sex": rng.choice(["f", "m"], 900), "age": rng.integers(1, 70, 900)})
    few["class"] = rng.choice(["1st", "2nd", "3rd"], 900)
    few["survived"] = rng.choice(["yes", "no"], 900)
    assert not check(few, target="survived", kinds=["duplicate_rows"]).of("harmful")
    twice = pd.concat([few, few]).sample(frac=1, random_state=0)
    (found,) = check(twice, target="survived", kinds=["duplicate_rows"]).of("harmful")
    assert finding_sentence(found).startswith("1,")
