"""Time as files of real organisations tell it: over several columns, or by a number that counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks._fresh_drift import Columns, Rng, add_columns, is_mixed, moments, order_by_drift
from benchmarks._frozen_traps import FrozenTrap, Planted
from benchmarks._others_skill import time_does_harm

if TYPE_CHECKING:
    from benchmarks._frozen_tables import FrozenTable

Stamp = Callable[[pd.DatetimeIndex, Rng], Columns]

_KINDS = ("structure", "row_order")
_SPANISH = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC")
_THAI = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
_GERMAN_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_REIWA = pd.Timestamp("2019-05-01")
_GPS_ZERO = pd.Timestamp("1980-01-06")
_UNIX_ZERO = pd.Timestamp("1970-01-01")
_TWEETS_ZERO_MS = 1_288_834_974_657


def _fiscal_periods(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """An ERP's posting period: the fiscal year begins in April, and December to March belong to it."""
    year = at.year - (at.month < 4)
    return {"GJAHR": list(year), "POPER": [f"{(month - 4) % 12 + 1:03d}" for month in at.month]}


def _data_logger(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """A logger in the field: year, day of the year, and 905 for five past nine."""
    return {
        "Year_RTM": list(at.year),
        "Day_RTM": list(at.dayofyear),
        "Hour_Minute_RTM": list(at.hour * 100 + at.minute),
    }


def _hospital_year(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """A hospital's return: financial year 2019/20, its week, and the day of the week."""
    year = np.asarray(at.year - (at.month < 4))
    began = pd.DatetimeIndex([pd.Timestamp(int(each), 4, 1) for each in year])
    return {
        "fin_year": [f"{each}/{(each + 1) % 100:02d}" for each in year],
        "fin_week": list((at.normalize() - began).days // 7 + 1),
        "admission_day": list(at.day_name()),
    }


def _web_shop(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """A shop's export: day and month as people write them, the year apart, the time with AM and PM."""
    return {
        "Order day": [f"{each.day} {each:%b}" for each in at],
        "Order time": list(at.strftime("%I:%M %p")),
        "Order year": list(at.year),
    }


def _french_quarters(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """Public statistics: the year and the quarter of a survey."""
    return {"annee_enq": list(at.year), "trim": [f"T{each}" for each in at.quarter]}


def _shifts(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """A factory's shift book: week 07/21, day and shift."""
    weeks = at.isocalendar()
    shifts = np.select([at.hour < 11, at.hour < 15], ["Früh", "Spät"], "Nacht")
    return {
        "KW": [
            f"{week:02d}/{year % 100:02d}" for week, year in zip(weeks["week"], weeks["year"], strict=True)
        ],
        "Wochentag": [_GERMAN_DAYS[each] for each in at.weekday],
        "Schicht": list(shifts),
    }


def _gps(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """A receiver: week since 1980 and seconds of the week."""
    seconds = np.asarray((at - _GPS_ZERO).total_seconds()).astype(np.int64)
    return {"gps_week": list(seconds // 604_800), "gps_tow": list(seconds % 604_800)}


def _japanese_era(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """A Japanese office: era, its year, month and day."""
    is_new = at >= _REIWA
    return {
        "元号": list(np.where(is_new, "令和", "平成")),
        "年": list(np.where(is_new, at.year - 2018, at.year - 1988)),
        "月": list(at.month),
        "日": list(at.day),
    }


def _spanish_till(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """A till: day, month in letters, year in two figures, and the hour that began."""
    return {
        "dia_vta": list(at.day),
        "mes_vta": [_SPANISH[each - 1] for each in at.month],
        "ano_vta": list(at.year % 100),
        "franja": [f"{each}-{each + 1}h" for each in at.hour],
    }


def _sheet_serial(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """A sheet whose formats were lost: days since 1900, and the time as a part of the day."""
    days = (at.normalize() - pd.Timestamp("1899-12-30")).days
    return {"Datum": list(days), "Uhrzeit": list(np.round((at.hour * 60 + at.minute) / 1_440, 6))}


def _thai_budget(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """A Thai ministry: Buddhist budget year, from October on, and month."""
    return {
        "ปีงบประมาณ": list(at.year + 543 + (at.month >= 10)),
        "เดือน": [_THAI[each - 1] for each in at.month],
    }


def _semester(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """A university: winter term 2018/19 or summer term 2019, and the week of lectures."""
    is_summer = (at.month >= 4) & (at.month < 10)
    year = np.asarray(at.year - (at.month < 4))
    began = pd.DatetimeIndex(
        [pd.Timestamp(int(each), 4 if s else 10, 1) for each, s in zip(year, is_summer, strict=True)]
    )
    names = [
        f"SoSe {each}" if s else f"WiSe {each}/{(each + 1) % 100:02d}"
        for each, s in zip(year, is_summer, strict=True)
    ]
    return {"Semester": names, "LV-Woche": list((at - began).days // 7 + 1)}


def _invoices(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """Invoice numbers that begin anew each year; some belong to others."""
    running = _count_within(np.asarray(at.year), rng)
    return {"Belegnr": [f"RE{each.year}-{n:05d}" for each, n in zip(at, running, strict=True)]}


def _accessions(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """A laboratory's accession number: year, day of the year, and the sample of that day."""
    running = _count_within(np.asarray(at.year * 1_000 + at.dayofyear), rng)
    return {
        "accession": [
            f"{each.year % 100:02d}-{each.dayofyear:03d}-{n:04d}" for each, n in zip(at, running, strict=True)
        ]
    }


def _tickets(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """Ticket numbers of a help desk, of which others' rows have many."""
    return {"ticket": list(100_000 + int(rng.integers(1e5)) + np.cumsum(rng.geometric(0.15, len(at))))}


def _running_hours(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """The meter of a machine: hours that it has run, with one place."""
    days = np.asarray((at - at[0]).total_seconds()) / 86_400
    return {"Betriebsstd": list(np.round(rng.uniform(200, 9_000) + days * rng.uniform(6, 14), 1))}


def _laboratory_book(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """A laboratory's books: volume and page; several rows stand on a page."""
    pages = np.cumsum(rng.uniform(size=len(at)) < 0.4)
    per_book = max(int(pages[-1]) // 7, 20)
    return {"notebook": [f"NB-{1 + each // per_book}" for each in pages], "page": list(1 + pages % per_book)}


def _object_ids(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """The keys of a document store: seconds since 1970, the process, and a count."""
    seconds = np.asarray((at - _UNIX_ZERO).total_seconds()).astype(np.int64)
    process, first = rng.bytes(5).hex(), int(rng.integers(1 << 20))
    return {"_id": [f"{each:08x}{process}{first + n:06x}" for n, each in enumerate(seconds)]}


def _post_ids(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """The ids of posts of a network: milliseconds, then the machine and a count in 22 bits."""
    passed = np.asarray((at - _UNIX_ZERO).total_seconds() * 1_000).astype(np.int64) - _TWEETS_ZERO_MS
    return {"status_id": list((passed << 22) + rng.integers(1 << 22, size=len(at)))}


def _date_codes(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """What is printed on a part: year and week of its making, 2107."""
    weeks = at.isocalendar()
    return {"date_code": list((weeks["year"] % 100 * 100 + weeks["week"]).astype(int))}


def _lots(at: pd.DatetimeIndex, rng: Rng) -> Columns:
    """A lot's letter for the year, its month of A to M without I, and its number in the month."""
    month = [f"{chr(ord('A') + (each.year - 2010) % 26)}{'ABCDEFGHJKLM'[each.month - 1]}" for each in at]
    running = 1 + _count_within(np.asarray(at.year * 100 + at.month), rng) // 12
    return {"Lot No.": [f"{letters}{n:03d}" for letters, n in zip(month, running, strict=True)]}


def _count_within(groups: NDArray[np.int64], rng: Rng) -> NDArray[np.int64]:
    """Return a count that begins anew in each group, with gaps."""
    steps = pd.Series(rng.geometric(0.7, len(groups)))
    return np.asarray(steps.groupby(groups).cumsum(), dtype=np.int64)


def _in_order_of_time(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Return texts as their place in time: for what sorts otherwise, and models take as categories."""
    placed = {name: pd.factorize(frame[name])[0] for name in names if frame[name].dtype == object}
    return frame.assign(**placed)


def _trap(
    name: str, stamp: Stamp, *, n_days: int, workdays: bool = True, by_category: bool = False
) -> FrozenTrap:
    def plant(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
        in_time = order_by_drift(table, frame, rng)
        at = moments(len(frame), rng, n_days=n_days, workdays=workdays)
        bearing, names = add_columns(in_time, stamp(at, rng), rng)
        times = np.arange(len(bearing))
        judged = _in_order_of_time(bearing, names) if by_category else bearing
        if not time_does_harm(table, judged, names, times):
            return None
        if is_mixed(table):
            bearing = bearing.iloc[rng.permutation(len(bearing))].reset_index(drop=True)
        return Planted(bearing, names)

    return FrozenTrap(name, _KINDS, plant)


FRESH_TIME = (
    _trap("time over columns: fiscal year and period", _fiscal_periods, n_days=1_100),
    _trap("time over columns: logger's day and minute", _data_logger, n_days=700, workdays=False),
    _trap("time over columns: financial year, week, day", _hospital_year, n_days=1_300, workdays=False),
    _trap("time over columns: shop's day, time, year", _web_shop, n_days=900, workdays=False),
    _trap("time over columns: year and trimestre", _french_quarters, n_days=2_500),
    _trap("time over columns: week, weekday, shift", _shifts, n_days=800, by_category=True),
    _trap("time over columns: GPS week and seconds", _gps, n_days=500, workdays=False),
    _trap("time over columns: Japanese era", _japanese_era, n_days=1_500),
    _trap("time over columns: Spanish till", _spanish_till, n_days=1_000),
    _trap("time over columns: serial day and part of it", _sheet_serial, n_days=600),
    _trap("time over columns: Thai budget year and month", _thai_budget, n_days=1_800),
    _trap("time over columns: semester and week", _semester, n_days=1_600),
)
FRESH_COUNTERS = (
    _trap("counters: invoices", _invoices, n_days=1_100),
    _trap("counters: accessions", _accessions, n_days=700),
    _trap("counters: tickets", _tickets, n_days=500),
    _trap("counters: running hours", _running_hours, n_days=800),
    _trap("counters: laboratory book", _laboratory_book, n_days=900),
    _trap("counters: document keys", _object_ids, n_days=500, workdays=False),
    _trap("counters: post ids", _post_ids, n_days=400, workdays=False),
    _trap("counters: date codes", _date_codes, n_days=1_200),
    _trap("counters: lots", _lots, n_days=1_000),
)
