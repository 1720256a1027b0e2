"""Traps of time, by other hands than the checks': dates spread over columns, and numbers that count on.

The rows of a real table are put in an order in which the answer wanders, as it does where the world
changes; columns then say when each row came, as files of many places say it. A finding must name one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from benchmarks._frozen_traps import FrozenTrap, Planted
from benchmarks._others_skill import time_does_harm

if TYPE_CHECKING:
    from benchmarks._frozen_tables import FrozenTable

Rng = np.random.Generator
Moments = pd.DatetimeIndex
Columns = Mapping[str, Iterable[Any]]
Span = Literal["hours", "year", "years"]

KINDS_OF_TIME = ("structure", "row_order")
_HAVE_TIME = {  # tables that say themselves when a row came: another order would be a lie
    "Ecdat/Benefits", "Ecdat/BudgetItaly", "Ecdat/Males", "geepack/dietox", "modeldata/hpc_data",
    "mosaicData/Weather", "openintro/email", "openintro/epa2021", "Stat2Data/GrinnellHouses",
    "Stat2Data/Hawks", "survival/rotterdam",
}  # fmt: skip
_HEAVY_TAILS = {"Ecdat/MedExp", "gt/metro"}  # a few giants decide R²: its gaps are chance there
_ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_SPANISH = (
    "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic",
)  # fmt: skip
_FRENCH = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
_ITALIAN = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre",
    "ottobre", "novembre", "dicembre",
)  # fmt: skip
_RUSSIAN = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября",
    "ноября", "декабря",
)  # fmt: skip
_GERMAN_DAYS = (
    "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag",
)  # fmt: skip
_PORTUGUESE_DAYS = (
    "segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Calendar:
    """One way to write moments into columns; ``is_text`` where readers of dates read the text itself."""

    name: str
    span: Span
    write: Callable[[Moments], Columns]
    is_text: bool = False


def _moments(rng: Rng, n_rows: int, span: Span) -> Moments:
    """Return ascending moments: about one an hour, or at random within one year or several."""
    year = int(rng.integers(2005, 2016))
    if span == "hours":
        steps = 1 + rng.poisson(0.2, n_rows)
        start = pd.Timestamp(year=year, month=int(rng.integers(1, 5)), day=3, hour=int(rng.integers(0, 24)))
        return pd.DatetimeIndex(start + pd.to_timedelta(np.cumsum(steps), unit="h"))
    first = pd.Timestamp(year=year, month=1, day=7)
    n_days = 345 if span == "year" else int(rng.integers(4, 9)) * 365
    minutes = np.sort(rng.integers(0, n_days * 1440, n_rows))
    return pd.DatetimeIndex(first + pd.to_timedelta(minutes, unit="min"))


def _in_drift(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Order the rows so that the answer follows a wandering level, with noise about it."""
    n_rows = len(frame)
    values = frame[table.target]
    if table.problem == "classes":
        names = rng.permutation(sorted(values.astype(str).unique()))
        values = values.astype(str).map({name: place for place, name in enumerate(names)})
    by_answer = np.lexsort((rng.random(n_rows), values.to_numpy(np.float64)))
    walk = np.cumsum(rng.normal(0.0, 1.0, n_rows)) / np.sqrt(n_rows)
    slope = rng.choice([-1.0, 1.0]) * rng.uniform(0.5, 1.5)
    level = walk + slope * np.linspace(0, 1, n_rows)
    level = (level - level.mean()) / level.std()
    strength = rng.uniform(0.8, 0.92)
    wanted = strength * level + np.sqrt(1 - strength**2) * rng.normal(0.0, 1.0, n_rows)
    places = np.empty(n_rows, dtype=np.int64)
    places[np.argsort(wanted)] = by_answer
    return frame.iloc[places].reset_index(drop=True)


