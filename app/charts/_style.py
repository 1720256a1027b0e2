"""Shared chart style: margins, line styles, colours with transparency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.theme import Tone, tone_colour

if TYPE_CHECKING:
    import plotly.graph_objects as go

BAR_ALPHA = 0.5  # light enough that a whisker stays visible on the bar
ROW_PX = 30  # space for one horizontal bar or segment
HOVER = {"align": "left"}
LINE_DASH = "dash"
BLANK: dict[str, Any] = {
    "margin": {"l": 8, "r": 16, "t": 24, "b": 8},
    "showlegend": False,
    "hoverlabel": HOVER,
    "dragmode": False,
    "xaxis": {"separatethousands": True},
    "yaxis": {"separatethousands": True},
}


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


def blank(*, height: int, **layout: Any) -> go.Figure:
    """Return an empty figure with small margins; ``layout`` is Plotly's own, without axes.

    All is set at once: an update takes Plotly ten times as long.
    """
    import plotly.graph_objects as go

    return go.Figure(layout=BLANK | {"height": height} | layout)


def across(
    figure: go.Figure, *, x: float | None = None, y: float | None = None, line: dict[str, Any]
) -> None:
    """Draw a line through the whole plot, at ``x`` or ``y``, three times as fast as Plotly's own method."""
    figure.add_shape(line_across(x=x, y=y, line=line))


def line_across(*, x: float | None = None, y: float | None = None, line: dict[str, Any]) -> dict[str, Any]:
    """Return a line through the whole plot, at ``x`` or ``y``, as a shape of Plotly."""
    if y is None:
        return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": line}
    return {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": y, "y1": y, "line": line}


def padded(values: list[float], *, share: float = 0.08) -> list[float]:
    """Return an axis range around ``values`` with some padding.

    >>> padded([1.0, 2.0], share=0.5)
    [0.5, 2.5]
    """
    low, high = min(values), max(values)
    air = share * (high - low) or 0.05 * abs(high) or 0.5
    return [low - air, high + air]
