"""How far a forecast is off, in words, by the metric that judges it."""

from __future__ import annotations

from math import isfinite

from litmus_core.text import unbroken
from litmus_core.verdicts import format_work_score

__all__ = ["ERROR_HELP", "error_text", "off_by"]

ERROR_HELP = {
    "wape": "The sum of all errors as a share of the sum of all values. Technical word: WAPE.",
    "mase": "The error as a share of what repeating the last season was off by before. Technical word: MASE.",
}


def error_text(metric: str, value: float) -> str:
    """Write an error: a share of the values for WAPE, a factor for MASE."""
    if not isfinite(value):
        return "not known"
    return unbroken(format_work_score(metric, value))


def off_by(metric: str, value: float) -> str:
    """Return the end of a sentence that says how far a forecast is off.

    >>> off_by("mase", 0.8123)
    'had an error of 0.812'
    """
    text = error_text(metric, value)
    return f"was off by {text}" if metric == "wape" else f"had an error of {text}"
