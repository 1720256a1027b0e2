from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.checks import evidence_sentences, finding_sentence
from litmus_core.checks._context.split_optimism import SplitOptimism
from litmus_core.checks._structure import _conclusion
from litmus_core.data import split
from litmus_core.types import CheckReport, SplitPlan, Task
from tests.cases import thinned
from tests.checks.shop import seeds

Checker = Callable[..., CheckReport]


def test_a_target_that_drifts_is_tested_on_the_latest_rows(check: Checker) -> None:
    rng = np.random.default_rng(1)
    day = pd.date_range("2024-01-01", periods=600, freq="D")
    level = np.cumsum(rng.normal(size=600))
    frame = pd.DataFrame(
        {"day": day, "rain": rng.normal(size=600), "price": level + rng.normal(size=600) / 4}
    )
    frame = frame.sample(frac=1, random_state=1)
    (found,) = check(frame, target="price", kinds=["structure"]).of("harmful")
    assert found.fix is not None
    assert found.fix.split == SplitPlan(kind="time", column="day")


@pytest.mark.parametrize("seed", seeds(4))
def test_dates_that_change_nothing_are_a_hint_with_both_scores(check: Checker, seed: int) -> None:
    rng = np.random.default_rng(seed)
    day = rng.choice(pd.date_range("2024-01-01", periods=300, freq="D"), 600)
    size = rng.normal(size=600)
    frame = pd.DataFrame({"day": day, "size": size, "cost": size * 3 + rng.normal(size=600)})
    (found,) = check(frame, target="cost", kinds=["structure"]).findings
    assert found.severity == "hint"
    said = finding_sentence(found)
    assert ". A random split does not flatter" in said
    assert "beyond what chance does (R² 0." in said or "both splits score R² 0." in said


@pytest.mark.parametrize("seed", seeds(3))
def test_copies_of_rows_are_no_drift(check: Checker, seed: int) -> None:
    """A doubled table flatters by its copies, whatever the day: the advice is to remove them."""
    rng = np.random.default_rng(seed)
    day, shop = rng.choice(pd.date_range("2024-01-01", periods=300, freq="D"), 500), rng.integers(0, 60, 500)
    size = rng.normal(size=500)
    sold = np.where(size + rng.normal(size=500) > 0, "yes", "no")
    frame = pd.DataFrame({"day": day, "shop": [f"S{each:02}" for each in shop], "size": size, "sold": sold})
    frame["hue"] = rng.normal(size=500)
    doubled = pd.concat([frame, frame]).sample(frac=1, random_state=seed)

    found = check(doubled, target="sold", kinds=["structure", "duplicate_rows"])

    assert [each.kind for each in found.of("harmful")] == ["duplicate_rows"]


def hourly(n_rows: int = 3_000, names: tuple[str, ...] = ("year", "month", "day", "hour")) -> pd.DataFrame:
    """Measurements of each hour whose level wanders, with the time in four columns."""
    rng = np.random.default_rng(3)
    when = pd.date_range("2019-10-15", periods=n_rows, freq="h")
    level = 0.1 * np.cumsum(rng.normal(size=n_rows))
    told = dict(zip(names, (when.year, when.month, when.day, when.hour), strict=True))
    noise = rng.normal(size=(n_rows, 2))
    return pd.DataFrame({**told, "wind": noise[:, 0], "load": level + noise[:, 1] / 4})


@pytest.mark.parametrize(
    "names",
    thinned(
        [(("c3", "c1", "c4", "c2"),), (("year", "month", "day", "hour"),)],
        keep=1,
        reason="where names say nothing the values have to, which is harder",
    ),
)
def test_time_over_several_columns_is_time_whatever_they_are_called(
    check: Checker, names: tuple[str, ...]
) -> None:
    frame = hourly(names=names)
    frame = frame[sorted(frame.columns)].sample(frac=1, random_state=1)
    (found,) = check(frame, target="load", kinds=["structure"]).of("harmful")
    assert found.columns == names
    assert "together tell the time of a row" in finding_sentence(found)
    assert found.fix is not None
    assert found.fix.split == SplitPlan(kind="time", column=names[0], finer=names[1:])


