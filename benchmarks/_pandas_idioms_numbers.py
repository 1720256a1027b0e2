"""Idioms about numbers: parsing, bins, filling, scaling, clipping, conditions."""

import numpy as np
import pandas as pd

from benchmarks._pandas_idioms_tables import Idiom, idioms_of

NUMBERS: list[Idiom] = []
passengers = idioms_of("passengers", NUMBERS)
customers = idioms_of("customers", NUMBERS)
houses = idioms_of("houses", NUMBERS)
orders = idioms_of("orders", NUMBERS)


@customers
def to_numeric_coerced(df):
    df["total"] = pd.to_numeric(df["total"], errors="coerce")
    df["total"] = df["total"].fillna(0)
    return df


@customers
class ToNumericThenMedian:
    def fit(self, df):
        self.median_ = pd.to_numeric(df["total"], errors="coerce").median()
        return self

    def transform(self, df):
        df["total"] = pd.to_numeric(df.total, errors="coerce").fillna(self.median_)
        df["per_month"] = df["total"] / (df["tenure"] + 1)
        return df


@orders
def price_from_text(df):
    price = df["price"].str.replace("$", "", regex=False).str.replace(",", "")
    df["price"] = pd.to_numeric(price, errors="coerce")
    return df


@orders
def price_by_pattern(df):
    df["price"] = df["price"].replace("free", "0").str.replace(r"[$,]", "", regex=True).astype(float)
    return df


@passengers
def cut_with_labels(df):
    bins = [0, 12, 18, 60, np.inf]
    df["age_group"] = pd.cut(df["Age"], bins=bins, labels=["child", "teen", "adult", "senior"])
    return df


@passengers
def cut_to_codes(df):
    df["fare_band"] = pd.cut(df["Fare"], [-1, 7.91, 14.454, 31, 1000], labels=False)
    df["age_band"] = pd.cut(df["Age"], bins=[0, 16, 32, 48, 64, 80], labels=[0, 1, 2, 3, 4]).astype(float)
    return df


@passengers
def cut_left_closed(df):
    df["band"] = pd.cut(df["Age"], [0, 18, 65, 120], right=False, include_lowest=True).cat.codes
    return df


@passengers
def cut_to_intervals(df):
    df["band"] = pd.cut(df["Fare"], [0, 10, 50, 100]).astype(str)
    return df


@passengers
class QuantileBins:
    def fit(self, df):
        _, self.bins_ = pd.qcut(df["Fare"], 4, retbins=True, duplicates="drop")
        return self

    def transform(self, df):
        df["fare_bin"] = pd.cut(df["Fare"], bins=self.bins_, labels=False, include_lowest=True)
        return df


@passengers
def qcut_of_the_rows_at_hand(df):
    df["fare_bin"] = pd.qcut(df["Fare"], 4, labels=False)
    return df


@passengers
def digitize(df):
    df["fare_bin"] = np.digitize(df["Fare"], bins=[8, 15, 31])
    return df


@passengers
class ClipAtQuantiles:
    def fit(self, df):
        self.low_, self.high_ = df["Fare"].quantile(0.05), df["Fare"].quantile(0.95)
        return self

    def transform(self, df):
        df["Fare"] = df["Fare"].clip(lower=self.low_, upper=self.high_)
        return df


@houses
def log_of_columns(df):
    skewed = ["area", "first"]
    df[skewed] = np.log1p(df[skewed])
    df["frontage"] = df["frontage"].apply(np.log1p)
    return df


@houses
def log_by_apply_of_frame(df):
    df[["area", "pool"]] = df[["area", "pool"]].apply(np.log1p)
    return df


@houses
class StandardiseColumns:
    columns = ("area", "first", "frontage")

    def fit(self, df):
        self.mean_, self.std_ = df[list(self.columns)].mean(), df[list(self.columns)].std()
        return self

    def transform(self, df):
        columns = list(self.columns)
        df[columns] = (df[columns] - self.mean_) / self.std_
        return df


@houses
class MinMaxInLoop:
    def fit(self, df):
        self.range_ = {name: (df[name].min(), df[name].max()) for name in ["area", "built", "first"]}
        return self

    def transform(self, df):
        for name, (low, high) in self.range_.items():
            df[name] = (df[name] - low) / (high - low)
        return df


@houses
class FillAllMedians:
    def fit(self, df):
        self.medians_ = df.median(numeric_only=True)
        return self

    def transform(self, df):
        return df.fillna(self.medians_)


@houses
def fill_by_kind_of_column(df):
    numbers = df.select_dtypes(include=[np.number]).columns
    df[numbers] = df[numbers].fillna(-999)
    return df.fillna({"garage": "None", "bsmt": "None"})


@houses
class OutliersToMissing:
    def fit(self, df):
        q1, q3 = df["area"].quantile([0.25, 0.75])
        self.low_, self.high_ = q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)
        return self

    def transform(self, df):
        df["area"] = df["area"].where(df["area"].between(self.low_, self.high_))
        df["frontage"] = df["frontage"].mask(df["frontage"] > 300, np.nan)
        return df


@houses
def tiers_by_select(df):
    conditions = [df["area"] < 8000, df["area"].between(8000, 12000), df["area"] > 12000]
    df["tier"] = np.select(conditions, ["small", "middle", "large"], default="unknown")
    return df


@houses
def ratio_without_zero(df):
    df["ratio"] = df["second"] / df["first"].replace(0, np.nan)
    df["share"] = (df["second"] / df["area"]).replace([np.inf, -np.inf], np.nan).fillna(0)
    return df


@passengers
def family_features(df):
    df["FamilySize"] = df["SibSp"] + df["Parch"] + 1
    df["IsAlone"] = 0
    df.loc[df["FamilySize"] == 1, "IsAlone"] = 1
    df["FarePerPerson"] = df["Fare"] / df["FamilySize"]
    df["Age*Class"] = df.Age * df.Pclass
    return df


@houses
def counts_and_flags(df):
    df["has_pool"] = df["pool"].apply(lambda x: 1 if x > 0 else 0)
    df["remodelled"] = (df["remod"] != df["built"]).astype("int8")
    df["baths"] = df["full"] + 0.5 * df["half"]
    df["cars"] = df["cars"].fillna(0).astype(int)
    return df


@houses
def powers_and_roundings(df):
    df["sqrt_area"] = np.sqrt(df["area"]).round(2)
    df["area_sq"] = df["area"] ** 2
    df["first_pow"] = np.power(df["first"], 1.5)
    df["gap"] = np.abs(df["first"] - df["second"])
    df["widest"] = np.maximum(df["first"], df["second"])
    return df


@houses
def fill_from_other_column(df):
    df["frontage"] = df["frontage"].fillna(df["first"] / 10)
    df["size"] = df["cars"].combine_first(df["half"])
    return df


@houses
def loc_of_several_conditions(df):
    df.loc[(df["built"] >= 2000) & df["frontage"].isna(), "frontage"] = 70
    df.loc[df["garage"].isnull(), ["cars", "garage"]] = [0, "none"]
    return df