def insert(frame: pd.DataFrame, columns: Columns, rng: Rng) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the frame with ``columns`` in front, or anywhere, and the names that they have there."""
    names = []
    is_in_front = rng.random() < 0.5
    for place, (name, values) in enumerate(columns.items()):
        free = name if name not in frame else f"{name}.1"
        at = place if is_in_front else int(rng.integers(0, frame.shape[1] + 1))
        frame.insert(at, free, pd.Series(list(values), index=frame.index))
        names.append(free)
    return frame, tuple(names)


def planted_in_time(
    table: FrozenTable, frame: pd.DataFrame, rng: Rng, write: Callable[[Moments], Columns], span: Span,
    *, is_text: bool = False,
) -> Planted | None:  # fmt: skip
    """Plant columns of time where that does harm; in half of the tables the rows are mixed then."""
    if table.name in _HAVE_TIME | _HEAVY_TAILS:
        return None
    moments = _moments(rng, len(frame), span)
    frame, names = insert(_in_drift(table, frame, rng), write(moments), rng)
    times = np.arange(len(frame))
    seen, column_score = frame, names
    if is_text:
        seen, column_score = frame.drop(columns=[*names]).assign(moment=times), ("moment",)
    if not time_does_harm(table, seen, column_score, times):
        return None
    if rng.random() < 0.5:
        frame = frame.sample(frac=1.0, random_state=int(rng.integers(1 << 31))).reset_index(drop=True)
    return Planted(frame, names)


def calendar_trap(calendar: Calendar) -> FrozenTrap:
    def plant(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
        return planted_in_time(table, frame, rng, calendar.write, calendar.span, is_text=calendar.is_text)

    return FrozenTrap(f"time over columns: {calendar.name}", KINDS_OF_TIME, plant)


def _named(names: Sequence[str], numbers: Iterable[int], *, first: int = 1) -> list[str]:
    return [names[number - first] for number in numbers]


def _days_since(moments: Moments, start: str) -> list[int]:
    return [int(each) for each in (moments.normalize() - pd.Timestamp(start)).days]


def _seconds(moments: Moments) -> list[int]:
    return [int(each.timestamp()) for each in moments]


def _minutes(moments: Moments) -> list[float]:
    return [round(each.total_seconds() / 60, 1) for each in moments - moments[0]]


def _season(moments: Moments) -> Columns:
    """Write a league's seasons from August on, and the rounds within them."""
    starts = [each.year if each.month >= 8 else each.year - 1 for each in moments]
    weeks = [
        (each - pd.Timestamp(year=start, month=8, day=1)).days // 11 + 1
        for each, start in zip(moments, starts, strict=True)
    ]
    return {"Saison": [f"{start}/{(start + 1) % 100:02d}" for start in starts], "Spieltag": weeks}


def _shift(moments: Moments) -> Columns:
    shifts = ["Nacht" if each.hour < 6 else "Früh" if each.hour < 14 else "Spät" for each in moments]
    return {"Schicht": shifts, "Tag": [f"{each:%d.%m.}" for each in moments]}


def _fiscal(moments: Moments) -> Columns:
    """Write the fiscal years and periods of a company whose year begins in October."""
    shifted = moments + pd.DateOffset(months=3)
    return {"FY": [f"FY{each:%y}" for each in shifted], "Period": [f"P{each.month:02d}" for each in shifted]}


def _waves(moments: Moments) -> Columns:
    share = (moments - moments[0]) / (moments[-1] - moments[0])
    return {"welle": [f"Welle {min(int(each * 10), 9) + 1}" for each in share]}


