"""Each kind of check of columns finds what it is for, says so with evidence, and keeps quiet else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from litmus_core.checks import evidence_sentences, finding_sentence, run_checks
from litmus_core.data import import_table
from litmus_core.store import Workspace
from tests.checks.shop import Checker, one, shop


def test_a_clean_table_has_no_findings_but_its_size(check: Checker) -> None:
    report = check(shop(2500), target="sold")
    assert [each.key for each in report.findings] == []
    assert {each.kind for each in report.not_made} == {
        "type_differs",
        "unseen_categories",
        "overlap",
        "shift",
    }


def test_an_id_is_said_to_name_the_row(check: Checker) -> None:
    frame = shop().assign(code=[f"K-{7 * n % 401:05}" for n in range(400)])
    found = one(check(frame, kinds=["id_column"]))
    assert (found.key, found.severity) == ("id_column:code", "hint")
    assert found.fix is not None
    assert (found.fix.kind, found.fix.safe) == ("leave_out", True)


def test_a_mostly_empty_column_is_said_with_its_share(check: Checker) -> None:
    frame = shop()
    frame.loc[8:, "price"] = None
    found = one(check(frame, kinds=["missing_values"]))
    assert finding_sentence(found) == "'price' is empty in 98 % of the rows."
    assert (found.severity, found.n_rows) == ("warning", 392)


@pytest.mark.parametrize(("mark", "n"), [(-999, 8), (9999, 8), (-99, 4)])
def test_a_number_far_from_all_others_again_and_again_stands_for_missing(
    check: Checker, mark: int, n: int
) -> None:
    frame = shop()
    frame.loc[: n - 1, "price"] = mark
    found = one(check(frame, kinds=["disguised_missing"]))
    assert finding_sentence(found) == f"{mark} in 'price' looks as if it stood for a missing value."
    assert evidence_sentences(found)[0] == f"{mark} is there in {n} rows."
    assert found.fix is not None
    assert found.fix.values == ((f"{mark}.0", None),)


def test_a_disguised_number_in_what_is_to_be_predicted_is_harmful(check: Checker) -> None:
    frame = shop()
    frame.loc[:8, "price"] = -999
    assert one(check(frame, target="price", kinds=["disguised_missing"])).severity == "harmful"


def test_numbers_that_belong_to_the_others_do_not_stand_for_missing(check: Checker) -> None:
    frame = shop()
    frame["age"] = 18 + np.arange(400) % 83  # goes to 100, so 99 is an age
    frame["change"] = np.arange(400) * 7.0 % 3001 - 1500  # -999 lies amid the others
    frame.loc[:5, "change"] = -999
    frame["sign"] = np.where(np.arange(400) % 2, 1, -1)
    assert check(frame, kinds=["disguised_missing"]).findings == ()


def test_zero_below_numbers_that_never_come_near_may_stand_for_missing(check: Checker) -> None:
    frame = shop()
    frame["pressure"] = 60 + np.arange(400) % 50
    frame.loc[::20, "pressure"] = 0
    found = one(check(frame, kinds=["disguised_missing"]))
    assert (found.severity, found.columns) == ("hint", ("pressure",))


@pytest.mark.parametrize(
    ("word", "severity"), [("?", "warning"), ("not available", "warning"), ("unknown", "hint")]
)
def test_a_word_stands_for_missing(check: Checker, word: str, severity: str) -> None:
    frame = shop()
    frame.loc[:9, "city"] = word
    found = one(check(frame, kinds=["disguised_missing"]))
    assert (found.severity, found.n_rows) == (severity, 10)
    assert found.fix is not None
    assert found.fix.values == ((word, None),)


def test_a_dash_among_signs_means_what_it_says(check: Checker) -> None:
    frame = shop().assign(strand=["+", "-"] * 200)
    assert check(frame, kinds=["disguised_missing"]).findings == ()


def test_words_among_numbers_are_named_and_can_go(check: Checker) -> None:
    frame = shop().astype({"price": object})
    words = ["call us", "ask us", "soon", "later"]
    frame.loc[:3, "price"] = words
    found = one(check(frame, kinds=["mixed_types"]))
    assert finding_sentence(found) == "'price' holds numbers in 99 % of its rows, and words in the rest."
    assert evidence_sentences(found)[0].startswith("4 rows do not fit: ")
    assert found.fix is not None
    assert sorted(found.fix.values) == sorted((word, None) for word in words)


def test_a_word_that_import_reads_as_missing_is_a_warning(check: Checker) -> None:
    frame = shop().astype({"price": object})
    frame.loc[:4, "price"] = "call us"
    found = one(check(frame, kinds=["mixed_types"]))
    assert (found.severity, found.columns, found.fix) == ("warning", ("price",), None)
    said = "'price' has 'call us' in place of some numbers. Import read it as missing."
    assert finding_sentence(found) == said
    assert evidence_sentences(found)[0] == "5 rows (1 %) have no number in 'price'."


@pytest.mark.parametrize("word", ["n/a", "not available", "Not applicable"])
def test_a_word_that_says_there_is_no_value_needs_no_warning(check: Checker, word: str) -> None:
    frame = shop().astype({"price": object})
    frame.loc[:4, "price"] = word
    assert check(frame, kinds=["mixed_types"]).findings == ()


def test_dates_that_could_not_be_read_for_one_odd_value_are_said(check: Checker) -> None:
    days = pd.date_range("2024-01-01", periods=400).strftime("%Y-%m-%d").tolist()
    found = one(check(shop().assign(day=["soon", *days[1:]]), kinds=["mixed_types"]))
    assert finding_sentence(found).startswith("'day' holds dates in more than 99 %")


def test_ratings_out_of_five_are_no_dates(check: Checker) -> None:
    frame = shop().assign(rating=[f"{1 + n % 40 / 10:.1f}/5" for n in range(400)])
    assert check(frame, kinds=["mixed_types"]).findings == ()


def test_codes_with_leading_zeros_are_no_mixture(check: Checker) -> None:
    frame = shop().assign(zip=[f"{n:05}" for n in range(399)] + ["K1A 0B1"])
    assert check(frame, kinds=["mixed_types"]).findings == ()


def test_one_category_in_several_spellings_gets_one_safe_fix(check: Checker) -> None:
    frame = shop()
    frame.loc[:9, "city"] = "bern"
    frame.loc[10:14, "city"] = "Bern "
    found = one(check(frame, kinds=["whitespace_case"]))
    assert (found.severity, found.n_rows) == ("warning", 15)
    assert found.fix is not None
    assert (found.fix.kind, found.fix.safe) == ("fold_case", True)


def test_one_label_in_two_spellings_is_harmful(check: Checker) -> None:
    frame = shop()
    frame.loc[frame.index[frame["sold"] == "yes"][:20], "sold"] = "Yes"
    report = check(frame, target="sold", kinds=["whitespace_case"])
    assert one(report).severity == "harmful"
    assert "'yes' and 'Yes'" in finding_sentence(one(report))


def test_spaces_that_split_no_category_are_a_hint(check: Checker) -> None:
    found = one(check(shop().assign(city=[f" {c % 3}z" for c in range(400)]), kinds=["whitespace_case"]))
    assert (found.severity, found.fix and found.fix.kind) == ("hint", "trim")


def test_the_case_of_one_or_two_letters_means_something(check: Checker) -> None:
    assert check(shop().assign(unit=["kB", "kb"] * 200), kinds=["whitespace_case"]).findings == ()


def test_categories_spelled_nearly_alike_are_paired(check: Checker) -> None:
    frame = shop()
    frame["kind"] = np.where(np.arange(400) % 2, "Refrigerator", "New York")
    frame.loc[:2, "kind"] = "Refrigeratr"
    frame.loc[4:8, "kind"] = "New-York"
    found = one(check(frame, kinds=["near_duplicate_categories"]))
    assert found.fix is not None
    assert set(found.fix.values) == {("Refrigeratr", "Refrigerator"), ("New-York", "New York")}


def test_several_words_for_yes_are_one_answer(check: Checker) -> None:
    frame = shop(420).assign(answer=np.resize(["yes", "no", "yes", "no", "Y", "nein", "1"], 420))
    found = one(check(frame, kinds=["near_duplicate_categories"]))
    assert found.fix is not None
    assert set(found.fix.values) == {("Y", "yes"), ("1", "yes"), ("nein", "no")}
    label = one(check(frame, target="answer", kinds=["near_duplicate_labels"]))
    assert (label.severity, label.fix and label.fix.values) == ("harmful", found.fix.values)


def parts(cpus: float) -> pd.DataFrame:
    """Return parts that their measures tell apart, none by itself; those called CPUs measure ``cpus``."""
    rng = np.random.default_rng(3)
    middle = {"CPU": 10.0, "CPUs": cpus, "Screen": 30.0, "Cable": 50.0}
    frame = pd.DataFrame({"part": np.resize(["CPU", "CPU", "CPUs", "Screen", "Cable"], 500)})
    for name in ("weight", "width", "height"):
        frame[name] = (frame["part"].map(middle) + rng.normal(0, 12, 500)).round(3)
    return frame.sample(frac=1.0, random_state=0)


def test_labels_spelled_alike_are_merged_where_a_model_cannot_tell_them_apart(check: Checker) -> None:
    found = one(check(parts(cpus=10.0), target="part", kinds=["near_duplicate_labels"]))
    assert finding_sentence(found) == "'CPUs' and 'CPU' in 'part' may be the same."
    assert found.fix is not None
    assert (found.fix.kind, found.fix.values) == ("replace", (("CPUs", "CPU"),))
    assert "cannot tell 'CPUs' and 'CPU' apart" in evidence_sentences(found)[0]


def test_labels_spelled_alike_stay_where_a_model_tells_them_apart(check: Checker) -> None:
    found = one(check(parts(cpus=90.0), target="part", kinds=["near_duplicate_labels"]))
    assert (found.severity, found.fix) == ("hint", None)


@pytest.mark.parametrize(
    "labels",
    [
        ("Class 1", "Class 2", "Class 10"),
        ("smoker", "non-smoker", "unknown smoker"),
        ("male", "female", "other"),
        ("type II", "type III", "type I"),
        ("<=50K", ">50K", "50K"),
        ("A+", "A-", "AB+"),
        ("Ireland", "Iceland", "Finland"),
        ("typical", "atypical", "none"),
        ("T", "F", "1", "0"),
        ("yes", "no", "maybe", "1", "2"),
    ],
)
def test_labels_that_must_stay_apart_are_never_paired(check: Checker, labels: tuple[str, ...]) -> None:
    frame = shop(420).assign(answer=np.resize([labels[0]] * 18 + list(labels[1:]), 420))
    assert check(frame, target="answer", kinds=["near_duplicate_labels"]).findings == ()
    assert check(frame, kinds=["near_duplicate_categories"]).findings == ()


def test_a_few_numbers_far_away_are_shown_with_their_rows(check: Checker) -> None:
    frame = shop()
    frame.loc[[6, 200], "price"] = [98_000.0, 120_000.0]
    found = one(check(frame, kinds=["outliers"]))
    assert finding_sentence(found) == "2 numbers in 'price' lie far away from all others."
    assert found.table is not None
    assert found.table.rows == (("201", "120000"), ("7", "98000"))


def test_a_long_tail_is_no_outlier(check: Checker) -> None:
    frame = shop(2000).assign(income=np.random.default_rng(1).lognormal(10, 1.5, 2000))
    assert check(frame, kinds=["outliers"]).findings == ()


def test_a_column_on_another_scale_or_in_other_words_is_needless(check: Checker) -> None:
    frame = shop()
    frame["price_usd"] = (frame["price"] * 1.09 + 3).round(2)
    frame["code"] = frame["city"].map({"Bern": 3, "Basel": 7, "Zurich": 1, "Geneva": 9})
    frame["again"] = frame["size"]
    report = check(frame, target="sold", kinds=["duplicate_columns"])
    assert {each.columns: finding_sentence(each) for each in report.findings} == {
        ("price_usd", "price"): "'price_usd' is 'price' on another scale.",
        ("code", "city"): "'code' says the same as 'city' in other words.",
        ("again", "size"): "'again' holds the same values as 'size'.",
    }
    assert all(each.fix and each.fix.columns == each.columns[:1] for each in report.findings)


def test_columns_that_nearly_say_the_same_stay(check: Checker) -> None:
    frame = shop()
    frame["near"] = frame["size"] + np.resize([0.0, 2.0], 400)
    frame["town"] = frame["city"].mask(np.arange(400) == 3, "Lugano")
    assert check(frame, kinds=["duplicate_columns"]).findings == ()


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (["ann.{}@example.org", "bob.{}@example.com"], "e-mail addresses"),
        (["+41 31 555 12 {:02}", "+41 79 555 34 {:02}"], "phone numbers"),
        (["4111 1111 1111 1111", "5500 0000 0000 0004"], "payment card numbers"),
        (["GB82 WEST 1234 5698 7654 32", "DE89 3704 0044 0532 0130 00"], "bank account numbers"),
    ],
)
def test_personal_data_are_a_hint_never_more(check: Checker, values: list[str], what: str) -> None:
    frame = shop().assign(contact=[values[n % 2].format(n % 100) for n in range(400)])
    found = one(check(frame, kinds=["personal_data"]))
    assert found.severity == "hint"
    assert what in finding_sentence(found)


def test_numbers_of_books_are_no_phones(check: Checker) -> None:
    books = [
        f"978-0-{group:03d}-{item:05d}"
        for group, item in zip(range(200, 240), range(40_600, 40_640), strict=True)
    ]
    digits = [[int(each) for each in book if each.isdigit()] for book in books]
    sums = [sum(each * (1 + 2 * (place % 2)) for place, each in enumerate(book)) for book in digits]
    isbn = [f"{book}-{-each % 10}" for book, each in zip(books, sums, strict=True)]
    frame = pd.DataFrame({"isbn": isbn, "y": [0, 1] * 20})
    assert check(frame, kinds=["personal_data"]).findings == ()


@pytest.mark.parametrize(
    "text",
    ["{a:.14f},{b:.14f}", "POINT ({b:.13f} {a:.13f})", "({a:.7f} {b:.7f})", "4{n:015}", "{n:,}", "{n:_}"],
)
def test_coordinates_codes_and_thousands_are_no_cards_and_no_phones(check: Checker, text: str) -> None:
    rng = np.random.default_rng(2)
    cells = [
        text.format(a=a, b=b, n=n).replace("_", " ")
        for a, b, n in zip(
            rng.uniform(-60, 60, 400),
            rng.uniform(-180, 180, 400),
            rng.integers(10**7, 10**8, 400),
            strict=True,
        )
    ]
    assert check(shop().assign(place=cells), kinds=["personal_data"]).findings == ()


def test_a_column_named_like_personal_data_is_a_hint_and_a_code_is_not(check: Checker) -> None:
    frame = shop().assign(**{"Last Name": np.resize(["Meier", "Rossi", "Favre"], 400)})
    frame["lot"] = [f"{n:04}-{n % 97:02}" for n in range(400)]
    assert [each.columns for each in check(frame, kinds=["personal_data"]).findings] == [("Last Name",)]


def test_test_rows_with_what_was_never_seen_are_said(check: Checker) -> None:
    test = shop(200)
    test.loc[:39, "city"] = "Lugano"
    test.loc[:1, "sold"] = "maybe"
    report = check(shop(), test=test, target="sold", kinds=["unseen_categories", "type_differs"])
    assert {each.key: each.severity for each in report.findings} == {
        "unseen_categories:sold": "harmful",
        "unseen_categories:city": "warning",
    }
    assert "'Lugano'" in finding_sentence(report.findings[1])


def test_many_findings_of_a_kind_become_one_with_one_fix(check: Checker) -> None:
    frame = shop().assign(**{f"empty {n}": ["same"] * 400 for n in range(30)})
    found = one(check(frame, kinds=["constant_column"]))
    assert finding_sentence(found) == "30 columns have the same value in every row."
    assert found.fix is not None
    assert len(found.fix.columns) == 30


def test_every_key_of_a_report_is_its_own(check: Checker) -> None:
    frame = shop()
    frame.loc[:9, "city"] = "bern"
    frame.loc[:4, "price"] = -999
    frame["copy"] = frame["size"]
    keys = [each.key for each in check(pd.concat([frame, frame.head(60)]), target="sold").findings]
    assert len(keys) == len(set(keys))
    assert {"whitespace_case:city", "disguised_missing:price", "duplicate_rows"} <= set(keys)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"x": [1, 2], "y": ["a", "b"]}),
        pd.DataFrame({"x": [None] * 30, "y": [None] * 29 + ["a"]}),
        pd.DataFrame({'a "q" b': ["x'y", "x'y "] * 20, "c;--": [1.5, -1e300] * 20}),
        pd.DataFrame({"only": ["😀", "שלום", "<script>"] * 10}),
    ],
)
def test_odd_tables_are_checked_without_a_fall(check: Checker, frame: pd.DataFrame) -> None:
    report = check(frame, target=str(frame.columns[-1]))
    assert all("could not" not in each.reason for each in report.not_made)


@pytest.mark.parametrize("as_parquet", [True, False])
def test_infinite_numbers_that_import_took_as_missing_are_said(tmp_path: Path, as_parquet: bool) -> None:
    frame = shop()
    frame.loc[:2, "price"] = [np.inf, -np.inf, np.inf]
    path = tmp_path / ("shop.parquet" if as_parquet else "shop.csv")
    frame.to_parquet(path) if as_parquet else frame.to_csv(path, index=False)
    workspace = Workspace(tmp_path / "workspace").create()
    version = import_table(workspace, path)
    assert version.column("price").n_missing == 3
    found = one(run_checks(workspace, version, kinds=["infinities"]))
    assert finding_sentence(found) == "'price' had infinite numbers in 3 rows, often a division by zero."


@pytest.mark.parametrize("target", [None, "kind"])
def test_one_column_of_categories_repeats_itself_by_nature(check: Checker, target: str | None) -> None:
    table = pd.DataFrame({"order": range(300), "kind": ["x", "y", "z"] * 100})
    (found,) = [each for each in check(table, target=target).findings if each.kind == "duplicate_rows"]
    assert (found.severity, found.fix) == ("hint", None)
