"""Time as real files tell it, and running numbers, along which the answer drifts.

A level wanders, climbs or jumps over the years. Either it says which rows happened when: those with a high
answer (numbers), or with a class that is late in a drawn order, where the level is high, and no answer is
changed. Or it raises and lowers the answers (numbers alone), as prices do. A random split then knows the
level of each month from its neighbours, and a forward split does not. Whether that does harm on a table is
measured (``time_does_harm``), and where it does not the trap is left out. The rows of two tables in three are
mixed afterwards; the others stay as they happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._frozen_traps import FrozenTrap, Planted, Rng
from benchmarks._others_skill import time_does_harm

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._frozen_tables import FrozenTable

Columns = Mapping[str, Any]
_KINDS = ("structure", "row_order")
_FEWEST = 380
_MIXED = 0.67  # of the tables
_TOLD = "when it was, as told"


def drifted(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Return the rows in the order in which they happened, so that the answer follows a drifting level."""
    n_rows = len(frame)
    if table.problem == "numbers" and rng.random() < 0.5:
        return _raised(table, frame, rng)
    follows = float(rng.choice([0.7, 0.85, 0.95]))
    score = follows * ranked(table, frame, rng) + np.sqrt(1 - follows**2) * rng.normal(size=n_rows)
    level = _level(n_rows, rng) + rng.normal(scale=0.15, size=n_rows)
    rows = np.empty(n_rows, dtype=int)
    rows[np.argsort(level)] = np.argsort(score)
    return frame.iloc[rows].reset_index(drop=True)


def _raised(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    rows = frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)
    truth = rows[table.target]
    moved = truth + rng.uniform(0.6, 1.4) * truth.std() * _level(len(rows), rng)
    is_whole = bool((truth % 1 == 0).all())
    return rows.assign(**{table.target: moved.round(0).astype(int) if is_whole else moved.round(3)})


