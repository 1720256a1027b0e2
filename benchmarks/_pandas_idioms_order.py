"""Idioms that need the order of rows or all rows at once: a single row later has neither."""

from benchmarks._pandas_idioms_tables import Idiom, idioms_of

ORDER: list[Idiom] = []
passengers = idioms_of("passengers", ORDER)
customers = idioms_of("customers", ORDER)
houses = idioms_of("houses", ORDER)


@houses
def lag(df):
    df["area_before"] = df["area"].shift(1)
    return df


@houses
def rolling_mean(df):
    df["area_3"] = df["area"].rolling(window=3, min_periods=1).mean()
    return df


@houses
def sorted_by_value(df):
    return df.sort_values("built", ascending=False)


@customers
def difference_to_previous(df):
    df["change"] = df["monthly"].diff().fillna(0)
    return df


@customers
def running_total(df):
    df["so_far"] = df["monthly"].cumsum()
    return df


@houses
def forward_fill(df):
    df["frontage"] = df["frontage"].ffill()
    return df


@passengers
def rank_of_fare(df):
    df["fare_rank"] = df["Fare"].rank(pct=True)
    return df
