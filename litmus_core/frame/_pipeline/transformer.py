"""FrameTransformer: pandas-shaped code with a fit, compiled once and fitted any number of times."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.frame._layouts.frame_plan import FramePlan, form_of
from litmus_core.frame._pipeline.learning import learn
from litmus_core.frame._pipeline.program import Program
from litmus_core.frame._symbolic.errors import check_code
from litmus_core.frame._symbolic.fit_parameters import (
    ValueInspected,
    describe_parameter,
    inspected_value,
    kind_of,
    stand_in,
)
from litmus_core.frame._symbolic.frame import SymbolicDataFrame
from litmus_core.frame._values.column_names import checked_columns
from litmus_core.frame._values.row_readers import row_reader
from litmus_core.types import Column

_MOST_KINDS = 16
_UNKNOWN: Any = object()
_Kinds = tuple[tuple[str, str], ...]


class FrameTransformer:
    """Code with ``fit(frame)`` and ``transform(frame)``, for rows of ``columns``.

    :meth:`fit` returns a new :class:`FramePlan` each time and does not change ``code``. ``transform`` is
    traced with stand-ins for the numbers and dicts that ``fit`` stores as attributes: one trace then serves
    all fits, provided that ``transform`` depends only on its frame and attributes and does not inspect their
    ``type(…)``. If it inspects a learned value (``if self.mean_ > 0``), or the value is stored elsewhere (in
    slots, in a list or dict of the class), it is traced at each fit. Safe to use from several threads.

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
        check_code(code)
        self._code, self._columns, self._is_plain = code, checked_columns(columns), _is_plain(code)
        self._readers = {column.name: row_reader(column, exact=True) for column in self._columns}
        self._frame = SymbolicDataFrame.of(self._columns)
        self._programs: dict[_Kinds, Program | None] = {}

    def fit(self, rows: Any) -> FramePlan:
        """Return the plan fitted to ``rows``, in any form that :meth:`FramePlan.of` takes."""
        if type(rows) is not list:
            form_of(rows)  # refuses anything but rows
        code = self._copied()
        learn(code, self._frame.copy(), self._columns, rows, self._readers)
        kinds = _kinds_of(code) if self._is_plain else None
        if kinds is None:
            return FramePlan(self._columns, code.transform)
        program = self._programs.get(kinds, _UNKNOWN)
        if program is _UNKNOWN:
            if len(self._programs) >= _MOST_KINDS:
                self._programs.clear()
            program = self._programs[kinds] = self._traced(code)
        if program is None:
            return FramePlan(self._columns, code.transform)
        return FramePlan.of_program(program, vars(code))

    def fit_transform(self, rows: Any) -> Any:
        """Fit the code to ``rows`` and return its result for them, in their form."""
        return self.fit(rows).of(rows)

    def _copied(self) -> Any:
        if self._is_plain and not vars(self._code):
            return _empty_instance(self._code)
        try:
            return deepcopy(self._code)
        except TypeError as error:
            raise UsageError(
                f"The code cannot be copied: {error}.",
                hint="Each fit is that of a copy: leave out what has none, or use FramePlan.fitted.",
            ) from error

    def _traced(self, code: Any) -> Program | None:
        """Return the program for any fit with such learned values; None if code inspects them.

        If code fails with stand-ins, it runs with values: errors come from there.
        """
        seems = _empty_instance(code)
        vars(seems).update({name: stand_in(name, value) for name, value in vars(code).items()})
        attributes = list(vars(seems).values())
        try:
            program = Program(self._columns, seems.transform)
        except (ValueInspected, Exception):  # noqa: BLE001 - the code's own errors come from values, see above
            return None
        return None if any(map(inspected_value, attributes)) else program


def _empty_instance(code: Any) -> Any:
    """Return an object of the same class without attributes."""
    return object.__new__(type(code))


def _is_plain(code: Any) -> bool:
    """Return whether an object keeps all its attributes in its dict: none in slots, or as a dict or list."""
    try:
        _empty_instance(code)
    except TypeError:  # object.__new__ refuses subclasses of dict, list and the like
        return False
    return not any(vars(base).get("__slots__") for base in type(code).__mro__[:-1])


def _kinds_of(code: Any) -> _Kinds | None:
    """Return the kind of each attribute, the class's included; None if one has no stand-in."""
    kinds = []
    for name, value in vars(code).items():
        kind = kind_of(value)
        if kind is None:
            return None
        kinds.append((name, kind))
    for base in type(code).__mro__[:-1]:
        for name, value in vars(base).items():
            if name[:2] == "__" or name == "_abc_impl" or hasattr(type(value), "__get__"):
                continue
            kind = describe_parameter(value)
            if kind is None:
                return None
            kinds.append((name, kind))
    return tuple(kinds)
