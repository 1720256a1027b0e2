"""A plan's steps in ONNX operators, rounded to float32 where AutoGluon rounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from litmus_core.compiled import PlanStep
from litmus_core.engine._compile.candidate import CandidateParts
from litmus_core.engine._compile.trees import TreeMember
from litmus_core.engine._families.registry import onnx_steps
from litmus_core.engine._onnx import _trees, dense
from litmus_core.engine._onnx.columns import OnnxColumns
from litmus_core.engine._onnx.writer import OnnxWriter
from litmus_core.errors import NotCompilableError

_NEAR = 1e-7  # probabilities closer to 0 or 1 are moved away from it
_LEAST = 1e-300  # replaces a probability of 0, which has no logarithm


def answer(writer: OnnxWriter, parts: CandidateParts, columns: OnnxColumns) -> str:
    """Return the last step's output: (n, k) doubles, one column for two classes or for values."""
    last = ""
    for step in parts.plan.steps:
        write = _COLUMN_STEPS.get(step.kind) or onnx_steps().get(step.kind)
        if isinstance(write, str):
            raise NotCompilableError(write)
        if write is not None:
            last, width = write(writer, step, columns)
        elif step.kind == "tree":
            last, width = _of_trees(writer, parts.trees[step.id], columns)
        else:
            operands = [columns.step_outputs[name] for name in step.of]
            width = operands[0][1]
            last = _KINDS[step.kind](writer, step, [name for name, _ in operands], width)
        columns.step_outputs[step.id] = last, width
    return last


def _of_trees(writer: OnnxWriter, member: TreeMember, columns: OnnxColumns) -> tuple[str, int]:
    values = _trees.margins(writer, member, columns)
    if member.link == "sigmoid":
        values = dense.share(writer, values)
    elif member.link == "softmax":
        values = dense.softmax(writer, values)
    elif member.link == "exp":
        values = writer.op("Exp", values)
    last, width = writer.single(values), member.n_outputs
    if member.off_edges:
        last = _clip_probabilities(writer, last, width)
    if member.temperature is not None:
        last = _scale_by_temperature(writer, last, width, float(member.temperature))
    return last, width


def _mean(writer: OnnxWriter, step: PlanStep, operands: Sequence[str], width: int) -> str:
    total = writer.op("Div", _sum(writer, operands), writer.constant(float(len(operands))))
    return writer.single(total)


def _weighted(writer: OnnxWriter, step: PlanStep, operands: Sequence[str], width: int) -> str:
    weights = np.asarray(step.arrays["weights"], dtype=np.float64).tolist()
    parts = [
        writer.op("Mul", operand, writer.constant(weight))
        for operand, weight in zip(operands, weights, strict=True)
    ]
    return writer.single(_sum(writer, parts))


def _sum(writer: OnnxWriter, parts: Sequence[str]) -> str:
    total = parts[0]
    for part in parts[1:]:
        total = writer.op("Add", total, part)
    return total


def _clip_probabilities(writer: OnnxWriter, operand: str, width: int) -> str:
    """Return probabilities moved slightly away from 0 and 1."""
    near = writer.constant(_NEAR)
    if width > 1:
        low = writer.op("ReduceMin", operand, axes=[1], keepdims=1)
        moved = writer.op("Sub", operand, writer.op("Min", low, writer.constant(0.0)))
        moved = writer.op("Max", moved, near)
        moved = writer.op(
            "Div", moved, writer.op("ReduceSum", moved, writer.integer_constant([1]), keepdims=1)
        )
        return writer.single(writer.op("Where", writer.op("Less", low, near), moved, operand))
    far = writer.constant(1.0 - _NEAR)
    above = writer.op("Sub", writer.constant(1.0), _damp(writer, writer.op("Sub", operand, far)))
    below = _damp(writer, writer.op("Sub", near, operand))
    moved = writer.op("Where", writer.op("Greater", operand, far), above, operand)
    return writer.single(writer.op("Where", writer.op("Less", operand, near), below, moved))


def _damp(writer: OnnxWriter, beyond: str) -> str:
    return writer.op("Mul", writer.constant(_NEAR), writer.op("Exp", writer.op("Neg", beyond)))


def _scale_by_temperature(writer: OnnxWriter, operand: str, width: int, temperature: float) -> str:
    """Return probabilities whose logarithms are divided by ``temperature``."""
    both = (
        operand
        if width > 1
        else writer.concatenate([writer.op("Sub", writer.constant(1.0), operand), operand])
    )
    logarithm = writer.op("Log", writer.op("Max", both, writer.constant(_LEAST)))
    cooled = writer.op("Div", logarithm, writer.constant(float(np.float32(temperature))))
    raised = writer.single(dense.softmax(writer, cooled))
    return raised if width > 1 else writer.column(raised, 1)


_COLUMN_STEPS = {"dense": dense.write_columns}  # steps that read columns, in any family
_KINDS: dict[str, Callable[[OnnxWriter, PlanStep, Sequence[str], int], str]] = {
    "mean": _mean,
    "weighted": _weighted,
    "off_edges": lambda writer, step, operands, width: _clip_probabilities(writer, operands[0], width),
    "temperature": lambda writer, step, operands, width: _scale_by_temperature(
        writer, operands[0], width, step.settings["temperature"]
    ),
}
