"""Traps in values and columns: what stands for missing, spellings, constants, outliers, ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks._checks_traps._trap import Planted, Rng

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._checks_tables import Table


def _some_number(table: Table, train: pd.DataFrame, rng: Rng) -> str | None:
    names = [
        name
        for name in train.columns
        if name != table.target and train[name].dtype.kind in "if" and train[name].nunique() > 20
    ]
    return str(rng.choice(names)) if names else None


def _some_words(table: Table, train: pd.DataFrame) -> list[str]:
    return [
        name
        for name in train.columns
        if train[name].dtype == object
        and 2 <= train[name].nunique() <= 60
        and train[name].dropna().map(lambda each: isinstance(each, str)).all()
        and train[name].dropna().str.len().min() >= 4
    ]


def sentinel(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    name = _some_number(table, train, rng)
    if name is None:
        return None
    high = float(train[name].abs().max())
    mark = next(each for each in (-999, -9_999, -99_999, -999_999, -9_999_999) if abs(each) > 1.5 * high)
    return Planted(
        train.assign(**{name: train[name].mask(rng.random(len(train)) < 0.08, mark)}), test, (name,)
    )


def not_available(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    names = [name for name in _some_words(table, train) if name != table.target]
    if not names:
        return None
    name = str(rng.choice(names))
    gone = rng.random(len(train)) < 0.08
    return Planted(train.assign(**{name: train[name].mask(gone, "not available")}), test, (name,))


def plural(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    if table.problem == "numbers" or table.target not in _some_words(table, train):
        return None
    label = train[table.target].value_counts().index[0]
    other = f"{label}s" if label[-1].isalpha() and label[-1] != "s" else f"{label[:2]}-{label[2:]}"
    spoilt = train[table.target].mask((train[table.target] == label) & (rng.random(len(train)) < 0.15), other)
    return Planted(train.assign(**{table.target: spoilt}), test, (table.target,))


def upper_case(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    names = _some_words(table, train)
    if not names:
        return None
    name = str(rng.choice(names))
    some = rng.random(len(train)) < 0.15
    return Planted(
        train.assign(**{name: train[name].mask(some, train[name].str.upper() + " ")}), test, (name,)
    )


def constant(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    return Planted(train.assign(source="export"), test.assign(source="export"), ("source",))


def twin_column(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    name = _some_number(table, train, rng)
    if name is None:
        return None
    again = f"{name} in inches"
    return Planted(
        train.assign(**{again: train[name] / 2.54}), test.assign(**{again: test[name] / 2.54}), (again, name)
    )


def no_label(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    gone = rng.random(len(train)) < 0.08
    return Planted(train.assign(**{table.target: train[table.target].mask(gone)}), test, (table.target,))


def slipped_point(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    name = _some_number(table, train, rng)
    if name is None or len(train) < 400:
        return None
    values = train[name].astype("float64").to_numpy(copy=True)
    rows = rng.choice(np.flatnonzero(~np.isnan(values)), 2, replace=False)
    values[rows] = 1e5 * np.nanmax(np.abs(values))
    return Planted(train.assign(**{name: values}), test, (name,))


def infinite(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    name = _some_number(table, train, rng)
    if name is None:
        return None
    values = train[name].astype("float64").to_numpy(copy=True)
    values[rng.choice(len(train), 4, replace=False)] = np.inf
    return Planted(train.assign(**{name: values}), test, (name,))


def words_among_numbers(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    name = _some_number(table, train, rng)
    if name is None:
        return None
    words = train[name].astype(object).mask(rng.random(len(train)) < 0.03, "see note")
    return Planted(train.assign(**{name: words}), test, (name,))


def never_seen(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    names = [name for name in _some_words(table, train) if name != table.target]
    if not names:
        return None
    name = str(rng.choice(names))
    return Planted(
        train, test.assign(**{name: test[name].mask(rng.random(len(test)) < 0.3, "Atlantis")}), (name,)
    )


def addresses(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    def with_it(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(contact=[f"p{n}@example.org" for n in rng.integers(100, 9_999, len(frame))])

    return Planted(with_it(train), with_it(test), ("contact",))


def ids(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    def with_it(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(voucher=[f"{n:08x}" for n in rng.permutation(10**7)[: len(frame)] + 2**28])

    return Planted(with_it(train), with_it(test), ("voucher",))
