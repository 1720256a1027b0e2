"""Idioms about texts: split, extract, contains, lengths, cleaning."""

import numpy as np
import pandas as pd

from benchmarks._pandas_idioms_tables import Idiom, idioms_of

TEXTS: list[Idiom] = []
passengers = idioms_of("passengers", TEXTS)
customers = idioms_of("customers", TEXTS)
orders = idioms_of("orders", TEXTS)


@passengers
def title_and_deck(df):
    df["Title"] = df["Name"].str.extract(r",\s*([^\.]+)\.", expand=False).str.strip()
    df["Deck"] = df["Cabin"].str[0].fillna("U")
    return df


@passengers
def split_name_to_columns(df):
    df[["last", "rest"]] = df["Name"].str.split(",", n=1, expand=True)
    return df.drop("Name", axis=1)


@orders
def split_city_to_columns(df):
    parts = df["city"].str.split(", ", expand=True)
    df["town"], df["country"] = parts[0], parts[1]
    return df


@orders
def domain_of_email(df):
    df["domain"] = df["email"].str.split("@").str[1]
    df["is_shop"] = df["email"].str.endswith("shop.com", na=False)
    df["user"] = df["email"].str.split("@").str.get(0)
    return df


@orders
def extract_sizes(df):
    df[["width", "depth", "height"]] = df["size"].str.extract(r"(\d+)x(\d+)x(\d+)").astype(float)
    df["volume"] = df["width"] * df["depth"] * df["height"]
    return df


@orders
def extract_named_groups(df):
    return df.join(df["weight"].str.extract(r"(?P<amount>[\d.]+)\s*(?P<unit>kg|g)"))


@orders
def contains_words(df):
    df["lamp"] = df["product"].str.contains("lamp", case=False, na=False).astype(int)
    df["furniture"] = df["product"].str.contains("chair|desk|sofa", case=False, regex=True, na=False)
    return df


@orders
def lengths_and_words(df):
    review = df["review"].fillna("")
    df["n_chars"] = review.str.len()
    df["n_words"] = review.str.split().str.len()
    df["mean_word"] = df["n_chars"] / (df["n_words"] + 1)
    df["n_upper"] = review.str.count(r"[A-Z]")
    df["n_marks"] = review.str.count("!")
    return df


@orders
def clean_texts(df):
    df["product"] = df["product"].str.strip().str.lower().str.replace(r"\s+", " ", regex=True)
    df["product"] = df["product"].str.replace(r"[^a-z0-9 ]", "", regex=True)
    return df


@orders
def pad_and_fill(df):
    df["postcode"] = df["postcode"].str.zfill(5)
    df["code"] = df["city"].str[:3].str.upper().str.pad(4, side="right", fillchar="_")
    df["wide"] = df["city"].str.ljust(10, ".")
    return df


@orders
def lengths_by_apply(df):
    df["n"] = df["review"].apply(lambda text: len(str(text).split()))
    df["letters"] = df["product"].fillna("").apply(len)
    return df


@orders
def concatenate_texts(df):
    df["all"] = df["product"].fillna("") + " " + df["review"].fillna("")
    df["both"] = df["email"].str.cat(df["city"], sep=" / ", na_rep="?")
    return df


@orders
def find_all_numbers(df):
    df["n_numbers"] = df["product"].str.findall(r"\d+").str.len()
    df["first_number"] = df["product"].str.extract(r"(\d+)", expand=False).astype(float)
    return df


@orders
class TagDummies:
    def fit(self, df):
        self.columns_ = df["tags"].str.get_dummies(sep="|").columns
        return self

    def transform(self, df):
        return df[["quantity"]].join(
            df["tags"].str.get_dummies(sep="|").reindex(columns=self.columns_, fill_value=0)
        )


@orders
def missing_texts(df):
    df["review"] = df["review"].replace("", np.nan)
    df["has_review"] = df["review"].notna().astype(int)
    df["product"] = df["product"].replace(r"^\s*$", np.nan, regex=True).fillna("unknown")
    df["tags"] = pd.Series(np.where(df["tags"].isna(), "none", df["tags"]), index=df.index)
    return df
