"""A custom step, run in this process: its inputs, and the checks of its outputs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import MissingExtraError, NoAnswerError
from litmus_core.frame import RawColumn
from litmus_core.types import Column

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
DECODE = {"word": "decode"}  # in the state of a custom task type: it converts numbers back, and sees no rows
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
        self._state, self._columns, self._open = dict(state), tuple(columns), open_object

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
        frame = None if self.decodes else custom_step_frame(self._readers, rows)
        began = time.monotonic()
        try:
            adjusted = self.ask(predictions.copy(), frame)
        except NoAnswerError as error:
            is_quick = time.monotonic() - began < _SEARCH_S / 5
            row = self._first_stop(predictions, frame) if is_quick else None
            where = "" if row is None else f"; the first such row is {_row(row, predictions)}"
            raise self.placed(error, where) from error
        return checked(adjusted, predictions, self.reference, hint=self.hint)

    @property
    def hint(self) -> str:
        """What to do if the code fails for a row."""
        if self.decodes:
            return (
                "A model may predict values outside the range it learned from: limit them in decode "
                "(np.clip)."
            )
        return "Look for unusual values in these rows, or ask who wrote it."

    def placed(self, error: NoAnswerError, where: str) -> NoAnswerError:
        """Return ``error`` with its place ``where``, and what to do."""
        return NoAnswerError(f"{error.message.rstrip('.')}{where}.", hint=self.hint)

    def _first_stop(self, predictions: Floats, frame: pd.DataFrame | None) -> int | None:
        """Return the first row at which the code fails by itself; None if none does, or it takes long."""
        low, high, end = 0, len(predictions), time.monotonic() + _SEARCH_S
        while high - low > 1 and time.monotonic() < end:
            middle = (low + high) // 2
            low, high = (low, middle) if self._stops(predictions, frame, low, middle) else (middle, high)
        return low if high - low == 1 and self._stops(predictions, frame, low, high) else None

    def _stops(self, predictions: Floats, frame: pd.DataFrame | None, low: int, high: int) -> bool:
        try:
            self.ask(predictions[low:high].copy(), None if frame is None else frame.iloc[low:high])
        except NoAnswerError:
            return True
        return False

    @property
    def decodes(self) -> bool:
        """Whether it is a task type that converts numbers back, rather than a step."""
        return self._state.items() >= DECODE.items()

    def ask(self, predictions: Floats, frame: pd.DataFrame | None) -> Any:
        """Call the object; raises NoAnswerError for rows at which its code fails."""
        step_object = self._object
        try:
            return step_object.decode(predictions) if self.decodes else step_object.apply(predictions, frame)
        except Exception as error:
            raise NoAnswerError(
                f"The step {self.reference.rpartition(':')[2]} stopped: {type(error).__name__}: {error}."
            ) from error

    def files(self) -> dict[str, bytes]:
        """Return the stored object, by its path in a bundle."""
        return {self._state["file"]: self.content}

    def state(self) -> dict[str, Any]:
        """Return JSON values: the class, and where the object is stored in a bundle or run."""
        return dict(self._state)


def custom_step_frame(readers: Sequence[RawColumn], rows: Any) -> pd.DataFrame:
    """Return raw rows as custom code gets them, whatever their original form.

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
    """Return what makes ``adjusted`` invalid, and in which row; "" if it is valid."""
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
