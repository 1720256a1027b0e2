from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer

from litmus_core.checks import finding_sentence
from litmus_core.types import CheckReport
from tests.checks.shop import seeds

Checker = Callable[..., CheckReport]


def loans(n_rows: int = 500, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    income, age = rng.normal(50, 10, n_rows), rng.integers(18, 80, n_rows)
    late = (rng.normal(size=n_rows) - (income - 50) / 10) > 0.3
    return pd.DataFrame(
        {"income": income, "age": age, "city": rng.choice(["Bern", "Basel", "Chur"], n_rows)}
        | {"late": np.where(late, "yes", "no")}
    )


def test_a_column_known_only_afterwards_is_harmful_and_what_happens_without_it_is_said(
    check: Checker,
) -> None:
    frame = loans()
    reminder = np.where(frame["late"] == "yes", np.arange(len(frame)) % 9 + 1.0, np.nan)
    report = check(frame.assign(reminder_fee=reminder), target="late", kinds=["leakage"])
    (found,) = report.of("harmful")
    assert found.columns == ("reminder_fee",)
    assert "With it AUC 1.000, without it 0.8" in finding_sentence(found)
    assert found.fix is not None
    assert (found.fix.kind, found.fix.columns) == ("leave_out", ("reminder_fee",))


def test_two_leaks_do_not_hide_each_other(check: Checker) -> None:
    frame = loans()
    is_late = (frame["late"] == "yes").to_numpy()
    frame["stage"] = np.where(is_late, np.resize(["L1", "L2", "L3"], len(frame)), "none")
    frame["fee"] = np.where(is_late, 20 + np.arange(len(frame)) % 7, 0)
    report = check(frame, target="late", kinds=["leakage"])
    assert {each.columns for each in report.of("harmful")} == {("stage",), ("fee",)}


def test_a_leak_that_is_no_better_than_the_others_together_is_named_and_not_its_neighbour(
    check: Checker,
) -> None:
    rng = np.random.default_rng(0)
    loaded = load_breast_cancer(as_frame=True)
    frame = loaded.data[["mean radius", "mean smoothness", "mean symmetry"]]
    leak = np.where(rng.random(len(frame)) < 0.02, 1 - loaded.target, loaded.target)
    frame = frame.assign(leak=leak, kind=np.where(loaded.target == 1, "benign", "malignant"))
    (found,) = check(frame, target="kind", kinds=["leakage"]).findings
    assert found.columns == ("leak",)


def test_the_target_in_another_unit_is_harmful_and_its_fix_is_safe(check: Checker) -> None:
    rng = np.random.default_rng(2)
    asleep = rng.normal(10, 3, 120).round(1)
    frame = pd.DataFrame({"body": rng.gamma(2.0, size=120), "sleep_total": asleep, "awake": 24 - asleep})
    (found,) = check(frame, target="sleep_total", kinds=["leakage"]).of("harmful")
    assert found.columns == ("awake",)
    assert "says the same as 'sleep_total'" in finding_sentence(found)
    assert found.fix is not None
    assert found.fix.safe


def test_honest_strong_columns_are_not_harmful(check: Checker) -> None:
    rng = np.random.default_rng(3)
    kind = np.repeat(["a", "b", "c"], 60)
    centre = np.repeat([1.5, 4.3, 5.6], 60)
    iris = pd.DataFrame(
        {
            "petal_length": centre + rng.normal(scale=0.35, size=180),
            "petal_width": centre / 3 + rng.normal(scale=0.15, size=180),
            "sepal_length": centre / 2 + 4 + rng.normal(scale=0.5, size=180),
            "kind": kind,
        }
    ).sample(frac=1, random_state=0)
    assert not check(iris, target="kind", kinds=["leakage"]).of("harmful")


def test_weight_for_price_is_not_harmful(check: Checker) -> None:
    rng = np.random.default_rng(4)
    weight = rng.gamma(3.0, 0.3, 800)
    price = 4_000 * weight**1.6 * rng.lognormal(0, 0.2, 800)
    colour = rng.choice(list("DEFG"), 800)
    frame = pd.DataFrame({"weight": weight, "colour": colour, "depth": rng.normal(size=800), "price": price})
    assert not check(frame, target="price", kinds=["leakage"]).of("harmful")


@pytest.mark.parametrize("seed", seeds(3))
def test_columns_of_noise_say_nothing(check: Checker, seed: int) -> None:
    assert not check(loans(200, seed), target="late", kinds=["leakage"]).findings


def test_values_that_name_things_with_one_answer_each_are_a_warning(check: Checker) -> None:
    rng = np.random.default_rng(5)
    shop = rng.integers(0, 60, 600)
    answer = np.array(["low", "high"])[rng.integers(0, 2, 60)][shop]
    frame = pd.DataFrame({"shop": [f"shop {n}" for n in shop], "size": rng.normal(size=600), "y": answer})
    (found,) = check(frame, target="y", kinds=["leakage"]).findings
    assert (found.severity, found.columns) == ("warning", ("shop",))
    assert "memorises these values" in finding_sentence(found)


def rentals(n_rows: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(6)
    warmth = rng.normal(15, 6, n_rows)
    casual = np.maximum(0, rng.normal(5 * warmth, 20)).round()
    registered = rng.gamma(3.0, 60, n_rows).round()
    return pd.DataFrame(
        {"warmth": warmth, "casual": casual, "registered": registered, "total": casual + registered}
    )


def test_a_part_of_a_sum_is_worked_out_from_the_sum_and_the_other_part(check: Checker) -> None:
    (found,) = check(rentals(), target="casual", kinds=["leakage"]).of("harmful")
    assert found.columns in {("total",), ("registered",)}
    assert "'casual' can be worked out exactly: it is 'total' - 'registered'." in finding_sentence(found)


def test_a_product_is_worked_out_from_its_factors(check: Checker) -> None:
    frame = rentals()
    frame["price"] = np.random.default_rng(7).uniform(2, 20, len(frame)).round(2)
    frame["revenue"] = (frame["price"] * (frame["registered"] + 1)).round(1)
    frame["registered"] += 1
    frame = frame.drop(columns="total")
    (found,) = check(frame, target="revenue", kinds=["leakage"]).of("harmful")
    assert "a product of powers of 'registered', 'price'" in finding_sentence(found)


def test_a_difference_that_is_the_answer_in_most_rows_is_worked_out_from_them(check: Checker) -> None:
    rng = np.random.default_rng(0)
    frame = needed()
    paid = rng.uniform(0, 60, len(frame)).round(2)
    slipped = rng.random(len(frame)) < 0.03
    opening = np.where(slipped, frame["price"].sample(frac=1, random_state=1), frame["price"]) + paid
    found = check(
        frame.assign(opening=opening.round(2), paid=paid), target="price", kinds=["leakage"]
    ).findings
    assert found[0].severity == "harmful"
    assert re.match(
        r"'price' can be worked out in 9\d % of the rows: it is 'opening' - 'paid'\. ",
        finding_sentence(found[0]),
    )


def test_columns_that_nearly_explain_a_number_are_no_formula(check: Checker) -> None:
    frame = rentals()
    frame["total"] += np.random.default_rng(8).normal(scale=10, size=len(frame))
    assert not check(frame, target="casual", kinds=["leakage"]).of("harmful")


@pytest.mark.parametrize("n_leaks", [1, 2])
def test_columns_that_nearly_give_the_answer_are_mentioned_also_beside_each_other(
    check: Checker, n_leaks: int
) -> None:
    rng = np.random.default_rng(5)
    sold = rng.integers(0, 2, 1_200)
    frame = pd.DataFrame(rng.normal(size=(1_200, 3)) + sold[:, None] * 0.6, columns=list("abc"))
    names = [f"note{place}" for place in range(n_leaks)]
    for name in names:
        told = np.where(rng.random(1_200) < 0.97, sold, 1 - sold)
        frame[name] = np.where(told, "sent", "kept")
    frame["sold"] = np.where(sold, "yes", "no")
    found = check(frame, target="sold", kinds=["leakage"]).findings
    assert sorted(each.columns for each in found) == [(name,) for name in names]
    assert all("nearly gives 'sold' away" in finding_sentence(each) for each in found)


def needed(seed: int = 0, n_rows: int = 500) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"weight": rng.uniform(2, 9, n_rows).round(2), "noise": rng.normal(size=n_rows)})
    frame["rain"] = rng.normal(size=n_rows)
    return frame.assign(price=(rng.uniform(10, 90, n_rows) + 4 * frame["rain"]).round(2))


