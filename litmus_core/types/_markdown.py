"""Escape people's own texts (names of columns, tables and models, values, labels) in Markdown."""

from __future__ import annotations

import re

# Characters that Markdown treats as formatting, math, HTML, a table, an emoji or a :directive.
_SPECIAL = re.compile(r"[\\`*\[\]$~<|#&]|:(?=\w)|(?<![^\W_])_|_(?![^\W_])|^(?:>|[-+](?=\s))", re.MULTILINE)
# Addresses become links and ``:name:`` icons despite escapes: a zero-width character keeps them text.
_REPLACED = re.compile(r"https?:(?=//)|www(?=\.)|:(?=[a-z+_-][\w/+-]*:)", re.IGNORECASE)
_NO_WIDTH = "\u2060"


def escape_markdown(text: str) -> str:
    r"""Return ``text`` so that Markdown shows it literally and loads, runs and links nothing in it.

    >>> print(escape_markdown("price in $, *net* of $"))
    price in \$, \*net\* of \$
    >>> print(escape_markdown(":red[no]"), escape_markdown("dep_delay"), escape_markdown("__x__"))
    \:red\[no\] dep_delay \_\_x\_\_
    >>> print(escape_markdown("![i](x) <b>"))
    !\[i\](x) \<b>
    """
    escaped = _SPECIAL.sub(lambda match: "\\" + match[0], text)
    return _REPLACED.sub(lambda match: match[0] + _NO_WIDTH, escaped)


def markdown_line(text: str) -> str:
    """Return ``text`` escaped and on one line, for titles and table cells."""
    return escape_markdown(" ".join(text.split()))


def code_name(text: str) -> str:
    """Return ``text`` on one line and without backticks, to be placed between two of them."""
    return " ".join(text.split()).replace("`", "'")


def markdown_sentence(text: str) -> str:
    """Return a sentence escaped except for code between backticks."""
    parts = text.split("`")
    return "".join(
        f"`{part}`" if place % 2 else escape_markdown(part.replace("\n", " "))
        for place, part in enumerate(parts)
    )
