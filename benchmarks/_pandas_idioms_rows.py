"""Idioms that go along the row: sums, counts, missing values, functions of a row."""

import pandas as pd

from benchmarks._pandas_idioms_tables import Idiom, idioms_of

ROWS: list[Idiom] = []
passengers = idioms_of("passengers", ROWS)
customers = idioms_of("customers", ROWS)
houses = idioms_of("houses", ROWS)
orders = idioms_of("orders", ROWS)


@houses
def sum_of_columns(df):
    df["total"] = df[["first", "second", "pool"]].sum(axis=1)
    df["garage_total"] = df[["first", "cars"]].sum(axis=1)
    return df


@houses
def mean_of_columns(df):
    df["mean"] = df[["first", "second", "frontage"]].mean(axis=1)
    return df


@houses
def extremes_of_columns(df):
    areas = df[["first", "second", "frontage"]]
    df["largest"] = areas.max(axis=1)
    df["smallest"] = areas.min(axis=1)
    df["newest"] = df[["built", "remod"]].max(axis=1)
    return df


@houses
def spread_of_columns(df):
    df["std"] = df[["first", "second", "frontage"]].std(axis=1)
    df["median"] = df[["first", "second", "frontage"]].median(axis="columns")
    return df


@customers
def count_services(df):
    services = ["phone", "security", "backup"]
    df["n_services"] = (df[services] == "Yes").sum(axis=1)
    df["any_service"] = (df[services] == "Yes").any(axis=1).astype(int)
    df["all_services"] = (df[services] == "Yes").all(axis=1)
    return df


@houses
def count_missing(df):
    df["n_missing"] = df.isnull().sum(axis=1)
    df["any_missing"] = df[["frontage", "garage", "cars"]].isna().any(axis=1).astype(int)
    df["share_there"] = df.notna().mean(axis=1)
    return df


@houses
def indicators_of_missing(df):
    missing = df[["frontage", "bsmt", "cars"]].isna().astype(int).add_suffix("_missing")
    return pd.concat([df, missing], axis=1)


@houses
def function_of_row(df):
    df["age_sold"] = df.apply(lambda row: row["sold"] - max(row["built"], row["remod"]), axis=1)
    return df


@customers
def named_function_of_row(df):
    def segment(row):
        if row["tenure"] < 12 and row["Contract"] == "Month-to-month":
            return "new"
        return "loyal" if row["tenure"] > 40 else "middle"

    df["segment"] = df.apply(segment, axis=1)
    return df


@orders
def join_texts_of_row(df):
    df["text"] = df[["product", "review"]].fillna("").agg(" ".join, axis=1)
    return df
