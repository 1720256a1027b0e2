"""Idioms about whole frames: columns by type, renaming, dropping, adding, looking."""

import numpy as np
import pandas as pd

from benchmarks._pandas_idioms_tables import Idiom, idioms_of

FRAMES: list[Idiom] = []
passengers = idioms_of("passengers", FRAMES)
customers = idioms_of("customers", FRAMES)
houses = idioms_of("houses", FRAMES)


@houses
def fill_by_dtype_in_loop(df):
    for column in df.columns:
        if df[column].dtype == "object":
            df[column] = df[column].fillna("missing")
        else:
            df[column] = df[column].fillna(0)
    return df


@houses
def columns_of_objects(df):
    texts = df.dtypes[df.dtypes == "object"].index
    for column in texts:
        df[column] = df[column].str.lower()
    return df


@houses
class LooksBeforeItLearns:
    def fit(self, df):
        print(df.shape, df.head(3), df.dtypes)
        n_rows, n_columns = df.shape
        missing = df.isnull().sum()
        self.dropped_ = missing[missing > 0.15 * n_rows].index.tolist()
        self.n_columns_ = n_columns
        return self

    def transform(self, df):
        return df.drop(columns=self.dropped_)


@passengers
def drop_columns(df):
    df.drop(["Name", "Ticket"], axis=1, inplace=True)
    return df.drop(columns=["Cabin", "PassengerId"], errors="ignore")


@passengers
def tidy_names_of_columns(df):
    df.columns = df.columns.str.strip().str.lower().str.replace(" ", "_")
    return df.rename(columns={"pclass": "travel_class", "sibsp": "siblings"})


@houses
def assign_chain(df):
    return (
        df.assign(age=lambda d: d["sold"] - d["built"], living=lambda d: d["first"] + d["second"])
        .assign(old=lambda d: d["age"] > 50)
        .drop(columns=["sold", "built"])
        .rename(columns=str.upper)
    )


@houses
def pipe_of_steps(df):
    def add_age(frame, year):
        frame = frame.copy()
        frame["age"] = year - frame["built"]
        return frame

    return df.pipe(add_age, year=2010).pipe(lambda d: d[["age", "area"]])


@passengers
def types_by_dict(df):
    df = df.fillna({"Age": -1, "Fare": 0})
    return df.astype({"Age": int, "Fare": "float32", "Pclass": str})


@passengers
def insert_pop_reorder(df):
    fare = df.pop("Fare")
    df.insert(0, "log_fare", np.log1p(fare))
    return df[sorted(df.columns)]


@customers
def strip_all_texts(df):
    texts = df.select_dtypes(include=["object"]).columns
    for column in texts:
        df[column] = df[column].str.strip()
    df[texts] = df[texts].apply(lambda column: column.str.lower())
    return df


@passengers
def eval_of_expression(df):
    df["total"] = df.eval("SibSp + Parch + 1")
    return df


@passengers
def drop_rows_with_missing(df):
    return df.dropna(subset=["Age", "Embarked"])


@passengers
def filter_rows(df):
    return df[df["Fare"] < 100].reset_index(drop=True)


@houses
class KeepVaryingColumns:
    def fit(self, df):
        numbers = df.select_dtypes("number")
        self.names_ = [name for name in numbers.columns if numbers[name].nunique() > 1]
        return self

    def transform(self, df):
        return df[self.names_].add_prefix("num_")


@houses
class DropCorrelated:
    def fit(self, df):
        corr = df[["first", "second", "area", "built", "remod"]].corr().abs()
        upper = corr.where(np.triu(np.ones(corr.shape), k=1).astype(bool))
        self.dropped_ = [name for name in upper.columns if any(upper[name] > 0.9)]
        return self

    def transform(self, df):
        return pd.DataFrame(df.drop(columns=self.dropped_))
