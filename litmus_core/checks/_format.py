"""How checks say numbers and lists."""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.data import as_text

_LETTERS = 50


def short_cell(value: object) -> str:
    """Return a cell as a short text, "" where it is missing; a plain date has no time of day.

    >>> short_cell(12.50001), short_cell(float("nan")), short_cell("x" * 60)[-2:]
    ('12.5', '', 'x…')
    """
    if value is None or str(value) in ("nan", "NaT", "<NA>"):  # what pandas has for it
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else as_text(value)
    return text if len(text) <= _LETTERS else text[: _LETTERS - 1] + "…"


def plain_score(score: float) -> str:
    """Write a score with as many digits as tell it from 1.

    >>> plain_score(0.99953), plain_score(0.7134), plain_score(1.0), plain_score(-0.2)
    ('0.9995', '0.71', '1.00', '-0.20')
    """
    if score >= 1:
        return "1.00"
    digits = 4 if score > 0.995 else 3 if score > 0.95 else 2
    return f"{score:.{digits}f}"


def counted(n: int, of: int) -> str:
    """Return a share as people say it.

    >>> counted(1, 3), counted(3, 3), counted(1, 4000)
    ('33 %', '100 %', '0.03 %')
    """
    percent = 100 * n / max(1, of)
    return f"{percent:.0f} %" if percent >= 1 or percent == 0 else f"{percent:.1g} %"


def listed(names: Sequence[str], *, most: int = 4) -> str:
    """Join names with commas and "and".

    >>> listed(["a"]), listed(["a", "b"]), listed(list("abcdef"), most=3)
    ('a', 'a and b', 'a, b, c and 3 more')
    """
    shown = list(names[:most])
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
