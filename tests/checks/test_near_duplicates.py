from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from litmus_core.checks import evidence_sentences, finding_sentence
from litmus_core.types import CheckReport, SplitPlan
from tests.cases import amount
from tests.checks.shop import seeds

Checker = Callable[..., CheckReport]
WORDS = np.array(
    [
        "red",
        "blue",
        "steel",
        "glass",
        "wide",
        "tall",
        "small",
        "lamp",
        "chair",
        "table",
        "desk",
        "shelf",
        "sofa",
        "bed",
        "oak",
        "pine",
    ]
)


def measured(n_rows: int = 400, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n_rows, 4)).round(3), columns=list("abcd"))
    frame["town"] = rng.choice(["Bern", "Basel", "Chur"], n_rows)
    return frame.assign(y=np.where(frame["a"] + rng.normal(size=n_rows) > 0, "yes", "no"))


def titles(n_rows: int = 300, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    texts = [" ".join(rng.choice(WORDS, 6)) + f" model {rng.integers(1000, 9999)}" for _ in range(n_rows)]
    return pd.DataFrame({"title": texts, "y": rng.choice(["yes", "no"], n_rows)})


def with_twins(frame: pd.DataFrame, n_twins: int, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    twins = frame.sample(n_twins, random_state=seed).copy()
    for name in ("a", "b"):
        twins[name] = twins[name] + rng.normal(scale=0.002, size=n_twins)
    return pd.concat([frame, twins], ignore_index=True)


def test_rows_that_differ_in_the_last_digits_are_found(check: Checker) -> None:
    (found,) = check(with_twins(measured(), 40), target="y", kinds=["near_duplicates"]).findings
    assert found.n_rows == 80
    assert found.fix is not None
    assert found.fix.rows == tuple(range(400, 440))
    assert found.table is not None
    assert len(found.table.rows) == 8


def test_equal_rows_beside_near_duplicates_are_said_to_be_counted_apart(check: Checker) -> None:
    twins = with_twins(measured(), 30)
    for table, is_said in ((twins, False), (pd.concat([twins, twins.head(20)]), True)):
        (found,) = check(table, target="y", kinds=["near_duplicates"]).findings
        assert (
            "Rows that are equal in every cell are counted separately." in evidence_sentences(found)
        ) is is_said


def test_twins_of_whole_tables_flatter_and_are_harmful(check: Checker) -> None:
    rng = np.random.default_rng(3)
    frame = measured(150, seed=3).assign(y=rng.choice(["yes", "no"], 150))
    many = pd.concat([with_twins(frame, 150, seed=each).iloc[150:] for each in range(4)])
    (found,) = check(many, target="y", kinds=["near_duplicates"]).of("harmful")
    assert "copies kept together" in evidence_sentences(found)[0]


def test_texts_that_differ_in_case_signs_or_a_letter_are_found(check: Checker) -> None:
    frame = titles()
    twins = frame.head(30).copy()
    twins["title"] = twins["title"].str.upper() + "!"
    typo = frame.iloc[30:60].copy()
    typo["title"] = typo["title"].str.replace("model", "modell")
    whole = pd.concat([frame, twins, typo], ignore_index=True)
    (found,) = check(whole, target="y", kinds=["near_duplicates"]).findings
    assert found.n_rows is not None
    assert 110 <= found.n_rows <= 120


@pytest.mark.parametrize("seed", seeds(3))
def test_rows_that_lie_close_by_chance_are_not_twins(check: Checker, seed: int) -> None:
    rng = np.random.default_rng(seed)
    eruptions = rng.normal(size=500)
    frame = pd.DataFrame({"length": eruptions, "wait": eruptions + rng.normal(scale=0.3, size=500)})
    frame["y"] = rng.choice(["yes", "no"], 500)
    assert not check(frame, target="y", kinds=["near_duplicates"]).findings
    assert not check(measured(seed=seed), target="y", kinds=["near_duplicates"]).findings
    assert not check(titles(seed=seed), target="y", kinds=["near_duplicates"]).findings


def test_a_table_without_a_target_is_looked_at_too(check: Checker) -> None:
    (found,) = check(with_twins(measured(), 40), kinds=["near_duplicates"]).findings
    assert (found.severity, evidence_sentences(found)) == ("warning", ())


def test_test_rows_that_lie_in_the_table_are_harmful(check: Checker) -> None:
    frame, other = measured(), measured(100, seed=9)
    test = pd.concat([other, frame.head(20)], ignore_index=True)
    (found,) = check(frame, test=test, target="y", kinds=["overlap"]).findings
    assert found.severity == "harmful"
    assert "20 of the 120 test rows (17 %) also lie in the table." in finding_sentence(found)
    assert found.fix is not None
    assert found.fix.rows == tuple(range(20))


def test_test_rows_that_nearly_lie_in_the_table_are_harmful(check: Checker) -> None:
    frame = measured()
    test = pd.concat([measured(100, seed=9), with_twins(frame, 20).tail(20)], ignore_index=True)
    (found,) = check(frame, test=test, target="y", kinds=["overlap"]).of("harmful")
    assert "all but for tiny differences" in finding_sentence(found)


def test_few_things_to_say_make_equal_rows_natural(check: Checker) -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({name: rng.integers(0, 3, 500) for name in "abc"}).assign(
        y=rng.choice(["yes", "no"], 500)
    )
    assert not check(frame.head(400), test=frame.tail(100), target="y", kinds=["overlap"]).findings


def test_other_test_rows_do_not_overlap(check: Checker) -> None:
    report = check(measured(), test=measured(100, seed=9), target="y", kinds=["overlap"])
    assert not report.findings
    assert not report.not_made


def test_equal_rows_are_found_in_all_of_a_large_table(
    check: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("litmus_core.checks._context.table.SAMPLE_ROWS", 100)
    frame = measured()
    test = pd.concat([measured(60, seed=9), frame.tail(20)], ignore_index=True)
    (found,) = check(frame, test=test, target="y", kinds=["overlap"]).of("harmful")
    assert "20 of the 80 test rows (25 %) also lie in the table." in finding_sentence(found)
    assert found.fix is not None
    assert found.fix.rows == tuple(range(380, 400))


def test_twins_with_ids_of_their_own_are_kept_together_and_never_deleted(check: Checker) -> None:
    frame = with_twins(measured(), 60)
    rng = np.random.default_rng(8)
    frame["customer id"] = [f"C{each:06}" for each in rng.choice(900_000, len(frame), replace=False)]
    (found,) = check(frame, target="y", kinds=["near_duplicates"]).findings
    assert "IDs of their own in 'customer id'" in finding_sentence(found)
    assert found.fix is None or found.fix.kind == "split"


def test_numbered_rows_most_of_which_are_alike_are_not_called_near_duplicates(check: Checker) -> None:
    frame = with_twins(measured(300), 270)
    rng = np.random.default_rng(8)
    frame["customer id"] = [f"C{each:06}" for each in rng.choice(900_000, len(frame), replace=False)]
    assert not check(frame, kinds=["near_duplicates"]).findings


def test_twins_with_ids_of_their_own_are_split_by_what_they_share(check: Checker) -> None:
    frame = measured().assign(house=[f"Lane {place % 200}" for place in range(400)])
    frame = with_twins(frame, 60)
    rng = np.random.default_rng(8)
    frame["customer id"] = [f"C{each:06}" for each in rng.choice(900_000, len(frame), replace=False)]
    (found,) = check(frame, target="y", kinds=["near_duplicates"]).findings
    assert found.fix is not None
    assert found.fix.split == SplitPlan(kind="group", column="house")


def test_rows_that_a_join_repeats_are_found_and_the_column_that_differs_is_named(check: Checker) -> None:
    frame = measured()
    times = np.random.default_rng(2).choice([1, 1, 2, 3], len(frame))
    joined = frame.iloc[np.repeat(np.arange(len(frame)), times)].reset_index(drop=True)
    joined["contact"] = np.concatenate([np.arange(1, each + 1) for each in times])
    (found,) = check(joined, target="y", kinds=["near_duplicates"]).findings
    assert "equal to another row but for 'contact'" in finding_sentence(found)
    assert found.n_rows == int(times[times > 1].sum())


def test_rows_that_a_join_repeats_with_lines_of_two_columns_are_found(check: Checker) -> None:
    frame, rng = measured(), np.random.default_rng(2)
    times = rng.choice([1, 2, 3], len(frame), p=[0.8, 0.14, 0.06])
    joined = frame.iloc[np.repeat(np.arange(len(frame)), times)].reset_index(drop=True)
    joined["line"] = np.concatenate([np.arange(1, each + 1) for each in times])
    joined["article"] = rng.choice([f"ART{each:03d}" for each in range(40)], len(joined))
    (found,) = check(joined, target="y", kinds=["near_duplicates"]).findings
    assert "equal to another row but for 'line' and 'article'" in finding_sentence(found)


def test_copies_with_one_cell_changed_are_found_whichever_cell_it_is(check: Checker) -> None:
    frame, rng = measured(), np.random.default_rng(3)
    copies = frame.sample(60, random_state=3)
    for row, name in zip(copies.index, rng.choice(["a", "b", "town"], 60), strict=True):
        copies.loc[row, name] = "Thun" if name == "town" else round(float(rng.normal()), 3)
    (found,) = check(pd.concat([frame, copies]), target="y", kinds=["near_duplicates"]).findings
    assert found.severity in ("warning", "harmful")
    assert found.n_rows >= 118


@pytest.mark.parametrize("seed", seeds(4))
def test_rows_that_differ_in_one_cell_by_chance_are_no_twins(check: Checker, seed: int) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({name: rng.integers(0, 6, 600) for name in "abcd"})
    frame["pay"] = rng.normal(size=600).round(3)
    frame["y"] = rng.choice(["yes", "no"], 600)
    assert not check(frame, target="y", kinds=["near_duplicates"]).findings


def coarse(n_rows: int, seed: int) -> pd.DataFrame:
    """Rows of few words, of which some differ in the score alone by chance."""
    rng = np.random.default_rng(seed)
    school = rng.integers(0, 40, n_rows)
    return pd.DataFrame(
        {
            "school": school,
            "sex": rng.choice(["f", "m"], n_rows),
            "size": (school % 3).astype(str),
            "lunch": rng.choice(["free", "paid"], n_rows, p=[0.2, 0.8]),
            "score": (rng.normal(500, 40, n_rows)).round(),
            "y": rng.choice(["yes", "no"], n_rows),
        }
    )


def corrected(frame: pd.DataFrame, n_again: int) -> pd.DataFrame:
    again = frame.sample(n_again, random_state=1)
    again["score"] = (again["score"] * 1.03).round()
    return pd.concat([frame, again], ignore_index=True)


def test_corrected_numbers_are_found_where_some_rows_differ_in_them_by_chance(check: Checker) -> None:
    frame = coarse(400, 0).assign(height=np.random.default_rng(5).normal(170, 9, 400).round())

    (found,) = check(corrected(frame, 80), target="y", kinds=["near_duplicates"]).findings

    assert "but for 'score'" in finding_sentence(found)


def test_copies_in_a_table_of_many_columns_are_found(check: Checker) -> None:
    rng = np.random.default_rng(2)
    n_columns = amount(60, thorough=130)
    frame = pd.DataFrame(rng.normal(size=(200, n_columns)).round(3)).rename(columns=lambda place: f"c{place}")
    frame = frame.assign(score=rng.normal(500, 40, 200), y=rng.choice(["yes", "no"], 200))

    (found,) = check(corrected(frame, 40), target="y", kinds=["near_duplicates"]).findings

    assert "but for 'score'" in finding_sentence(found)


def test_pupils_of_a_class_whose_numbers_lie_close_are_no_twins(check: Checker) -> None:
    rng = np.random.default_rng(0)
    pupil, year = np.repeat(np.arange(200), 3), np.tile(np.arange(3), 200)
    frame = pd.DataFrame(
        {
            "pupil_id": 270_000_000 + pupil // 20 * 5_000_000 + 37 * pupil,
            "school": pupil // 20,
            "size": 80 + pupil // 20 * 31,
            "year": year,
            "girl": np.repeat(rng.choice(["yes", "no"], 200), 3),
            "maths": rng.normal(50, 9, 600).round(1),
        }
    )

    mixed = frame.sample(frac=1, random_state=0)
    assert not check(mixed, target="maths", kinds=["near_duplicates"]).findings
