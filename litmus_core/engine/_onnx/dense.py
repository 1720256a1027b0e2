"""Linear models and networks: columns times weights, layers, a link; all in doubles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from litmus_core.compiled import PlanStep, Source
from litmus_core.engine._onnx._normal_deviates import deviates
from litmus_core.engine._onnx.columns import OnnxColumns
from litmus_core.engine._onnx.writer import Array, OnnxWriter

_Arrays = Mapping[str, Array]


def write_columns(writer: OnnxWriter, step: PlanStep, columns: OnnxColumns) -> tuple[str, int]:
    """Write a step that reads columns; return its output and the output's width.

    Texts that it reads are recorded as unsupported by ONNX.
    """
    for vocabulary in step.settings.get("vocabularies", ()):
        columns.refuse_text(vocabulary["text"])
    link = step.settings["link"]
    values = linked(writer, margins(writer, step, columns), link)
    return writer.single(values), len(step.arrays["offset"]) if link["kind"] == "softmax" else 1


def margins(writer: OnnxWriter, step: PlanStep, columns: OnnxColumns) -> str:
    """Return (n, h) doubles: the step's sum before its link."""
    values = _first(writer, step, columns)
    activate = _ACTIVATIONS[step.settings.get("activation", "identity")]
    for place in range(step.settings.get("n_layers", 0)):
        weights, offset = step.arrays[f"weights{place}"], step.arrays[f"offset{place}"]
        values = writer.op("MatMul", activate(writer, values), writer.constant(weights))
        values = writer.op("Add", values, writer.constant(offset[np.newaxis]))
    return values


def linked(writer: OnnxWriter, values: str, settings: Mapping[str, Any]) -> str:
    """Return the link's output for (n, k) doubles; see :func:`compiled._links.link_of`."""
    return _LINKS[settings["kind"]](writer, values, settings.get("low", 0.0), settings.get("high", 0.0))


def share(writer: OnnxWriter, values: str) -> str:
    """Return the logistic of doubles."""
    raised = writer.op("Exp", writer.op("Neg", values))
    one = writer.constant(1.0)
    return writer.op("Div", one, writer.op("Add", one, raised))


def softmax(writer: OnnxWriter, values: str) -> str:
    """Return the softmax of (n, k) doubles."""
    return writer.op("Softmax", values, axis=1)


def _first(writer: OnnxWriter, step: PlanStep, columns: OnnxColumns) -> str:
    offset = writer.constant(step.arrays["offset"][np.newaxis])
    total = ""
    for part, add in _PARTS.items():
        if step.settings.get(part):
            sources = [(block, place) for block, place in step.settings[part]]
            arrays = {
                name.split(".", 1)[1]: array
                for name, array in step.arrays.items()
                if name.startswith(f"{part}.")
            }
            layer = add(writer, sources, arrays, columns)
            total = writer.op("Add", total, layer) if total else layer
    if not total:
        total = writer.op("Mul", columns.zeros(), writer.constant(0.0))
    return writer.op("Add", total, offset)


def _numbers(writer: OnnxWriter, sources: Sequence[Source], arrays: _Arrays, columns: OnnxColumns) -> str:
    values = writer.op("Sub", columns.doubles(sources), writer.constant(arrays["center"][np.newaxis]))
    fill = writer.constant(arrays["fill"][np.newaxis])
    values = writer.op("Where", writer.op("IsNaN", values), fill, values)
    if "limit" in arrays:
        limit = arrays["limit"][np.newaxis]
        values = writer.op("Max", values, writer.constant(-limit))
        values = writer.op("Min", values, writer.constant(limit))
    return writer.op("MatMul", values, writer.constant(arrays["weights"]))


def _skewed(writer: OnnxWriter, sources: Sequence[Source], arrays: _Arrays, columns: OnnxColumns) -> str:
    values = deviates(writer, columns.doubles(sources), arrays)
    return writer.op("MatMul", values, writer.constant(arrays["weights"]))


def _values(writer: OnnxWriter, sources: Sequence[Source], arrays: _Arrays, columns: OnnxColumns) -> str:
    same = writer.op("Equal", columns.doubles(sources), writer.constant(arrays["values"][np.newaxis]))
    return writer.op("MatMul", writer.double(same), writer.constant(arrays["weights"]))


def _tokens(writer: OnnxWriter, sources: Sequence[Source], arrays: _Arrays, columns: OnnxColumns) -> str:
    return writer.op("MatMul", columns.doubles(sources), writer.constant(arrays["weights"]))


def _categories(writer: OnnxWriter, sources: Sequence[Source], arrays: _Arrays, columns: OnnxColumns) -> str:
    code = writer.concatenate([columns.codes(source) for source in sources])
    place = writer.op("Add", code, writer.integer_constant(arrays["start"][np.newaxis]))
    level = writer.op("Gather", writer.integer_constant(arrays["level"]), place)
    rows = writer.op("Gather", writer.constant(arrays["table"]), level, axis=0)
    return writer.op("ReduceSum", rows, writer.integer_constant([1]), keepdims=0)


def _elu(writer: OnnxWriter, values: str) -> str:
    zero, one = writer.constant(0.0), writer.constant(1.0)
    low = writer.op("Sub", writer.op("Exp", writer.op("Min", values, zero)), one)
    return writer.op("Where", writer.op("Greater", values, zero), values, low)


def _between(writer: OnnxWriter, values: str, low: float, high: float) -> str:
    span = writer.op("Mul", share(writer, values), writer.constant(high - low))
    return writer.op("Add", span, writer.constant(low))


def _clipped(writer: OnnxWriter, values: str, low: float, high: float) -> str:
    return writer.op("Min", writer.op("Max", values, writer.constant(low)), writer.constant(high))


def _above(writer: OnnxWriter, values: str, low: float, high: float) -> str:
    return writer.op("Add", writer.constant(low), writer.op("Abs", values))


def _below(writer: OnnxWriter, values: str, low: float, high: float) -> str:
    return writer.op("Sub", writer.constant(high), writer.op("Abs", values))


_PARTS: dict[str, Callable[[OnnxWriter, Sequence[Source], _Arrays, OnnxColumns], str]] = {
    "number": _numbers,
    "skewed": _skewed,
    "value": _values,
    "token": _tokens,
    "category": _categories,
}
_ACTIVATIONS: dict[str, Callable[[OnnxWriter, str], str]] = {
    "relu": lambda writer, values: writer.op("Max", values, writer.constant(0.0)),
    "elu": _elu,
    "tanh": lambda writer, values: writer.op("Tanh", values),
    "identity": lambda writer, values: values,
}
_LINKS: dict[str, Callable[[OnnxWriter, str, float, float], str]] = {
    "identity": lambda writer, values, low, high: values,
    "logistic": lambda writer, values, low, high: share(writer, values),
    "softmax": lambda writer, values, low, high: softmax(writer, values),
    "clipped": _clipped,
    "between": _between,
    "above": _above,
    "below": _below,
}
