"""Idioms about dates: parsing, parts, differences, reference dates."""

import numpy as np
import pandas as pd

from benchmarks._pandas_idioms_tables import Idiom, idioms_of

TIMES: list[Idiom] = []
orders = idioms_of("orders", TIMES)
houses = idioms_of("houses", TIMES)


@orders
def parts_of_date(df):
    df["signup"] = pd.to_datetime(df["signup"])
    df["year"] = df["signup"].dt.year
    df["month"] = df["signup"].dt.month
    df["day"] = df["signup"].dt.day
    df["weekday"] = df["signup"].dt.dayofweek
    return df.drop("signup", axis=1)


@orders
def format_coerced(df):
    df["shipped"] = pd.to_datetime(df["shipped"], format="%m/%d/%Y %H:%M", errors="coerce")
    df["hour"] = df["shipped"].dt.hour
    df["night"] = ((df["hour"] < 6) | (df["hour"] >= 22)).astype(int)
    return df


@orders
def days_between(df):
    ordered = pd.to_datetime(df["ordered"], errors="coerce")
    shipped = pd.to_datetime(df["shipped"], format="%m/%d/%Y %H:%M", errors="coerce")
    df["days"] = (shipped - ordered).dt.days
    df["hours"] = (shipped - ordered).dt.total_seconds() / 3600
    return df


@orders
def days_since_reference(df):
    signup = pd.to_datetime(df["signup"], format="%Y-%m-%d")
    df["age"] = (pd.Timestamp("2025-01-01") - signup).dt.days
    df["weeks"] = (pd.to_datetime("2025-01-01") - signup) // pd.Timedelta(weeks=1)
    return df


@orders
class DaysSinceLastFitted:
    def fit(self, df):
        self.last_ = pd.to_datetime(df["last"]).max()
        return self

    def transform(self, df):
        df["recency"] = (self.last_ - pd.to_datetime(df["last"])).dt.days
        return df


@orders
def names_of_days(df):
    when = pd.to_datetime(df["signup"])
    df["day"] = when.dt.day_name()
    df["month"] = when.dt.month_name().str[:3]
    df["week"] = when.dt.isocalendar().week.astype(float)
    return df


@orders
def add_days(df):
    signup = pd.to_datetime(df["signup"])
    df["trial_ends"] = signup + pd.Timedelta(days=30)
    df["due"] = signup + pd.to_timedelta(df["quantity"], unit="D")
    df["used"] = pd.to_datetime(df["last"]) <= df["trial_ends"]
    return df


@orders
def month_as_text(df):
    df["month"] = pd.to_datetime(df["signup"]).dt.strftime("%Y-%m")
    return df


@orders
def month_as_period(df):
    df["month"] = pd.to_datetime(df["signup"]).dt.to_period("M").astype(str)
    return df


@orders
def day_without_time(df):
    shipped = pd.to_datetime(df["shipped"], format="%m/%d/%Y %H:%M", errors="coerce")
    df["day"] = shipped.dt.normalize()
    df["minutes"] = shipped.dt.hour * 60 + shipped.dt.minute
    df["shipped"] = shipped.dt.floor("D")
    return df


@orders
def part_of_day(df):
    hour = pd.to_datetime(df["shipped"], format="%m/%d/%Y %H:%M", errors="coerce").dt.hour
    df["part"] = pd.cut(hour, [-1, 5, 11, 17, 23], labels=["night", "morning", "afternoon", "evening"])
    df["hour_sin"] = np.sin(2 * np.pi * hour / 24)
    return df


@houses
def date_of_parts(df):
    sold = pd.to_datetime(pd.DataFrame({"year": df["sold"], "month": df["month"], "day": 1}))
    df["sold_on"] = sold
    df["age"] = df["sold"] - df["built"]
    return df
