"""Columns that give the answer in 96 to 99 % of the rows, as files have them in which it is kept twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks._fresh_drift import Columns, Rng, add_columns
from benchmarks._frozen_traps import FrozenTrap, Planted
from benchmarks._others_skill import nearly_give_answer

if TYPE_CHECKING:
    from benchmarks._frozen_tables import FrozenTable

Leak = Callable[["pd.Series[float]", Rng], Columns]
ClassLeak = Callable[["pd.Series[str]", list[str], Rng], Columns]

_KINDS = ("leakage",)
_LEAST_WRONG, _MOST_WRONG = 0.01, 0.04
_MOST_CLASSES = 5
_REMARKS = ("checked, {}", "{} acc. to file", "tel.: {}", "see letter ({})")
_MANY_VALUES = 10


def _slips(n_rows: int, rng: Rng) -> NDArray[np.bool_]:
    """Return the 1 to 4 % of the rows of which the column tells something else."""
    return np.asarray(rng.uniform(size=n_rows) < rng.uniform(_LEAST_WRONG, _MOST_WRONG))


def _slipped(answer: pd.Series[str], classes: list[str], rng: Rng) -> pd.Series[str]:
    """Return the classes, of which 1 to 4 % are another one."""
    others = {each: [other for other in classes if other != each] for each in classes}
    return answer.where(~_slips(len(answer), rng), [rng.choice(others[each]) for each in answer])


def _in_words(answer: pd.Series[str]) -> pd.Series[str]:
    """Return ``no`` and ``yes`` for 0 and 1, and other classes as they are."""
    return answer.map({"0": "no", "1": "yes"}) if set(answer) == {"0", "1"} else answer


def _swapped(answer: pd.Series[float], rng: Rng) -> pd.Series[float]:
    """Return the numbers, of which 1 to 4 % are another row's."""
    return answer.where(~_slips(len(answer), rng), rng.permutation(answer.to_numpy()))


# of classes


def _status_codes(answer: pd.Series[str], classes: list[str], rng: Rng) -> Columns:
    """A status of the case afterwards: a few codes for each class."""
    codes = np.array_split(rng.permutation(np.arange(10, 90, 5))[: 3 * len(classes)], len(classes))
    told = _slipped(answer, classes, rng)
    return {"sts_cd": [int(rng.choice(codes[classes.index(each)])) for each in told]}


def _booked_later(answer: pd.Series[str], classes: list[str], rng: Rng) -> Columns:
    """An amount that is booked for one class alone: 0 for the rest, and for some of it."""
    one = answer == rng.choice(classes[:2])
    amounts = np.round(rng.lognormal(4.5, 1.0, len(answer)), 2)
    return {"adj_amt": list(np.where(one ^ _slips(len(answer), rng), amounts, 0.0))}


def _remarks(answer: pd.Series[str], classes: list[str], rng: Rng) -> Columns:
    """A clerk's remark that mentions how it ended, in the clerk's words."""
    told = _slipped(answer, classes, rng)
    return {"remark": [str(rng.choice(_REMARKS)).format(each) for each in told]}


def _reason_filled(answer: pd.Series[str], classes: list[str], rng: Rng) -> Columns:
    """A reason and a desk that are filled for one class alone, and empty for the rest."""
    one = (answer == rng.choice(classes[:2])) ^ _slips(len(answer), rng)
    reasons = rng.choice(["R01", "R02", "R07", "R11", "R99"], len(answer))
    return {"reason_code": list(pd.Series(reasons).where(one.to_numpy()))}


def _second_reader(answer: pd.Series[str], classes: list[str], rng: Rng) -> Columns:
    """What another reader wrote, in capitals, small letters and short forms."""
    told = _slipped(answer, classes, rng)
    forms = {each: [f"{each}".upper(), f"{each}".lower(), f"{each}?"] for each in classes}
    return {"reader_b": [rng.choice(forms[each], p=[0.6, 0.35, 0.05]) for each in told]}


def _two_flags(answer: pd.Series[str], classes: list[str], rng: Rng) -> Columns:
    """Two dates' days: that the one lies after the other tells the class."""
    one = (answer == rng.choice(classes[:2])) ^ _slips(len(answer), rng)
    due = rng.integers(1, 60, len(answer))
    late = np.where(one, rng.integers(1, 90, len(answer)), -rng.integers(0, 60, len(answer)))
    return {"days_to_due": list(due), "days_to_close": list(due + late)}


