"""Reader of outcomes that callers send: a label or a number, with an optional time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from litmus_core.errors import DataError
from litmus_core.frame import is_fixed, number_form, to_plain_format
from litmus_core.runtime import Label, ModelInfo, label_text

_CLOCK_TOLERANCE = timedelta(days=1)  # clocks and time zones differ between machines
_MOST_SHOWN = 60
_MOST_LABELS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutcome:
    """An outcome: ``value`` is a label's text or a number; ``at`` is its time (ISO 8601), if known."""

    value: str | float
    at: str | None = None


class OutcomeReader:
    """Reader of the outcomes of one model's target."""

    def __init__(self, info: ModelInfo) -> None:
        self.target, self._labels = info.target, [label_text(label) for label in info.classes]
        self._by_text = {label.strip().casefold(): label for label in reversed(self._labels)}
        self._by_number = _numbers(info.classes)
        column = info.target_column
        self._form = number_form(column.written_as) if column is not None and column.written_as else None
        # its numbers are plain when they are fixed
        self._fixed = None if column is None or not is_fixed(column) else replace(column, written_as="")

    def read(self, value: Any, at: Any = None, *, now: datetime) -> NewOutcome:
        """Return an outcome; raises DataError if it is invalid."""
        if hasattr(value, "item"):  # a NumPy scalar
            value = value.item()
        if value is None or (isinstance(value, str) and not value.strip()) or value != value:
            raise DataError(f"It has no value of '{self.target}'.", hint="Send it when it is known.")
        value = self._as_fixed(value)
        read = self._label(value) if self._labels else self._number(value)
        return NewOutcome(value=read, at=_time(at, now=now))

    def _as_fixed(self, value: Any) -> Any:
        """Return the value that fixes of the model's table put in its place; raises DataError for none."""
        if self._fixed is None:
            return value
        (fixed,) = to_plain_format([self._plain(value)], self._fixed)
        if fixed is None:
            raise DataError(
                f"{_shown(value)} is a missing '{self.target}', by a fix of the model's table.",
                hint="Send it when it is known.",
            )
        return fixed

    def _label(self, value: Any) -> str:
        if isinstance(value, str | int | float | bool):
            text = label_text(value).strip()
            if text in self._labels:
                return text
            label = self._by_text.get(text.casefold()) or self._by_number.get(_as_number(self._plain(text)))
            if label is not None:
                return label
        raise DataError(
            f"{_shown(value)} is not a label of '{self.target}'.", hint=f"It is {_choices(self._labels)}."
        )

    def _number(self, value: Any) -> float:
        number = None if isinstance(value, bool) else _as_number(self._plain(value))
        if number is None:
            raise DataError(f"{_shown(value)} is not a number, and '{self.target}' is one.")
        return number

    def _plain(self, value: Any) -> Any:
        """Return a number as plain text, where it is spelled as in the training file, such as 1.234,50."""
        return self._form.plain(value) if self._form is not None and isinstance(value, str) else value


def _numbers(labels: Sequence[Label]) -> dict[float | None, str]:
    pairs = ((_as_number(label_text(label)), label_text(label)) for label in labels)
    return {number: text for number, text in pairs if number is not None}


def _as_number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _time(at: Any, *, now: datetime) -> str | None:
    if at is None or at == "" or at != at:
        return None
    try:
        moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at).strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        is_later = moment > now + _CLOCK_TOLERANCE  # the last day of the calendar cannot be moved to UTC
        moment = moment if is_later else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise DataError(f"{_shown(at)} is not a time.", hint="Write it like 2024-12-31T18:30:00Z.") from None
    if is_later:
        raise DataError(f"{_shown(at)} lies in the future.", hint="An outcome is what has come true already.")
    return moment.isoformat(timespec="seconds")


def _choices(labels: Sequence[str]) -> str:
    shown = ", ".join(f"'{label}'" for label in labels[:_MOST_LABELS])
    return f"one of {shown}" + (
        f" and {len(labels) - _MOST_LABELS} more" if len(labels) > _MOST_LABELS else ""
    )


def _shown(value: Any) -> str:
    text = str(value)
    return f"'{text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + '…'}'"
