"""Idioms about categories: dummies, maps, codes, frequencies, rare values."""

import numpy as np
import pandas as pd

from benchmarks._pandas_idioms_tables import Idiom, idioms_of

CATEGORIES: list[Idiom] = []
passengers = idioms_of("passengers", CATEGORIES)
customers = idioms_of("customers", CATEGORIES)
houses = idioms_of("houses", CATEGORIES)


@passengers
class DummiesOfFrameReindexed:
    def fit(self, df):
        self.columns_ = pd.get_dummies(df[["Sex", "Embarked", "Fare"]], columns=["Sex", "Embarked"]).columns
        return self

    def transform(self, df):
        dummies = pd.get_dummies(df[["Sex", "Embarked", "Fare"]], columns=["Sex", "Embarked"])
        return dummies.reindex(columns=self.columns_, fill_value=0)


@customers
class DummiesDropFirst:
    def fit(self, df):
        self.columns_ = self._encode(df).columns
        return self

    def transform(self, df):
        return self._encode(df).reindex(columns=self.columns_, fill_value=0)

    def _encode(self, df):
        return pd.get_dummies(df[["Contract", "internet", "monthly"]], drop_first=True, dtype=int)


@passengers
class DummiesOfColumnConcatenated:
    def fit(self, df):
        self.levels_ = sorted(df["Embarked"].dropna().unique())
        return self

    def transform(self, df):
        port = pd.Categorical(df["Embarked"], categories=self.levels_)
        dummies = pd.get_dummies(pd.Series(port, index=df.index), prefix="Port", dtype=int)
        return pd.concat([df.drop("Embarked", axis=1), dummies], axis=1)


@passengers
def dummies_of_known_categories(df):
    df["Embarked"] = df["Embarked"].astype(pd.CategoricalDtype(["C", "Q", "S"]))
    return pd.get_dummies(df[["Fare", "Embarked"]], columns=["Embarked"], dtype=float)


@passengers
def dummies_with_missing(df):
    port = df["Embarked"].astype(pd.CategoricalDtype(["C", "Q", "S"]))
    return df[["Fare"]].join(pd.get_dummies(port, prefix="port", dummy_na=True))


@passengers
def dummies_of_the_rows_at_hand(df):
    return pd.get_dummies(df, columns=["Embarked"], drop_first=True)


@passengers
def map_sex_to_numbers(df):
    df["Sex"] = df["Sex"].map({"male": 0, "female": 1})
    return df


@houses
def map_quality_to_order(df):
    quality = {"Ex": 5, "Gd": 4, "TA": 3, "Fa": 2, "Po": 1}
    df["qual"] = df["qual"].map(quality).fillna(0).astype(int)
    df["bsmt"] = df["bsmt"].fillna("NA").map({**quality, "NA": 0})
    return df


@customers
def replace_yes_no_in_columns(df):
    columns = ["Partner", "phone"]
    df[columns] = df[columns].replace({"Yes": 1, "No": 0})
    return df


@customers
def replace_in_whole_frame(df):
    df = df.replace("No internet service", "No")
    return df.replace({"No phone service": "No"})


@customers
def codes_of_ordered_categories(df):
    order = ["Month-to-month", "One year", "Two year"]
    df["Contract"] = pd.Categorical(df["Contract"], categories=order, ordered=True).codes
    return df


@customers
class CodesOfFittedCategories:
    def fit(self, df):
        self.categories_ = df["internet"].astype("category").cat.categories
        return self

    def transform(self, df):
        df["internet"] = pd.Categorical(df["internet"], categories=self.categories_).codes
        return df


@customers
class FactorizedInFit:
    def fit(self, df):
        _, uniques = pd.factorize(df["Contract"])
        self.codes_ = {value: code for code, value in enumerate(uniques)}
        return self

    def transform(self, df):
        df["Contract"] = df["Contract"].map(self.codes_).fillna(-1).astype(int)
        return df


@customers
def codes_of_the_rows_at_hand(df):
    df["internet"] = df["internet"].astype("category").cat.codes
    return df


@passengers
class FrequencyEncoding:
    def fit(self, df):
        self.shares_ = df["Embarked"].value_counts(normalize=True)
        return self

    def transform(self, df):
        df["Embarked_freq"] = df["Embarked"].map(self.shares_).fillna(0)
        return df


@passengers
class RareTitlesToOther:
    def fit(self, df):
        counts = df["Sex"].value_counts()
        self.common_ = counts[counts >= 3].index
        self.ports_ = df["Embarked"].value_counts().nlargest(2).index.tolist()
        return self

    def transform(self, df):
        df["Sex"] = df["Sex"].where(df["Sex"].isin(self.common_), "Other")
        df["Embarked"] = np.where(df["Embarked"].isin(self.ports_), df["Embarked"], "Other")
        return df


@passengers
def replace_titles(df):
    df["Title"] = df["Name"].str.extract(r" ([A-Za-z]+)\.", expand=False)
    df["Title"] = df["Title"].replace(["Lady", "Countess", "Capt", "Col", "Dona"], "Rare")
    df["Title"] = df["Title"].replace({"Mlle": "Miss", "Ms": "Miss", "Mme": "Mrs"})
    df["Title"] = df["Title"].map({"Mr": 1, "Miss": 2, "Mrs": 3, "Master": 4, "Rare": 5}).fillna(0)
    return df


@passengers
def flag_by_comparison(df):
    df["is_female"] = (df["Sex"] == "female").astype(int)
    df["has_cabin"] = df["Cabin"].notnull().astype(int)
    df["no_age"] = pd.isnull(df["Age"]) * 1
    return df


@passengers
class FillWithMode:
    def fit(self, df):
        self.mode_ = df["Embarked"].mode()[0]
        return self

    def transform(self, df):
        df["Embarked"] = df["Embarked"].fillna(self.mode_)
        return df


@houses
def cross_two_categories(df):
    df["zone_cls"] = df["zone"].fillna("none") + "_" + df["cls"].astype(str)
    return df
