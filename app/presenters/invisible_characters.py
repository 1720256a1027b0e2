"""Texts with signs for invisible characters: spaces at the ends, unusual and zero-width characters."""

from __future__ import annotations

import unicodedata
from html import escape

__all__ = ["visible_html"]

_SIGNS = {" ": "·", "\t": "⇥", "\n": "↵", "\r": "↵"}
_NAMES = {" ": "space", "\t": "tab", "\n": "line break", "\r": "line break"}


def visible_html(text: str) -> str:
    """Return a text as HTML with a sign for each invisible character; its name is the tooltip.

    >>> visible_html("a b "), visible_html("<b>")
    ('a b<i class="litmus-sign" title="space">·</i>', '&lt;b&gt;')
    """
    inner = text.strip(" ")
    start, end = text.find(inner), text.find(inner) + len(inner)
    return "".join(
        escape(letter) if start <= at < end and not _is_invisible(text, at) else _sign(letter)
        for at, letter in enumerate(text)
    )


def _is_invisible(text: str, at: int) -> bool:
    letter = text[at]
    if letter == " ":
        return text[at - 1] == " "  # a second space in a row
    return unicodedata.category(letter) in ("Zs", "Zl", "Zp", "Cc", "Cf")


def _sign(letter: str) -> str:
    name = _NAMES.get(letter) or unicodedata.name(letter, f"U+{ord(letter):04X}").lower()
    return f'<i class="litmus-sign" title="{escape(name)}">{_SIGNS.get(letter, "⍽")}</i>'
