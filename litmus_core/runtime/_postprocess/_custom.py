"""A custom step, run in this process: its inputs, and the checks of its outputs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import MissingExtraError, NoAnswerError, RowError
from litmus_core.frame import RawColumn, read_rows
from litmus_core.text import quote_names
from litmus_core.types import Column

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Array = NDArray[Any]
Rows: TypeAlias = "pd.DataFrame | dict[str, Array]"
# In the state of a custom task type, which converts numbers back and sees only its ``columns``.
DECODE = {"word": "decode"}
_SEARCH_S = 10.0  # to find the row at which code fails
_SUM = 1e-6  # allowed deviation of a row's probabilities from the sum 1


class CustomStep:
    """Calls an object of a custom class; ``open_object`` loads it at the first rows.

    ``content`` is the stored object, ``file`` its path in a bundle.
    """

    def __init__(
        self,
        reference: str,
        state: Mapping[str, Any],
        *,
        columns: Sequence[Column],
        content: bytes = b"",
        open_object: Callable[[], Any],
    ) -> None:
        self.reference, self.content = reference, content
        self._state, self._open = dict(state), open_object
        self._columns = tuple(column for column in columns if self._reads(column.name))

    @cached_property
    def _object(self) -> Any:
        return self._open()

    @cached_property
    def _readers(self) -> list[RawColumn]:
        return [RawColumn(column) for column in self._columns]

    def apply(self, predictions: Floats, rows: Any) -> Floats:
        """Return the object's result for the predictions; raises NoAnswerError, with the row, if it is
        invalid.
        """
        frame = self._rows(rows)
        began = time.monotonic()
        try:
            adjusted = self.call(predictions.copy(), frame)
        except NoAnswerError as error:
            is_quick = time.monotonic() - began < _SEARCH_S / 5
            row = self._first_failing_row(predictions, frame) if is_quick else None
            where = "" if row is None else f"; the first such row is {_row(row, predictions)}"
            raise self.with_place(error, where) from error
        return checked(adjusted, predictions, self.reference, hint=self.hint)

    def _rows(self, rows: Any) -> Rows | None:
        """Return the rows that the object gets; a task type gets only the columns that it reads, if any."""
        if not self.decodes:
            return custom_step_frame(self._readers, rows)
        return read_columns(self._readers, rows) if self._columns else None

    @property
    def hint(self) -> str:
        """The hint for code that fails at a row."""
        if self.decodes and self._columns:
            return f"Look at {quote_names(column.name for column in self._columns)} in these rows."
        if self.decodes:
            return (
                "A model may predict values outside the range it learned from: limit them in decode "
                "(np.clip)."
            )
        return "Look for unusual values in these rows, or ask who wrote it."

    def with_place(self, error: NoAnswerError, where: str) -> NoAnswerError:
        """Return ``error`` with its place ``where`` and a hint."""
        return NoAnswerError(f"{error.message.rstrip('.')}{where}.", hint=self.hint)

    def _first_failing_row(self, predictions: Floats, frame: Rows | None) -> int | None:
        """Return the first row at which the code fails alone; None if there is none or the search takes
        long."""
        low, high, end = 0, len(predictions), time.monotonic() + _SEARCH_S
        while high - low > 1 and time.monotonic() < end:
            middle = (low + high) // 2
            low, high = (low, middle) if self._fails(predictions, frame, low, middle) else (middle, high)
        return low if high - low == 1 and self._fails(predictions, frame, low, high) else None

    def _fails(self, predictions: Floats, frame: Rows | None, low: int, high: int) -> bool:
        try:
            self.call(predictions[low:high].copy(), _slice(frame, low, high))
        except NoAnswerError:
            return True
        return False

    @property
    def decodes(self) -> bool:
        """Whether the object is a task type that converts numbers back, and not a step."""
        return self._state.items() >= DECODE.items()

    def _reads(self, name: str) -> bool:
        return not self.decodes or name in self._state.get("columns", ())

    @property
    def method_name(self) -> str:
        """The name of the object's method."""
        return "decode" if self.decodes else "apply"

    def arguments(self, predictions: Floats, frame: Rows | None) -> tuple[Any, ...]:
        """Return the method's arguments; a task type that reads no columns gets no rows."""
        return (predictions,) if frame is None else (predictions, frame)

    def call(self, predictions: Floats, frame: Rows | None) -> Any:
        """Call the object; raises NoAnswerError for rows at which its code fails."""
        step_object = self._object
        try:
            return getattr(step_object, self.method_name)(*self.arguments(predictions, frame))
        except Exception as error:
            if self._columns and self.decodes and isinstance(error, ValueError):  # its message names the row
                raise NoAnswerError(f"{str(error).rstrip('.')}.") from error
            raise NoAnswerError(
                f"The step {self.reference.rpartition(':')[2]} stopped: {type(error).__name__}: {error}."
            ) from error

    def files(self) -> dict[str, bytes]:
        """Return the stored object, by its path in a bundle."""
        return {self._state["file"]: self.content}

    def state(self) -> dict[str, Any]:
        """Return JSON values: the class, and where the object is stored in a bundle or run."""
        return dict(self._state)


