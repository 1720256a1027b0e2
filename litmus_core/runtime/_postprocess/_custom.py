"""A step of someone's own class, run in this process: what it gets, and what it must give back."""

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
DECODE = {
    "word": "decode"
}  # in the state of a kind of question's own: it takes numbers back, and sees no rows
_SEARCH_S = 10.0  # for the row that code stops at
_SUM = 1e-6  # how far probabilities of a row may be from summing to 1


class CustomStep:
    """Asks an object of someone's own class; ``open_object`` brings it to life when the first rows come.

    ``content`` is the object as it is kept, ``file`` its path in a bundle.
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

    def apply(self, answers: Floats, rows: Any) -> Floats:
        """Return what the object makes of the answers; NoAnswerError, with the row, for what is no answer."""
        frame = None if self.decodes else custom_step_frame(self._readers, rows)
        began = time.monotonic()
        try:
            said = self.ask(answers.copy(), frame)
        except NoAnswerError as error:
            is_quick = time.monotonic() - began < _SEARCH_S / 5
            row = self._first_stop(answers, frame) if is_quick else None
            where = "" if row is None else f"; the first such row is {_row(row, answers)}"
            raise self.placed(error, where) from error
        return checked(said, answers, self.reference, hint=self.hint)

    @property
    def hint(self) -> str:
        """What to do where the code has no answer for a row."""
        if self.decodes:
            return "A model may say more or less than it learned: bound the answers in decode (np.clip)."
        return "Look for unusual values in these rows, or ask who wrote it."

    def placed(self, error: NoAnswerError, where: str) -> NoAnswerError:
        """Return ``error`` with ``where`` it is, and what to do."""
        return NoAnswerError(f"{error.message.rstrip('.')}{where}.", hint=self.hint)

    def _first_stop(self, answers: Floats, frame: pd.DataFrame | None) -> int | None:
        """Return the first row that stops the code by itself; None where none does, or it takes long."""
        low, high, end = 0, len(answers), time.monotonic() + _SEARCH_S
        while high - low > 1 and time.monotonic() < end:
            middle = (low + high) // 2
            low, high = (low, middle) if self._stops(answers, frame, low, middle) else (middle, high)
        return low if high - low == 1 and self._stops(answers, frame, low, high) else None

    def _stops(self, answers: Floats, frame: pd.DataFrame | None, low: int, high: int) -> bool:
        try:
            self.ask(answers[low:high].copy(), None if frame is None else frame.iloc[low:high])
        except NoAnswerError:
            return True
        return False

    @property
    def decodes(self) -> bool:
        """Whether it is a kind of question that takes numbers back to those asked for, and no step."""
        return self._state.items() >= DECODE.items()

    def ask(self, answers: Floats, frame: pd.DataFrame | None) -> Any:
        """Ask the object; NoAnswerError for rows that its code stops at."""
        made = self._object
        try:
            return made.decode(answers) if self.decodes else made.apply(answers, frame)
        except Exception as error:
            raise NoAnswerError(
                f"The step {self.reference.rpartition(':')[2]} stopped: {type(error).__name__}: {error}."
            ) from error

    def files(self) -> dict[str, bytes]:
        """Return the object as it is kept, by its path in a bundle."""
        return {self._state["file"]: self.content}

    def state(self) -> dict[str, Any]:
        """Return JSON values: the class, and where the object is kept in a bundle or run."""
        return dict(self._state)


def custom_step_frame(readers: Sequence[RawColumn], rows: Any) -> pd.DataFrame:
    """Return raw rows as someone's own code gets them, the same whatever they came in.

    Numbers are doubles, dates ``datetime64[us]``, booleans True, False or None, all else str or None.
    """
    try:
        import pandas as pd
    except ModuleNotFoundError as error:
        raise MissingExtraError(what="This model's own code", extra="train") from error
    columns = {}
    for reader in readers:
        values = reader.of(rows)
        if reader.reads == "boolean":
            objects = np.empty(len(values), dtype=object)
            objects[:] = [None if value != value else value == 1.0 for value in values.tolist()]
            values = objects
        columns[reader.column.name] = values
    return pd.DataFrame(columns, copy=True)


def checked(said: Any, answers: Floats, reference: str, *, hint: str = "") -> Floats:
    """Return what someone's own step said as answers; NoAnswerError, in words, where it is none."""
    wrong = _wrong(said, answers)
    if wrong:
        name = reference.rpartition(":")[2]
        raise NoAnswerError(f"Your step {name} {wrong}.", hint=hint, reason=f"it {wrong}")
    return np.ascontiguousarray(said, dtype=np.float64)


def _wrong(said: Any, answers: Floats) -> str:
    """Return what makes ``said`` no answers, and in which row; "" where nothing does."""
    try:
        found = np.asarray(said, dtype=np.float64)
    except (TypeError, ValueError):
        return "gave what is no number"
    if found.shape != answers.shape:
        return f"gave an array of shape {found.shape}, not {answers.shape}"
    is_finite = np.isfinite(found).reshape(len(found), -1).all(axis=1)
    if not is_finite.all():
        row = int(np.argmin(is_finite))
        return f"gave {_shown(found[row])}, which is no finite number, for {_row(row, answers)}"
    if found.ndim == 2:
        is_off = (found < 0).any(axis=1) | (np.abs(found.sum(axis=1) - 1) > _SUM)
        if is_off.any():
            what = "gave probabilities that are below 0 or do not sum to 1"
            return f"{what}, for {_row(int(np.argmax(is_off)), answers)}"
    return ""


def _row(row: int, answers: Floats) -> str:
    return f"row {row:,} of {len(answers):,} (from 0), of which the model says {_shown(answers[row])}"


def _shown(value: Any) -> str:
    return np.array2string(np.asarray(value), precision=6)
