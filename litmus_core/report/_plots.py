"""Plots as SVG inside the page: score against answering time, truth against answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from litmus_core.report._tracks import Scale
from litmus_core.report._written import milliseconds, value_of
from litmus_core.types import Bar

_WIDTH, _HEIGHT = 640.0, 340.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 14.0, 22.0, 44.0
Shape = Literal["chosen", "team", "single"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A model: ``x`` in milliseconds, ``y`` with its interval; ``label`` is drawn beside it."""

    id: str
    label: str
    x: float
    y: float
    low: float
    high: float
    shape: Shape
    outside: bool


def score_against_time(
    points: Sequence[Point],
    links: Sequence[tuple[str, str]],
    *,
    bar: Bar | None,
    budget_ms: float | None,
    y_title: str,
    x_title: str,
    reading: str,
) -> str:
    """Return the plot: bar and budget as lines, the shippable corner shaded, parents tied to variants."""
    frame = _Frame.around(points, bar=bar, budget_ms=budget_ms)
    places = {each.id: (frame.x(each.x), frame.y(each.y)) for each in points}
    parts = [_corner(frame, bar, budget_ms), _axes(frame, x_title, y_title)]
    for parent, child in links:
        if parent in places and child in places:
            (x0, y0), (x1, y1) = places[parent], places[child]
            parts.append(f'<line class="link" x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}"/>')
    if bar is not None:
        parts.append(_level(frame, bar.value, f"bar {value_of(bar.value)}"))
    if budget_ms is not None:
        parts.append(_limit(frame, budget_ms))
    parts += [_mark(each, frame) for each in points]
    return _svg(parts, reading)


def truth_against_answer(points: Sequence[tuple[float, float]], *, target: str, reading: str) -> str:
    """Return the plot of (truth, answer) pairs with the line on which both are equal."""
    scale = Scale.over([value for pair in points for value in pair])
    frame = _Frame(x_scale=scale, y_scale=scale, is_log=False)
    ends = [scale.low, scale.high]
    parts = [_axes(frame, f"{target} in truth", f"{target} as answered")]
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
    """Both scales of a plot; a logarithmic x scale holds powers of ten."""

    x_scale: Scale
    y_scale: Scale
    is_log: bool

    @classmethod
    def around(cls, points: Sequence[Point], *, bar: Bar | None, budget_ms: float | None) -> _Frame:
        times = [math.log10(max(each.x, 1e-4)) for each in points]
        times += [] if budget_ms is None else [math.log10(budget_ms)]
        ys = [value for each in points for value in (each.low, each.y, each.high)]
        ys += [] if bar is None else [bar.value]
        x_scale = Scale.over(times, margin=0.1)
        if x_scale.high - x_scale.low < 0.6:
            middle = (x_scale.high + x_scale.low) / 2
            x_scale = Scale(low=middle - 0.3, high=middle + 0.3)
        return cls(x_scale=x_scale, y_scale=Scale.over(ys), is_log=True)

    def x(self, value: float) -> float:
        at = math.log10(max(value, 1e-4)) if self.is_log else value
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * self.x_scale.place(at) / 100

    def y(self, value: float) -> float:
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * self.y_scale.place(value) / 100

    def x_ticks(self) -> list[float]:
        if not self.is_log:
            return _round_ticks(self.x_scale)
        width = self.x_scale.high - self.x_scale.low
        steps: tuple[float, ...] = (1,) if width > 2.5 else (1, 3) if width > 1.2 else (1, 2, 3, 5, 7)
        powers = range(math.floor(self.x_scale.low), math.ceil(self.x_scale.high) + 1)
        ticks = [step * 10.0**power for power in powers for step in steps]
        return [each for each in ticks if self.x_scale.low <= math.log10(each) <= self.x_scale.high]


def _round_ticks(scale: Scale) -> list[float]:
    rough = (scale.high - scale.low) / 5
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(each * unit for each in (1, 2, 5, 10) if each * unit >= rough)
    first = math.ceil(scale.low / step)
    last = math.floor(scale.high / step)
    return [step * n for n in range(first, last + 1)]


