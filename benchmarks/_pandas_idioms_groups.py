"""Idioms about groups and lookup tables: groupby in fit, merge, join, map."""

import pandas as pd

from benchmarks._pandas_idioms_tables import Idiom, idioms_of

GROUPS: list[Idiom] = []
passengers = idioms_of("passengers", GROUPS)
customers = idioms_of("customers", GROUPS)
houses = idioms_of("houses", GROUPS)
orders = idioms_of("orders", GROUPS)


@passengers
class FillAgeByClass:
    def fit(self, df):
        self.ages_ = df.groupby("Pclass")["Age"].median()
        return self

    def transform(self, df):
        df["Age"] = df["Age"].fillna(df["Pclass"].map(self.ages_))
        return df


@houses
def fill_by_group_of_the_rows_at_hand(df):
    df["frontage"] = df.groupby("zone")["frontage"].transform(lambda x: x.fillna(x.median()))
    return df


@houses
class MergeGroupStatistics:
    def fit(self, df):
        self.stats_ = df.groupby("zone")["area"].agg(["mean", "std", "count"]).reset_index()
        return self

    def transform(self, df):
        return df.merge(self.stats_, on="zone", how="left")


@houses
class MergeNamedAggregates:
    def fit(self, df):
        self.stats_ = df.groupby("zone", as_index=False).agg(
            mean_area=("area", "mean"), oldest=("built", "min"), most_cars=("cars", "max")
        )
        return self

    def transform(self, df):
        df = pd.merge(df, self.stats_, how="left", on="zone")
        df["mean_area"] = df["mean_area"].fillna(0)
        return df


@passengers
class MeanOfTwoKeys:
    def fit(self, df):
        self.means_ = df.groupby(["Pclass", "Sex"])["Fare"].mean().reset_index(name="mean_fare")
        return self

    def transform(self, df):
        return df.merge(self.means_, on=["Pclass", "Sex"], how="left")


@passengers
class GroupSizes:
    def fit(self, df):
        self.sizes_ = df.groupby("Embarked").size()
        self.tickets_ = df["Ticket"].value_counts()
        return self

    def transform(self, df):
        df["port_size"] = df["Embarked"].map(self.sizes_).fillna(0).astype(int)
        df["on_ticket"] = df["Ticket"].map(self.tickets_)
        return df


@houses
class DistanceFromGroup:
    def fit(self, df):
        self.means_ = df.groupby("zone")["area"].mean().to_dict()
        self.mean_ = df["area"].mean()
        return self

    def transform(self, df):
        mean = df["zone"].map(self.means_).fillna(self.mean_)
        df["area_from_zone"] = df["area"] - mean
        df["area_of_zone"] = df["area"] / mean
        return df


@houses
class SpreadWithinGroups:
    def fit(self, df):
        within = df["area"] - df.groupby("zone")["area"].transform("mean")
        self.std_ = within.std()
        return self

    def transform(self, df):
        df["area"] = df["area"] / self.std_
        return df


@houses
class SmoothedTargetMean:
    def fit(self, df):
        stats = df.groupby("zone")["area"].agg(["mean", "count"])
        self.prior_ = df["area"].mean()
        smooth = (stats["mean"] * stats["count"] + self.prior_ * 10) / (stats["count"] + 10)
        self.smooth_ = smooth.to_dict()
        return self

    def transform(self, df):
        df["zone"] = df["zone"].map(self.smooth_).fillna(self.prior_)
        return df


@orders
def merge_lookup_table(df):
    capitals = pd.DataFrame(
        {"city": ["Oslo, NO", "Paris, FR"], "people": [709_037, 2_102_650], "river": [None, "Seine"]}
    )
    return df[["city", "quantity"]].merge(capitals, on="city", how="left")


@houses
def merge_on_other_name(df):
    grades = pd.DataFrame({"grade": ["Ex", "Gd", "TA"], "points": [3.0, 2.0, 1.0]})
    df = df[["qual", "area"]].merge(grades, left_on="qual", right_on="grade", how="left")
    return df.drop(columns="grade")


@customers
def merge_on_two_keys(df):
    prices = pd.DataFrame(
        {"internet": ["DSL", "DSL", "Fiber optic"], "phone": ["Yes", "No", "Yes"], "base": [50, 40, 80]}
    )
    return df[["internet", "phone", "monthly"]].merge(prices, how="left", on=["internet", "phone"])


@houses
def map_by_indexed_series(df):
    lookup = pd.DataFrame({"code": [20, 60, 70], "storeys": [1, 2, 2]}).set_index("code")
    df["storeys"] = df["cls"].map(lookup["storeys"])
    return df


@houses
def join_lookup_on_key(df):
    lookup = pd.DataFrame({"zone": ["CollgCr", "Crawfor"], "km": [2.5, 4.0]}).set_index("zone")
    return df[["zone", "area"]].join(lookup, on="zone")


@orders
def inner_merge(df):
    known = pd.DataFrame({"city": ["Oslo, NO", "Lund, SE"], "cost": [1.0, 2.0]})
    return df[["city", "quantity"]].merge(known, on="city")
