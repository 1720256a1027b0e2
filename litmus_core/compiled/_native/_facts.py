"""Structs of ``rows.c``."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

import numpy as np

from litmus_core.errors import BundleError

Array = np.ndarray[Any, Any]


_INCOMPLETE = "The compiled model's files are incomplete: something in them {}."
_HINT = "Copy it again from where it was exported, or export the model again."


def check_within(values: Any, stop: int, *, start: int = 0) -> None:
    """Raise BundleError unless all values are in [``start``, ``stop``): machine code does not check."""
    array = np.asarray(values)
    if array.size and not start <= array.min() <= array.max() < stop:
        raise BundleError(_INCOMPLETE.format("leads nowhere"), hint=_HINT)


def field(values: Any, dtype: Any, *shape: int) -> Array:
    """Return an array as a struct's field; raises BundleError for another shape."""
    array = np.asarray(values)
    if array.shape != shape and not (array.size == 0 and 0 in shape):
        raise BundleError(_INCOMPLETE.format("has another shape than its model needs"), hint=_HINT)
    return np.ascontiguousarray(array, dtype=dtype)


class NativeFacts:
    """A struct of numbers and addresses, eight bytes each, in the order given.

    An array is passed as the address of its values, a list as that of its arrays' addresses, None as no
    address. The data pointed to lives as long as this object.
    """

    def __init__(self, *fields: Any) -> None:
        self._kept: list[Any] = []
        kinds = "".join("d" if isinstance(facts, float) else "q" for facts in fields)
        self._bytes = ctypes.create_string_buffer(struct.pack(kinds, *map(self._value, fields)))
        self.address = ctypes.addressof(self._bytes)

    def _value(self, field: Any) -> int | float:
        if field is None:
            return 0
        if isinstance(field, (int, float)):
            return field
        if isinstance(field, NativeFacts):
            self._kept.append(field)
            return field.address
        if not isinstance(field, np.ndarray):
            field = np.array([self._value(fact) for fact in field], dtype=np.int64)
        self._kept.append(field)
        where: int = field.ctypes.data
        return where