def _slice(rows: Rows | None, low: int, high: int) -> Rows | None:
    if rows is None or not isinstance(rows, dict):
        return None if rows is None else rows.iloc[low:high]
    return {name: values[low:high] for name, values in rows.items()}


def read_columns(readers: Sequence[RawColumn], rows: Any) -> dict[str, Array]:
    """Return n values by column name in the form that a task type gets, for rows of any form.

    Numbers and booleans are doubles, dates ``datetime64[us]``, anything else str. Raises RowError, with the
    row and the field, for a value that is missing or cannot be read.
    """
    try:
        columns = {reader.column.name: reader.of(rows) for reader in readers}
    except (KeyError, TypeError, ValueError):
        if isinstance(rows, list | tuple):
            read_rows(rows, [reader.column for reader in readers])  # raises the error with its place
        raise
    for name, values in columns.items():
        if (missing := _missing(values)).any():
            row = int(np.argmax(missing))
            raise RowError(
                f"'{name}' is missing in row ",
                row=row,
                rest=", and there is no answer without it.",
                field=name,
                hint=f"Send '{name}' with every row.",
            )
    return columns


def _missing(values: Array) -> NDArray[np.bool_]:
    if values.dtype == object:
        return np.array([value is None for value in values], dtype=bool)
    return np.asarray(np.isnat(values) if values.dtype.kind == "M" else np.isnan(values))


def custom_step_frame(readers: Sequence[RawColumn], rows: Any) -> pd.DataFrame:
    """Return raw rows in the form that custom code gets, for rows of any form.

    Numbers are doubles, dates ``datetime64[us]``, booleans True, False or None, anything else str or None.
    """
    try:
        import pandas as pd
    except ModuleNotFoundError as error:
        raise MissingExtraError(subject="This model's own code", extra="train") from error
    columns = {}
    for reader in readers:
        values = reader.of(rows)
        if reader.reads == "boolean":
            objects = np.empty(len(values), dtype=object)
            objects[:] = [None if value != value else value == 1.0 for value in values.tolist()]
            values = objects
        columns[reader.column.name] = values
    return pd.DataFrame(columns, copy=True)


def checked(adjusted: Any, predictions: Floats, reference: str, *, hint: str = "") -> Floats:
    """Return a custom step's result as predictions; raises NoAnswerError if it is invalid."""
    wrong = _wrong(adjusted, predictions)
    if wrong:
        name = reference.rpartition(":")[2]
        raise NoAnswerError(f"Your step {name} {wrong}.", hint=hint, reason=f"it {wrong}")
    return np.ascontiguousarray(adjusted, dtype=np.float64)


def _wrong(adjusted: Any, predictions: Floats) -> str:
    """Return why ``adjusted`` is invalid, and in which row; "" if it is valid."""
    try:
        values = np.asarray(adjusted, dtype=np.float64)
    except (TypeError, ValueError):
        return "returned a value that is not a number"
    if values.shape != predictions.shape:
        return f"gave an array of shape {values.shape}, not {predictions.shape}"
    is_finite = np.isfinite(values).reshape(len(values), -1).all(axis=1)
    if not is_finite.all():
        row = int(np.argmin(is_finite))
        return f"gave {_shown(values[row])}, which is not a finite number, for {_row(row, predictions)}"
    if values.ndim == 2:
        is_off = (values < 0).any(axis=1) | (np.abs(values.sum(axis=1) - 1) > _SUM)
        if is_off.any():
            problem = "returned probabilities that are below 0 or do not sum to 1"
            return f"{problem}, for {_row(int(np.argmax(is_off)), predictions)}"
    return ""


def _row(row: int, predictions: Floats) -> str:
    prediction = _shown(predictions[row])
    return f"row {row:,} of {len(predictions):,} (from 0), for which the model predicts {prediction}"


def _shown(value: Any) -> str:
    return np.array2string(np.asarray(value), precision=6)