def test_a_split_by_several_columns_tests_on_the_latest_rows() -> None:
    frame = hourly().sample(frac=1, random_state=1).reset_index(drop=True)
    task = Task(
        dataset_version_id="v",
        target="load",
        problem_type="regression",
        metric="rmse",
        features=("wind",),
        split=SplitPlan(kind="time", column="year", finer=("month", "day", "hour")),
    )
    parts = split(frame, task)
    moment = pd.to_datetime(frame[["year", "month", "day", "hour"]]).to_numpy()
    assert moment[parts.test].min() > moment[parts.validation].max()
    assert moment[parts.validation].min() > moment[parts.train].max()


@pytest.mark.parametrize("seed", seeds(3))
def test_grades_and_ages_are_no_calendar(check: Checker, seed: int) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"grade": rng.integers(1, 13, 900), "age": rng.integers(1, 32, 900)})
    frame["cost"] = frame["age"] * 2 + rng.normal(size=900)
    assert check(frame, target="cost", kinds=["structure"]).findings == ()


def test_a_row_number_along_which_the_target_drifts_is_time(check: Checker) -> None:
    frame = hourly()[["wind", "load"]].assign(nr=np.arange(3_000) + 500)
    report = check(frame, target="load", kinds=["structure", "row_order"])
    (found,) = [each for each in report.findings if each.severity != "hint"]
    assert (found.kind, found.columns) == ("structure", ("nr",))
    assert found.fix is not None
    assert found.fix.split == SplitPlan(kind="time", column="nr")


