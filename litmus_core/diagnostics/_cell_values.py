"""Cell values as JSON values, and as text."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import Any

from litmus_core.diagnostics._types import Plain

_MAX_TEXT = 1_000
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::(?!00)\d\d)?)(?::00)?(?:\.\d+)?")


def plain_value(value: Any, *, max_text: int | None = _MAX_TEXT) -> Plain:
    """Return one cell as a JSON value: None for missing, ISO 8601 for dates, long text cut short.

    >>> plain_value(float("nan")) is None
    True
    """
    if hasattr(value, "item"):
        value = value.item()
    if value is None or value != value or str(value) == "NaT":
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    text = str(value)
    return text if max_text is None or len(text) <= max_text else text[: max_text - 1] + "…"


def plain_text(value: Plain, *, max_text: int = 60) -> str:
    """Return a value as people write it.

    >>> plain_text(1234.5), plain_text(None), plain_text(0.000123), plain_text(True)
    ('1,234.5', 'missing', '0.000123', 'yes')
    >>> plain_text("2013-01-02T08:30:00"), plain_text("2013-01-02T00:00:00")
    ('2013-01-02 08:30', '2013-01-02')
    """
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value) if abs(value) < 10_000 else f"{value:,}"
    if isinstance(value, float):
        if value == int(value) and abs(value) < 1e15:
            return plain_text(int(value))
        return f"{value:,.4g}" if abs(value) < 1_000 else f"{value:,.1f}"
    moment = _MOMENT.fullmatch(value)
    if moment:
        return f"{moment[1]} {moment[2]}".removesuffix(" 00:00")
    return value if len(value) <= max_text else value[: max_text - 1] + "…"
