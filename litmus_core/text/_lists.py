"""Join names into one text."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 60  # letters of a quoted name


def join_names(names: Iterable[str], *, most: int | None = None, n_all: int | None = None) -> str:
    """Join names with commas and "and": the first ``most`` of them, and the number of the others.

    ``names`` may be the first of ``n_all``.

    >>> join_names([]), join_names(["a"]), join_names(["a", "b"]), join_names(list("abcdef"), most=3)
    ('', 'a', 'a and b', 'a, b, c and 3 more')
    >>> join_names(["a", "b"], n_all=7)
    'a, b and 5 more'
    """
    listed = list(names)
    shown = listed[:most]
    n_more = (n_all or len(listed)) - len(shown)
    if n_more:
        return f"{', '.join(shown)} and {n_more:,} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def quote_names(names: Iterable[str], *, most: int = 3, n_all: int | None = None) -> str:
    """Join names in quotes, the first ``most`` of them (of ``n_all``); long ones are shortened.

    >>> quote_names(["a", "b", "c", "d", "e"])
    "'a', 'b', 'c' and 2 more"
    """
    return join_names([f"'{shorten(name)}'" for name in names], most=most, n_all=n_all)


def shorten(text: str, *, most: int = _LONGEST) -> str:
    """Return a text cut to ``most`` letters, on one line."""
    line = " ".join(text.split()) if "\n" in text or "\r" in text else text
    return line if len(line) <= most else line[: most - 1] + "…"
