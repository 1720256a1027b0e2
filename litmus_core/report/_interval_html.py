"""Intervals drawn on a line as HTML without text, so that narrow screens and paper show them completely."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotScale:
    """Maps a value to its position on a line, as a percentage of the width."""

    low: float
    high: float

    @classmethod
    def over(cls, values: Iterable[float | None], *, margin: float = 0.08) -> PlotScale:
        """Return a scale that covers ``values`` with a margin; None and NaN are ignored."""
        numbers = [value for value in values if value is not None and math.isfinite(value)] or [0.0, 1.0]
        low, high = min(numbers), max(numbers)
        padding = margin * (high - low) or 0.5 * abs(high) or 0.5
        return cls(low=low - padding, high=high + padding)

    def place(self, value: float) -> float:
        """Return the position of ``value``, 0 to 100."""
        if not math.isfinite(value):
            return 0.0 if value < 0 else 100.0
        return 100 * min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


def track(
    scale: PlotScale,
    *,
    reading: str,
    point: float | None = None,
    whisker: tuple[float, float] | None = None,
    lines: Sequence[tuple[float, str]] = (),
    dots: Sequence[tuple[float, str]] = (),
    tone: str = "accent",
) -> str:
    """Return a line with a point, its interval, and additional ``lines`` (value, class) and ``dots``.

    Classes are ``bar`` (dashed), ``base`` (thin) and, for dots, ``hollow``. ``reading`` describes the
    drawing.
    """
    parts = []
    if whisker is not None:
        low, high = (scale.place(number) for number in whisker)
        parts.append(f'<i class="span" style="left:{low:.2f}%;width:{max(0.4, high - low):.2f}%"></i>')
    parts += [f'<i class="{name}" style="left:{scale.place(at):.2f}%"></i>' for at, name in lines]
    if point is not None:
        parts.append(f'<i class="dot" style="left:{scale.place(point):.2f}%"></i>')
    parts += [f'<i class="dot {name}" style="left:{scale.place(at):.2f}%"></i>' for at, name in dots]
    return f'<div class="track {tone}" role="img" aria-label="{escape(reading)}">{"".join(parts)}</div>'


def lines_of(rows: Iterable[tuple[str, str, str]]) -> str:
    """Return rows of a name, a track (HTML) and its text; names and texts are escaped."""
    drawn = "".join(
        f'<div class="name">{escape(name)}</div>{drawn}<div class="says">{escape(says)}</div>'
        for name, drawn, says in rows
    )
    return f'<div class="tracks">{drawn}</div>'
