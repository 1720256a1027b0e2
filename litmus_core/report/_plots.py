"""Plots as inline SVG: score against cost, truth against prediction."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from litmus_core.report._interval_html import PlotScale
from litmus_core.text import format_score
from litmus_core.types import Bar

_WIDTH, _HEIGHT, _LOW = 640.0, 340.0, 250.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 14.0, 22.0, 44.0
_LEAST = 1e-9  # smallest value on a logarithmic scale
_NEAR = 15.0  # closer labels overlap
Shape = Literal["chosen", "team", "single"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotPoint:
    """A model: ``x`` is its cost, ``y`` its score. The interval is drawn only with a ``label``."""

    id: str
    label: str
    x: float
    y: float
    low: float
    high: float
    shape: Shape
    outside: bool
    on_edge: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """The cost axis: its title, the format of its values, and the budget (None: no limit)."""

    title: str
    write: Callable[[float], str]
    limit: float | None


def score_against(
    points: Sequence[PlotPoint],
    links: Sequence[tuple[str, str]],
    spending: Spending,
    *,
    bar: Bar | None,
    y_title: str,
    reading: str,
    is_low: bool = False,
) -> str:
    """Return the plot of score against cost.

    Bar and budget are lines, the acceptable corner is shaded, and variants are linked to their parents. Steps
    connect the non-dominated points, which come in order of cost.
    """
    frame = _Frame.around(points, spending, bar=bar, height=_LOW if is_low else _HEIGHT)
    places = {point.id: (frame.x(point.x), frame.y(point.y)) for point in points}
    parts = [_corner(frame, bar, spending.limit), _axes(frame, spending.title, y_title)]
    tied = [(*places[one], *places[other]) for one, other in links if one in places and other in places]
    if tied:
        drawn = "".join(f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}" for x0, y0, x1, y1 in tied)
        parts.append(f'<path class="link" d="{drawn}"/>')
    edge = [places[point.id] for point in points if point.on_edge]
    if len(edge) > 1:
        (x0, y0), *others = edge
        steps = "".join(f"H{x:.1f}V{y:.1f}" for x, y in others)
        parts.append(f'<path class="edge" d="M{x0:.1f} {y0:.1f}{steps}"/>')
    parts += [_mark(point, frame) for point in sorted(points, key=_drawing_order)]
    if bar is not None:
        parts.append(_level(frame, bar, f"bar {format_score(bar.value)}"))
    if spending.limit is not None:
        parts.append(_limit(frame, spending.limit, f"budget {spending.write(spending.limit)}"))
    return _svg([*parts, *_labels(points, frame)], reading, height=frame.height)


def truth_against_prediction(points: Sequence[tuple[float, float]], *, target: str, reading: str) -> str:
    """Return the plot of (truth, prediction) pairs, with the diagonal."""
    scale = PlotScale.over([value for pair in points for value in pair])
    frame = _Frame(x_scale=scale, y_scale=scale)
    ends = [scale.low, scale.high]
    parts = [_axes(frame, f"{target} in truth", f"{target} as predicted")]
    parts.append(
        f'<line class="link" x1="{frame.x(ends[0]):.1f}" y1="{frame.y(ends[0]):.1f}" '
        f'x2="{frame.x(ends[1]):.1f}" y2="{frame.y(ends[1]):.1f}"/>'
    )
    parts += [
        f'<circle class="faint" cx="{frame.x(truth):.1f}" cy="{frame.y(answer):.1f}" r="2.6"/>'
        for truth, answer in points
    ]
    return _svg(parts, reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """The scales of a plot. With ``write``, the x scale is logarithmic and its ticks are powers of ten."""

    x_scale: PlotScale
    y_scale: PlotScale
    write: Callable[[float], str] | None = None
    height: float = _HEIGHT

    @classmethod
    def around(
        cls, points: Sequence[PlotPoint], spending: Spending, *, bar: Bar | None, height: float
    ) -> _Frame:
        xs = [math.log10(max(point.x, _LEAST)) for point in points]
        xs += [] if spending.limit is None else [math.log10(spending.limit)]
        ys = [point.y for point in points]
        ys += [value for point in points if point.label for value in (point.low, point.high)]
        ys += [] if bar is None else [bar.value]
        x_scale = PlotScale.over(xs, margin=0.1)
        if x_scale.high - x_scale.low < 0.6:
            middle = (x_scale.high + x_scale.low) / 2
            x_scale = PlotScale(low=middle - 0.3, high=middle + 0.3)
        return cls(x_scale=x_scale, y_scale=PlotScale.over(ys), write=spending.write, height=height)

    @property
    def bottom(self) -> float:
        return self.height - _BOTTOM

    def x(self, value: float) -> float:
        at = value if self.write is None else math.log10(max(value, _LEAST))
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * self.x_scale.place(at) / 100

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - _TOP) * self.y_scale.place(value) / 100

    def x_ticks(self) -> list[float]:
        if self.write is None:
            return _round_ticks(self.x_scale)
        width = self.x_scale.high - self.x_scale.low
        steps: tuple[float, ...] = (1,) if width > 2.5 else (1, 3) if width > 1.2 else (1, 2, 3, 5, 7)
        powers = range(math.floor(self.x_scale.low), math.ceil(self.x_scale.high) + 1)
        ticks = [step * 10.0**power for power in powers for step in steps]
        return [tick for tick in ticks if self.x_scale.low <= math.log10(tick) <= self.x_scale.high]


def _round_ticks(scale: PlotScale) -> list[float]:
    rough = (scale.high - scale.low) / 5
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * unit for factor in (1, 2, 5, 10) if factor * unit >= rough)
    first = math.ceil(scale.low / step)
    last = math.floor(scale.high / step)
    return [step * n for n in range(first, last + 1)]


def _axes(frame: _Frame, x_title: str, y_title: str) -> str:
    left, right, bottom = _LEFT, _WIDTH - _RIGHT, frame.bottom
    parts = []
    for tick in _round_ticks(frame.y_scale):
        y = frame.y(tick)
        parts.append(f'<line class="grid" x1="{left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{_tick(tick)}</text>')
    for tick in frame.x_ticks():
        x = frame.x(tick)
        word = (frame.write or _tick)(tick)
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{bottom}"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{word}</text>')
    parts.append(f'<text x="{left}" y="13">{escape(_cut(y_title))}</text>')
    parts.append(f'<text x="{right}" y="{frame.height - 6}" text-anchor="end">{escape(_cut(x_title))}</text>')
    return "".join(parts)


def _tick(value: float) -> str:
    return f"{value:,.6g}" if abs(value) >= 1e-9 else "0"


def _cut(text: str, most: int = 70) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _corner(frame: _Frame, bar: Bar | None, limit: float | None) -> str:
    """Return the acceptable corner: on the good side of the bar and within the budget."""
    if bar is None and limit is None:
        return ""
    right = _WIDTH - _RIGHT if limit is None else frame.x(limit)
    top, bottom = _TOP, frame.bottom
    if bar is not None:
        level = frame.y(bar.value)
        top, bottom = (top, level) if bar.is_floor else (level, bottom)
    return (
        f'<rect class="corner" x="{_LEFT}" y="{top:.1f}" width="{max(0.0, right - _LEFT):.1f}" '
        f'height="{max(0.0, bottom - top):.1f}"/>'
    )


def _level(frame: _Frame, bar: Bar, word: str) -> str:
    """Return the bar's line, with its label on the failing side, where there is more space."""
    y = frame.y(bar.value)
    at = y + 15 if bar.is_floor else y - 5
    return (
        f'<line class="bar-line" x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}"/>'
        f'<text class="ink" x="{_WIDTH - _RIGHT - 4}" y="{at:.1f}" text-anchor="end">{word}</text>'
    )


