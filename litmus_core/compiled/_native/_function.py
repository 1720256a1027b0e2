"""Functions of ``rows.c``, called with rows of features."""

from __future__ import annotations

import ctypes
import struct
import threading
from typing import Any

import numpy as np

from litmus_core.compiled._native._facts import Array, NativeFacts
from litmus_core.compiled._native._library import libraries
from litmus_core.frame import Features

_FEW = 8  # for so few rows Python's lock is kept: releasing it takes longer
_pack_rows = struct.Struct("8q").pack
_DOUBLE, _BYTE, _CODE = np.dtype(np.float64), np.dtype(np.uint8), np.dtype(np.int32)
_first_byte: Any = ctypes.c_char.from_buffer
_address = ctypes.addressof


class Function:
    """Compute (n, n_outputs) from ``facts``, n rows of features and (n, n_answers) further doubles.

    ``n_scratch`` is the number of eight-byte values it needs as work space; ``reads`` how many numbers, 0/1
    inputs and categories the features must have.
    """

    def __init__(
        self,
        calls: tuple[Any, Any],
        facts: NativeFacts,
        *,
        n_outputs: int,
        n_scratch: int,
        dtype: Any,
        reads: tuple[int, int, int],
        n_answers: int = 0,
    ) -> None:
        self._few, self._many = calls
        self._facts, self._where = facts, facts.address
        self._n_outputs, self._n_scratch, self._dtype = n_outputs, n_scratch, dtype
        self._n_numbers, self._n_tokens, self._n_categories = reads
        self._n_answers = n_answers
        self._own = threading.local()

    def __call__(self, features: Features, predictions: Array | None = None) -> Array:
        """Return a new array."""
        numbers, tokens, categories = features.numbers, features.tokens, features.categories
        (n_rows, n_numbers), (n_tokens_rows, n_tokens) = numbers.shape, tokens.shape
        n_codes_rows, n_categories = categories.shape
        if n_numbers < self._n_numbers or n_tokens < self._n_tokens or n_categories < self._n_categories:
            raise IndexError("the features have fewer columns than the model reads")
        n_answered, n_outputs = (n_rows, 0) if predictions is None else predictions.shape
        if n_outputs != self._n_answers:
            raise IndexError("the earlier predictions have another number of columns than the model reads")
        if not n_rows == n_tokens_rows == n_codes_rows == n_answered:
            raise IndexError(
                "the features' blocks and the earlier predictions differ in their number of rows"
            )
        if numbers.dtype != _DOUBLE or tokens.dtype != _BYTE or categories.dtype != _CODE:
            return self(_copy_features(features), predictions)
        out = np.empty((n_rows, self._n_outputs), dtype=self._dtype)
        try:
            rows = _pack_rows(
                n_rows,
                n_numbers,
                n_tokens,
                n_categories,
                _address(_first_byte(numbers)) if n_numbers else 0,
                _address(_first_byte(tokens)) if n_tokens else 0,
                _address(_first_byte(categories)) if n_categories else 0,
                0 if predictions is None else _address(_first_byte(predictions)),
            )
        except TypeError:  # not contiguous, or read-only
            return self(_copy_features(features), None if predictions is None else predictions.copy())
        call = self._few if n_rows <= _FEW else self._many
        call(self._where, rows, self._scratch(), _address(_first_byte(out)))
        return out

    def _scratch(self) -> int:
        """Return the address of this thread's work space."""
        try:
            where: int = self._own.where
        except AttributeError:
            scratch = np.empty(self._n_scratch)
            where = scratch.ctypes.data
            self._own.room, self._own.where = scratch, where
        return where


def function(name: str, facts: NativeFacts, **sizes: Any) -> Function | None:
    """Return the function called ``name`` with :class:`Function`'s ``sizes``; None without a build."""
    pair = libraries()
    if pair is None:
        return None
    calls = pair[0][name], pair[1][name]
    for call in calls:
        call.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p]
        call.restype = None
    return Function(calls, facts, **sizes)


def _copy_features(features: Features) -> Features:
    return Features(
        np.array(features.numbers, dtype=_DOUBLE, order="C"),
        np.array(features.tokens, dtype=_BYTE, order="C"),
        np.array(features.categories, dtype=_CODE, order="C"),
    )
