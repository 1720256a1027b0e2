from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from litmus_core.data import find_calendar, holds_moments, moments, times_of
from litmus_core.errors import UsageError
from litmus_core.types import Column


def columns_of(frame: pd.DataFrame) -> list[Column]:
    """Return the frame's columns as an import would type them."""
    found = []
    for name in frame:
        is_number = frame[name].dtype.kind in "iuf"
        found.append(
            Column(
                name=str(name),
                original_name=str(name),
                storage="BIGINT" if is_number else "VARCHAR",
                kind="number" if is_number else "category",
                n_distinct=frame[name].nunique(),
            )
        )
    return found


def days(n_rows: int = 420, seed: int = 0) -> pd.DatetimeIndex:
    """Return moments of 400 days, in any order."""
    hours = np.random.default_rng(seed).integers(0, 400 * 24, n_rows)
    return pd.DatetimeIndex(np.datetime64("2019-03-01", "h") + hours.astype("timedelta64[h]"))


def shuffled(frame: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Return the frame beside columns that look like parts of a date, all in any order."""
    rng = np.random.default_rng([seed, 1])
    beside = frame.assign(rating=rng.integers(1, 11, len(frame)), age=rng.integers(1, 32, len(frame)))
    return beside[[str(each) for each in rng.permutation(beside.columns)]]


@pytest.mark.parametrize("seed", range(5))
def test_a_few_rows_without_telling_names_show_their_calendar(seed: int) -> None:
    when = days(seed=seed)
    frame = shuffled(pd.DataFrame({"c4": when.year, "c1": when.month, "c3": when.day}), seed)
    assert find_calendar(frame, columns_of(frame)) == ("c4", "c1", "c3")


@pytest.mark.parametrize("seed", range(5))
def test_years_of_two_digits_are_years(seed: int) -> None:
    when = days(1_500, seed=seed)
    frame = shuffled(pd.DataFrame({"c4": when.year % 100, "c1": when.month, "c3": when.day}), seed)
    assert find_calendar(frame, columns_of(frame)) == ("c4", "c1", "c3")


def test_months_and_weekdays_may_be_named_in_words() -> None:
    when = days()
    frame = shuffled(pd.DataFrame({"x1": when.year, "x2": when.strftime("%B"), "x3": when.day}))
    assert find_calendar(frame, columns_of(frame)) == ("x1", "x2", "x3")
    iso = when.isocalendar()
    frame = pd.DataFrame(
        {"year": iso.year.to_numpy(), "week": iso.week.to_numpy(), "on": when.strftime("%a")}
    )
    assert find_calendar(frame, columns_of(frame)) == ("year", "week", "on")


@pytest.mark.parametrize("names", [("year", "day_of_year"), ("YEAR", "doy"), ("k1", "k2")])
def test_a_year_and_its_days_are_a_calendar(names: tuple[str, str]) -> None:
    when = days()
    frame = shuffled(pd.DataFrame({names[0]: when.year, names[1]: when.dayofyear}))
    assert find_calendar(frame, columns_of(frame)) == names


def test_a_year_and_its_quarters_are_a_calendar() -> None:
    quarter = np.arange(400) % 40
    frame = pd.DataFrame({"year": 2005 + quarter // 4, "quarter": [f"Q{each % 4 + 1}" for each in quarter]})
    assert find_calendar(frame, columns_of(frame)) == ("year", "quarter")


@pytest.mark.parametrize("seed", range(5))
def test_a_year_beside_small_numbers_is_no_calendar_though_rows_are_sorted_by_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"year": np.repeat([1973, 1974, 1975], 400), "size": rng.integers(1, 11, 1_200)})
    assert find_calendar(frame, columns_of(frame)) == ()


@pytest.mark.parametrize("seed", range(5))
def test_columns_that_go_together_are_no_calendar(seed: int) -> None:
    rng = np.random.default_rng(seed)
    length = rng.integers(1, 367, 3_000)
    age = rng.integers(5, 19, 3_000)
    frame = pd.DataFrame(
        {"short": (length < 50) * 1, "length": length, "age": age, "grade": np.clip(age - 5, 1, 12)}
    )
    assert find_calendar(frame, columns_of(frame)) == ()


def test_an_hour_says_nothing_of_the_order_where_no_day_is_there() -> None:
    when = days()
    frame = pd.DataFrame({"year": when.year, "month": when.month, "hour": when.hour})
    assert find_calendar(frame, columns_of(frame)) == ("year", "month")


def test_an_experience_of_0_to_23_years_is_no_hour() -> None:
    rng = np.random.default_rng(0)
    when = days(3_000)
    years = rng.choice(24, 3_000, p=np.bincount(rng.binomial(23, 0.3, 10**6), minlength=24) / 10**6)
    frame = pd.DataFrame({"year": when.year, "month": when.month, "day": when.day, "exper": years})
    assert find_calendar(frame, columns_of(frame)) == ("year", "month", "day")


@pytest.mark.parametrize(
    ("numbers", "name", "sure"),
    [
        ([20_240_101 + day for day in range(28)], "d8", "surely"),
        ([20_240_101 + day for day in range(40)], "d8", "no"),
        ([202_401 + month for month in range(12)], "period", "surely"),
        (list(range(202_401, 202_431)), "period", "no"),
        ([1_560_000_000 + 977 * each for each in range(50)], "created", "surely"),
        ([1_560_000_000_000 + 977 * each for each in range(50)], "x", "maybe"),
        (list(range(4_000, 4_050)), "created", "no"),
        (list(range(13_500, 13_550)), "day_nr", "maybe"),
        (list(range(39_000, 39_050)), "recorded", "maybe"),
        ([2_454_000.25 + each for each in range(50)], "JD", "surely"),
        ([2007 + each / 100 for each in range(1, 80)], "t_year", "surely"),
        ([2007 + each / 100 for each in range(1, 80)], "x", "maybe"),
        ([2_024_010_100 + hour for hour in range(24)], "x", "surely"),
        ([7_000 + 1_000 * year + day for year in range(3) for day in range(1, 366)], "mfg day", "maybe"),
    ],
)
def test_numbers_that_write_a_moment_as_one_are_recognised(numbers: list[int], name: str, sure: str) -> None:
    assert holds_moments(np.array(numbers, dtype=float), name) == sure


def test_years_of_the_thai_calendar_are_years() -> None:
    month = np.arange(600) % 60
    frame = shuffled(pd.DataFrame({"ปี": 2559 + month // 12, "เดือน": month % 12 + 1}))
    assert find_calendar(frame, columns_of(frame)) == ("ปี", "เดือน")


@pytest.mark.parametrize("name", ["birth", "geb", "fecha_nacimiento"])
def test_days_of_birth_are_no_time_of_a_row(name: str) -> None:
    when = days()
    frame = pd.DataFrame({f"{name}_month": when.month, f"{name}_day": when.day, "year": when.year})
    assert find_calendar(frame, columns_of(frame)) == ()


def test_spans_of_years_and_english_words_are_no_years() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"yrs.service": rng.integers(0, 61, 500), "any": rng.integers(0, 2, 500)})
    frame["mth"] = rng.integers(1, 13, 500)
    assert find_calendar(frame, columns_of(frame)) == ()


def test_days_and_months_may_have_zeros_in_front() -> None:
    when = days(1_500)
    frame = pd.DataFrame({"t1": when.strftime("%d"), "t2": when.strftime("%m"), "t3": when.year % 100})
    assert find_calendar(frame, columns_of(frame)) == ("t3", "t2", "t1")


def test_a_column_of_years_belongs_to_months_that_are_named() -> None:
    month = np.arange(600) % 60
    roman = np.array(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"])
    frame = pd.DataFrame({"r": 2009 + month // 12, "built": 1990 + month % 7, "k": roman[month % 12]})
    assert find_calendar(frame, columns_of(frame)) == ("r", "k")


def test_half_days_are_finer_than_days_and_hours_finer_than_them() -> None:
    when = days()
    frame = pd.DataFrame({"D": when.day, "H": (when.hour - 1) % 12 + 1, "AMPM": when.strftime("%p")})
    frame.insert(0, "Mon", when.strftime("%b"))
    assert find_calendar(frame, columns_of(frame)) == ("Mon", "D", "AMPM", "H")


@pytest.mark.parametrize("form", ["FY{0:%y} P{0:%m}", "{0:%Y}-{0:%j}"])
def test_units_may_stand_in_texts(form: str) -> None:
    when = days()
    parts = pd.DataFrame([form.format(each).replace("-", " ").split() for each in when], columns=["a", "b"])
    if form.startswith("FY"):
        assert find_calendar(parts, columns_of(parts)) == ("a", "b")
    parts = parts.rename(columns={"a": "jahr", "b": "day of the year"})
    numbers = parts if form.startswith("FY") else parts.astype(int)
    assert find_calendar(numbers, columns_of(numbers)) == ("jahr", "day of the year")


def test_words_and_running_numbers_have_an_order() -> None:
    assert times_of(pd.Series(["Mar", "jan.", None]), "m").tolist()[:2] == [3, 1]
    assert times_of(pd.Series(["inv10", "inv9", "inv100"]), "i").tolist() == [10, 9, 100]
    frame = pd.DataFrame({"year": [2020, 2019, 2019], "month": ["January", "March", "December"]})
    assert np.argsort(moments(frame, ["year", "month"])).tolist() == [1, 2, 0]
    with pytest.raises(UsageError, match="'town' holds neither dates nor numbers"):
        times_of(pd.Series(["Bonn", "Rome"]), "town")
