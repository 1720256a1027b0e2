"""Traps to plant in a clean table: what goes wrong with real files, and where a check has to find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._checks_tables import Table

Severity = Literal["harmful", "warning", "hint"]
Rng = np.random.Generator
REF = "ref no"


@dataclass(frozen=True, slots=True)
class Planted:
    """The table with its trap, its test rows, and what has to be named.

    A trap is found when a finding of its kind names one of ``columns`` (none: any), or, where there are
    ``rows``, its fix names at least half of them; and is as severe as the trap at least.
    """

    train: pd.DataFrame
    test: pd.DataFrame
    columns: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Trap:
    """One way to spoil a table. ``plant`` returns None where the table has not what it takes."""

    name: str
    kind: str
    severity: Severity
    plant: Callable[[Table, pd.DataFrame, pd.DataFrame, Rng], Planted | None]


def _row_order(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    """Sort the rows by the target, a few of them misplaced, and number them with gaps."""
    place = train[table.target].rank(method="first").to_numpy()
    place = place + np.where(
        rng.random(len(train)) < 0.01, rng.normal(scale=len(train) / 8, size=len(train)), 0
    )
    ordered = train.iloc[np.argsort(place)].reset_index(drop=True)
    numbers = 20_000 + np.cumsum(rng.integers(1, 4, len(ordered)))
    return Planted(ordered.assign(**{REF: numbers}), _numbered(test, rng), (REF,))


def _row_order_in_pages(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
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


def _afterwards(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
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


def _codes(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
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


def _sum(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    """A total of which the target is a part, beside the other part."""
    if table.problem != "numbers":
        return None
    scale = float(train[table.target].std())

    def with_it(frame: pd.DataFrame) -> pd.DataFrame:
        extra = (rng.gamma(2.0, 1.0, len(frame)) * 1.5 * scale).round(2)
        return frame.assign(extra=extra, total=(frame[table.target] + extra).round(2))

    return Planted(with_it(train), with_it(test), ("total", "extra"))


def _same_in_other_words(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    """The target once more: in another unit, or as a code."""
    names = {label: f"k{place}" for place, label in enumerate(sorted(train[table.target].unique()))}

    def with_it(frame: pd.DataFrame) -> pd.DataFrame:
        y = frame[table.target]
        return frame.assign(outcome=1_000 - 0.45 * y if table.problem == "numbers" else y.map(names))

    return Planted(with_it(train), with_it(test), ("outcome",))


def _wrong_labels(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
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
    """Say whether rows can differ a little: in a number with digits, or in a text."""
    return any(
        train[name].dtype.kind == "f"
        or (train[name].dtype == object and train[name].dropna().str.len().mean() > 20)
        for name in train.columns
        if name != table.target
    )


def _near_duplicates(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    if not _has_fine_values(table, train):
        return None
    import pandas as pd

    twins = _twins(train, table, max(6, len(train) // 20), rng)
    rows = tuple(range(len(train), len(train) + len(twins)))
    return Planted(pd.concat([train, twins], ignore_index=True), test, rows=rows)


def _overlap(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    import pandas as pd

    shared = train.iloc[rng.choice(len(train), max(4, len(test) // 10), replace=False)]
    return Planted(train, pd.concat([test, shared], ignore_index=True))


def _near_overlap(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    if not _has_fine_values(table, train):
        return None
    import pandas as pd

    shared = _twins(train, table, max(5, len(test) // 8), rng)
    return Planted(train, pd.concat([test, shared], ignore_index=True))


def _shift(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    """Most test rows are from the upper half of the number that says most about the target."""
    name = _strongest(table, train)
    if name is None:
        return None
    middle = float(train[name].median())
    chance = np.where(test[name] > middle, 1.0, 0.12)
    others = test[rng.random(len(test)) < chance].reset_index(drop=True)
    return Planted(train, others, (name,)) if len(others) >= 70 else None  # fewer can always differ by chance


def _units(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
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


def _customers(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
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


def _drift(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
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


def _duplicate_rows(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    import pandas as pd

    copies = train.iloc[rng.choice(len(train), max(4, len(train) // 12), replace=False)]
    return Planted(pd.concat([train, copies], ignore_index=True), test)


def _conflicting_labels(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    if table.problem == "numbers":
        return None
    import pandas as pd

    copies = train.iloc[rng.choice(len(train), max(5, len(train) // 20), replace=False)].copy()
    labels = sorted(train[table.target].unique())
    copies[table.target] = [rng.choice([e for e in labels if e != each]) for each in copies[table.target]]
    return Planted(pd.concat([train, copies], ignore_index=True), test)


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


def _sentinel(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    name = _some_number(table, train, rng)
    if name is None:
        return None
    high = float(train[name].abs().max())
    mark = next(each for each in (-999, -9_999, -99_999, -999_999, -9_999_999) if abs(each) > 1.5 * high)
    return Planted(
        train.assign(**{name: train[name].mask(rng.random(len(train)) < 0.08, mark)}), test, (name,)
    )


def _not_available(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    names = [name for name in _some_words(table, train) if name != table.target]
    if not names:
        return None
    name = str(rng.choice(names))
    gone = rng.random(len(train)) < 0.08
    return Planted(train.assign(**{name: train[name].mask(gone, "not available")}), test, (name,))


def _plural(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    if table.problem == "numbers" or table.target not in _some_words(table, train):
        return None
    label = train[table.target].value_counts().index[0]
    other = f"{label}s" if label[-1].isalpha() and label[-1] != "s" else f"{label[:2]}-{label[2:]}"
    spoilt = train[table.target].mask((train[table.target] == label) & (rng.random(len(train)) < 0.15), other)
    return Planted(train.assign(**{table.target: spoilt}), test, (table.target,))


def _upper_case(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    names = _some_words(table, train)
    if not names:
        return None
    name = str(rng.choice(names))
    some = rng.random(len(train)) < 0.15
    return Planted(
        train.assign(**{name: train[name].mask(some, train[name].str.upper() + " ")}), test, (name,)
    )


def _constant(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    return Planted(train.assign(source="export"), test.assign(source="export"), ("source",))


def _twin_column(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    name = _some_number(table, train, rng)
    if name is None:
        return None
    again = f"{name} in inches"
    return Planted(
        train.assign(**{again: train[name] / 2.54}), test.assign(**{again: test[name] / 2.54}), (again, name)
    )


def _no_label(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    gone = rng.random(len(train)) < 0.08
    return Planted(train.assign(**{table.target: train[table.target].mask(gone)}), test, (table.target,))


def _slipped_point(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    name = _some_number(table, train, rng)
    if name is None or len(train) < 400:
        return None
    values = train[name].astype("float64").to_numpy(copy=True)
    rows = rng.choice(np.flatnonzero(~np.isnan(values)), 2, replace=False)
    values[rows] = 1e5 * np.nanmax(np.abs(values))
    return Planted(train.assign(**{name: values}), test, (name,))


def _infinite(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    name = _some_number(table, train, rng)
    if name is None:
        return None
    values = train[name].astype("float64").to_numpy(copy=True)
    values[rng.choice(len(train), 4, replace=False)] = np.inf
    return Planted(train.assign(**{name: values}), test, (name,))


def _words_among_numbers(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    name = _some_number(table, train, rng)
    if name is None:
        return None
    words = train[name].astype(object).mask(rng.random(len(train)) < 0.03, "see note")
    return Planted(train.assign(**{name: words}), test, (name,))


def _never_seen(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted | None:
    names = [name for name in _some_words(table, train) if name != table.target]
    if not names:
        return None
    name = str(rng.choice(names))
    return Planted(
        train, test.assign(**{name: test[name].mask(rng.random(len(test)) < 0.3, "Atlantis")}), (name,)
    )


def _addresses(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    def with_it(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(contact=[f"p{n}@example.org" for n in rng.integers(100, 9_999, len(frame))])

    return Planted(with_it(train), with_it(test), ("contact",))


def _ids(table: Table, train: pd.DataFrame, test: pd.DataFrame, rng: Rng) -> Planted:
    def with_it(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(voucher=[f"{n:08x}" for n in rng.permutation(10**7)[: len(frame)] + 2**28])

    return Planted(with_it(train), with_it(test), ("voucher",))


TRAPS = (
    Trap("row order, numbered", "row_order", "harmful", _row_order),
    Trap("row order, nearly an id", "row_order", "harmful", _row_order_in_pages),
    Trap("leakage, filled afterwards", "leakage", "harmful", _afterwards),
    Trap("leakage, codes", "leakage", "harmful", _codes),
    Trap("leakage, total", "leakage", "harmful", _sum),
    Trap("leakage, other words", "leakage", "harmful", _same_in_other_words),
    Trap("suspicious labels", "suspicious_labels", "warning", _wrong_labels),
    Trap("near duplicates", "near_duplicates", "warning", _near_duplicates),
    Trap("overlap", "overlap", "harmful", _overlap),
    Trap("overlap, nearly", "overlap", "harmful", _near_overlap),
    Trap("shift, other people", "shift", "harmful", _shift),
    Trap("shift, other unit", "shift", "harmful", _units),
    Trap("structure, customers", "structure", "harmful", _customers),
    Trap("structure, drift", "structure", "harmful", _drift),
    Trap("duplicate rows", "duplicate_rows", "harmful", _duplicate_rows),
    Trap("conflicting labels", "conflicting_labels", "warning", _conflicting_labels),
    Trap("disguised missing, number", "disguised_missing", "warning", _sentinel),
    Trap("disguised missing, word", "disguised_missing", "warning", _not_available),
    Trap("near-duplicate labels", "near_duplicate_labels", "warning", _plural),
    Trap("white space and case", "whitespace_case", "warning", _upper_case),
    Trap("constant column", "constant_column", "hint", _constant),
    Trap("duplicate columns", "duplicate_columns", "warning", _twin_column),
    Trap("missing labels", "missing_labels", "warning", _no_label),
    Trap("outliers", "outliers", "warning", _slipped_point),
    Trap("infinities", "infinities", "warning", _infinite),
    Trap("mixed types", "mixed_types", "warning", _words_among_numbers),
    Trap("unseen categories", "unseen_categories", "warning", _never_seen),
    Trap("personal data", "personal_data", "hint", _addresses),
    Trap("ids", "id_column", "hint", _ids),
)
