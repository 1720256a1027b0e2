"""What never has a value is not forecast as if it had one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from litmus_core.errors import DataError, RemediableError
from litmus_core.forecasting import ForecastSpec, SeriesColumns, SeriesRules, read_facts, read_series
from tests.forecasting.tables import on_days

_COLUMNS = SeriesColumns(time="time", value="value")
_SPEC = ForecastSpec(columns=_COLUMNS, horizon=6)
_ZERO = replace(_SPEC, rules=SeriesRules(gaps="zero"))
_AHEAD = replace(_COLUMNS, known_future=("promo",))
_DAYS = pd.date_range("2024-01-01", periods=84, freq="D")
_NO_SUNDAYS = _DAYS[_DAYS.dayofweek != 6]


@pytest.mark.parametrize(
    ("closed", "name", "season"),
    [
        ([6], "daily without Sundays", 6),
        ([3], "daily without Thursdays", 6),  # the first day that there is in times
        ([6, 0], "daily without Mondays and Sundays", 5),
        ([0, 1, 2, 3], "daily on Fridays, Saturdays and Sundays", 3),
    ],
)
def test_a_weekday_without_values_is_no_step_and_said(closed: list[int], name: str, season: int) -> None:
    table = on_days(_DAYS[~_DAYS.dayofweek.isin(closed)])
    panel, findings = read_series(table, _SPEC)
    assert (panel.frequency.name, panel.season) == (name, season)
    assert findings[0].kind == "closed_days"
    ahead = pd.DatetimeIndex(panel.frequency.times(panel.series[0].end + np.arange(6)))
    assert not ahead.dayofweek.isin(closed).any()
    assert panel.frequency.positions(table["time"].to_numpy("datetime64[s]")).tolist() == list(
        range(panel.series[0].start, panel.series[0].end)
    )


def test_a_weekday_that_is_rare_or_unsure_stays_a_step() -> None:
    once = _NO_SUNDAYS.union(_DAYS[[6]])
    for days in (once, _NO_SUNDAYS[:14]):
        assert read_series(on_days(days), replace(_SPEC, horizon=2))[0].frequency.name == "daily"


def test_zero_stands_on_weekdays_without_values_where_a_missing_row_means_it() -> None:
    series = read_series(on_days(_NO_SUNDAYS), _ZERO)[0].series[0]
    assert (series.values[6::7] == 0.0).all()
    assert not series.is_filled.any()  # scores count them


def test_rows_without_a_value_do_not_open_a_day() -> None:
    table = on_days(_DAYS)
    table["value"] = table["value"].where(_DAYS.dayofweek != 6)
    panel, _ = read_series(table, _SPEC)
    assert panel.frequency.name == "daily without Sundays"
    assert len(panel.series[0]) == len(_NO_SUNDAYS)


def _two(first: pd.DatetimeIndex, second: pd.DatetimeIndex) -> pd.DataFrame:
    return pd.concat([on_days(first).assign(shop="a"), on_days(second).assign(shop="b")])


_HOURS = pd.date_range("2024-01-01", periods=24 * 30, freq="h")
_SHOPS = replace(_SPEC, columns=replace(_COLUMNS, id="shop"))
_NAMED = replace(_SPEC, rules=SeriesRules(frequency="daily"))


@pytest.mark.parametrize(
    ("table", "spec", "message"),
    [
        (_two(_NO_SUNDAYS, _DAYS), _SHOPS, "No Sunday has a value in series 'a'"),
        (_two(_DAYS[_DAYS.dayofweek < 5], _DAYS), _SHOPS, "different frequencies"),
        (on_days(_NO_SUNDAYS), _NAMED, "No Sunday has a value"),
        (on_days(_HOURS[_HOURS.hour >= 7]), _SPEC, "There is never a value at 2024-01-02, 2024-01-02 01:00"),
        (on_days(_HOURS[_HOURS.dayofweek != 6]), _SPEC, "There is never a value at 2024-01-07"),
    ],
)
def test_a_place_of_a_season_that_is_always_empty_is_asked_for(
    table: pd.DataFrame, spec: ForecastSpec, message: str
) -> None:
    with pytest.raises(DataError, match=message) as refused:
        read_series(table, spec)
    assert isinstance(refused.value, RemediableError)
    assert refused.value.remedies == ({"gaps": "zero"},)
    read_series(table, replace(spec, rules=replace(spec.rules, gaps="zero")))


@pytest.mark.parametrize("rules", [SeriesRules(), SeriesRules(gaps="zero")])
def test_a_column_known_ahead_needs_no_value_where_there_is_no_row(rules: SeriesRules) -> None:
    days = _NO_SUNDAYS.delete(20)  # and a day of holiday
    table = on_days(days).assign(promo=np.arange(len(days)) % 2, sign="open")
    spec = replace(_SPEC, columns=replace(_AHEAD, known_future=("promo", "sign")), rules=rules)
    series = read_series(table, spec)[0].series[0]
    assert np.isfinite(series.covariates).all()
    with pytest.raises(DataError, match="'promo' has no number for 1 time"):
        read_series(table.assign(promo=table["promo"].where(table.index != 5)), spec)


def test_rows_ahead_tell_of_the_days_between_them_where_a_missing_row_means_zero() -> None:
    table = on_days(_NO_SUNDAYS).assign(promo=np.arange(len(_NO_SUNDAYS)) % 2)
    table["value"] = table["value"].where(table.index < 64)
    panel, findings = read_series(table, replace(_ZERO, columns=_AHEAD))
    assert "no_future" not in {finding.kind for finding in findings}
    assert np.isfinite(panel.series[0].covariates).all()


def test_facts_count_no_days_that_are_none() -> None:
    facts = read_facts(on_days(_NO_SUNDAYS), _COLUMNS, SeriesRules())
    assert (facts.n_missing, facts.horizon) == (0, 12)
