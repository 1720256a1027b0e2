"""Shared chart style: colours with transparency, and ranges with some padding."""

from __future__ import annotations

from app.theme import Tone, tone_colour

BAR_ALPHA = 0.5  # light enough to see a whisker on the bar
ROW_PX = 30  # space for one horizontal bar or segment


def colour(tone: Tone, *, dark: bool, alpha: float = 1.0) -> str:
    """Return a tone as rgba, so that fills may be see-through.

    >>> colour("good", dark=False, alpha=0.1)
    'rgba(11, 122, 91, 0.1)'
    """
    red, green, blue = (int(tone_colour(tone, dark=dark)[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {alpha:g})"


def text_colour(*, dark: bool) -> str:
    """Return the text colour, used for bars and budgets everywhere."""
    return "rgba(232, 234, 241, 0.9)" if dark else "rgba(29, 34, 48, 0.85)"


def background_colour(*, dark: bool) -> str:
    """Return the page's background, nearly opaque: labels stay readable over lines and whiskers."""
    return "rgba(18, 20, 26, 0.8)" if dark else "rgba(255, 255, 255, 0.8)"


def padded(values: list[float], *, share: float = 0.08) -> list[float]:
    """Return an axis range around ``values`` with some padding.

    >>> padded([1.0, 2.0], share=0.5)
    [0.5, 2.5]
    """
    low, high = min(values), max(values)
    padding = share * (high - low) or 0.05 * abs(high) or 0.5
    return [low - padding, high + padding]
