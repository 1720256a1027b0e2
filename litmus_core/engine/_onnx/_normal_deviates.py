"""Quantiles to normal deviates; the inverse of the normal distribution is Wichura's AS 241."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from litmus_core.engine._onnx._search import places
from litmus_core.engine._onnx.writer import Array, OnnxWriter

_EDGE = 1e-7 - float(np.spacing(1.0))  # no share is closer to 0 or 1
_NEAR = 1e-7
_CENTRE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
_SIDE = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966,
     0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip


def deviates(writer: OnnxWriter, values: str, arrays: Mapping[str, Array]) -> str:
    """Return (n, p) normal deviates of doubles.

    ``arrays`` are those of :class:`compiled._columns.SkewedColumns`.
    """
    start = arrays["start"].astype(np.int64)
    parts = list(zip(start[:-1].tolist(), start[1:].tolist(), strict=True))
    knots = arrays["knots"].astype(np.float64)
    lists = [knots[begin:end] for begin, end in parts]
    fill = writer.constant(arrays["fill"].astype(np.float64)[np.newaxis])
    values = writer.op("Where", writer.op("IsNaN", values), fill, values)
    place = places(writer, values, lists, beyond_equal=True)
    place = writer.op("Max", writer.op("Sub", place, writer.integer_constant(1)), writer.integer_constant(0))
    place = writer.op("Add", place, writer.integer_constant(start[np.newaxis, :-1]))

    def at(name: str) -> str:
        return writer.op("Gather", writer.constant(arrays[name]), place)

    past = writer.op("Sub", values, at("knots"))
    right = writer.op("Add", at("after"), writer.op("Mul", at("slope"), past))
    share = writer.op("Where", writer.op("Equal", past, writer.constant(0.0)), at("at"), right)
    share = writer.op("Clip", share, writer.constant(_EDGE), writer.constant(1.0 - _EDGE))
    return _clipped_deviates(writer, values, share, lists)


def _clipped_deviates(writer: OnnxWriter, values: str, share: str, lists: Sequence[Array]) -> str:
    """Return deviates of shares; values beyond a list, or nearly, get those of its ends."""
    low = writer.constant([[list_[0] for list_ in lists]])
    high = writer.constant([[list_[-1] for list_ in lists]])
    below = writer.op("Less", writer.op("Sub", values, writer.constant(_NEAR)), low)
    above = writer.op("Greater", writer.op("Add", values, writer.constant(_NEAR)), high)
    share = writer.op("Where", below, writer.constant(_EDGE), share)
    share = writer.op("Where", above, writer.constant(1.0 - _EDGE), share)
    return inverse(writer, share)


def inverse(writer: OnnxWriter, share: str) -> str:
    """Return the normal deviates of shares between 1e-7 and 1 - 1e-7 (less a rounding error)."""
    off = writer.op("Sub", share, writer.constant(0.5))
    inner = writer.op("Sub", writer.constant(0.180625), writer.op("Mul", off, off))
    centre = writer.op("Mul", off, _ratio(writer, inner, _CENTRE))
    tail = writer.op("Min", share, writer.op("Sub", writer.constant(1.0), share))
    root = writer.op("Sqrt", writer.op("Neg", writer.op("Log", tail)))
    far = _ratio(writer, writer.op("Sub", root, writer.constant(1.6)), _SIDE)
    side = writer.op("Where", writer.op("Less", off, writer.constant(0.0)), writer.op("Neg", far), far)
    near = writer.op("LessOrEqual", writer.op("Abs", off), writer.constant(0.425))
    return writer.op("Where", near, centre, side)


def _ratio(writer: OnnxWriter, x: str, terms: tuple[tuple[float, ...], tuple[float, ...]]) -> str:
    above, below = (_polynomial(writer, x, term) for term in terms)
    return writer.op("Div", above, below)


def _polynomial(writer: OnnxWriter, x: str, terms: Sequence[float]) -> str:
    total = writer.constant(terms[0])
    for term in terms[1:]:
        total = writer.op("Add", writer.op("Mul", total, x), writer.constant(term))
    return total
