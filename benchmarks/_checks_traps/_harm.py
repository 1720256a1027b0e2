"""Traps that make a score lie: order, leaks, wrong labels, overlap, shift, structure, copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._checks_traps._trap import REF, Planted, Rng

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._checks_tables import Table


def row_order(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    """Sort the rows by the target, a few of them misplaced, and number them with gaps."""
    place = train[table.target].rank(method="first").to_numpy()
    place = place + np.where(
        rng.random(len(train)) < 0.01, rng.normal(scale=len(train) / 8, size=len(train)), 0
    )
    ordered = train.iloc[np.argsort(place)].reset_index(drop=True)
    numbers = 20_000 + np.cumsum(rng.integers(1, 4, len(ordered)))
    return Planted(ordered.assign(**{REF: numbers}), _numbered(test, rng), (REF,))


def row_order_in_pages(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    """Sort the rows by the target; an id counts nearly in their order."""
    ordered = train.sort_values(table.target, kind="stable").reset_index(drop=True)
    numbers = np.arange(len(ordered)) + rng.normal(scale=3, size=len(ordered))
    return Planted(
        ordered.assign(item_id=np.argsort(np.argsort(numbers)) + 1),
        test.assign(item_id=rng.permutation(len(test)) + len(train) + 1),
        ("item_id",),
    )


def _numbered(test: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    return test.assign(**{REF: 900_000 + rng.permutation(len(test))})


def afterwards(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    """A column that is filled once the answer is known: a fee of one class, an amount near the number."""

    def with_it(frame: pd.DataFrame) -> pd.DataFrame:
        y = frame[table.target]
        if table.problem == "numbers":
            return frame.assign(booked=(y * rng.normal(1, 0.01, len(frame)) * 1.19).round(2))
        order = {label: place for place, label in enumerate(sorted(train[table.target].unique()))}
        codes = y.map(order).to_numpy()
        booked = 10.0 * codes + rng.uniform(0, 9, len(frame)).round(2)
        if len(order) == 2:
            booked[codes == 0] = np.nan
        return frame.assign(booked=booked)

    return Planted(with_it(train), with_it(test), ("booked",))


def codes(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    """A category whose values each stand for one answer (of numbers: for a narrow band), some mistaken."""
    if table.problem == "numbers":
        bands = np.quantile(train[table.target], np.linspace(0, 1, 19)[1:-1])

        def of(frame: pd.DataFrame) -> Any:
            return np.searchsorted(bands, frame[table.target].to_numpy())
    else:
        labels = sorted(train[table.target].unique())

        def of(frame: pd.DataFrame) -> Any:
            code = np.array([labels.index(each) for each in frame[table.target]])
            return 3 * code + rng.integers(0, 3, len(frame))

    def with_it(frame: pd.DataFrame) -> pd.DataFrame:
        code = of(frame)
        wrong = rng.random(len(frame)) < 0.005
        code[wrong] = rng.permutation(code)[: int(wrong.sum())]
        return frame.assign(stage=[f"S{17 * each % 101:03}" for each in code])

    return Planted(with_it(train), with_it(test), ("stage",))


def total(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    """A total of which the target is a part, beside the other part."""
    if table.problem != "numbers":
        return None
    scale = float(train[table.target].std())

    def with_it(frame: pd.DataFrame) -> pd.DataFrame:
        extra = (rng.gamma(2.0, 1.0, len(frame)) * 1.5 * scale).round(2)
        return frame.assign(extra=extra, total=(frame[table.target] + extra).round(2))

    return Planted(with_it(train), with_it(test), ("total", "extra"))


def same_in_other_words(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    """The target once more: in another unit, or as a code."""
    names = {label: f"k{place}" for place, label in enumerate(sorted(train[table.target].unique()))}

    def with_it(frame: pd.DataFrame) -> pd.DataFrame:
        y = frame[table.target]
        return frame.assign(outcome=1_000 - 0.45 * y if table.problem == "numbers" else y.map(names))

    return Planted(with_it(train), with_it(test), ("outcome",))


def wrong_labels(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    """Labels of 4 % of the rows become another one."""
    if not table.well_known:
        return None
    rows = np.sort(rng.choice(len(train), max(5, len(train) // 25), replace=False))
    labels = sorted(train[table.target].unique())
    spoilt = train[table.target].to_numpy(dtype=object).copy()
    for row in rows:
        spoilt[row] = rng.choice([each for each in labels if each != spoilt[row]])
    return Planted(train.assign(**{table.target: spoilt}), test, rows=tuple(rows.tolist()))


def _twins(train: pd.DataFrame, table: Table, n_rows: int, rng: Rng) -> pd.DataFrame:
    """Return copies of ``n_rows`` rows that differ in the last digits, or in case, a sign, a letter."""
    twins = train.iloc[rng.choice(len(train), n_rows, replace=False)].copy()
    for name in twins.columns:
        if name == table.target:
            continue
        if train[name].dtype.kind == "f":
            twins[name] = twins[name] + rng.normal(scale=0.002 * float(train[name].std()), size=n_rows)
        elif train[name].dtype == object and train[name].dropna().str.len().mean() > 20:
            twins[name] = [_retyped(each, rng) for each in twins[name]]
    return twins


def _retyped(text: Any, rng: Rng) -> Any:
    if not isinstance(text, str) or len(text) < 12:
        return text
    at = int(rng.integers(4, len(text) - 4))
    ways = (text.upper(), text + "!!", text[:at] + text[at + 1 :], text.replace(" ", "  "))
    return ways[int(rng.integers(len(ways)))]


def _has_fine_values(table: Table, train: pd.DataFrame) -> bool:
    """Return whether rows can differ a little: in a number with digits, or in a text."""
    return any(
        train[name].dtype.kind == "f"
        or (train[name].dtype == object and train[name].dropna().str.len().mean() > 20)
        for name in train.columns
        if name != table.target
    )


def near_duplicates(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    if not _has_fine_values(table, train):
        return None
    import pandas as pd

    twins = _twins(train, table, max(6, len(train) // 20), rng)
    rows = tuple(range(len(train), len(train) + len(twins)))
    return Planted(pd.concat([train, twins], ignore_index=True), test, rows=rows)


def overlap(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    import pandas as pd

    shared = train.iloc[rng.choice(len(train), max(4, len(test) // 10), replace=False)]
    return Planted(train, pd.concat([test, shared], ignore_index=True))


def near_overlap(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    if not _has_fine_values(table, train):
        return None
    import pandas as pd

    shared = _twins(train, table, max(5, len(test) // 8), rng)
    return Planted(train, pd.concat([test, shared], ignore_index=True))


def shift(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    """Most test rows are from the upper half of the number that says most about the target."""
    name = _strongest(table, train)
    if name is None:
        return None
    middle = float(train[name].median())
    chance = np.where(test[name] > middle, 1.0, 0.12)
    others = test[rng.random(len(test)) < chance].reset_index(drop=True)
    return Planted(train, others, (name,)) if len(others) >= 70 else None  # fewer can always differ by chance


def units(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    """The test rows hold the strongest number in another unit."""
    name = _strongest(table, train)
    if name is None:
        return None
    return Planted(train, test.assign(**{name: (test[name] * 2.54).round(3)}), (name,))


def _strongest(table: Table, train: pd.DataFrame) -> str | None:
    """Return the number that a tree uses most; None where it says little."""
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    numbers = [
        name
        for name in train.columns
        if name != table.target and train[name].dtype.kind in "if" and train[name].nunique() > 8
    ]
    if not numbers:
        return None
    seen = train[numbers].fillna(train[numbers].median())
    tree = (DecisionTreeRegressor if table.problem == "numbers" else DecisionTreeClassifier)(
        max_depth=4, min_samples_leaf=20 if len(train) > 400 else 5, random_state=0
    ).fit(seen, train[table.target])
    if table.problem == "numbers":
        gain = tree.score(seen, train[table.target])
    else:
        gain = tree.score(seen, train[table.target]) - train[table.target].value_counts(normalize=True).max()
    best = int(np.argmax(tree.feature_importances_))
    return numbers[best] if tree.feature_importances_[best] >= 0.2 and gain >= 0.1 else None


def customers(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    """Each customer has six rows, alike but for small changes, and one answer; half have one of their own."""
    n_customers = max(20, min(300, len(train) // 6))
    base = train.iloc[rng.choice(len(train), n_customers, replace=False)].copy()
    own = rng.random(n_customers) < 0.5
    answers = base[table.target].to_numpy(copy=True)
    answers[own] = rng.permutation(train[table.target].to_numpy())[: int(own.sum())]
    base[table.target] = answers
    frame = base.iloc[np.repeat(np.arange(n_customers), 6)].reset_index(drop=True)
    for name in frame.columns:
        if name != table.target and train[name].dtype.kind == "f":
            spread = 0.03 * float(train[name].std())
            frame[name] = frame[name] + rng.normal(scale=spread, size=len(frame))
    frame["customer"] = np.repeat([f"C{7919 * place % 99_991:05}" for place in range(n_customers)], 6)
    order = rng.permutation(len(frame))
    return Planted(frame.iloc[order].reset_index(drop=True), test.assign(customer="C00000"), ("customer",))


def drift(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    """The answers drift from week to week; a date tells the week. It takes some rows a week to see that."""
    if len(train) < 200:
        return None
    import pandas as pd

    n_weeks = 40
    week = rng.integers(0, n_weeks, len(train))
    y = train[table.target].to_numpy(copy=True)
    if table.problem == "numbers":
        level = np.cumsum(rng.normal(size=n_weeks))
        y = y + 1.5 * float(np.std(y)) * (level / level.std())[week]
    else:
        labels = rng.choice(train[table.target].unique(), n_weeks)
        fashion = rng.random(len(train)) < 0.7
        y[fashion] = labels[week[fashion]]
    date = pd.Timestamp("2023-01-02") + pd.to_timedelta(7 * week + rng.integers(0, 7, len(train)), unit="D")
    later = pd.Timestamp("2023-01-02") + pd.to_timedelta(rng.integers(0, 280, len(test)), unit="D")
    return Planted(
        train.assign(**{table.target: y, "seen on": date}), test.assign(**{"seen on": later}), ("seen on",)
    )


def duplicate_rows(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    import pandas as pd

    copies = train.iloc[rng.choice(len(train), max(4, len(train) // 12), replace=False)]
    return Planted(pd.concat([train, copies], ignore_index=True), test)


def conflicting_labels(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    if table.problem == "numbers":
        return None
    import pandas as pd

    copies = train.iloc[rng.choice(len(train), max(5, len(train) // 20), replace=False)].copy()
    labels = sorted(train[table.target].unique())
    copies[table.target] = [rng.choice([e for e in labels if e != each]) for each in copies[table.target]]
    return Planted(pd.concat([train, copies], ignore_index=True), test)
