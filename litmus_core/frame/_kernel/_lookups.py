"""Operations that look up a whole text, and the tables that the machine reads."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from litmus_core.frame._kernel._bytes_ops import MISSING
from litmus_core.frame._kernel._word_ops import mark_of
from litmus_core.frame._layouts.regex_translation import has_lone_surrogate
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._values.category_codes import category_codes

_TYPES: Mapping[Dtype, Any] = {"code": np.int32, "flag": np.bool_}

MOST_TEXTS = 10_000  # in a table, which takes 2.5 us a text to build: Polars builds larger ones faster


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """An operation's result for each text, for all ``others``, and for a ``missing`` text.

    Numbers are doubles, flags and codes integers, always of 64 bits: the machine has no other width.
    """

    numbers: Mapping[str, float]
    others: float
    missing: float
    gives: Dtype

    def as_column(self, values: Any) -> Any:
        """Return the machine's (n,) int64 results as the columns layout has them."""
        return values.view(np.float64) if self.gives == "number" else values.astype(_TYPES[self.gives])

    def table(self, constants: bytearray) -> Any:
        """Return the table that :func:`looked_up` reads, and add the texts to the constants."""
        values_of = np.array(
            [self.others, self.missing, *self.numbers.values()],
            dtype=np.float64 if self.gives == "number" else np.int64,
        )
        values = values_of.view(np.int64).tolist()
        last = 7
        while last < 2 * len(self.numbers):
            last = 2 * last + 1
        table = [last, *values[:2], *[MISSING, 0, 0, 0] * (last + 1)]
        for text, value in zip(self.numbers, values[2:], strict=True):
            encoded = text.encode()
            mark, size = mark_of(encoded, 0, len(encoded)), len(encoded)  # type: ignore[arg-type]
            at = 3 + (mark >> 20 & last) * 4
            while table[at] != MISSING:
                at = 3 if at == 3 + last * 4 else at + 4
            table[at : at + 4] = size, mark, len(constants), value
            constants += encoded
        return np.array(table, dtype=np.int64)


def lookup_of(name: str, settings: Mapping[str, Any]) -> Lookup:
    """Return the lookup of an operation in LOOKUPS."""
    return _LOOKUPS[name](**settings)


def n_known(name: str, settings: Mapping[str, Any]) -> int:
    """Return how many texts an operation in LOOKUPS distinguishes."""
    values = next(iter(settings.values()))
    return 1 if name == "text equal" else len(values)


def _number(table: Sequence[tuple[Any, Any]], is_whole: bool = False) -> Lookup:
    del is_whole
    return _lookup(dict(table), others=math.nan, gives="number")


def _code(vocabulary: Sequence[str]) -> Lookup:
    n = len(vocabulary)
    return _lookup({**category_codes(vocabulary), None: n + 1}, others=n, gives="code")


def _is_in(values: Sequence[Any]) -> Lookup:
    return _lookup(dict.fromkeys(values, 1), others=0, gives="flag")


def _lookup(table: Mapping[Any, float], *, others: float, gives: Dtype) -> Lookup:
    numbers = {
        key: value for key, value in table.items() if isinstance(key, str) and not has_lone_surrogate(key)
    }
    return Lookup(numbers=numbers, others=others, missing=table.get(None, others), gives=gives)


_LOOKUPS: Mapping[str, Callable[..., Lookup]] = {
    "text to number": _number,
    "code": _code,
    "text is in": _is_in,
    "text equal": lambda value: _is_in([value]),
}
LOOKUPS = frozenset(_LOOKUPS)
