"""One reading for a whole column of times: orders of dates, months, numbers, and names of series."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from litmus_core.errors import DataError
from litmus_core.experiments import Studio
from litmus_core.experiments._forecasts.proposal import time_columns
from litmus_core.forecasting import SeriesColumns, SeriesRules
from litmus_core.forecasting._series.panel import Panel
from litmus_core.forecasting._series.table import read_panel
from litmus_core.forecasting._series.times import decimal_years, read_times
from litmus_core.forecasting._series.written import written_times
from tests.forecasting.tables import one_series

_COLUMNS = SeriesColumns(time="time", value="value")
_MONTHS = pd.date_range("2025-01-01", periods=36, freq="MS")
_DAYS = pd.date_range("2025-01-01", periods=200, freq="D")


def _read(
    table: pd.DataFrame, columns: SeriesColumns = _COLUMNS, rules: SeriesRules | None = None
) -> tuple[Panel, list[str]]:
    panel, findings = read_panel(table, columns, rules or SeriesRules())
    return panel, [dict(finding.statement.facts)["text"] for finding in findings]


def _first(panel: Panel) -> str:
    return str(panel.frequency.times(np.array([panel.series[0].start]))[0])[:10]


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%y"])
@pytest.mark.parametrize(("times", "name"), [(_DAYS, "daily"), (_MONTHS, "monthly")])
def test_a_column_of_dates_has_one_order(form: str, times: pd.DatetimeIndex, name: str) -> None:
    values = [float(place) for place in range(len(times))]
    texts = [*times[:-9].strftime(form), *times[-9:].strftime("%Y-%m-%d")]
    panel, _ = _read(one_series(texts, values))
    assert panel.frequency.name == name
    assert panel.series[0].values.tolist() == values
    assert _first(panel) == "2025-01-01"


@pytest.mark.parametrize("places", [2, 3, 8])
@pytest.mark.parametrize(("alias", "name"), [("MS", "monthly"), ("QS", "quarterly")])
def test_years_with_decimals_are_months_or_quarters(places: int, alias: str, name: str) -> None:
    dates = pd.date_range("1961-01-01", periods=50, freq=alias)
    years = (dates.year + (dates.month - 1) / 12).to_numpy().round(places)
    panel, _ = _read(one_series(list(years), list(range(50))))
    assert panel.frequency.name == name
    assert panel.series[0].values.tolist() == list(range(50))
    assert _first(panel) == "1961-01-01"


def test_years_with_decimals_by_days_and_of_the_middle_of_months_are_months() -> None:
    first = (_MONTHS.year + (_MONTHS.dayofyear - 1) / np.where(_MONTHS.is_leap_year, 366, 365)).to_numpy()
    for years in (first, first + 14.5 / 365.25):
        found = decimal_years(years)
        assert found is not None
        assert (found == _MONTHS.to_numpy().astype("datetime64[s]")).all()
        assert (read_times(years.tolist()) == found).all()


def test_years_with_decimals_of_weeks_are_refused_with_what_to_do() -> None:
    with pytest.raises(DataError, match="'time' are not times") as refused:
        _read(one_series(list(2001 + np.arange(60) / 52), [1.0] * 60))
    assert "if all are months or quarters" in refused.value.hint


def test_a_column_of_years_with_decimals_is_proposed_as_times(tmp_path: Path) -> None:
    years = (_MONTHS.year + (_MONTHS.month - 1) / 12).to_numpy().round(3)
    pd.DataFrame({"weight": years / 7, "year": years}).to_csv(tmp_path / "a.csv", index=False)
    with Studio.open(tmp_path / "workspace") as studio:
        version = studio.datasets.import_file(str(tmp_path / "a.csv"))
        assert time_columns(version) == ("year",)


def test_dates_that_are_regular_in_two_orders_are_refused() -> None:
    with pytest.raises(DataError, match=r"2025-02-01 \(month first\)") as refused:
        _read(one_series(list(_DAYS[:12].strftime("%d/%m/%Y")), [1.0] * 12))
    assert "date_order='day first' or 'month first'" in refused.value.hint


def test_a_file_of_first_days_is_monthly_unless_somebody_says_the_order(tmp_path: Path) -> None:
    table = one_series(list(_MONTHS.strftime("%d/%m/%Y")), list(range(36)))
    table.to_csv(tmp_path / "sales.csv", index=False)
    with Studio.open(tmp_path / "workspace") as studio:
        version = studio.datasets.import_file(str(tmp_path / "sales.csv"))
        assert studio.forecasts.facts(version, _COLUMNS, SeriesRules()).frequency == "monthly"
        version = replace(version, options=replace(version.options, date_order="month first"))
        with pytest.raises(DataError, match="values are missing"):
            studio.forecasts.facts(version, _COLUMNS, SeriesRules())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Jan-15", "2015-01-01"),
        ("February 2015", "2015-02-01"),
        ("Q2 2010", "2010-04-01"),
        ("2010-Q4", "2010-10-01"),
        ("2015-W02", "2015-01-05"),
        ("201702", "2017-02-01"),
        ("05-Jan-17", "2017-01-05"),
        ("Okt 2023", "2023-10-01"),
        ("Mrz-15", "2015-03-01"),
        ("3. März 2024", "2024-03-03"),
        ("05-Dez-17", "2017-12-05"),
        ("2021-13-01", "NaT"),
        ("10:30", "NaT"),
    ],
)
def test_a_text_is_one_time_or_none(text: str, day: str) -> None:
    assert written_times([text])[""].astype("datetime64[D]").astype(str).tolist() == [day]


@pytest.mark.parametrize(
    ("numbers", "name", "first"),
    [
        (_MONTHS.year * 100 + _MONTHS.month, "monthly", "2025-01-01"),
        (_DAYS.year * 10_000 + _DAYS.month * 100 + _DAYS.day, "daily", "2025-01-01"),
        (np.arange(1990.0, 2020.0), "yearly", "1990-01-01"),
        (np.arange(42_736.0, 42_836.0), "by step", "42736"),
        (np.arange(202_601, 202_631), "by step", "202601"),
    ],
)
def test_whole_numbers_are_years_months_days_or_steps(numbers: np.ndarray, name: str, first: str) -> None:
    panel, _ = _read(one_series(list(numbers), [1.0] * len(numbers)))
    assert (panel.frequency.name, _first(panel)) == (name, first)


def test_numbers_with_a_fraction_are_no_times() -> None:
    with pytest.raises(DataError, match=r"1 value of the time column 'time' is not a time, such as '3\.5'"):
        _read(one_series([1.0, 2.0, 3.5], [1.0] * 3))


@pytest.mark.parametrize("blank", [None, np.nan, " "])
def test_rows_without_a_name_are_left_out_and_said(blank: object) -> None:
    table = one_series([*_MONTHS, *_MONTHS], [1.0] * 72).assign(shop=[7.0] * 36 + [blank] * 36)
    panel, messages = _read(table, replace(_COLUMNS, id="shop"))
    assert [one.name for one in panel.series] == ["7" if blank != " " else "7.0"]
    assert messages == ["36 rows have no 'shop', which would name the series: left out."]
    with pytest.raises(DataError, match="No row has a 'shop'"):
        _read(table.assign(shop=blank), replace(_COLUMNS, id="shop"))


def test_the_last_of_doubled_values_is_one_that_is_there() -> None:
    table = one_series([*_MONTHS, _MONTHS[5]], [*np.arange(36.0), np.nan])
    panel, _ = _read(table, rules=SeriesRules(duplicates="last"))
    assert panel.series[0].values.tolist() == list(range(36))


def test_a_period_that_is_not_whole_is_left_out_and_named() -> None:
    days = pd.date_range("2025-01-05", "2025-12-06", freq="D")
    rules = SeriesRules(frequency="monthly", duplicates="sum")
    panel, messages = _read(one_series(list(days), [1.0] * len(days)), rules=rules)
    assert panel.series[0].values.tolist() == [28.0, *[31.0, 30.0] * 2, 31.0, 31.0, 30.0, 31.0, 30.0]
    assert _first(panel) == "2025-02-01"
    assert messages[0].endswith("part alone: the month of 2025-01-01 and the month of 2025-12-01.")


@pytest.mark.parametrize(
    ("times", "whole"),
    [
        (pd.bdate_range("2025-01-02", "2025-12-31"), 11),  # the 1st would be a working day
        (pd.bdate_range("2025-02-03", "2025-12-31"), 11),
        (pd.date_range("2025-01-01", "2025-11-30 22:00", freq="h"), 10),
        (pd.DatetimeIndex([day for day in _DAYS if day.day in (3, 14, 29)]), 6),  # as far apart as rows are
        (_MONTHS, 36),
    ],
)
def test_whole_is_a_period_beyond_which_the_next_row_would_lie(times: pd.DatetimeIndex, whole: int) -> None:
    rules = SeriesRules(frequency="monthly", duplicates="sum")
    assert len(_read(one_series(list(times), [1.0] * len(times)), rules=rules)[0].series[0]) == whole


def test_zeros_stand_up_to_the_end_of_the_table() -> None:
    table = pd.concat(
        [one_series(list(_MONTHS), [5.0] * 36).assign(shop="a"),
         one_series(list(_MONTHS[:20]), [4.0] * 20).assign(shop="b")]
    )  # fmt: skip
    panel, messages = _read(table, replace(_COLUMNS, id="shop"), SeriesRules(gaps="zero"))
    assert panel.series[1].values.tolist() == [4.0] * 20 + [0.0] * 16
    assert len(panel.series[1].covariates) == 36
    assert messages == ["16 values are missing in 1 series; 0 stands there, as you asked."]
    assert len(_read(table, replace(_COLUMNS, id="shop"))[0].series[1]) == 20


def test_series_of_one_frequency_on_different_days_are_said_to_be_so() -> None:
    ends = _MONTHS + pd.offsets.MonthEnd(0)
    table = one_series([*_MONTHS, *ends], [1.0] * 72).assign(shop=["a"] * 36 + ["b"] * 36)
    with pytest.raises(DataError, match=r"monthly from 2025-01-01 \(1 series\) and monthly from") as refused:
        _read(table, replace(_COLUMNS, id="shop"))
    assert "puts all of them on the same times" in refused.value.hint
    both = _read(table, replace(_COLUMNS, id="shop"), SeriesRules(frequency="monthly"))[0]
    assert len(both.series) == 2


def test_periods_of_a_data_frame_are_dates(tmp_path: Path) -> None:
    table = one_series(list(pd.period_range("2025-01", periods=36, freq="M")), list(range(36)))
    with Studio.open(tmp_path) as studio:
        version = studio.datasets.import_file(table)
        assert studio.forecasts.facts(version, _COLUMNS, SeriesRules()).last == "2027-12-01"


def _zoned(
    studio: Studio, texts: list[str], folder: Path, rules: SeriesRules | None = None
) -> tuple[Panel, list[str]]:
    path = folder / f"zoned {len(texts)} {texts[-1][-6:].replace(':', '')}.csv"
    one_series(list(texts), list(range(len(texts)))).to_csv(path, index=False)
    version = studio.datasets.import_file(str(path))
    return _read(studio.forecasts._renamed(version, _COLUMNS), rules=rules)


def test_times_with_a_zone_are_what_its_clock_showed(tmp_path: Path) -> None:
    berlin = list(map(str, _MONTHS.tz_localize("Europe/Berlin")))
    hours = pd.date_range("2025-10-20", "2025-11-05", freq="h", tz="Europe/Berlin")
    with Studio.open(tmp_path) as studio:
        for texts, zone in ((berlin, "Europe/Berlin"), ([t[:-6] + "+09:00" for t in berlin], "UTC+09:00")):
            panel, messages = _zoned(studio, texts, tmp_path)
            assert (panel.frequency.name, _first(panel)) == ("monthly", "2025-01-01")
            assert messages == [f"'time' has a zone ({zone}); times are what the clock there shows."]
        panel, messages = _zoned(studio, list(map(str, hours)), tmp_path)
        assert panel.frequency.name == "hourly"
        assert messages == ["'time' is in winter time all year: clocks show an hour twice in autumn."]
        several = [text[:-6] + zone for text, zone in zip(berlin, ["+09:00", "-05:00"] * 18, strict=True)]
        rules = SeriesRules(frequency="monthly", duplicates="sum", gaps="zero")
        panel, messages = _zoned(studio, several, tmp_path, rules)
        assert "'time' has a zone (UTC); times are what the clock there shows." in messages
        frame = one_series(list(_MONTHS.tz_localize("Pacific/Auckland")), list(range(36)))
        version = studio.datasets.import_file(frame)
        assert studio.forecasts.facts(version, _COLUMNS, SeriesRules()).first == "2025-01-01"


def test_a_text_with_a_zone_is_what_its_clock_showed() -> None:
    texts = list(map(str, _MONTHS.tz_localize("Europe/Berlin")))
    panel, messages = _read(one_series([*texts], [1.0] * 36))
    assert _first(panel) == "2025-01-01"
    assert messages == ["'time' has a zone (+01:00 and +02:00); times are what the clock there shows."]


@pytest.mark.parametrize("n_columns", [0, 400])
def test_a_wide_file_has_zones_too(tmp_path: Path, n_columns: int) -> None:
    table = one_series(list(map(str, _MONTHS.tz_localize("Europe/Berlin"))), list(range(36)))
    more = pd.DataFrame({f"x{place}": range(36) for place in range(n_columns)})
    pd.concat([table, more], axis="columns").to_csv(tmp_path / "sales.csv", index=False)
    with Studio.open(tmp_path) as studio:
        version = studio.datasets.import_file(str(tmp_path / "sales.csv"))
        zones = [(item.column, item.value) for item in version.detected if item.option == "zone"]
    assert zones == [("time", "Europe/Berlin")]
