"""Calibration of intervals and label sets, from rows that the model did not learn from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import BundleError, UsageError
from litmus_core.frame import RawColumn
from litmus_core.runtime._intervals.levels import LEVELS, largest_level, level_place, rows_needed
from litmus_core.runtime._intervals.scale import ErrorScale
from litmus_core.runtime._postprocess import segment_keys
from litmus_core.text import format_share
from litmus_core.types import Column, Coverage, from_plain, to_plain

Floats = NDArray[np.float64]
CalibrationSource = Literal["validation", "out of fold", "outer folds"]
INTERVALS = "intervals.json"
FORMAT = 1


@dataclass(frozen=True, eq=False, kw_only=True)
class GroupMargins:
    """A group of rows by a column's ``value``; without ``margins`` it is too small for its own."""

    value: str
    n_rows: int
    margins: tuple[float | None, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Calibration:
    """The margin of each of LEVELS (None: too few rows to promise it), and the rows that it comes from.

    For numbers it is a multiple of ``scale``, on both sides of the prediction, and no interval goes below
    ``lowest`` (None: no such limit). For labels it is one minus the smallest probability that a label in the
    set may have. ``groups`` are the groups of the column ``by``; rows of other values have ``other_margins``
    (empty: those of all rows). With ``is_final`` the margins belong to the
    judged model, and the model that predicts has learned from more rows. ``coverage`` was measured on the
    rows that judged it.
    """

    source: CalibrationSource
    n_rows: int
    margins: tuple[float | None, ...]
    scale: ErrorScale | None = None
    lowest: float | None = None
    by: Column | None = None
    groups: tuple[GroupMargins, ...] = ()
    other_margins: tuple[float | None, ...] = ()
    is_final: bool = False
    coverage: Coverage | None = None

    @property
    def largest_level(self) -> float | None:
        """The largest level that can be promised; None if there is none."""
        return largest_level(self.n_rows)

    @property
    def small_groups(self) -> tuple[GroupMargins, ...]:
        """The groups that have too few rows for their own margins."""
        return tuple(group for group in self.groups if not group.margins)

    def check(self, level: float) -> float:
        """Return the margin of all rows at ``level``; raises UsageError if it cannot be promised."""
        if type(level) is float and level in self._promised:  # the usual case: requests repeat levels
            return self._promised[level]
        margin = self.margins[level_place(level)]
        if margin is None:
            raise UsageError(self.too_few(level), hint=self._possible())
        return margin

    def margin(self, level: float, rows: Any = None) -> float | Floats:
        """Return the margin of ``level``; by groups (n,) margins, one for each of n raw ``rows``.

        Raises UsageError for a level that cannot be promised.
        """
        margin = self.check(level)
        if self.by is None:
            return margin
        place, others = level_place(level), self.other_margins or self.margins
        margins = (self._by_value.get(key, others)[place] for key in segment_keys(self._reader.of(rows)))
        return np.array([margin if one is None else one for one in margins], dtype=np.float64)

    def interval(self, values: Floats, margin: float | Floats) -> tuple[Floats, Floats]:
        """Return the (n,) lower and the (n,) upper ends around predicted ``values`` (n,)."""
        if len(values) == 1 and isinstance(margin, float):
            lower, upper = self._one_interval(float(values[0]), margin)
            return np.array([lower]), np.array([upper])
        width = margin if self.scale is None else margin * self.scale.of(values)
        low, high = values - width, values + width
        if self.lowest is not None:
            low = np.maximum(low, np.minimum(self.lowest, values))
            high = np.maximum(high, self.lowest)
        return low, high

    def _one_interval(self, value: float, margin: float) -> tuple[float, float]:
        """Return the interval of one value without arrays, equal to :meth:`interval` to the last bit."""
        width = margin if self.scale is None else margin * self.scale.of_one(value)
        low, high = value - width, value + width
        if self.lowest is not None:
            low, high = max(low, min(self.lowest, value)), max(high, self.lowest)
        return low, high

    def members(
        self, probabilities: Floats, predicted: NDArray[np.int64], margin: float | Floats
    ) -> NDArray[np.bool_]:
        """Return (n, k) whether each label is in the row's set; the ``predicted`` (n,) label always is."""
        limit = np.reshape(margin, (-1, 1))
        inside: NDArray[np.bool_] = 1.0 - probabilities <= limit
        inside &= limit > 0.0  # a margin of 0 needs no other label than the predicted one
        inside[np.arange(len(predicted)), predicted] = True
        return inside

    def places(self, probabilities: list[float], predicted: int, margin: float) -> list[int]:
        """Return the positions of the labels in one row's set, ``predicted`` first and the others by
        probability.

        The set equals that of :meth:`members`, without arrays.
        """
        if margin <= 0.0:
            return [predicted]
        others = [place for place, share in enumerate(probabilities) if 1.0 - share <= margin]
        others.sort(key=lambda place: -probabilities[place])
        return [predicted, *(place for place in others if place != predicted)]

    def too_few(self, level: float) -> str:
        """Return the message that there are too few rows for ``level``."""
        available = f"there {'is' if self.n_rows == 1 else 'are'} {self.n_rows}"
        needed = f"it takes {rows_needed(level)} rows that the model did not learn from"
        return f"{format_share(level)} cannot be promised: {needed}, and {available}."

    def _possible(self) -> str:
        largest = self.largest_level
        return "Train on more rows." if largest is None else f"Ask for up to {format_share(largest)}."

    @cached_property
    def _reader(self) -> RawColumn:
        assert self.by is not None  # noqa: S101 - asked for by groups alone
        return RawColumn(self.by)

    @cached_property
    def _promised(self) -> dict[float, float]:
        pairs = zip(LEVELS, self.margins, strict=True)
        return {level: margin for level, margin in pairs if margin is not None}

    @cached_property
    def _by_value(self) -> dict[str, tuple[float | None, ...]]:
        return {group.value: group.margins for group in self.groups if group.margins}

    def to_json(self) -> str:
        """Return the calibration as JSON."""
        return json.dumps({"format": FORMAT, **self.facts()}, indent=1, allow_nan=False)

    def facts(self) -> dict[str, Any]:
        """Return the calibration as JSON values."""
        return {
            "source": self.source,
            "n_rows": self.n_rows,
            "levels": list(LEVELS),
            "margins": list(self.margins),
            "scale": None if self.scale is None else {"at": self.scale.at, "error": self.scale.error},
            "lowest": self.lowest,
            "by": None if self.by is None else to_plain(self.by),
            "groups": [
                {"value": group.value, "n_rows": group.n_rows, "margins": list(group.margins)}
                for group in self.groups
            ],
            "other_margins": list(self.other_margins),
            "is_final": self.is_final,
            "coverage": None if self.coverage is None else to_plain(self.coverage),
        }

    @classmethod
    def from_json(cls, text: str | bytes) -> Calibration:
        """Read the result of :meth:`to_json`; raises BundleError for anything else."""
        try:
            state = json.loads(text)
            if state["format"] != FORMAT:
                raise BundleError(
                    f"The calibration has format {state['format']!r}, not {FORMAT}.",
                    hint="Load it with the Litmus version that wrote it, or export it again.",
                )
            return cls._of_state(state)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise BundleError(
                f"The bundle's {INTERVALS} is damaged.", hint="Export the model again."
            ) from error

    @classmethod
    def _of_state(cls, state: Mapping[str, Any]) -> Calibration:
        scale, by, coverage = state["scale"], state["by"], state["coverage"]
        return cls(
            source=state["source"],
            n_rows=int(state["n_rows"]),
            margins=_margins(state["margins"]),
            scale=None
            if scale is None
            else ErrorScale(at=_numbers(scale["at"]), error=_numbers(scale["error"])),
            lowest=None if state["lowest"] is None else float(state["lowest"]),
            by=None if by is None else from_plain(Column, by),
            groups=tuple(
                GroupMargins(
                    value=str(group["value"]),
                    n_rows=int(group["n_rows"]),
                    margins=_own_margins(group["margins"]),
                )
                for group in state["groups"]
            ),
            other_margins=_own_margins(state["other_margins"]),
            is_final=bool(state["is_final"]),
            coverage=None if coverage is None else from_plain(Coverage, coverage),
        )


def _numbers(values: list[Any]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _margins(values: list[Any]) -> tuple[float | None, ...]:
    if len(values) != len(LEVELS):
        raise ValueError("as many margins as levels")
    return tuple(None if value is None else float(value) for value in values)


def _own_margins(values: list[Any]) -> tuple[float | None, ...]:
    return _margins(values) if values else ()