def fashions(n_rows: int = 420, seed: int = 0) -> tuple[pd.DataFrame, pd.DatetimeIndex]:
    """Return labels of which six in ten follow the fashion of their ten days, and each row's moment."""
    rng = np.random.default_rng(seed)
    when = np.sort(rng.uniform(0, 400, n_rows))
    size = rng.normal(size=(n_rows, 6))
    label = np.where(size[:, 0] + rng.normal(size=n_rows) > 0, "yes", "no")
    of_time = rng.choice(["yes", "no"], 41)[(when // 10).astype(int)]
    frame = pd.DataFrame(size, columns=list("abcdef"))
    frame["kind"] = np.where(rng.random(n_rows) < 0.6, of_time, label)
    moments = np.datetime64("2019-03-01", "h") + (24 * when).astype("timedelta64[h]")
    return frame, pd.DatetimeIndex(moments)


@pytest.mark.exhaustive(reason="few rows are two tests below, several columns of one time further up")
@pytest.mark.parametrize("seed", seeds(3))
def test_fashions_of_labels_are_seen_in_a_few_rows(check: Checker, seed: int) -> None:
    frame, when = fashions(seed=seed)
    frame = frame.assign(c7=when.year, c2=when.month, c9=when.day).sample(frac=1, random_state=seed)
    (found,) = check(frame, target="kind", kinds=["structure"]).of("harmful")
    assert found.columns == ("c7", "c2", "c9")


@pytest.mark.exhaustive(reason="the next test has columns that drown the time and asks second models, too")
@pytest.mark.parametrize("seed", seeds(2))
def test_fashions_are_seen_among_many_columns_that_second_models_try(check: Checker, seed: int) -> None:
    frame, when = fashions(2_500, seed)
    noise = np.random.default_rng(seed).normal(size=(2_500, 60))
    frame = frame.join(pd.DataFrame(noise, columns=[f"n{each}" for each in range(60)]))
    frame = frame.assign(year=when.year, month=when.strftime("%b"), day=when.day)
    (found,) = check(frame.sample(frac=1, random_state=1), target="kind", kinds=["structure"]).of("harmful")
    assert found.columns == ("year", "month", "day")


@pytest.mark.parametrize("seed", seeds(2))
def test_fashions_are_seen_in_a_few_rows_whose_other_columns_drown_them(check: Checker, seed: int) -> None:
    frame, when = fashions(500, seed + 10)
    rng = np.random.default_rng(seed)
    words = pd.DataFrame({f"w{each}": rng.integers(0, 60, 500) for each in range(12)})
    frame = words.astype(str).radd("w").assign(kind=frame["kind"], stamp=when.strftime("%Y%m%d"))
    (found,) = check(frame.sample(frac=1, random_state=1), target="kind", kinds=["structure"]).of("harmful")
    assert found.columns == ("stamp",)


@pytest.mark.parametrize(
    "numbers",
    thinned(
        [
            [f"inv{each}" for each in range(700)],
            [f"A-{each:06d}" for each in range(700)],
            range(900, 200, -1),
        ],
        keep=0,
        reason="tickets, bills and codes that count rows are among test_what_counts_rows",
    ),
    ids=["unpadded", "padded", "descending"],
)
def test_a_text_that_counts_rows_is_time_where_the_target_drifts(check: Checker, numbers: range) -> None:
    frame, _ = fashions(700, seed=4)
    report = check(frame.assign(ident=list(numbers)), target="kind", kinds=["structure"])
    (found,) = [each for each in report.findings if each.severity != "hint"]
    assert found.columns == ("ident",)


@pytest.mark.parametrize(
    "form",
    thinned(
        ["seconds", "%Y%m%d"], keep=1, reason="days in a number are test_fashions_are_seen_in_a_few_rows'"
    ),
)
def test_a_moment_written_as_one_number_is_time(check: Checker, form: str) -> None:
    frame, when = fashions(700, seed=5)
    seconds = (when - pd.Timestamp(0)) // pd.Timedelta(seconds=1)
    numbers = seconds if form == "seconds" else when.strftime(form).astype(int)
    frame = frame.assign(m=numbers).sample(frac=1, random_state=1)
    (found,) = check(frame, target="kind", kinds=["structure"]).of("harmful")
    assert found.columns == ("m",)


@pytest.mark.parametrize("seed", seeds(3))
def test_large_numbers_along_which_nothing_drifts_are_no_time(check: Checker, seed: int) -> None:
    frame, _ = fashions(700, seed=6)
    frame["deposit"] = np.random.default_rng(seed).integers(1_000_000_000, 1_900_000_000, 700)
    assert check(frame, target="kind", kinds=["structure"]).findings == ()


@pytest.mark.parametrize("seed", seeds(2))
def test_rare_classes_raise_no_alarm_that_good_models_do_not_confirm(check: Checker, seed: int) -> None:
    rng = np.random.default_rng(seed)
    shares = np.r_[np.full(4, 0.2), np.full(16, 0.0125)]
    kind = rng.choice(20, 1_500, p=shares)
    frame = pd.DataFrame(rng.normal(size=(1_500, 4)) + kind[:, None] * 0.3, columns=list("abcd"))
    frame["customer"] = rng.integers(0, 500, 1_500)
    frame["day"] = rng.choice(pd.date_range("2024-01-01", periods=300), 1_500)
    frame["kind"] = [f"k{each}" for each in kind]
    assert not check(frame, target="kind", kinds=["structure"]).of("harmful")


def drifting(seed: int, n_rows: int = 700) -> pd.DataFrame:
    """Return rows in the order of time, along which the price wanders."""
    rng = np.random.default_rng(seed)
    level = np.cumsum(rng.normal(size=n_rows))
    price = 4 * (level - level.mean()) / level.std() + rng.normal(size=n_rows)
    return pd.DataFrame({"size": rng.normal(size=n_rows), "price": price.round(3)})


@pytest.mark.parametrize("seed", seeds(3))
@pytest.mark.parametrize(
    ("name", "write"),
    thinned(
        [
            ("ticket", lambda row: f"SUP#{9_000 + 3 * row}"),
            ("week", lambda row: f"{2007 + row // 208}-W{row // 4 % 52 + 1:02d}"),
            ("lot", lambda row: f"B{row // 12:03d}"),
            ("half", lambda row: f"H{row // 70 % 2 + 1}/{7 + row // 140:02d}"),
            ("bill", lambda row: f"{row % 2 + 1}-{row:05d}"),
            (
                "code",
                lambda row: "ABCDEFGHIJ"[row // 100] + "ABCDEFGHIJ"[row // 10 % 10] + "ABCDEFGHIJ"[row % 10],
            ),
            ("day_nr", lambda row: 13_000 + row),
            ("meter", lambda row: 41_250.5 + 17 * row),
            ("vintage", lambda row: 201_401 + row // 12 % 12 + row // 144 * 100),
            (
                "Cohort",
                lambda row: (
                    f"{'JanFebMarAprMayJunJulAugSepOctNovDec'[row // 12 % 12 * 3 :][:3]} {2014 + row // 144}"
                ),
            ),
        ],
        keep=(0, 5, 8),
        reason="tests/data/test_text_order.py reads the forms of the others; a meter has a test of its own",
    ),
)
def test_what_counts_rows_is_time_though_they_lie_in_another_order(
    check: Checker, name: str, write: Callable[[int], object], seed: int
) -> None:
    frame = drifting(seed)
    frame[name] = [write(row) for row in range(len(frame))]
    found = check(frame.sample(frac=1, random_state=seed), target="price", kinds=["structure"]).findings
    assert [each.columns for each in found if each.severity != "hint"] == [(name,)]


def test_a_number_that_only_may_count_is_a_warning_that_says_so(check: Checker) -> None:
    frame = drifting(0)
    frame["meter"] = 41_250.5 + 17 * np.arange(len(frame))
    (found,) = check(frame.sample(frac=1, random_state=0), target="price", kinds=["structure"]).findings
    assert found.severity == "warning"
    assert finding_sentence(found).startswith(
        "'meter' may number the rows in the order they came in, and answers change along it. If it does: a"
    )


def test_a_split_that_can_only_warn_is_not_tried_where_no_warning_is_asked_for(check: Checker) -> None:
    frame = drifting(0)
    frame["meter"] = 41_250.5 + 17 * np.arange(len(frame))
    frame = frame.sample(frac=1, random_state=0)
    assert check(frame, target="price", kinds=["structure"], split="random").findings == ()


def test_a_split_that_may_do_harm_is_tried_where_no_warning_is_asked_for(check: Checker) -> None:
    frame = drifting(0)
    frame["year"] = 2001 + np.arange(len(frame)) // 100
    frame = frame.sample(frac=1, random_state=0)
    (found,) = check(frame, target="price", kinds=["structure"], split="random").findings
    assert (found.columns, found.severity) == (("year",), "harmful")


def test_no_time_is_tried_where_rows_are_split_by_time(
    check: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = drifting(0).assign(year=2001 + np.arange(700) // 100)
    monkeypatch.setattr("litmus_core.checks._structure.find_drift", None)
    assert check(frame, target="price", kinds=["structure"], split="time").findings == ()


def test_a_second_time_is_not_tried_after_a_harmful_one_where_no_warning_is_asked_for(check: Checker) -> None:
    frame = hourly(1_000)
    frame["at"] = pd.date_range("2019-10-15", periods=len(frame), freq="h")
    frame = frame.sample(frac=1, random_state=0)
    (found,) = check(frame, target="load", kinds=["structure"], split="random").findings
    assert (found.columns, found.severity) == (("month", "day", "hour"), "harmful")


def test_a_drift_of_the_early_rows_alone_warns_but_harms_none_who_predicts_later_ones(
    check: Checker,
) -> None:
    rng = np.random.default_rng(0)
    level = np.r_[np.linspace(9, 0, 400), np.zeros(400)]
    frame = pd.DataFrame({"year": 2001 + np.arange(800) // 100, "size": rng.normal(size=800)})
    frame["cost"] = level + rng.normal(scale=0.5, size=800)
    (found,) = check(frame.sample(frac=1, random_state=0), target="cost", kinds=["structure"]).findings
    assert (found.severity, found.columns) == ("warning", ("year",))
    assert "learned from later rows, tested on earlier ones" in evidence_sentences(found)[0]


@pytest.mark.parametrize("seed", seeds(4))
def test_ids_dealt_at_random_are_no_time(check: Checker, seed: int) -> None:
    rng = np.random.default_rng(seed)
    frame = drifting(seed).sample(frac=1, random_state=seed)
    frame["order_id"] = rng.permutation(len(frame)) + 70_001
    frame["guid"] = [f"{each:08x}" for each in rng.integers(1 << 32, size=len(frame))]
    assert not check(frame, target="price", kinds=["structure"]).findings


def test_numbers_given_after_sorting_by_the_answer_are_no_time_but_a_leak(check: Checker) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"size": rng.normal(size=500), "room": np.sort(rng.choice(list("abcd"), 500))})
    frame.insert(0, "ref", 3 * np.arange(500) // 2 + 10_000)
    (found,) = check(frame, target="room", kinds=["structure", "row_order"]).of("harmful")
    assert (found.kind, found.columns) == ("row_order", ("ref",))


def test_the_vintage_of_a_wine_is_no_time_of_its_row(check: Checker) -> None:
    frame = drifting(0)
    frame["vintage"] = 1960 + np.arange(len(frame)) // 12
    assert not check(frame.sample(frac=1, random_state=0), target="price", kinds=["structure"]).findings


def test_two_scores_that_read_alike_are_said_once() -> None:
    scale: Any = SimpleNamespace(averages_classes=False)

    def conclusion(structured: float) -> str:
        optimism = SplitOptimism(
            scale=scale, random=0.5002, structured=structured, difference=0.0, certainty=0.1
        )
        return _conclusion(optimism, "date")

    assert conclusion(0.4999) == "same"
    assert conclusion(0.49) == "harmless"