_CALENDARS = (
    Calendar("year and month", "years", lambda m: {"year": m.year, "month": m.month}),
    Calendar(
        "name of the month and day", "year", lambda m: {"Month": _named(_ENGLISH, m.month), "Day": m.day}
    ),
    Calendar(
        "week and weekday",
        "year",
        lambda m: {
            "KW": m.isocalendar().week.tolist(),
            "Wochentag": _named(_GERMAN_DAYS, m.weekday, first=0),
        },
    ),
    Calendar(
        "quarter and year", "years", lambda m: {"trimestre": [f"T{q}" for q in m.quarter], "annee": m.year}
    ),
    Calendar("quarter in one text", "years", lambda m: {"period": [f"{t.year}-Q{t.quarter}" for t in m]}),
    Calendar("date as a number", "year", lambda m: {"buchungsdatum": [int(f"{t:%Y%m%d}") for t in m]}),
    Calendar("month as a number", "years", lambda m: {"anomes": [int(f"{t:%Y%m}") for t in m]}),
    Calendar(
        "hour as a text, day and month",
        "hours",
        lambda m: {"maand": m.month, "dag": m.day, "uur": [f"{t:%H}:00" for t in m]},
    ),
    Calendar(
        "date text and time text",
        "hours",
        lambda m: {"date": [f"{t:%m/%d/%Y}" for t in m], "time": [f"{t:%H:%M}" for t in m]},
        is_text=True,
    ),
    Calendar(
        "German date and time texts",
        "hours",
        lambda m: {"Datum": [f"{t:%d.%m.%Y}" for t in m], "Uhrzeit": [f"{t:%H:%M}" for t in m]},
        is_text=True,
    ),
    Calendar("seconds since 1970", "hours", lambda m: {"ts": _seconds(m)}),
    Calendar("milliseconds since 1970", "years", lambda m: {"createdAt": [s * 1000 for s in _seconds(m)]}),
    Calendar("days since 1970", "years", lambda m: {"day_nr": _days_since(m, "1970-01-01")}),
    Calendar("a spreadsheet's days", "years", lambda m: {"Erfasst": _days_since(m, "1899-12-30")}),
    Calendar("fiscal year and period", "years", _fiscal),
    Calendar(
        "two digits each", "years", lambda m: {"YY": [y % 100 for y in m.year], "MM": m.month, "DD": m.day}
    ),
    Calendar("meaningless names", "years", lambda m: {"x3": m.year, "x1": m.month, "x7": m.day}),
    Calendar(
        "meaningless names, with decimals",
        "hours",
        lambda m: {f"V{i}": [float(v) for v in p] for i, p in ((12, m.month), (31, m.day), (4, m.hour))},
    ),
    Calendar("day of the year and year", "years", lambda m: {"jour": m.dayofyear, "an": m.year}),
    Calendar("Spanish months and year", "years", lambda m: {"mes": _named(_SPANISH, m.month), "año": m.year}),
    Calendar(
        "French month and year in one text",
        "years",
        lambda m: {"mois": [f"{_FRENCH[t.month - 1]} {t.year}" for t in m]},
    ),
    Calendar(
        "year with decimals",
        "years",
        lambda m: {"t_year": [round(t.year + (t.dayofyear - 1) / 365.25, 4) for t in m]},
    ),
    Calendar("season and round", "years", _season),
    Calendar("Japanese year, month, day", "years", lambda m: {"年": m.year, "月": m.month, "日": m.day}),
    Calendar(
        "Japanese date text",
        "year",
        lambda m: {"測定日": [f"{t.year}年{t.month}月{t.day}日" for t in m]},
        is_text=True,
    ),
    Calendar("minutes since the start", "hours", lambda m: {"elapsed_min": _minutes(m)}),
    Calendar("a survey's waves", "years", _waves),
    Calendar(
        "production week",
        "years",
        lambda m: {"lot_week": [f"{t.isocalendar().year % 100:02d}{t.isocalendar().week:02d}" for t in m]},
    ),
    Calendar("year and day of the year in one", "years", lambda m: {"mfg": [f"{t:%y%j}" for t in m]}),
    Calendar(
        "twelve hours",
        "hours",
        lambda m: {
            "Mon": [f"{t:%b}" for t in m],
            "D": m.day,
            "H": [t.hour % 12 or 12 for t in m],
            "AMPM": [f"{t:%p}" for t in m],
        },
    ),
    Calendar(
        "sine and cosine of the month",
        "years",
        lambda m: {
            "month_sin": np.sin(2 * np.pi * m.month / 12).round(4).tolist(),
            "month_cos": np.cos(2 * np.pi * m.month / 12).round(4).tolist(),
            "yr": [y - m.year.min() for y in m.year],
        },
    ),
    Calendar(
        "coded year, month, hour, weekday",
        "years",
        lambda m: {"yr": [y - m.year.min() for y in m.year], "mnth": m.month, "hr": m.hour, "wkd": m.weekday},
    ),
    Calendar(
        "Russian months",
        "years",
        lambda m: {"год": m.year, "месяц": _named(_RUSSIAN, m.month), "день": m.day},
    ),
    Calendar("Thai years", "years", lambda m: {"ปี": [y + 543 for y in m.year], "เดือน": m.month}),
    Calendar(
        "number of the day and minute of the day",
        "hours",
        lambda m: {
            "day_no": [d + 1 for d in (m.normalize() - m[0].normalize()).days],
            "minute": [60 * t.hour + t.minute for t in m],
        },
    ),
    Calendar("shift and day", "year", _shift),
    Calendar(
        "Portuguese weekdays and week",
        "year",
        lambda m: {
            "dia_semana": _named(_PORTUGUESE_DAYS, m.weekday, first=0),
            "semana": m.isocalendar().week.tolist(),
        },
    ),
    Calendar(
        "Italian month, day, hour",
        "hours",
        lambda m: {"mese": _named(_ITALIAN, m.month), "giorno": m.day, "ora": m.hour},
    ),
    Calendar("ISO week text", "years", lambda m: {"week": [f"{t:%G-W%V}" for t in m]}),
    Calendar("year alone", "years", lambda m: {"anno": m.year}),
)

TIME_TRAPS = tuple(map(calendar_trap, _CALENDARS))