def test_an_amount_that_gives_the_answer_together_with_another_column_is_a_warning(check: Checker) -> None:
    frame = needed()
    ratio = (frame["price"] / frame["weight"]).round(3)
    frame["per_kilo"] = ratio * np.random.default_rng(1).normal(1, 0.04, len(frame))
    (found,) = check(frame, target="price", kinds=["leakage"]).findings
    assert found.severity == "warning"
    assert found.columns == ("per_kilo",)
    assert finding_sentence(found).startswith("With 'per_kilo' a quick model reaches R² 0.")
    assert found.fix is not None


def test_a_column_that_adds_little_to_a_good_model_is_a_hint(check: Checker) -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.integers(1, 7, (1_200, 3)), columns=["carat", "colour", "clarity"])
    made = 12 * frame["carat"] + 4 * frame["colour"] + 2.5 * frame["clarity"]
    frame["price"] = (made + rng.normal(0, 1.5, 1_200)).round(2)
    (found,) = check(frame, target="price", kinds=["leakage"]).findings
    assert (found.severity, found.columns) == ("hint", ("colour",))


def test_marks_that_give_the_answer_together_are_named_together(check: Checker) -> None:
    rng = np.random.default_rng(0)
    kind = rng.choice(["bus", "car", "tram"], 600)
    frame = pd.DataFrame({"size": rng.normal(size=600), "age": rng.normal(size=600)})
    for place, each in enumerate(["bus", "car", "tram"]):
        frame[f"mark_{place}"] = ((kind == each) ^ (rng.random(600) < 0.02)).astype(int)
    (found,) = check(frame.assign(kind=kind), target="kind", kinds=["leakage"]).findings
    assert sorted(found.columns) == ["mark_0", "mark_1", "mark_2"]


