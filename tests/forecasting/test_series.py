"""Tables become regular series, and what does not fit is said with the nearest valid thing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from litmus_core.errors import DataError, LitmusError, UsageError
from litmus_core.forecasting import ForecastSpec, SeriesColumns, SeriesRules, read_series
from litmus_core.forecasting._series.frequency import detect_frequency, named_frequency
from tests.forecasting.tables import COLUMNS, SPEC, one_series, shops

_ALONE = ForecastSpec(columns=SeriesColumns(time="time", value="value"), horizon=2)
_DAYS = pd.date_range("2026-01-01", periods=12, freq="D")


def _messages(table: pd.DataFrame, spec: ForecastSpec = _ALONE) -> list[str]:
    return [dict(finding.statement.facts)["text"] for finding in read_series(table, spec)[1]]


@pytest.mark.parametrize(
    ("start", "alias", "name"),
    [
        ("2020-12-31", "YE", "yearly"),
        ("2020-03-31", "QE", "quarterly"),
        ("2020-01-31", "ME", "monthly"),
        ("2020-01-15", "7D", "weekly"),
        ("2020-01-01", "B", "workdays"),
        ("2020-01-01", "D", "daily"),
        ("2020-01-01", "h", "hourly"),
        ("2020-01-01", "30min", "half-hourly"),
        ("2020-01-01", "2D", "every 2 days"),
    ],
)
def test_a_frequency_is_found_and_gives_the_times_back(start: str, alias: str, name: str) -> None:
    times = pd.date_range(start, periods=15, freq=alias).to_numpy().astype("datetime64[s]")
    frequency = detect_frequency(np.delete(times, 4))
    assert frequency.name == name
    assert (frequency.times(frequency.positions(times)) == times).all()
    assert (np.diff(frequency.positions(times)) == 1).all()


def test_a_named_frequency_merges_times_to_it() -> None:
    rules = SeriesRules(frequency="monthly", duplicates="sum")
    table = one_series(list(pd.date_range("2025-01-01", "2025-12-31", freq="D")), [1.0] * 365)
    panel, _ = read_series(table, replace(_ALONE, rules=rules))
    assert panel.series[0].values.tolist()[:3] == [31.0, 28.0, 31.0]


def test_a_gap_is_filled_from_the_past_alone_and_said() -> None:
    table = one_series(list(_DAYS.delete(8)), [float(day) for day in range(11)])
    panel, findings = read_series(table, _ALONE)
    assert panel.series[0].values[8] == panel.series[0].values[1]  # a week earlier
    assert np.flatnonzero(panel.series[0].is_filled).tolist() == [8]
    assert findings[0].kind == "gaps"
    zero, _ = read_series(table, replace(_ALONE, rules=SeriesRules(gaps="zero")))
    assert zero.series[0].values[8] == 0.0
    assert not zero.series[0].is_filled.any()


@pytest.mark.parametrize(
    ("first", "alias"), [("1949-01-01", "MS"), ("1871-01-01", "YS"), ("1969-10-01", "D")]
)
def test_a_series_that_ends_before_1970_ends_with_its_last_value(first: str, alias: str) -> None:
    times = pd.date_range(first, periods=60, freq=alias)
    panel, findings = read_series(one_series(list(times), [float(n * n % 11) for n in range(60)]), _ALONE)
    assert len(panel.series[0]) == 60
    assert not findings


def test_a_gap_over_all_that_compares_models_is_refused() -> None:
    months = pd.date_range("2020-01-01", periods=60, freq="MS")
    kept = [n for n in range(60) if not 28 <= n < 48]
    table = one_series(list(months[kept]), [float(n * n % 11) for n in kept])
    with pytest.raises(
        DataError, match="2023-12-01 are all missing, so nothing there can compare"
    ) as refused:
        read_series(table, replace(_ALONE, horizon=4))
    assert "gaps=zero" in refused.value.hint
    read_series(table, replace(_ALONE, horizon=4, rules=SeriesRules(gaps="zero")))


def test_negative_counts_are_said() -> None:
    table = one_series(list(pd.date_range("2026-01-01", periods=40)), [5] * 20 + [-1] + [6] * 19)
    assert any("negative among whole numbers, such as -1" in message for message in _messages(table))


def test_a_value_beside_which_every_error_is_small_is_refused() -> None:
    days = list(pd.date_range("2026-01-01", periods=40))
    values = [5.0, 0.0, 7.0, 6.0] * 10
    read_series(one_series(days, [*values[:-1], 5e6]), _ALONE)
    with pytest.raises(
        DataError, match=r"1 value is more than a million times as large as usual, .* 2026-01-21"
    ) as error:
        read_series(one_series(days, [*values[:20], -1e18, *values[21:]]), _ALONE)
    assert error.value.hint.startswith("Correct it, or leave it empty")


@pytest.mark.parametrize("values", [[5.0] * 12, [5.0] * 11 + [6.0]])
def test_a_history_that_never_changes_is_refused(values: list[object]) -> None:
    with pytest.raises(DataError, match="Nothing changes from season to season"):
        read_series(one_series(list(_DAYS), values), _ALONE)


def test_short_series_are_left_out_and_said() -> None:
    table = pd.concat([shops(), shops(7).head(7).assign(shop="new")])
    panel, findings = read_series(table, SPEC)
    assert [series.name for series in panel.series] == ["north", "south"]
    assert findings[0].kind == "short_series"


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (104, "has no more than two seasons of 52 values: models learn no season, and one repeats the last"),
        (110, "that is checked. While models are compared, they learn no season, and one repeats the last"),
        (200, ""),
    ],
)
def test_a_season_that_models_do_not_learn_is_said_as_it_is(n: int, said: str) -> None:
    weeks = list(pd.date_range("2020-01-06", periods=n, freq="7D"))
    messages = _messages(one_series(weeks, [float(week % 7) for week in range(n)]))
    seasons = [message for message in messages if "season" in message]
    assert said in seasons[0] if said else not seasons


REFUSED = [
    (one_series(list(_DAYS[:3]), [1, 2, 3]), _ALONE, "A series of 3 values", "has 6 values"),
    (one_series(list(_DAYS[:9]), [1] * 9), replace(_ALONE, horizon=9), "too short", "judge is 2"),
    (one_series([*_DAYS, _DAYS[3]], [1] * 13), _ALONE, "occurs more than once in a series", "duplicates=sum"),
    (one_series([*_DAYS, "soon"], [1] * 13), _ALONE, "is not a time, such as 'soon'", "2026-01-31"),
    (one_series(list(_DAYS), ["a"] * 12), _ALONE, "12 values of 'value' are not numbers", "empty"),
    (one_series(list(_DAYS), [None] * 12), _ALONE, "no row with a time and a value", "numbers"),
    (
        one_series([*_DAYS, pd.Timestamp("2026-06-01")], [1] * 13),
        _ALONE,
        "91 % of the expected values are missing",
        "at which most values are there, or another column of times",
    ),
    (
        pd.concat([shops(), pd.DataFrame({"shop": "day", "quarter": _DAYS, "units": 1.0})]),
        SPEC,
        "different frequencies: quarterly (2 series)",
        "frequency='quarterly'",
    ),
    (
        pd.concat(
            pd.DataFrame(
                {
                    "shop": f"shop {days}",
                    "quarter": pd.date_range("2026-01-01", periods=12, freq=f"{days}D"),
                    "units": 1.0,
                }
            )
            for days in (2, 3, 4, 5, 6)
        ),
        SPEC,
        "(1 series) and 2 others.",
        "frequency=",
    ),
]


@pytest.mark.parametrize(("table", "spec", "message", "hint"), REFUSED)
def test_what_cannot_be_forecast_is_refused_with_the_nearest_valid_thing(
    table: pd.DataFrame, spec: ForecastSpec, message: str, hint: str
) -> None:
    with pytest.raises(DataError) as refused:
        read_series(table, spec)
    assert message in refused.value.message
    assert hint in refused.value.hint


def test_one_of_mixed_frequencies_is_forecast_on_request() -> None:
    table = pd.concat(
        [shops(), shops(12).assign(shop="yearly", quarter=pd.date_range("2010", periods=24, freq="YS"))]
    )
    spec = replace(SPEC, rules=SeriesRules(frequency="quarterly"))
    panel, findings = read_series(table, spec)
    assert [series.name for series in panel.series] == ["north", "south"]
    assert findings[0].kind == "mixed_frequency"


@pytest.mark.parametrize("shift", [0, 1, 4])
def test_a_column_that_repeats_the_values_is_not_known_ahead(shift: int) -> None:
    table = shops()
    table["planted"] = 2 * table.groupby("shop")["units"].shift(-shift).fillna(0.0) + 1
    with pytest.raises(DataError, match="nobody knows it ahead"):
        read_series(table, replace(SPEC, columns=replace(COLUMNS, known_future=("planted",))))


def test_a_static_column_that_changes_is_refused() -> None:
    table = shops().assign(region=lambda rows: rows["units"] > 120)
    with pytest.raises(DataError, match="'region' changes within a series"):
        read_series(table, replace(SPEC, columns=replace(COLUMNS, static=("region",))))


def test_an_unknown_frequency_names_the_known_ones() -> None:
    assert named_frequency("fortnightly") is None
    with pytest.raises(UsageError, match="quarterly"):
        read_series(shops(), replace(SPEC, rules=SeriesRules(frequency="fortnightly")))


def test_an_unknown_column_is_named() -> None:
    with pytest.raises(LitmusError, match="no column 'month'"):
        read_series(shops(), replace(SPEC, columns=replace(COLUMNS, time="month")))
