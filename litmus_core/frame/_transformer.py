"""FrameTransformer: pandas-shaped code with a fit, compiled once and fitted to rows as often as one likes."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from litmus_core.frame._frame_plan import FramePlan
from litmus_core.frame._learned import Looked, kind_of, stand_in
from litmus_core.frame._learning import Learner
from litmus_core.frame._program import Program
from litmus_core.frame._row_readers import row_reader
from litmus_core.frame._scalable import ScalableDataFrame
from litmus_core.types import Column

_MOST_KINDS = 16
_Kinds = tuple[tuple[str, str], ...]


class FrameTransformer:
    """Code with ``fit(frame)`` and ``transform(frame)``, for rows of ``columns``.

    :meth:`fit` returns a :class:`FramePlan` each time, and leaves ``code`` as it is. ``transform`` is traced
    with stand-ins for the numbers and dicts that ``fit`` keeps as attributes: one trace is then good for all
    fits, which takes that ``transform`` depends on its frame and attributes alone. Where it looks at what was
    learned (``if self.mean_ > 0``) it is traced with each fit. Safe to use from several threads.

    >>> class Centred:
    ...     def fit(self, frame):
    ...         self.mean_ = frame["size"].mean()
    ...
    ...     def transform(self, frame):
    ...         return frame.assign(size=frame["size"] - self.mean_)
    >>> size = Column(name="size", original_name="size", kind="number", storage="DOUBLE")
    >>> FrameTransformer(Centred(), [size]).fit_transform([{"size": 3}, {"size": 4}])
    [{'size': -0.5}, {'size': 0.5}]
    """

    def __init__(self, code: Any, columns: Sequence[Column]) -> None:
        self._code, self._columns = code, tuple(columns)
        self._readers = {each.name: row_reader(each) for each in columns}
        self._frame = ScalableDataFrame.of(columns)
        self._programs: dict[_Kinds, Program | None] = {}

    def fit(self, rows: Any) -> FramePlan:
        """Return the plan that code makes of ``rows``, in any form that :meth:`FramePlan.of` takes."""
        code = deepcopy(self._code) if getattr(self._code, "__dict__", True) else _another(self._code)
        with Learner(self._columns, rows, self._readers):
            code.fit(self._frame.copy())
        learned = getattr(code, "__dict__", {})
        kinds = _kinds_of(learned)
        if kinds is not None and kinds not in self._programs:
            if len(self._programs) >= _MOST_KINDS:
                self._programs.clear()
            self._programs[kinds] = self._traced(code, kinds)
        program = self._programs.get(kinds) if kinds is not None else None
        if program is None:
            return FramePlan(self._columns, code.transform)
        return FramePlan.of_program(program, learned)

    def fit_transform(self, rows: Any) -> Any:
        """Return what the code, fitted to ``rows``, makes of them, in their form."""
        return self.fit(rows).of(rows)

    def _traced(self, code: Any, kinds: _Kinds) -> Program | None:
        """Return the program of any fit that learned such values; None where code looks at them.

        What code cannot do with stand-ins, it is asked to do with values: errors come from there.
        """
        seems = _another(code)
        learned = vars(code)
        vars(seems).update({name: stand_in(name, kind, learned[name]) for name, kind in kinds})
        try:
            return Program(self._columns, seems.transform)
        except (Looked, Exception):  # noqa: BLE001 - the code's own errors come from values, see above
            return None


def _another(code: Any) -> Any:
    """Return an object of the same class without attributes."""
    return object.__new__(type(code))


def _kinds_of(learned: dict[str, Any]) -> _Kinds | None:
    """Return what each learned value is; None if there is one that nothing stands in for."""
    kinds = [(name, kind_of(value)) for name, value in learned.items()]
    return None if any(kind is None for _, kind in kinds) else tuple(kinds)  # type: ignore[arg-type]
