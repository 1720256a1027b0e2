"""A step of someone's own class, run in this process: what it gets, and what it must give back."""

from __future__ import annotations

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
_SUM = 1e-6  # how far probabilities of a row may be from summing to 1


class OwnStep:
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
        """Return what the object makes of the answers; NoAnswerError for what is no answer."""
        frame = None if self.decodes else own_frame(self._readers, rows)
        return checked(self.ask(answers.copy(), frame), answers, self.reference)

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
                f"The step {self.reference.rpartition(':')[2]} stopped: {type(error).__name__}: {error}.",
                hint="Look for unusual values in these rows, or ask who wrote it.",
            ) from error

    def files(self) -> dict[str, bytes]:
        """Return the object as it is kept, by its path in a bundle."""
        return {self._state["file"]: self.content}

    def state(self) -> dict[str, Any]:
        """Return JSON values: the class, and where the object is kept in a bundle or run."""
        return dict(self._state)


def own_frame(readers: Sequence[RawColumn], rows: Any) -> pd.DataFrame:
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


def checked(said: Any, answers: Floats, reference: str) -> Floats:
    """Return what someone's own step said as answers; NoAnswerError, in words, where it is none."""
    found = np.asarray(said, dtype=np.float64)
    if found.shape != answers.shape:
        raise _wrong(reference, f"gave an array of shape {found.shape}, not {answers.shape}")
    if not np.isfinite(found).all():
        raise _wrong(reference, "gave values that are not finite numbers")
    if found.ndim == 2:
        sums = found.sum(axis=1)
        if (found < 0).any() or (np.abs(sums - 1) > _SUM).any():
            raise _wrong(reference, "gave probabilities that are below 0 or do not sum to 1")
    return np.ascontiguousarray(found)


def _wrong(reference: str, what: str) -> NoAnswerError:
    return NoAnswerError(f"Your step {reference.rpartition(':')[2]} {what}.")
