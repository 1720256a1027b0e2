"""A bar as text: a metric, a sign and a number."""

from __future__ import annotations

import math
import re

from litmus_core.errors import UsageError
from litmus_core.types import Bar, BarOp

_BAR = re.compile(
    r"^\s*([A-Za-z_][\w ]*?\s*(?:\(.*\))?)\s*(>=|<=|≥|≤)\s*([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)\s*(%?)\s*$"
)
_SIGNS: dict[str, BarOp] = {">=": ">=", "≥": ">=", "<=": "<=", "≤": "<="}


def parse_bar(text: str) -> Bar:
    """Read a bar such as ``roc_auc>=0.9`` or ``accuracy >= 95%``.

    >>> parse_bar("rmse <= 12.5")
    Bar(metric='rmse', op='<=', value=12.5, is_proposed=False)
    >>> parse_bar("coverage_at_precision(precision=0.85)>=60%").metric
    'coverage_at_precision(precision=0.85)'
    """
    match = _BAR.match(text)
    if not match:
        raise UsageError(
            f"'{text}' is not a bar.",
            hint="Write metric, >= or <=, and a number: accuracy>=0.95 or rmse<=12.",
        )
    value = float(match[3]) / (100.0 if match[4] else 1.0)
    if not math.isfinite(value):
        raise UsageError(f"The bar '{text}' is not a finite number.", hint="Write a number such as 0.95.")
    return Bar(metric=match[1].strip(), op=_SIGNS[match[2]], value=value)
