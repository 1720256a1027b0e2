"""Columns that nearly give the answer: copied, computed from it, or written when it was known.

Each is right for 96 to 99.x % of the rows, or as near to the number. ``nearly_give_answer`` says whether
plain trees are that good with them, and much worse without; otherwise the trap is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._fourth_time import Columns, beside
from benchmarks._frozen_traps import FrozenTrap, Planted, Rng
from benchmarks._others_skill import nearly_give_answer

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._frozen_tables import FrozenTable

Leak = Callable[[Any, Rng, Any], Columns | None]


def _leak(name: str, *, numbers: Leak | None = None, classes: Leak | None = None) -> FrozenTrap:
    """Make a trap of what is written beside answers that are numbers, and beside classes."""

    def plant(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
        write = numbers if table.problem == "numbers" else classes
        if write is None:
            return None
        truth = frame[table.target]
        known = truth.to_numpy(float) if table.problem == "numbers" else truth.astype(str).to_numpy()
        columns = write(known, rng, frame.drop(columns=[table.target]))
        if columns is None:
            return None
        planted, names = beside(frame, columns, rng)
        return Planted(planted, names) if nearly_give_answer(table, planted, names) else None

    return FrozenTrap(f"near leaks: {name}", ("leakage",), plant)


def _misread(labels: Any, rng: Rng, *, share: float | None = None) -> Any:
    """Return the labels with 0.5 to 3.5 % of them drawn again."""
    wrong = rng.random(len(labels)) < (rng.uniform(0.005, 0.035) if share is None else share)
    return np.where(wrong, rng.permutation(labels), labels)


def _noise(values: Any, rng: Rng, share: float) -> Any:
    return rng.normal(scale=share * np.std(values), size=len(values))


def _pick(rng: Rng, *names: str) -> str:
    return names[int(rng.integers(len(names)))]


def _other_currency(known: Any, rng: Rng, _: Any) -> Columns:
    copied = known * rng.uniform(0.6, 1.8) * (1 + rng.normal(scale=0.015, size=len(known)))
    return {_pick(rng, "amt_eur", "net_value", "betrag"): copied.round(2)}


def _letter(known: Any, rng: Rng, _: Any) -> Columns:
    letters = dict(zip(np.unique(known), rng.permutation(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), strict=False))
    return {_pick(rng, "res_cd", "flag", "kz"): [letters[each] for each in _misread(known, rng)]}


def _bands(known: Any, rng: Rng, _: Any) -> Columns:
    import pandas as pd

    ranks = pd.Series(known).rank(pct=True).to_numpy() + rng.normal(scale=0.01, size=len(known))
    return {"band": [f"Band {int(each):02d}" for each in np.clip(ranks, 0, 0.999) * 24 + 1]}


_STATUS = (
    ("closed", "settled", "archived"),
    ("open", "in review"),
    ("on hold", "waiting for customer", "escalated"),
    ("rejected",),
)


def _status_later(known: Any, rng: Rng, _: Any) -> Columns | None:
    names = rng.permutation(np.unique(known))
    if len(names) > len(_STATUS):
        return None
    words = dict(zip(names, _STATUS, strict=False))
    return {
        _pick(rng, "current_status", "stage"): [_pick(rng, *words[each]) for each in _misread(known, rng)]
    }


def _ratio(known: Any, rng: Rng, features: Any) -> Columns | None:
    numeric = features.select_dtypes("number")
    fitting = [
        name
        for name in numeric
        if numeric[name].gt(0).all()
        and numeric[name].nunique() > 5
        and numeric[name].std() < numeric[name].mean()
    ]
    if not fitting:
        return None
    base = str(rng.choice(fitting))
    ratio = known / numeric[base].to_numpy(float) * (1 + rng.normal(scale=0.01, size=len(known)))
    return {f"per_{base}": [float(f"{each:.4g}") for each in ratio]}


def _account_mean(known: Any, rng: Rng, _: Any) -> Columns:
    """Accounts of two to five rows that are alike; the mean of an account includes the row itself."""
    import pandas as pd

    order = np.argsort(known + _noise(known, rng, 0.12), kind="stable")
    sizes = rng.integers(2, 6, len(known))
    accounts = np.empty(len(known), dtype=int)
    accounts[order] = np.repeat(np.arange(len(known)), sizes)[: len(known)]
    return {"acct_avg": pd.Series(known).groupby(accounts).transform("mean").round(3).to_numpy()}


def _account_share(known: Any, rng: Rng, _: Any) -> Columns | None:
    import pandas as pd

    names = np.unique(known)
    if len(names) > 2:
        return None
    order = np.lexsort((rng.random(len(known)), _misread(known, rng)))
    accounts = np.empty(len(known), dtype=int)
    accounts[order] = np.arange(len(known)) // 5
    shares = pd.Series(known == names[-1]).groupby(accounts).transform("mean").round(3)
    return {_pick(rng, "team_rate", "household_share"): shares.to_numpy()}


def _filled_afterwards(known: Any, rng: Rng, _: Any) -> Columns | None:
    import pandas as pd

    names, counts = np.unique(known, return_counts=True)
    if len(names) > 2:
        return None
    is_done = _misread(known, rng) == names[counts.argmin()]
    days = pd.Timestamp("2021-01-04") + pd.to_timedelta(rng.integers(0, 700, len(known)), unit="D")
    if rng.random() < 0.5:
        return {"closed_on": pd.Series(days.strftime("%Y-%m-%d")).where(is_done).to_numpy()}
    return {"refund_amt": np.where(is_done, rng.gamma(2, 40, len(known)).round(2), 0.0)}


def _gross_and_deduction(known: Any, rng: Rng, _: Any) -> Columns:
    taken = rng.gamma(2.0, 0.25, len(known)) * np.std(known)
    gross = known + taken + _noise(known, rng, 0.02)
    return {"gross": gross.round(3), "deductions": taken.round(3)}


def _limit_and_used(known: Any, rng: Rng, _: Any) -> Columns | None:
    names = np.unique(known)
    if len(names) > 2:
        return None
    limit = rng.choice([500, 1000, 1500, 2000, 3000, 5000], len(known))
    share = np.where(
        _misread(known, rng) == names[0],
        rng.uniform(0.1, 0.97, len(known)),
        rng.uniform(1.0, 1.6, len(known)),
    )
    return {"credit_limit": limit, "used": (limit * share).round(2)}


def _note(known: Any, rng: Rng, _: Any) -> Columns:
    form = _pick(rng, "{} - ref {}", "{}, see letter {}", "result={};doc={}")
    numbers = rng.integers(10_000, 99_999, len(known))
    labels = _misread(known, rng)
    return {_pick(rng, "remarks", "note"): [form.format(*each) for each in zip(labels, numbers, strict=True)]}


def _old_score(known: Any, rng: Rng, _: Any) -> Columns:
    return {_pick(rng, "score_v1", "pred_2020", "forecast"): (known + _noise(known, rng, 0.12)).round(3)}


def _old_share(known: Any, rng: Rng, _: Any) -> Columns | None:
    names = np.unique(known)
    if len(names) > 2:
        return None
    logit = np.where(_misread(known, rng) == names[0], -2.5, 2.5) + rng.normal(scale=0.9, size=len(known))
    return {_pick(rng, "risk_score", "p_model"): (1 / (1 + np.exp(-logit))).round(3)}


def _rank(known: Any, rng: Rng, _: Any) -> Columns:
    import pandas as pd

    ranks = pd.Series(-known + _noise(known, rng, 0.05)).rank(method="first").astype(int)
    return {_pick(rng, "rank", "position"): ranks.to_numpy()}


def _next_month(known: Any, rng: Rng, _: Any) -> Columns:
    return {"value_next_month": (known * 1.02 + _noise(known, rng, 0.13)).round(2)}


def _next_state(known: Any, rng: Rng, _: Any) -> Columns:
    return {"state_next_month": _misread(known, rng, share=0.04)}


def _stale_copy(known: Any, rng: Rng, _: Any) -> Columns:
    """The copy of another system: 2 % of it are old, 3 % missing."""
    import pandas as pd

    copied = pd.Series(_misread(known, rng, share=0.02)).where(rng.random(len(known)) > 0.03)
    return {_pick(rng, "crm_value", "wert_alt", "x17"): copied.to_numpy()}


def _reason_codes(known: Any, rng: Rng, _: Any) -> Columns:
    codes = rng.permutation(np.arange(101, 999))
    labels = _misread(known, rng)
    firsts = {label: 6 * place for place, label in enumerate(np.unique(known))}
    n_codes = int(rng.integers(2, 6))
    return {"reason_code": [codes[firsts[each] + rng.integers(n_codes)] for each in labels]}


def _tariff_codes(known: Any, rng: Rng, _: Any) -> Columns:
    import pandas as pd

    ranks = pd.Series(known + _noise(known, rng, 0.02)).rank(pct=True, method="first").to_numpy()
    codes = rng.permutation(np.arange(10, 40))
    return {"tariff": codes[np.minimum((ranks * 30).astype(int), 29)]}


FOURTH_LEAKS = (
    _leak("copy in other units or letters", numbers=_other_currency, classes=_letter),
    _leak("bands, or a status set later", numbers=_bands, classes=_status_later),
    _leak("ratio of the answer and a column, or a status pair", numbers=_ratio, classes=_limit_and_used),
    _leak("mean of its account", numbers=_account_mean, classes=_account_share),
    _leak("filled when it was known", classes=_filled_afterwards),
    _leak("gross and deductions", numbers=_gross_and_deduction),
    _leak("note that says it", classes=_note),
    _leak("score of an older model", numbers=_old_score, classes=_old_share),
    _leak("rank", numbers=_rank),
    _leak("a month later", numbers=_next_month, classes=_next_state),
    _leak("stale copy of another system", numbers=_stale_copy, classes=_stale_copy),
    _leak("codes of the answer", numbers=_tariff_codes, classes=_reason_codes),
)
