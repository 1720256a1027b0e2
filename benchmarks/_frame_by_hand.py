"""The same pre-processing written by hand for Polars, by someone who needs no letters but Polars' own."""

from __future__ import annotations

import polars as pl

from benchmarks._frame_code import STOP, Listings


def by_hand(pre: Listings, frame: pl.DataFrame) -> pl.DataFrame:
    """Return what a fitted ``pre`` makes of listings, as one lazy query."""
    col = pl.col
    price = col("price").fill_null(pre.price_).clip(0, 1000).log1p()
    listed = col("listed").dt
    return (
        frame.lazy()
        .with_columns(words=(_clean("title") + " " + _clean("about")).str.split(" "))
        .with_columns(text=col("words").list.filter(~pl.element().is_in(["", *STOP])).list.join(" "))
        .with_columns(text=col("text").str.slice(0, 80))
        .select(
            price=(price - pre.mean_) / pre.std_,
            text=col("text"),
            n_letters=col("text").str.len_chars(),
            n_words=col("text").str.count_matches(r"\S+"),
            n_digits=col("title").str.count_matches(r"\d"),
            n_marks=col("title").str.count_matches("!", literal=True),
            year=listed.year(),
            month=listed.month(),
            weekday=listed.weekday() - 1,
            hour=listed.hour(),
            weight=(col("weight").fill_null(pre.weight_) - pre.weight_mean_) / pre.weight_std_,
            brand=col("brand").replace_strict(pre.brands_, default=-1, return_dtype=pl.Int32),
            colour=col("colour").replace_strict(pre.colours_, default=-1, return_dtype=pl.Int32),
        )
        .collect()
    )


def _clean(name: str) -> pl.Expr:
    return pl.col(name).str.to_lowercase().str.replace_all(r"[^\w\s]", "")
