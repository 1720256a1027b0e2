"""More tables and traps by the same hands, made when the first had been used to mend the checks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks._frozen_tables import FrozenTable
from benchmarks._others_counters import counter_trap
from benchmarks._others_leaks import leak_trap, slipped
from benchmarks._others_time import Calendar, Columns, Moments, Rng, calendar_trap

LATER_TABLES = (
    FrozenTable("AER", "CPS1985", "wage", "numbers"),
    FrozenTable("AER", "DoctorVisits", "visits", "numbers"),
    FrozenTable("carData", "CES11", "abortion", "classes"),
    FrozenTable("carData", "Wells", "switch", "classes"),
    FrozenTable("DAAG", "headInjury", "clinically.important.brain.injury", "classes"),
    FrozenTable("Ecdat", "Catsup", "choice", "classes"),
    FrozenTable("Ecdat", "Clothing", "tsales", "numbers"),
    FrozenTable("Ecdat", "Kakadu", "answer", "classes"),
    FrozenTable("Ecdat", "UnempDur", "ui", "classes"),
    FrozenTable("MASS", "biopsy", "class", "classes"),
    FrozenTable("MASS", "Boston", "medv", "numbers"),
    FrozenTable("mlmRev", "Exam", "normexam", "numbers"),
    FrozenTable("mlmRev", "guPrenat", "prenat", "classes"),
    FrozenTable("mosaicData", "HELPrct", "substance", "classes"),
    FrozenTable("openintro", "births14", "weight", "numbers"),
    FrozenTable("openintro", "evals", "score", "numbers"),
    FrozenTable("openintro", "mlb_players_18", "position", "classes"),
    FrozenTable("openintro", "resume", "received_callback", "classes"),
    FrozenTable("wooldridge", "crime1", "narr86", "numbers"),
    FrozenTable("wooldridge", "gpa2", "colgpa", "numbers"),
    FrozenTable("wooldridge", "htv", "wage", "numbers"),
    FrozenTable("wooldridge", "k401k", "prate", "numbers"),
)

_POLISH = (
    "sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru",
)  # fmt: skip
_DUTCH_DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
_TURKISH = (
    "Ocak",
    "Şubat", "Mart", "Nisan", "May\u0131s", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kas\u0131m",
    "Aral\u0131k",
)  # fmt: skip
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def _semesters(moments: Moments) -> Columns:
    """Write a German university's terms, and the weeks of their lectures."""
    is_summer = [4 <= each.month < 10 for each in moments]
    years = [each.year - (each.month < 4) for each in moments]
    names = [
        f"SoSe {y}" if s else f"WiSe {y}/{(y + 1) % 100:02d}" for y, s in zip(years, is_summer, strict=True)
    ]
    return {"Semester": names, "Woche": [(each.dayofyear + 90) % 183 // 7 + 1 for each in moments]}


def _half_years(moments: Moments) -> Columns:
    return {"H": [f"H{(each.month > 6) + 1}/{each:%y}" for each in moments]}


def _since_release(moments: Moments) -> Columns:
    days = (moments - moments[0]).days
    return {"sprint": [f"S{day // 14 + 1}" for day in days], "day_in_sprint": [day % 14 + 1 for day in days]}


CALENDARS = (
    Calendar("Polish months and year", "years", lambda m: {"m_c": [_POLISH[i - 1] for i in m.month],
    "rok": m.year}),
    Calendar("Turkish months, day", "year", lambda m: {"ay": [_TURKISH[i - 1] for i in m.month],
    "gün": m.day}),
    Calendar("Roman months and year", "years", lambda m: {"mies": [_ROMAN[i - 1] for i in m.month],
    "r": m.year}),
    Calendar("Dutch weekdays and week", "year",
             lambda m: {"wk": m.isocalendar().week.tolist(), "dag": [_DUTCH_DAYS[i] for i in m.weekday]}),
    Calendar("semester and week", "years", _semesters),
    Calendar("half years", "years", _half_years),
    Calendar("sprint and day in it", "years", _since_release),
    Calendar("day before month before year, apart", "years",
             lambda m: {"t1": [f"{t:%d}" for t in m], "t2": [f"{t:%m}" for t in m],
             "t3": [f"{t:%y}" for t in m]}),
    Calendar("hour of the year", "year", lambda m: {"hoy": [(t.dayofyear - 1) * 24 + t.hour for t in m]}),
    Calendar("week of the epoch", "years", lambda m: {"wid": [int(t.timestamp()) // 604_800 for t in m]}),
    Calendar("Julian day number",
    "years", lambda m: {"JD": [round(float(t.to_julian_date()), 3) for t in m]}),
    Calendar("month name dash year", "years", lambda m: {"Mon-Yr": [f"{t:%b}-{t:%y}" for t in m]}),
    Calendar("year and weekday and hour", "years", lambda m: {"y": m.year, "wd": m.weekday, "h": m.hour}),
    Calendar("ISO date in parts of texts", "years",
             lambda m: {"jaar": [f"jaar {t.year}" for t in m], "maand": [f"maand {t.month}" for t in m]}),
    Calendar("date and hour in one number",
    "hours", lambda m: {"YYYYMMDDHH": [int(f"{t:%Y%m%d%H}") for t in m]}),
    Calendar("time left until the end", "hours",
             lambda m: {"hours_left": [round((m[-1] - t).total_seconds() / 3600, 1) for t in m]}),
)  # fmt: skip


def _two_tills(moments: Moments, rng: Rng) -> Columns:
    tills = rng.integers(1, 3, len(moments))
    return {"bon": [f"{till}-{place:05d}" for place, till in enumerate(tills.tolist())]}


def _blocks(moments: Moments, rng: Rng) -> Columns:
    places = range(len(moments))
    return {
        "folio": [
            f"{place // 50 + 1:03d}r" if place % 50 < 25 else f"{place // 50 + 1:03d}v" for place in places
        ]
    }


def _negative(moments: Moments, rng: Rng) -> Columns:
    return {"offset": (np.arange(len(moments)) - len(moments) + 1).tolist()}


def _scaled(moments: Moments, rng: Rng) -> Columns:
    return {"progress": (np.arange(len(moments)) / (len(moments) - 1)).round(6).tolist()}


def _odd_steps(moments: Moments, rng: Rng) -> Columns:
    return {"key": (7_000_000 + 37 * np.arange(len(moments))).tolist()}


def _base_36(moments: Moments, rng: Rng) -> Columns:
    return {"ref": [f"T{np.base_repr(36**3 + place, 36)}" for place in range(len(moments))]}


def _random_gaps(moments: Moments, rng: Rng) -> Columns:
    return {"order_id": (np.cumsum(rng.pareto(2.0, len(moments)) * 50 + 1).astype(np.int64) + 10**6).tolist()}


COUNTERS = (
    ("two tills", _two_tills),
    ("leaves of a book", _blocks),
    ("negative", _negative),
    ("from 0 to 1", _scaled),
    ("steps of 37", _odd_steps),
    ("letters and digits of base 36", _base_36),
    ("wild gaps", _random_gaps),
)


def _opposite(target: pd.Series[float], frame: pd.DataFrame, rng: Rng) -> Columns:
    return {"minus": slipped((-target.to_numpy(np.float64) * 0.01).round(4).tolist(), rng, 0.02)}


def _squared(target: pd.Series[float], frame: pd.DataFrame, rng: Rng) -> Columns:
    values = target.to_numpy(np.float64)
    return {"e2": slipped(((values - values.min()) ** 2).round(2).tolist(), rng, 0.02)}


def _two_parts(target: pd.Series[float], frame: pd.DataFrame, rng: Rng) -> Columns:
    """Split the answer into two amounts that add up to it."""
    values = target.to_numpy(np.float64)
    share = rng.uniform(0.3, 0.7, len(values))
    return {"part_a": (values * share).round(3).tolist(), "part_b": (values * (1 - share)).round(3).tolist()}


def _levels(target: pd.Series[float], frame: pd.DataFrame, rng: Rng) -> Columns:
    ranks = (target.rank(pct=True) * 11.99).astype(int)
    return {"Stufe": slipped([f"{'ABCDEFGHIJKL'[each]}" for each in ranks], rng, 0.015)}


def _letter(target: pd.Series[str], frame: pd.DataFrame, rng: Rng) -> Columns:
    texts = target.astype(str)
    codes = dict(zip(sorted(texts.unique()), rng.permutation(list("QRSTUVWXYZABCDEFG")), strict=False))
    return {"k": slipped([f"{codes[each]}{rng.integers(1, 4)}" for each in texts], rng)}


def _days_open(target: pd.Series[str], frame: pd.DataFrame, rng: Rng) -> Columns:
    """Let the cases of each class take times of their own."""
    texts = target.astype(str)
    middles = dict(
        zip(rng.permutation(sorted(texts.unique())), 10.0 ** np.arange(len(texts.unique())), strict=True)
    )
    return {"days_open": slipped([round(middles[t] * rng.lognormal(1, 0.35), 1) for t in texts], rng)}


def _is_missing(target: pd.Series[str], frame: pd.DataFrame, rng: Rng) -> Columns:
    texts = target.astype(str)
    rare = texts.value_counts().index[-1]
    return {
        "approved_by": slipped([rng.choice(["MK", "TS", "JB"]) if t == rare else None for t in texts], rng)
    }


LEAKS = (
    ("the opposite", "numbers", _opposite),
    ("squared", "numbers", _squared),
    ("two parts that add up", "numbers", _two_parts),
    ("twelve levels", "numbers", _levels),
    ("a letter and a digit", "classes", _letter),
    ("days until it was done", "classes", _days_open),
    ("who approved", "classes", _is_missing),
)

LATER_TIME = tuple(map(calendar_trap, CALENDARS))
LATER_COUNTERS = tuple(counter_trap(*way) for way in COUNTERS)
LATER_LEAKS = tuple(leak_trap(*way) for way in LEAKS)