def _limit(frame: _Frame, value: float, word: str) -> str:
    x = frame.x(value)
    at, anchor = (x - 5, "end") if x > _WIDTH / 2 else (x + 5, "start")
    return (
        f'<line class="bar-line" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{frame.bottom}"/>'
        f'<text class="ink" x="{at:.1f}" y="{frame.bottom - 6}" text-anchor="{anchor}">{word}</text>'
    )


def _mark(point: PlotPoint, frame: _Frame) -> str:
    x, y = frame.x(point.x), frame.y(point.y)
    name = f"mark {point.shape}{' outside' if point.outside else ''}"
    if not point.label:
        return f'<circle class="{name} small" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
    low, high = frame.y(point.low), frame.y(point.high)
    drawn = f'<line class="whisker {point.shape}" x1="{x:.1f}" y1="{low:.1f}" x2="{x:.1f}" y2="{high:.1f}"/>'
    if point.shape == "chosen":
        return f'{drawn}<path class="{name}" d="{_star(x, y)}"/>'
    if point.shape == "team":
        return f'{drawn}<rect class="{name}" x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10"/>'
    return f'{drawn}<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'


def _drawing_order(point: PlotPoint) -> tuple[bool, bool]:
    """Return the sort key of a mark: labelled ones cover others, the chosen one covers all."""
    return bool(point.label), point.shape == "chosen"


def _labels(points: Sequence[PlotPoint], frame: _Frame) -> list[str]:
    """Return the labels, each at the first free corner of its mark."""
    used: list[tuple[float, float]] = []
    drawn = []
    for point in points:
        if not point.label:
            continue
        x, y = frame.x(point.x), frame.y(point.y)
        corners = [(x + 12, y - 7), (x - 12, y - 7), (x + 12, y + 17), (x - 12, y + 17)]
        free = [corner for corner in corners if all(math.dist(corner, other) > _NEAR for other in used)]
        left, top = (free or corners)[0]
        used.append((left, top))
        place = f'x="{left:.1f}" y="{top:.1f}" text-anchor="middle"'
        drawn.append(f'<text class="ink" {place}>{escape(point.label)}</text>')
    return drawn


def _star(x: float, y: float, radius: float = 9.0) -> str:
    corners = []
    for place in range(10):
        length = radius if place % 2 == 0 else 0.45 * radius
        angle = math.pi * (place / 5 - 0.5)
        corners.append(f"{x + length * math.cos(angle):.1f},{y + length * math.sin(angle):.1f}")
    return f"M{'L'.join(corners)}Z"


def _svg(parts: Sequence[str], reading: str, *, height: float = _HEIGHT) -> str:
    return (
        f'<div class="wide"><svg class="plot" viewBox="0 0 {_WIDTH:.0f} {height:.0f}" role="img" '
        f'aria-label="{escape(reading)}">{"".join(parts)}</svg></div><p class="quiet">{escape(reading)}</p>'
    )
