"""People's own words (column names, values, labels) shown as they are, inside Markdown."""

from __future__ import annotations

import re

__all__ = ["literal"]

# What Streamlit's Markdown would read as formatting, mathematics, HTML, a table, or a :directive.
_SPECIAL = re.compile(r"[\\`*\[\]$~<>|#]|:(?=\w)|(?<![^\W_])_|_(?![^\W_])")


def literal(text: str) -> str:
    r"""Return ``text`` so that Markdown shows it letter by letter.

    >>> print(literal("price in $, *net* of $"))
    price in \$, \*net\* of \$
    >>> print(literal(":red[no]"), literal("dep_delay"), literal("__x__"))
    \:red\[no\] dep_delay \_\_x\_\_
    """
    return _SPECIAL.sub(lambda found: "\\" + found[0], text)