def _axes(frame: _Frame, x_title: str, y_title: str) -> str:
    left, right, bottom = _LEFT, _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = []
    for tick in _round_ticks(frame.y_scale):
        y = frame.y(tick)
        parts.append(f'<line class="grid" x1="{left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{_tick(tick)}</text>')
    for tick in frame.x_ticks():
        x = frame.x(tick)
        word = milliseconds(tick) if frame.is_log else _tick(tick)
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{bottom}"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{word}</text>')
    parts.append(f'<text x="{left}" y="13">{escape(_cut(y_title))}</text>')
    parts.append(f'<text x="{right}" y="{_HEIGHT - 6}" text-anchor="end">{escape(_cut(x_title))}</text>')
    return "".join(parts)


def _tick(value: float) -> str:
    return f"{value:,.6g}" if abs(value) >= 1e-9 else "0"


def _cut(text: str, most: int = 70) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _corner(frame: _Frame, bar: Bar | None, budget_ms: float | None) -> str:
    """Return what may ship: on the good side of the bar, inside the budget."""
    if bar is None and budget_ms is None:
        return ""
    right = _WIDTH - _RIGHT if budget_ms is None else frame.x(budget_ms)
    top, bottom = _TOP, _HEIGHT - _BOTTOM
    if bar is not None:
        level = frame.y(bar.value)
        top, bottom = (top, level) if bar.op == ">=" else (level, bottom)
    return (
        f'<rect class="corner" x="{_LEFT}" y="{top:.1f}" width="{max(0.0, right - _LEFT):.1f}" '
        f'height="{max(0.0, bottom - top):.1f}"/>'
    )


def _level(frame: _Frame, value: float, word: str) -> str:
    y = frame.y(value)
    return (
        f'<line class="bar-line" x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}"/>'
        f'<text class="ink" x="{_WIDTH - _RIGHT - 4}" y="{y - 5:.1f}" text-anchor="end">{word}</text>'
    )


def _limit(frame: _Frame, budget_ms: float) -> str:
    x = frame.x(budget_ms)
    return (
        f'<line class="bar-line" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{_HEIGHT - _BOTTOM}"/>'
        f'<text class="ink" x="{x - 5:.1f}" y="{_HEIGHT - _BOTTOM - 6}" text-anchor="end">'
        f"budget {milliseconds(budget_ms)}</text>"
    )


def _mark(point: Point, frame: _Frame) -> str:
    x, y = frame.x(point.x), frame.y(point.y)
    low, high = frame.y(point.low), frame.y(point.high)
    name = f"mark {point.shape}{' outside' if point.outside else ''}"
    drawn = f'<line class="whisker {point.shape}" x1="{x:.1f}" y1="{low:.1f}" x2="{x:.1f}" y2="{high:.1f}"/>'
    if point.shape == "chosen":
        drawn += f'<path class="{name}" d="{_star(x, y)}"/>'
    elif point.shape == "team":
        drawn += f'<rect class="{name}" x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10"/>'
    else:
        drawn += f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    return drawn + f'<text class="ink" x="{x + 10:.1f}" y="{y - 7:.1f}">{escape(point.label)}</text>'


def _star(x: float, y: float, radius: float = 9.0) -> str:
    corners = []
    for place in range(10):
        length = radius if place % 2 == 0 else 0.45 * radius
        angle = math.pi * (place / 5 - 0.5)
        corners.append(f"{x + length * math.cos(angle):.1f},{y + length * math.sin(angle):.1f}")
    return f"M{'L'.join(corners)}Z"


def _svg(parts: Sequence[str], reading: str) -> str:
    return (
        f'<div class="wide"><svg class="plot" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" '
        f'aria-label="{escape(reading)}">{"".join(parts)}</svg></div><p class="quiet">{escape(reading)}</p>'
    )
