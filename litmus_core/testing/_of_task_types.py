"""Checks of task types: that numbers and labels go there and back, each by itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.engine import objectives_problem
from litmus_core.errors import PlugInError
from litmus_core.task_types import get_task_type
from litmus_core.testing._bench import Bench, ConformanceCheck, FailedCheck

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ALONE = 3  # values that are tried one by one


@dataclass(frozen=True, eq=False)
class _Example:
    """Values of a target, and the columns that the task type reads beside them, if it reads some."""

    values: list[Any]
    rows: dict[str, NDArray[Any]] | None = None

    def at(self, place: int) -> _Example:
        here = slice(place, place + 1)
        rows = None if self.rows is None else {name: values[here] for name, values in self.rows.items()}
        return _Example(self.values[here], rows)


def _encodes(bench: Bench) -> None:
    """Try its example, or values of ours: one of them must work."""
    first: Exception | None = None
    for example in _examples(bench):
        try:
            _try(bench, example)
        except (PlugInError, FailedCheck) as error:
            first = first or error
        else:
            bench.results["example"] = example
            return
    raise first or FailedCheck("there is no example to encode")


def _examples(bench: Bench) -> list[_Example]:
    example, columns = bench.described.facts.get("example"), bench.described.part().needs.columns
    if columns:
        if not example or any(len(row) != 1 + len(columns) for row in example):
            raise FailedCheck(
                f"its example has no rows of {1 + len(columns)}: the target's value, then its columns"
            )
        values, *read = (list(cells) for cells in zip(*example, strict=True))
        return [_Example(values, {name: _column(cells) for name, cells in zip(columns, read, strict=True)})]
    if example:
        return [_Example(list(example))]
    rng = np.random.default_rng(2)
    return [
        _Example(np.round(rng.gamma(2.0, 20.0, 40), 2).tolist()),
        _Example([("low", "mid", "high")[at] for at in rng.integers(0, 3, 40)]),
        _Example([("no", "yes")[at] for at in rng.integers(0, 2, 40)]),
    ]


def _column(cells: list[Any]) -> NDArray[Any]:
    return np.array(cells, dtype=object if any(isinstance(cell, str) for cell in cells) else np.float64)


def _try(bench: Bench, example: _Example) -> None:
    n, task_type = len(example.values), get_task_type(bench.described.facts["base"])
    bench.results["fitted"] = bench.fit(example.values)
    coded = _call(bench, "encode", example.values, example)
    codes = np.asarray(coded)
    if codes.shape != (n,):
        raise FailedCheck(f"encode returned {codes.shape} for {n} values")
    if not task_type.has_classes and codes.dtype.kind not in "fiu":
        raise FailedCheck("encode returned something that is not a number, and its base is regression")
    if task_type.has_positive_class and len(set(codes.tolist())) != 2:
        raise FailedCheck(
            f"encode returned {len(set(codes.tolist()))} different values, and its base is binary"
        )
    back = np.asarray(_call(bench, "decode", coded, example))
    if back.shape != (n,):
        raise FailedCheck(f"decode returned {back.shape} for {n} answers")


def _call(bench: Bench, word: str, values: Any, example: _Example) -> Any:
    """Call a method with values, as arrays of numbers where it reads rows as well."""
    fitted = bench.results["fitted"]
    if example.rows is None:
        return bench.call(word, values, fitted=fitted)
    answer = bench.call(word, np.asarray(values, dtype=np.float64), example.rows, fitted=fitted)
    if bench.proxy.changed:
        raise FailedCheck(f"{word} changes the values or rows that it is given; let it change a copy")
    return answer


def _check_single_values(bench: Bench) -> None:
    example = bench.results["example"]
    coded = _call(bench, "encode", example.values, example)
    decoded = _call(bench, "decode", coded, example)
    for word, arguments, expected in (("encode", example.values, coded), ("decode", list(coded), decoded)):
        for at in range(min(_ALONE, len(example.values))):
            (single,) = _plain(_call(bench, word, arguments[at : at + 1], example.at(at)))
            among = _plain(expected)[at]
            if not _same(single, among):
                raise FailedCheck(f"{word} makes {single!r} of one value that it made {among!r} of before")


def _returns(bench: Bench) -> None:
    """A model without any error must answer with the truth, by the row that it answers."""
    example = bench.results["example"]
    if example.rows is None:
        return
    coded = _plain(_call(bench, "encode", example.values, example))
    decoded = _plain(_call(bench, "decode", coded, example))
    needs = bench.described.part().needs
    if needs.is_order:
        _check_order(example.values, decoded, example.rows.get(needs.group))
        return
    for truth, answer, learned in zip(example.values, decoded, coded, strict=True):
        if not np.isclose(truth, answer, rtol=1e-6, atol=1e-9):
            raise FailedCheck(f"it makes {learned:g} of {truth:g}, and {answer:g} of that again")


def _check_order(values: list[Any], decoded: list[Any], groups: NDArray[Any] | None) -> None:
    """Of two rows of a group, the better one must be answered with the larger number."""
    group = np.zeros(len(values)) if groups is None else groups
    for one, other in combinations(range(len(values)), 2):
        truth, answer = values[one] - values[other], decoded[one] - decoded[other]
        if group[one] == group[other] and np.sign(truth) != np.sign(answer):
            raise FailedCheck(
                f"it puts {values[one]:g} and {values[other]:g} into another order: it answers "
                f"{decoded[one]:g} and {decoded[other]:g}"
            )


def _check_objectives(bench: Bench) -> None:
    needs = bench.described.part().needs
    if problem := objectives_problem(needs):
        raise FailedCheck(problem)
    if needs.is_order and not bench.described.facts.get("default_metric"):
        raise FailedCheck("it answers with an order and names no default_metric: Litmus has none of that")


def _learns(bench: Bench) -> None:
    """What models learn must suit the loss, and its weights must be weights."""
    _check_objectives(bench)
    example = bench.results["example"]
    if example.rows is None:
        return
    codes = np.asarray(_call(bench, "encode", example.values, example), dtype=np.float64)
    if bench.described.part().needs.loss == "poisson" and not (codes >= 0).all():
        raise FailedCheck(f"encode returned {codes.min():g}, and the loss poisson is of numbers from 0")
    values = np.asarray(example.values, dtype=np.float64)
    fitted = bench.results["fitted"]
    weights = bench.proxy.call("weigh", values, example.rows, fitted=fitted, may_lack=True)
    if weights is not None:
        counts = np.asarray(weights, dtype=np.float64)
        if counts.shape != codes.shape or not np.isfinite(counts).all() or (counts < 0).any():
            raise FailedCheck(f"weigh did not return a number from 0 for each of {len(codes)} rows")


def _accepts(bench: Bench) -> None:
    example = bench.results["example"]
    if example.rows is None:
        return
    values = np.asarray(example.values, dtype=np.float64)
    fitted = bench.results["fitted"]
    problem = bench.proxy.call("check", values, example.rows, fitted=fitted, may_lack=True)
    if problem is not None and not isinstance(problem, str):
        raise FailedCheck(f"check returned {type(problem).__name__}, not a sentence")
    if problem:
        raise FailedCheck(f"check refuses its own example: {problem.rstrip('.')}")


def _plain(values: Any) -> list[Any]:
    return [value.item() if hasattr(value, "item") else value for value in values]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        return bool(np.isclose(one, other, rtol=1e-9, atol=1e-12))
    return bool(one == other)


TASK_TYPE_CHECKS = (
    ConformanceCheck("encodes and decodes", _encodes, first=True),
    ConformanceCheck("each value on its own", _check_single_values),
    ConformanceCheck("gives the truth back", _returns),
    ConformanceCheck("suits its loss", _learns),
    ConformanceCheck("takes its example", _accepts),
)
