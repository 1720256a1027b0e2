"""The feature graph's operations in ONNX operators; others cannot be expressed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from litmus_core.engine._onnx._input import MISSING_MOMENT, MISSING_TEXT
from litmus_core.engine._onnx._search import places
from litmus_core.engine._onnx.writer import ML, OnnxWriter
from litmus_core.frame import category_codes

_US_PER_DAY, _US_PER_HOUR, _US_PER_MINUTE = 86_400_000_000, 3_600_000_000, 60_000_000
_DAYS_TO_1970 = 719_468  # from 0000-03-01: years that start in March have their leap day at the end
_DAYS_PER_ERA = 146_097  # of 400 years


def _binary(kind: str, writer: OnnxWriter, left: str, right: str) -> str:
    return writer.op(kind, left, right)


def _constant(writer: OnnxWriter, *, value: float) -> str:
    return writer.constant(float(value))


def _bound(writer: OnnxWriter, x: str, *, limit: float, low: float, high: float) -> str:
    size = writer.op("Abs", x)
    positive = writer.op("Greater", x, writer.constant(0.0))

    def either(above: float, below: float) -> str:
        return writer.op("Where", positive, writer.constant(above), writer.constant(below))

    huge = writer.op("Greater", size, writer.constant(limit))
    infinite = writer.op("Equal", size, writer.constant(np.inf))
    within = writer.op("Where", huge, either(limit, -limit), x)
    return writer.op("Where", infinite, either(high, low), within)


def _code(writer: OnnxWriter, texts: str, *, vocabulary: Sequence[str]) -> str:
    """Return positions in the vocabulary; its length if not there, one more if missing."""
    codes = {**category_codes(vocabulary), MISSING_TEXT: len(vocabulary) + 1}
    return writer.op(
        "LabelEncoder",
        texts,
        domain=ML,
        keys_strings=list(codes),
        values_int64s=list(codes.values()),
        default_int64=len(vocabulary),
    )


def _code_of_number(writer: OnnxWriter, x: str, *, vocabulary: Sequence[str]) -> str:
    """Return the same as :func:`_code`, for a column stored as numbers."""
    n_words = len(vocabulary)
    keys = np.array([float(word) for word in vocabulary])
    order = np.argsort(keys)
    token = writer.integer_constant(n_words)
    if n_words:
        place = places(writer, x, [keys[order]], beyond_equal=False)
        place = writer.op("Min", place, writer.integer_constant(n_words - 1))
        same = writer.op("Equal", writer.op("Gather", writer.constant(keys[order]), place), x)
        token = writer.op("Where", same, writer.op("Gather", writer.integer_constant(order), place), token)
    return writer.op("Where", writer.op("IsNaN", x), writer.integer_constant(n_words + 1), token)


def code(writer: OnnxWriter, raw: str, *, vocabulary: Sequence[str], numeric: bool) -> str:
    """Return the codes of a category, whose raw column holds numbers or texts."""
    return (_code_of_number if numeric else _code)(writer, raw, vocabulary=vocabulary)


def _moment(part: Callable[[OnnxWriter, str], str]) -> Callable[..., str]:
    """Return an operation from a moment (microseconds since 1970) to a number, NaN if it is missing."""

    def write(writer: OnnxWriter, when: str) -> str:
        missing = writer.op("Equal", when, writer.integer_constant(MISSING_MOMENT))
        position = writer.op("Where", missing, writer.integer_constant(0), when)
        return writer.op("Where", missing, writer.constant(np.nan), part(writer, position))

    return write


def _rest(writer: OnnxWriter, x: str, size: int) -> str:
    return writer.op("Mod", x, writer.integer_constant(size))


def _floor_divide(writer: OnnxWriter, x: str, size: int) -> str:
    """Return the floor of x divided by ``size``, also below 0."""
    return writer.op("Div", writer.op("Sub", x, _rest(writer, x, size)), writer.integer_constant(size))


def _days(writer: OnnxWriter, when: str) -> str:
    return writer.op("Div", writer.double(when), writer.constant(float(_US_PER_DAY)))


def _weekday(writer: OnnxWriter, when: str) -> str:
    day = writer.op("Add", _floor_divide(writer, when, _US_PER_DAY), writer.integer_constant(3))
    return writer.double(_rest(writer, day, 7))


def _clock(unit: int, writer: OnnxWriter, when: str) -> str:
    return writer.double(writer.op("Div", _rest(writer, when, _US_PER_DAY), writer.integer_constant(unit)))


def _calendar(part: str, writer: OnnxWriter, when: str) -> str:
    """Return the Gregorian year, month or day, computed in years that start in March."""

    def into(x: str, size: int) -> str:
        return writer.op("Div", x, writer.integer_constant(size))

    def times(x: str, n: int) -> str:
        return writer.op("Mul", x, writer.integer_constant(n))

    def less(x: str, *parts: str) -> str:
        for part in parts:
            x = writer.op("Sub", x, part)
        return x

    def more(x: str, *parts: str) -> str:
        for part in parts:
            x = writer.op("Add", x, part)
        return x

    day = more(_floor_divide(writer, when, _US_PER_DAY), writer.integer_constant(_DAYS_TO_1970))
    of_era = _rest(writer, day, _DAYS_PER_ERA)
    leaps = less(more(of_era, into(of_era, 36_524)), into(of_era, 1_460), into(of_era, 146_096))
    year = into(leaps, 365)
    of_year = less(of_era, more(times(year, 365), less(into(year, 4), into(year, 100))))
    month = into(more(times(of_year, 5), writer.integer_constant(2)), 153)  # March is 0
    is_late = writer.op("Greater", month, writer.integer_constant(9))
    if part == "day":
        before = into(more(times(month, 153), writer.integer_constant(2)), 5)
        return writer.double(more(less(of_year, before), writer.integer_constant(1)))
    if part == "month":
        shift = writer.op("Where", is_late, writer.integer_constant(-9), writer.integer_constant(3))
        return writer.double(more(month, shift))
    era = times(_floor_divide(writer, day, _DAYS_PER_ERA), 400)
    return writer.double(more(year, era, writer.integer(is_late)))


OPERATIONS: dict[str, Callable[..., str]] = {
    "constant": _constant,
    "add": partial(_binary, "Add"),
    "subtract": partial(_binary, "Sub"),
    "multiply": partial(_binary, "Mul"),
    "divide": partial(_binary, "Div"),
    "bound": _bound,
    "days": _moment(_days),
    "year": _moment(partial(_calendar, "year")),
    "month": _moment(partial(_calendar, "month")),
    "day": _moment(partial(_calendar, "day")),
    "weekday": _moment(_weekday),
    "hour": _moment(partial(_clock, _US_PER_HOUR)),
    "minute of day": _moment(partial(_clock, _US_PER_MINUTE)),
}