def ranked(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Any:
    """Return how high each answer is, as normal deviates; equal answers in any order."""
    from scipy.stats import norm

    truth = frame[table.target]
    if table.problem == "classes":
        names = rng.permutation(truth.astype(str).unique())
        truth = truth.astype(str).map({name: place for place, name in enumerate(names)})
    order = np.lexsort((rng.random(len(truth)), truth.to_numpy(float)))
    ranks = np.empty(len(truth))
    ranks[order] = np.arange(len(truth)) + 0.5
    return norm.ppf(ranks / len(truth))


def _level(n_rows: int, rng: Rng) -> Any:
    """Return the level over time: it wanders, climbs, or jumps as prices and rules do."""
    shape = rng.choice(["wanders", "climbs", "jumps"])
    if shape == "jumps":
        edges = np.sort(rng.choice(np.arange(1, 20), size=int(rng.integers(4, 8)), replace=False)) / 20
        level = rng.permutation(len(edges) + 1)[np.searchsorted(edges, np.linspace(0, 1, n_rows))]
    elif shape == "climbs":
        level = np.linspace(0, 1, n_rows) ** rng.uniform(0.7, 1.6) * rng.choice([-1, 1])
    else:
        knots = np.cumsum(rng.normal(size=int(rng.integers(10, 25))))
        level = np.interp(np.linspace(0, len(knots) - 1, n_rows), np.arange(len(knots)), knots)
    return (level - np.mean(level)) / np.std(level)


def moments(n_rows: int, rng: Rng) -> pd.DatetimeIndex:
    """Return when things happened, in order: over two to six years, ever more of them, in office hours."""
    import pandas as pd

    start = pd.Timestamp("2014-01-01") + pd.Timedelta(days=int(rng.integers(0, 1_800)))
    passed = np.sort(rng.random(n_rows) ** 0.8) * int(rng.integers(700, 2_200))
    days = start + pd.to_timedelta(passed.astype(int), unit="D")
    on_monday = np.where(days.dayofweek > 4, 7 - days.dayofweek, 0)
    days = days + pd.to_timedelta(on_monday, unit="D")
    seconds = rng.integers(7 * 3600 + 1800, 18 * 3600, size=n_rows)
    return pd.DatetimeIndex(days + pd.to_timedelta(seconds, unit="s")).sort_values()


def beside(frame: pd.DataFrame, columns: Columns, rng: Rng) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Put columns into a table, side by side: in front, at the end or between; say what they are called."""
    import pandas as pd

    names = [name if name not in frame else f"{name}_2" for name in columns]
    added = pd.DataFrame(dict(zip(names, columns.values(), strict=True)), index=frame.index)
    place = int(rng.choice([0, frame.shape[1], rng.integers(0, frame.shape[1] + 1)]))
    parts = [frame.iloc[:, :place], added, frame.iloc[:, place:]]
    return pd.concat(parts, axis=1), tuple(names)


def _over_time(name: str, tell: Callable[[Any, Rng], Columns]) -> FrozenTrap:
    """Make a trap of a way to tell the moments of rows."""

    def plant(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
        if len(frame) < _FEWEST:
            return None
        rows = drifted(table, frame, rng)
        planted, names = beside(rows, tell(moments(len(rows), rng), rng), rng)
        order = np.arange(len(rows))
        if rng.random() < _MIXED:
            order = rng.permutation(len(rows))
            planted = planted.iloc[order].reset_index(drop=True)
        read = _read(planted, names, order)
        return Planted(planted, names) if time_does_harm(table, read, [_TOLD], order) else None

    return FrozenTrap(name, _KINDS, plant)


def _read(planted: pd.DataFrame, names: Sequence[str], order: Any) -> pd.DataFrame:
    """Return the table for a reader of dates: one number, as fine as told, in place of the columns."""
    import pandas as pd

    told = planted.groupby(list(names), dropna=False, sort=False).ngroup().to_numpy()
    place = pd.Series(order).groupby(told).transform("mean").to_numpy()
    return planted.drop(columns=[*names]).assign(**{_TOLD: place})


def _one_of(rng: Rng, *names: Any) -> Any:
    return names[int(rng.integers(len(names)))]


def _year_month(when: Any, rng: Rng) -> Columns:
    year, month = _one_of(
        rng, ("Year", "Month"), ("ORDER_YEAR", "ORDER_MONTH"), ("anio", "mes"), ("yr", "mth")
    )
    return {year: when.year, month: when.month}


def _year_quarter(when: Any, rng: Rng) -> Columns:
    quarter = [f"Q{each}" for each in when.quarter] if rng.random() < 0.6 else when.quarter
    year_name, quarter_name = _one_of(rng, ("year", "quarter"), ("Jahr", "Quartal"), ("cal_yr", "qtr"))
    return {year_name: when.year, quarter_name: quarter}


def _fiscal(when: Any, rng: Rng) -> Columns:
    first = int(_one_of(rng, 4, 7, 10))
    years = when.year + (when.month >= first)
    periods = (when.month - first) % 12 + 1
    if rng.random() < 0.5:
        return {
            "FiscalYear": [f"FY{each % 100:02d}" for each in years],
            "Period": [f"P{each:02d}" for each in periods],
        }
    return {"fiscal_year": [f"{each - 1}/{each % 100:02d}" for each in years], "posting_period": periods}


def _iso_week(when: Any, rng: Rng) -> Columns:
    calendar = when.isocalendar()
    years, weeks = calendar["year"].to_numpy(int), calendar["week"].to_numpy(int)
    way = _one_of(rng, "two", "text", "German")
    if way == "two":
        return {"iso_year": years, "iso_week": weeks}
    if way == "text":
        return {"week": [f"{year}-W{week:02d}" for year, week in zip(years, weeks, strict=True)]}
    return {"Jahr": years, "KW": [f"KW {week}" for week in weeks]}


def _british_date(when: Any, rng: Rng) -> Columns:
    return {_one_of(rng, "date_received", "Invoice Date", "txn_dt"): when.strftime("%d/%m/%Y")}


def _german_date(when: Any, rng: Rng) -> Columns:
    return {"Datum": when.strftime("%d.%m.%Y"), "Uhrzeit": when.strftime("%H:%M")}


def _database_date(when: Any, rng: Rng) -> Columns:
    dates = when.strftime("%d-%b-%y")
    return {
        _one_of(rng, "CREATED_DT", "ship_date", "Last Contact"): dates.str.upper()
        if rng.random() < 0.5
        else dates
    }


def _stamp(when: Any, rng: Rng) -> Columns:
    name = _one_of(rng, "created_at", "event_time", "ts")
    return {
        name: when.strftime(
            _one_of(rng, "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S+01:00")
        )
    }


def _epoch(when: Any, rng: Rng) -> Columns:
    seconds = when.astype("datetime64[s]").astype("int64").to_numpy()
    return (
        {"timestamp": seconds}
        if rng.random() < 0.5
        else {"createdAt": seconds * 1000 + rng.integers(0, 1000, len(when))}
    )


def _spreadsheet_serial(when: Any, rng: Rng) -> Columns:
    serial = when.to_julian_date().to_numpy() - 2_415_018.5
    return {
        _one_of(rng, "Date", "Booking date", "col_7"): np.floor(serial)
        if rng.random() < 0.5
        else serial.round(4)
    }


def _packed(when: Any, rng: Rng) -> Columns:
    day = when.strftime("%Y%m%d").astype(int)
    if rng.random() < 0.5:
        return {"ERDAT": day, "ERZET": when.strftime("%H%M%S").astype(int)}
    return {_one_of(rng, "date_key", "posting_date", "k3"): day}


def _month_name(when: Any, rng: Rng) -> Columns:
    names = when.strftime("%B" if rng.random() < 0.6 else "%b")
    return (
        {"Month": names, "Year": when.year}
        if rng.random() < 0.5
        else {"sale_month": names, "sale_year": when.year}
    )


def _date_shift(when: Any, rng: Rng) -> Columns:
    shift = np.select([when.hour < 11, when.hour < 15], ["Early", "Late"], "Night")
    dates = [f"{each.month}/{each.day}/{each.year}" for each in when]
    return {"Production Date": dates, "Shift": shift}


def _period(when: Any, rng: Rng) -> Columns:
    months = when.year * 100 + when.month
    return {_one_of(rng, "period", "yyyymm", "BUDAT_PER", "vintage"): months}


def _short_month(when: Any, rng: Rng) -> Columns:
    return {
        _one_of(rng, "month", "Cohort", "issue_d"): when.strftime(_one_of(rng, "%b-%y", "%b %Y", "%m/%Y"))
    }


_MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    "de": [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
}


def _date_in_words(when: Any, rng: Rng) -> Columns:
    language = str(_one_of(rng, *_MONTHS))
    form = {"fr": "{} {} {}", "es": "{} de {} de {}", "de": "{}. {} {}"}[language]
    name = {"fr": "date_commande", "es": "fecha", "de": "Rechnungsdatum"}[language]
    return {name: [form.format(each.day, _MONTHS[language][each.month - 1], each.year) for each in when]}


_WAYS: tuple[tuple[str, Callable[[Any, Rng], Columns]], ...] = (
    ("year and month", _year_month),
    ("year and quarter", _year_quarter),
    ("fiscal year and period", _fiscal),
    ("year and week", _iso_week),
    ("day/month/year", _british_date),
    ("German date and clock", _german_date),
    ("05-MAR-21", _database_date),
    ("time stamp", _stamp),
    ("seconds since 1970", _epoch),
    ("serial of a spreadsheet", _spreadsheet_serial),
    ("yyyymmdd", _packed),
    ("month name and year", _month_name),
    ("US date and shift", _date_shift),
    ("yyyymm", _period),
    ("Mar-21", _short_month),
    ("date in words", _date_in_words),
)


def _order_number(when: Any, rng: Rng) -> Columns:
    numbers = 20_000 + np.cumsum(rng.integers(1, 9, len(when)))
    prefix = _one_of(rng, "SO-", "ORD", "PO")
    return {_one_of(rng, "order_no", "OrderID", "Bestellnr"): [f"{prefix}{each:07d}" for each in numbers]}


def _invoice_number(when: Any, rng: Rng) -> Columns:
    import pandas as pd

    years = pd.Series(when.year)
    within = years.groupby(years).cumcount() + 1
    return {"invoice": [f"INV-{year}-{place:05d}" for year, place in zip(years, within, strict=True)]}


def _ticket(when: Any, rng: Rng) -> Columns:
    gaps = rng.geometric(np.linspace(0.5, 0.05, len(when)))
    return {_one_of(rng, "ticket_id", "case_id", "id"): 1_048_211 + np.cumsum(gaps)}


def _lot(when: Any, rng: Rng) -> Columns:
    sizes = rng.integers(4, 25, len(when))
    lots = np.repeat(np.arange(len(when)), sizes)[: len(when)] + 312
    return {_one_of(rng, "lot", "BatchNo"): lots if rng.random() < 0.5 else [f"L{each:05d}" for each in lots]}


def _meter(when: Any, rng: Rng) -> Columns:
    used = rng.gamma(2.0, 3.0, len(when)).cumsum() + 8_123
    return {_one_of(rng, "odometer_km", "kwh_total", "machine_hours"): used.round(1)}


def _customer_number(when: Any, rng: Rng) -> Columns:
    import pandas as pd

    numbers = pd.Series(100_000 + np.cumsum(rng.integers(1, 40, len(when)))).astype("Int64")
    return {_one_of(rng, "customer_no", "member", "acct"): numbers.mask(rng.random(len(when)) < 0.05)}


def _page_and_line(when: Any, rng: Rng) -> Columns:
    places = np.arange(len(when))
    return {"page": places // 40 + 1, "line": places % 40 + 1}


def _object_id(when: Any, rng: Rng) -> Columns:
    seconds = when.astype("datetime64[s]").astype("int64")
    tails = rng.integers(0, 2**62, len(when))
    return {"_id": [f"{second:08x}{tail:016x}" for second, tail in zip(seconds, tails, strict=True)]}


_NUMBERS: tuple[tuple[str, Callable[[Any, Rng], Columns]], ...] = (
    ("order number with a prefix", _order_number),
    ("invoice number of the year", _invoice_number),
    ("ticket number with gaps", _ticket),
    ("lot of some rows", _lot),
    ("meter reading", _meter),
    ("customer number, some missing", _customer_number),
    ("page and line", _page_and_line),
    ("object id that begins with its second", _object_id),
)

FOURTH_TIME = tuple(_over_time(f"time over columns: {name}", tell) for name, tell in _WAYS)
FOURTH_COUNTERS = tuple(_over_time(f"counters: {name}", tell) for name, tell in _NUMBERS)
