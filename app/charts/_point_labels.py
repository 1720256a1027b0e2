"""Positions of labels beside points, where they cover nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.presenters import humanize
from app.presenters.results.candidates import PointView, ScatterView

__all__ = ["NamePlace", "place_names"]

# The size of a small plot, in pixels: a label that fits there fits in a wider plot.
_WIDTH, _HEIGHT = 330.0, 300.0
_LETTER, _LINE, _MARK, _GAP = 6.5, 18.0, 18.0, 15.0
_LONGEST = 24


Side = Literal["right", "left", "above", "below"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePlace:
    """The side of a point where its label is; above and below, it begins (``is_left``: ends) at the point."""

    point: PointView
    text: str
    side: Side
    is_left: bool


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    right: float
    bottom: float
    top: float

    def meets(self, other: _Box) -> bool:
        is_left_or_right = self.right <= other.left or other.right <= self.left
        return not (is_left_or_right or self.top <= other.bottom or other.top <= self.bottom)


def place_names(view: ScatterView, x_range: Sequence[float], y_range: Sequence[float]) -> list[NamePlace]:
    """Return the positions of labels: always of the opened and the chosen point, of others if there is space.

    ``x_range`` holds powers of ten, as the axis does.
    """
    marks = [_mark(point, x_range, y_range) for point in view.points]
    occupied = [*marks, *_lines(view, x_range, y_range)]
    placed = []
    named = [point for point in view.points if point.label]
    for point in sorted(named, key=lambda point: (not point.is_opened, point.kind != "chosen")):
        mark = _mark(point, x_range, y_range)
        text = humanize.short(point.label, _LONGEST)
        is_left = (mark.left + mark.right) / 2 > _WIDTH / 2
        sides: tuple[Side, ...] = ("left", "right") if is_left else ("right", "left")
        boxes = [(side, _label_box(mark, text, side, is_left=is_left)) for side in (*sides, "above", "below")]
        free = [pair for pair in boxes if _is_free(pair[1], [box for box in occupied if box != mark])]
        if not free and not (point.is_opened or point.kind == "chosen"):
            continue
        side, box = (free or boxes)[0]
        occupied.append(box)
        placed.append(NamePlace(point=point, text=text, side=side, is_left=is_left))
    return placed


def _is_free(box: _Box, boxes: Sequence[_Box]) -> bool:
    return box.left >= 0 and box.right <= _WIDTH and not any(box.meets(other) for other in boxes)


def _across(value: float, span: Sequence[float], pixels: float) -> float:
    return pixels * (value - span[0]) / ((span[1] - span[0]) or 1.0)


def _mark(point: PointView, x_range: Sequence[float], y_range: Sequence[float]) -> _Box:
    x, y = _across(math.log10(point.x), x_range, _WIDTH), _across(point.y, y_range, _HEIGHT)
    half = _MARK / 2
    return _Box(x - half, x + half, y - half, y + half)


def _label_box(mark: _Box, text: str, side: Side, *, is_left: bool) -> _Box:
    x, y = (mark.left + mark.right) / 2, (mark.bottom + mark.top) / 2
    width = _LETTER * len(text)
    if side in ("right", "left"):
        left = x + _GAP if side == "right" else x - _GAP - width
        return _Box(left, left + width, y - _LINE / 2, y + _LINE / 2)
    left = x - width if is_left else x
    bottom = y + _GAP if side == "above" else y - _GAP - _LINE
    return _Box(left, left + width, bottom, bottom + _LINE)


def _lines(view: ScatterView, x_range: Sequence[float], y_range: Sequence[float]) -> list[_Box]:
    """Return the boxes that the labels of the bar and the budget cover."""
    boxes = []
    if view.bar is not None:
        y = _across(view.bar.value, y_range, _HEIGHT)
        bottom = y if view.higher_is_better else y - _LINE
        boxes.append(_Box(_WIDTH - 70, _WIDTH, bottom, bottom + _LINE))
    if view.budget_ms is not None:
        x = _across(math.log10(view.budget_ms), x_range, _WIDTH)
        bottom = 0.0 if view.higher_is_better else _HEIGHT - _LINE
        boxes.append(_Box(x, x + 95, bottom, bottom + _LINE))
    return boxes
