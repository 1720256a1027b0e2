"""Checks of task types: targets survive encoding and decoding, one value at a time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.engine import objectives_problem
from litmus_core.errors import PlugInError
from litmus_core.task_types import get_task_type
from litmus_core.testing._harness import ConformanceCheck, FailedCheck, PluginHarness

if TYPE_CHECKING:
    from numpy.typing import NDArray

_N_SINGLE = 3  # values that are tried one by one


@dataclass(frozen=True, eq=False)
class _Example:
    """Target values, and the other columns that the task type reads, if any."""

    values: list[Any]
    rows: dict[str, NDArray[Any]] | None = None

    def at(self, place: int) -> _Example:
        group_rows = slice(place, place + 1)
        rows = None if self.rows is None else {name: values[group_rows] for name, values in self.rows.items()}
        return _Example(self.values[group_rows], rows)


def _check_encoding(harness: PluginHarness) -> None:
    """Try the task type's example, or standard values; one of them must work."""
    first: Exception | None = None
    for example in _examples(harness):
        try:
            _try(harness, example)
        except (PlugInError, FailedCheck) as error:
            first = first or error
        else:
            harness.results["example"] = example
            return
    raise first or FailedCheck("there is no example to encode")


def _examples(harness: PluginHarness) -> list[_Example]:
    example, columns = harness.described.facts.get("example"), harness.described.part().needs.columns
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


def _try(harness: PluginHarness, example: _Example) -> None:
    n, task_type = len(example.values), get_task_type(harness.described.facts["base"])
    harness.results["fitted"] = harness.fit(example.values)
    coded = _call(harness, "encode", example.values, example)
    codes = np.asarray(coded)
    if codes.shape != (n,):
        raise FailedCheck(f"encode returned {codes.shape} for {n} values")
    if not task_type.has_classes and codes.dtype.kind not in "fiu":
        raise FailedCheck("encode returned something that is not a number, and its base is regression")
    if task_type.has_positive_class and len(set(codes.tolist())) != 2:
        raise FailedCheck(
            f"encode returned {len(set(codes.tolist()))} different values, and its base is binary"
        )
    back = np.asarray(_call(harness, "decode", coded, example))
    if back.shape != (n,):
        raise FailedCheck(f"decode returned {back.shape} for {n} answers")


def _call(harness: PluginHarness, word: str, values: Any, example: _Example) -> Any:
    """Call a method with values, as arrays of numbers where it reads rows as well."""
    fitted = harness.results["fitted"]
    if example.rows is None:
        return harness.call(word, values, fitted=fitted)
    answer = harness.call(word, np.asarray(values, dtype=np.float64), example.rows, fitted=fitted)
    if harness.proxy.changed:
        raise FailedCheck(f"{word} changes the values or rows that it is given; let it change a copy")
    return answer


def _check_single_values(harness: PluginHarness) -> None:
    example = harness.results["example"]
    coded = _call(harness, "encode", example.values, example)
    decoded = _call(harness, "decode", coded, example)
    for word, arguments, expected in (("encode", example.values, coded), ("decode", list(coded), decoded)):
        for at in range(min(_N_SINGLE, len(example.values))):
            (single,) = _plain_values(_call(harness, word, arguments[at : at + 1], example.at(at)))
            among = _plain_values(expected)[at]
            if not _same(single, among):
                raise FailedCheck(f"{word} makes {single!r} of one value that it made {among!r} of before")


def _check_round_trip(harness: PluginHarness) -> None:
    """A perfect model must predict the truth, decoded with its row."""
    example = harness.results["example"]
    if example.rows is None:
        return
    coded = _plain_values(_call(harness, "encode", example.values, example))
    decoded = _plain_values(_call(harness, "decode", coded, example))
    needs = harness.described.part().needs
    if needs.is_order:
        _check_order(example.values, decoded, example.rows.get(needs.group))
        return
    for truth, answer, learned in zip(example.values, decoded, coded, strict=True):
        if not np.isclose(truth, answer, rtol=1e-6, atol=1e-9):
            raise FailedCheck(f"it makes {learned:g} of {truth:g}, and {answer:g} of that again")


def _check_order(values: list[Any], decoded: list[Any], groups: NDArray[Any] | None) -> None:
    """Of two rows of a group, the better one must get the larger prediction."""
    group = np.zeros(len(values)) if groups is None else groups
    for one, other in combinations(range(len(values)), 2):
        truth, answer = values[one] - values[other], decoded[one] - decoded[other]
        if group[one] == group[other] and np.sign(truth) != np.sign(answer):
            raise FailedCheck(
                f"it puts {values[one]:g} and {values[other]:g} into another order: it answers "
                f"{decoded[one]:g} and {decoded[other]:g}"
            )


def _check_objectives(harness: PluginHarness) -> None:
    needs = harness.described.part().needs
    if problem := objectives_problem(needs):
        raise FailedCheck(problem)
    if needs.is_order and not harness.described.facts.get("default_metric"):
        raise FailedCheck("it answers with an order and names no default_metric: Litmus has none of that")


def _check_learning(harness: PluginHarness) -> None:
    """Check that encoded targets suit the loss, and that weights are valid."""
    _check_objectives(harness)
    example = harness.results["example"]
    if example.rows is None:
        return
    codes = np.asarray(_call(harness, "encode", example.values, example), dtype=np.float64)
    if harness.described.part().needs.loss == "poisson" and not (codes >= 0).all():
        raise FailedCheck(f"encode returned {codes.min():g}, and the loss poisson is of numbers from 0")
    values = np.asarray(example.values, dtype=np.float64)
    fitted = harness.results["fitted"]
    weights = harness.proxy.call("weigh", values, example.rows, fitted=fitted, may_lack=True)
    if weights is not None:
        counts = np.asarray(weights, dtype=np.float64)
        if counts.shape != codes.shape or not np.isfinite(counts).all() or (counts < 0).any():
            raise FailedCheck(f"weigh did not return a number from 0 for each of {len(codes)} rows")


def _check_accepts_example(harness: PluginHarness) -> None:
    example = harness.results["example"]
    if example.rows is None:
        return
    values = np.asarray(example.values, dtype=np.float64)
    fitted = harness.results["fitted"]
    problem = harness.proxy.call("check", values, example.rows, fitted=fitted, may_lack=True)
    if problem is not None and not isinstance(problem, str):
        raise FailedCheck(f"check returned {type(problem).__name__}, not a sentence")
    if problem:
        raise FailedCheck(f"check refuses its own example: {problem.rstrip('.')}")


def _plain_values(values: Any) -> list[Any]:
    return [value.item() if hasattr(value, "item") else value for value in values]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        return bool(np.isclose(one, other, rtol=1e-9, atol=1e-12))
    return bool(one == other)


TASK_TYPE_CHECKS = (
    ConformanceCheck("encodes and decodes", _check_encoding, first=True),
    ConformanceCheck("each value on its own", _check_single_values),
    ConformanceCheck("gives the truth back", _check_round_trip),
    ConformanceCheck("suits its loss", _check_learning),
    ConformanceCheck("takes its example", _check_accepts_example),
)
