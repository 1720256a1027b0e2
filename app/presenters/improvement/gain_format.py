"""Formats of gains: shares in points, errors as better or worse, with the decimals of scores."""

from __future__ import annotations

from litmus_core.metrics import get_metric
from litmus_core.text import decimals_of, format_chance, in_unit, places_within
from litmus_core.types import Gain

__all__ = ["format_gain", "gain_range"]

_MINUS = "\u2212"
_SMALL = 0.05  # points that one decimal would round to 0


def format_gain(gain: float, metric: str, *, unit: str = "", half_width: float | None = None) -> str:
    """Format a gain; positive is better, also for metrics where lower is better.

    An error is in the target's ``unit``, and has no decimals that ``half_width``, of the gain's interval,
    makes meaningless.

    >>> format_gain(0.0123, "accuracy"), format_gain(-0.0062, "roc_auc"), format_gain(0.0, "accuracy")
    ('+1.2 points', '\u22120.006', '+0.0 points')
    >>> format_gain(0.0003, "accuracy")
    '+0.03 points'
    >>> format_gain(12.34, "rmse"), format_gain(-0.5, "rmse")
    ('12.34 better', '0.500 worse')
    >>> format_gain(12.34, "rmse", half_width=81.0), format_gain(0.2, "rmse", half_width=81.0)
    ('12 better', '0 better')
    >>> format_gain(-1234.0, "mae", unit="$")
    '$1,234 worse'
    """
    spec = get_metric(metric)
    if not spec.greater_is_better:
        places = decimals_of([gain])
        places = places if half_width is None else min(places, max(0, places_within(half_width)))
        return f"{in_unit(f'{abs(gain):,.{places}f}', unit)} {'worse' if gain < 0 else 'better'}"
    if spec.unit == "share":
        places = 1 if abs(100 * gain) >= _SMALL or gain == 0 else 2
        return f"{_signed(round(100 * gain, places), places)} points"
    return _signed(gain, decimals_of([gain]))


def gain_text(gain: Gain, metric: str, unit: str = "") -> str:
    """Format an expected gain: a number, the chance to settle the verdict, or that the gain is not known yet.

    >>> gain_text(Gain(value=0, low=0, high=0, measured=0, is_known=False, settles=0.62), "accuracy")
    '62 % likely'
    """
    if gain.is_known:
        return format_gain(gain.value, metric, unit=unit, half_width=_half(gain))
    if gain.settles is None:
        return "Known when it is done"
    return f"{format_chance(gain.settles)} likely"


def gain_range(gain: Gain, metric: str, unit: str = "") -> str:
    """Format the 80 % interval of a gain; a page says once that this is what "likely" means.

    >>> gain_range(Gain(value=0.01, low=-0.001, high=0.024, measured=0.02), "accuracy")
    'likely \u22120.1 to +2.4 points'
    >>> gain_range(Gain(value=12.0, low=-68.78, high=94.1, measured=9.0), "rmse")
    'likely 69 worse to 94 better'
    >>> gain_range(Gain(value=12.0, low=6.0, high=17.0, measured=9.0), "rmse")
    'likely 6.0 to 17.0 better'
    """
    ends = (gain.low, gain.high)
    low, high = (format_gain(end, metric, unit=unit, half_width=_half(gain)) for end in ends)
    for word in (" points", " better", " worse"):
        if high.endswith(word):
            low = low.removesuffix(word)
    return f"likely {low} to {high}"


def _half(gain: Gain) -> float:
    return (gain.high - gain.low) / 2


def _signed(value: float, places: int) -> str:
    text = f"{abs(value):,.{places}f}"
    return f"{_MINUS if value < 0 and float(text.replace(',', '')) else '+'}{text}"