def test_several_strong_columns_that_say_the_same_are_no_leak(check: Checker) -> None:
    rng = np.random.default_rng(0)
    size = rng.normal(size=600)
    frame = pd.DataFrame({name: size + rng.normal(scale=0.5, size=600) for name in ("x", "y", "z")})
    frame["noise"] = rng.normal(size=600)
    assert not check(frame.assign(price=size), target="price", kinds=["leakage"]).findings


@pytest.mark.parametrize(
    "form", ["{0}, see letter {1} {2}", "result={0};doc={1} {2}", "{2} letter {1} came: {0}"]
)
def test_a_note_that_begins_or_ends_with_the_answer_gives_it_away(check: Checker, form: str) -> None:
    frame, rng = loans(), np.random.default_rng(1)
    misread = np.where(rng.random(len(frame)) < 0.01, "no", frame["late"])
    numbers, who = rng.integers(10_000, 99_999, len(frame)), ["of the client", ""] * (len(frame) // 2)
    frame["note"] = [form.format(*each) for each in zip(misread, numbers, who, strict=True)]

    (found,) = check(frame, target="late", kinds=["leakage"]).of("harmful")

    assert found.columns == ("note",)


def test_letters_that_begin_alike_are_no_leak(check: Checker) -> None:
    frame, rng = loans(), np.random.default_rng(1)
    words = np.array(["loan", "house", "car", "late", "poor", "rich", "bank", "city"])
    begun = rng.choice(["dear", "hello", "hi"], len(frame))
    frame["letter"] = [f"{each} {' '.join(rng.choice(words, 12))}" for each in begun]

    assert not check(frame, target="late", kinds=["leakage"]).findings
