"""Traps of answers that stand in another column, nearly (96 to 99 %), by other hands than the checks'.

One to four rows in a hundred bear another row's value, as hand-kept columns do. A trap is planted where the
column raises the score by at least 0.1, to 0.85 or more: elsewhere the table gives its answer anyway, or
nothing does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from benchmarks._frozen_traps import FrozenTrap, Planted
from benchmarks._others_skill import nearly_give_answer
from benchmarks._others_time import Columns, Rng, insert

if TYPE_CHECKING:
    from benchmarks._frozen_tables import FrozenTable, Problem

Write = Callable[["pd.Series[Any]", pd.DataFrame, Rng], Columns | None]


def slipped(values: Sequence[Any], rng: Rng, most: float = 0.04) -> list[Any]:
    """Let one to four rows in a hundred bear each other's values."""
    slipped = list(values)
    rows = np.flatnonzero(rng.random(len(slipped)) < rng.uniform(0.01, most))
    for row, other in zip(rows.tolist(), rng.permutation(rows).tolist(), strict=True):
        slipped[row] = values[other]
    return slipped


def _classes(target: pd.Series[Any], rng: Rng) -> list[str]:
    return [str(each) for each in rng.permutation(sorted(target.astype(str).unique()))]


def _in_words(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    words = ["erledigt", "offen", "storniert", "in Prüfung", "abgelehnt", "verlängert", "ruht", "neu"]
    said = dict(zip(_classes(target, rng), [*words, *map("Stufe {}".format, range(90))], strict=False))
    return {"Bearbeitung": slipped([said[each] for each in target.astype(str)], rng)}


def _in_codes(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    codes = rng.permutation(90)[: target.nunique()] + 10
    code_of = dict(zip(_classes(target, rng), codes.tolist(), strict=True))
    return {"grp_cd": slipped([code_of[each] for each in target.astype(str)], rng)}


def _in_statuses(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    """Give each class two or three statuses of its own, as a process has many ends."""
    statuses = [f"{area}{number}" for number in range(1, 60) for area in ("CL", "OP", "RJ", "WT", "XX")]
    shuffled = iter(rng.permutation(statuses).tolist())
    of_class = {name: [next(shuffled) for _ in range(rng.integers(2, 4))] for name in _classes(target, rng)}
    return {"case_status": slipped([rng.choice(of_class[each]) for each in target.astype(str)], rng)}


def _amount_afterwards(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    """Pay only where the answer is one class."""
    paid = (target.astype(str) == _rarer(target)).to_numpy()
    amounts = np.where(paid, rng.lognormal(4.0, 0.8, len(target)).round(2), 0.0)
    return {"refund_amt": slipped(amounts.tolist(), rng)}


def _rarer(target: pd.Series[Any]) -> str:
    """Return the rarest class that has 20 rows."""
    sizes = target.astype(str).value_counts()
    return str(sizes[sizes >= 20].index[-1])


def _date_afterwards(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    """Fill a date only where the answer is one class: that it is there gives the answer."""
    came = (target.astype(str) == _rarer(target)).to_numpy()
    days = rng.integers(0, 700, len(target))
    texts = [f"{pd.Timestamp('2018-01-08') + pd.Timedelta(days=int(day)):%Y-%m-%d}" for day in days]
    return {"closed_on": slipped([t if c else None for t, c in zip(texts, came, strict=True)], rng)}


def _score_of_a_model(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    is_it = (target.astype(str) == _rarer(target)).to_numpy()
    logits = np.where(is_it, 2.4, -2.4) + rng.normal(0, 1.1, len(target))
    return {"score_v2": (1 / (1 + np.exp(-logits))).round(4).tolist()}


def _note(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    """Say it in a clerk's words."""
    stems = [
        "called back",
        "letter sent",
        "moved to archive",
        "passed to team B",
        "waits for papers",
        "no reply",
    ]
    stems += [f"step {number} done" for number in range(80)]
    stem_of = dict(zip(_classes(target, rng), stems, strict=False))
    openings = ["", "Customer: ", "ok, ", "per phone - ", "see file, "]
    notes = [f"{rng.choice(openings)}{stem_of[each]}" for each in target.astype(str)]
    return {"remark": slipped(notes, rng)}


def _flags(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    names = _classes(target, rng)[:3]
    kept = pd.Series(slipped(target.astype(str).tolist(), rng))
    return {f"flag_{place + 1}": (kept == name).astype(int).tolist() for place, name in enumerate(names)}


def _scaled(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    values = target.to_numpy(np.float64) * 1.19 * (1 + rng.normal(0, 0.02, len(target)))
    return {"brutto": slipped(values.round(2).tolist(), rng, 0.02)}


def _rounded(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    step = float(target.std()) / 3
    return {"approx_value": slipped([round(round(v / step) * step, 3) for v in target], rng, 0.015)}


def _ratio(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns | None:
    """Divide the answer by another column: the two of them give it."""
    name = _other_number(target, frame, rng, least=1e-6)
    if name is None:
        return None
    ratio = target.to_numpy(np.float64) / frame[name].to_numpy(np.float64)
    return {f"per_{name}": [float(f"{each:.4g}") for each in slipped(ratio.tolist(), rng, 0.02)]}


def _other_number(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng, least: float) -> str | None:
    """Choose another column of numbers above ``least`` with no gaps and 20 values."""
    names = [
        str(name)
        for name in frame
        if name != target.name
        and pd.api.types.is_numeric_dtype(frame[name])
        and frame[name].notna().all()
        and frame[name].nunique() >= 20
        and frame[name].min() > least
    ]
    return str(rng.choice(np.array(names))) if names else None


def _rest(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    """Say what is left of a whole, after the answer was taken from it."""
    whole = float(target.max()) * 1.1 + 1
    noise = rng.normal(0, 0.08 * float(target.std()), len(target))
    return {"restant": slipped((whole - target.to_numpy(np.float64) + noise).round(3).tolist(), rng, 0.02)}


def _bands(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    values = target.to_numpy(np.float64)
    edges = np.unique(np.quantile(values, np.linspace(0, 1, 31)))
    bands = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2).tolist()
    texts = [f"{edges[each]:,.4g} to {edges[each + 1]:,.4g}" for each in bands]
    return {"Bracket": slipped(texts, rng, 0.015)}


def _rank(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    ranks = target.rank(pct=True).to_numpy() * 100 + rng.normal(0, 1.5, len(target))
    return {"percentile": slipped(ranks.clip(0, 100).round(1).tolist(), rng, 0.02)}


def _logarithm(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    moved = np.log1p(target.to_numpy(np.float64) - float(target.min()))
    return {
        "lg": slipped((moved + rng.normal(0, 0.05 * moved.std(), len(moved))).round(3).tolist(), rng, 0.02)
    }


def _commission(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    """Pay 3 % of the answer up to its median and 5 % beyond: known only with the answer."""
    values = target.to_numpy(np.float64)
    shares = np.where(values > np.median(values), 0.05, 0.03)
    fees = values * shares + rng.normal(0, 0.003 * values.std(), len(values))
    return {"provision": slipped(fees.round(3).tolist(), rng, 0.02)}


def _with_unit(target: pd.Series[Any], frame: pd.DataFrame, rng: Rng) -> Columns:
    step = float(f"{float(target.std()) / 4:.1g}")
    values = [round(each / step) * step for each in target]
    return {"Schätzwert": [f"{each:.6g} EUR" for each in slipped(values, rng, 0.015)]}


_WAYS: tuple[tuple[str, Problem, Write], ...] = (
    ("in other words", "classes", _in_words),
    ("in codes", "classes", _in_codes),
    ("in statuses", "classes", _in_statuses),
    ("an amount afterwards", "classes", _amount_afterwards),
    ("a date afterwards", "classes", _date_afterwards),
    ("a model's score", "classes", _score_of_a_model),
    ("a note", "classes", _note),
    ("flags", "classes", _flags),
    ("scaled", "numbers", _scaled),
    ("rounded", "numbers", _rounded),
    ("a ratio with another column", "numbers", _ratio),
    ("what is left", "numbers", _rest),
    ("bands", "numbers", _bands),
    ("its rank", "numbers", _rank),
    ("its logarithm", "numbers", _logarithm),
    ("a commission", "numbers", _commission),
    ("rounded, with a unit", "numbers", _with_unit),
)


def leak_trap(name: str, problem: Problem, write: Write) -> FrozenTrap:
    def plant(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
        if table.problem != problem:
            return None
        columns = write(frame[table.target], frame, rng)
        if columns is None:
            return None
        frame, names = insert(frame, columns, rng)
        return Planted(frame, names) if nearly_give_answer(table, frame, names) else None

    return FrozenTrap(f"near leaks: {name}", ("leakage",), plant)


LEAK_TRAPS = tuple(leak_trap(*way) for way in _WAYS)