def _letter_scheme(answer: pd.Series[str], classes: list[str], rng: Rng) -> Columns:
    """The printed form that was used (K3): its letter is the class's."""
    told = _slipped(answer, classes, rng)
    letters = dict(zip(classes, rng.permutation(list("AEKNPRTVWXYZ"))[: len(classes)], strict=True))
    return {"form": [f"{letters[each]}{rng.integers(1, 7)}" for each in told]}


# of numbers


def _net_and_gross(answer: pd.Series[float], rng: Rng) -> Columns:
    """The amount with the tax on it, which is lower for some."""
    rates = np.where(_slips(len(answer), rng), rng.choice([0.0, 0.07]), 0.19)
    return {"incl_tax": list((answer * (1 + rates)).round(2))}


def _coarse_copy(answer: pd.Series[float], rng: Rng) -> Columns:
    """The answer in steps of a twelfth of what most rows span, as a monthly report has it."""
    low, high = answer.quantile([0.03, 0.97])
    step = float((high - low) / 12) or 1.0
    return {"rep_val": list(((_swapped(answer, rng) / step).round() * step).round(3))}


def _other_units(answer: pd.Series[float], rng: Rng) -> Columns:
    """The answer in other units (pounds, Fahrenheit), some from another row."""
    factor, zero = [(2.20462, 0.0), (1.8, 32.0), (0.0254, 0.0)][int(rng.integers(3))]
    return {"conv": [float(f"{each:.5g}") for each in _swapped(answer, rng) * factor + zero]}


def _bands(answer: pd.Series[float], rng: Rng) -> Columns:
    """The band in which the answer lies: A to L, as tariffs and salary tables have them."""
    ranks = _swapped(answer, rng).rank(pct=True, method="min").to_numpy()
    band = np.minimum((ranks * 12).astype(int), 11)
    return {"band": ["ABCDEFGHIJKL"[each] for each in band]}


def _measured_again(answer: pd.Series[float], rng: Rng) -> Columns:
    """A second measurement, with an error of a tenth to a sixth of the spread, not made for some."""
    error = answer.std() * rng.uniform(0.1, 0.16)
    again = (answer + rng.normal(0, error, len(answer))).round(3)
    return {"meas_2": list(again.where(rng.uniform(size=len(answer)) >= 0.01))}


def _two_parts(answer: pd.Series[float], rng: Rng) -> Columns:
    """Two amounts whose difference is the answer, in 97 % of the rows."""
    second = np.abs(rng.normal(0, answer.std() * 0.35, len(answer)))
    return {"opening": list((_swapped(answer, rng) + second).round(3)), "paid_out": list(second.round(3))}


def _class_trap(name: str, leak: ClassLeak) -> FrozenTrap:
    def plant(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
        answer = _in_words(frame[table.target].astype(str))
        classes = list(answer.value_counts().index)
        if table.problem != "classes" or len(classes) > _MOST_CLASSES:
            classes = []
        return _planted(table, frame, leak(answer, classes, rng), rng) if classes else None

    return FrozenTrap(name, _KINDS, plant)


def _number_trap(name: str, leak: Leak) -> FrozenTrap:
    def plant(table: FrozenTable, frame: pd.DataFrame, rng: Rng) -> Planted | None:
        if table.problem != "numbers" or frame[table.target].nunique() < _MANY_VALUES:
            return None
        answer = frame[table.target].astype(float)
        return _planted(table, frame, leak(answer, rng), rng)

    return FrozenTrap(name, _KINDS, plant)


def _planted(table: FrozenTable, frame: pd.DataFrame, columns: Columns, rng: Rng) -> Planted | None:
    bearing, names = add_columns(frame, columns, rng)
    return Planted(bearing, names) if nearly_give_answer(table, bearing, names) else None


FRESH_LEAKS = (
    _class_trap("near leaks: status codes", _status_codes),
    _number_trap("near leaks: amount with tax", _net_and_gross),
    _class_trap("near leaks: booked for one class", _booked_later),
    _number_trap("near leaks: coarse copy", _coarse_copy),
    _class_trap("near leaks: remarks", _remarks),
    _number_trap("near leaks: other units", _other_units),
    _class_trap("near leaks: reason filled", _reason_filled),
    _number_trap("near leaks: bands", _bands),
    _class_trap("near leaks: second reader", _second_reader),
    _number_trap("near leaks: measured again", _measured_again),
    _class_trap("near leaks: days due and closed", _two_flags),
    _number_trap("near leaks: two parts", _two_parts),
    _class_trap("near leaks: form's letter", _letter_scheme),
)
