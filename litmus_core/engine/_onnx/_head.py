"""The graph's outputs, from a model's output: labels and probabilities, or values."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from litmus_core.engine._onnx.writer import Array, OnnxWriter
from litmus_core.runtime import ModelInfo, label_text
from litmus_core.task_types import get_task_type

LABEL, PROBABILITIES, VALUE = "label", "probabilities", "value"


def outputs(writer: OnnxWriter, answer: str, info: ModelInfo, *, names: Collection[str]) -> list[Any]:
    """Write the outputs and return their descriptions; no name is in ``names``.

    ``label`` (n,) and ``probabilities`` (n, k) doubles in the classes' order, or ``value`` (n,) doubles.
    """
    from onnx import TensorProto, helper

    task_type = get_task_type(info.problem_type)
    if not task_type.has_classes:
        name = _unique_name(VALUE, names)
        writer.op("Reshape", answer, writer.integer_constant([-1]), to=name)
        return [helper.make_tensor_value_info(name, TensorProto.DOUBLE, [None])]
    label, probabilities = _unique_name(LABEL, names), _unique_name(PROBABILITIES, names)
    if task_type.has_threshold:
        place = _of_two(writer, answer, info, probabilities)
    else:
        total = writer.op("ReduceSum", answer, writer.integer_constant([1]), keepdims=1)
        shares = writer.op("Div", answer, total, to=probabilities)
        place = _of_many(writer, shares, info)
    labels = _labels(info)
    writer.op("Gather", writer.constant(labels, labels.dtype), place, to=label)
    kind = helper.np_dtype_to_tensor_dtype(labels.dtype)
    return [
        helper.make_tensor_value_info(label, kind, [None]),
        helper.make_tensor_value_info(probabilities, TensorProto.DOUBLE, [None, len(info.classes)]),
    ]


def _of_many(writer: OnnxWriter, shares: str, info: ModelInfo) -> str:
    """Return (n,) the index of the likeliest class; with costs, of the cheapest expected one."""
    if not info.costs:
        return writer.op("ArgMax", shares, axis=1, keepdims=0)
    expected = writer.op("MatMul", shares, writer.constant(np.array(info.costs)))
    return writer.op("ArgMin", expected, axis=1, keepdims=0)


def _of_two(writer: OnnxWriter, second: str, info: ModelInfo, to: str) -> str:
    """Write both probabilities; return (n,) the index of the class that the threshold chooses."""
    one = writer.constant(1.0)
    positive = info.positive_index
    first = writer.op("Sub", one, second)
    chosen, other = (second, first) if positive == 1 else (first, writer.op("Sub", one, first))
    writer.op("Concat", *((other, chosen) if positive == 1 else (chosen, other)), to=to, axis=1)
    bound = writer.constant(0.5 if info.threshold is None else info.threshold)
    reached = writer.op("GreaterOrEqual", writer.flat(chosen), bound)
    return writer.op(
        "Where", reached, writer.integer_constant(positive), writer.integer_constant(1 - positive)
    )


def _labels(info: ModelInfo) -> Array:
    """Return the classes in their own type; labels of several types as texts."""
    kinds = {type(label) for label in info.classes}
    for kind, dtype in ((bool, np.bool_), (int, np.int64), (float, np.float64)):
        if kinds == {kind}:
            return np.array(info.classes, dtype=dtype)
    return np.array([label_text(label) for label in info.classes], dtype=object)


def _unique_name(name: str, names: Collection[str]) -> str:
    while name in names:
        name += "'"
    return name
