"""Write an ONNX graph operator by operator. Values are (n, columns) unless stated otherwise."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
ML = "ai.onnx.ml"
OPSET, ML_OPSET, IR_VERSION = 17, 3, 8  # older than what ONNX Runtime 1.19 reads
_SINGLE, _INTEGER, _DOUBLE = 1, 7, 11  # ONNX's numbers for types


class OnnxWriter:
    """Collects operators and constants; no value's name starts with one of ``taken``."""

    def __init__(self, names: Collection[str] = ()) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._known: dict[tuple[str, tuple[int, ...], bytes], str] = {}
        self._prefix = "/"
        while any(name.startswith(self._prefix) for name in names):
            self._prefix += "/"

    def op(self, kind: str, *inputs: str, domain: str = "", to: str | None = None, **settings: Any) -> str:
        """Add an operator with one output and return its name, ``to`` if given."""
        from onnx import helper

        name = to or f"{self._prefix}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], domain=domain, **settings))
        return name

    def constant(self, value: Any, dtype: Any = np.float64) -> str:
        """Return the name of a constant, which is written only once."""
        from onnx import numpy_helper

        array = np.ascontiguousarray(value, dtype=dtype) if np.ndim(value) else np.array(value, dtype=dtype)
        content = array.tobytes() if array.dtype != object else repr(array.tolist()).encode()
        key = (array.dtype.str, array.shape, content)
        if key not in self._known:
            self._known[key] = f"{self._prefix}c{len(self._known)}"
            self.constants.append(numpy_helper.from_array(array, self._known[key]))
        return self._known[key]

    def integer_constant(self, value: Any) -> str:
        """Return the name of an integer constant."""
        return self.constant(value, np.int64)

    def used(self, outputs: Collection[str]) -> tuple[list[Any], list[Any]]:
        """Return the operators and constants that ``outputs`` depend on."""
        needed, nodes = set(outputs), []
        for node in reversed(self.nodes):
            if needed.intersection(node.output):
                nodes.append(node)
                needed.update(node.input)
        return nodes[::-1], [constant for constant in self.constants if constant.name in needed]

    def double(self, name: str) -> str:
        """Return the values as doubles."""
        return self._cast(name, _DOUBLE)

    def single(self, name: str) -> str:
        """Return doubles rounded to float32, as doubles: the precision of AutoGluon's outputs."""
        return self._cast(self._cast(name, _SINGLE), _DOUBLE)

    def integer(self, name: str) -> str:
        """Return the values as 64-bit integers."""
        return self._cast(name, _INTEGER)

    def concatenate(self, parts: list[str]) -> str:
        """Return the columns of all ``parts``, concatenated."""
        return parts[0] if len(parts) == 1 else self.op("Concat", *parts, axis=1)

    def column(self, name: str, place: int) -> str:
        """Return one column as (n, 1)."""
        return self.op("Gather", name, self.integer_constant([place]), axis=1)

    def flat(self, name: str) -> str:
        """Return (n, 1) as (n,)."""
        return self.op("Reshape", name, self.integer_constant([-1]))

    def _cast(self, name: str, kind: int) -> str:
        from onnx import helper

        cast_name = f"{self._prefix}{len(self.nodes)}"
        self.nodes.append(helper.make_node("Cast", [name], [cast_name], to=kind))
        return cast_name
