"""``algorithm=`` as runs: what is trained in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.experiments._algorithm_text import parse_algorithm
from litmus_core.experiments._asked import AlgorithmSpec, reference_of, value_code
from litmus_core.types import Algorithm


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One run's algorithms: cards as they are, and those with hyperparameters or of one's own."""

    title: str = ""
    cards: tuple[str, ...] = ()
    algorithms: tuple[Algorithm, ...] = ()


def read_entries(algorithm: Any) -> tuple[Entry, ...]:
    """Return an entry for each run; raises UsageError for what is no algorithm.

    >>> [entry.cards for entry in read_entries(["linear", ["lightgbm", "catboost"]])]
    [('linear',), ('lightgbm', 'catboost')]
    """
    if algorithm is None:
        return (Entry(),)
    entries = algorithm if isinstance(algorithm, list | tuple) else [algorithm]
    if not entries:
        raise UsageError("No algorithm is named.", hint="Name one, or leave it out: Litmus chooses.")
    return tuple(_entry(each if isinstance(each, list | tuple) else [each]) for each in entries)


def _entry(together: Any) -> Entry:
    if not together:
        raise UsageError("A run without an algorithm cannot be meant.", hint="Name one in each list.")
    specs = [_spec(each) for each in together]
    cards, algorithms = [], []
    for spec in specs:
        reference = reference_of(spec.name)
        if spec.hyperparameters or ":" in reference:
            algorithms.append(spec.algorithm())
        else:
            cards.append(reference)
    return Entry(
        title=" + ".join(map(_title, specs)), cards=tuple(dict.fromkeys(cards)), algorithms=tuple(algorithms)
    )


def _spec(asked: Any) -> AlgorithmSpec:
    if isinstance(asked, AlgorithmSpec):
        return asked
    if isinstance(asked, str):
        return parse_algorithm(asked)
    if isinstance(asked, type):
        return AlgorithmSpec(asked)
    raise UsageError(
        f"{asked!r} is no algorithm.",
        hint='Give a name such as "lightgbm", an Algorithm("lightgbm", …), or a class of your own.',
    )


def _title(spec: AlgorithmSpec) -> str:
    short = reference_of(spec.name).rpartition(":")[2]
    told = ", ".join(f"{name}={value_code(value)}" for name, value in spec.hyperparameters.items())
    return f"{short} ({told})" if told else short
