"""Column names: trimmed, never blank, unique; what the file called them is kept beside."""

from __future__ import annotations

from collections.abc import Sequence

_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\x00"


def tidy_names(original: Sequence[str]) -> tuple[str, ...]:
    """Return one usable name for each of ``original``, in order.

    White space around a name goes and runs of it within become one space; a blank name becomes
    ``column 3`` by its place; a name that was there before, in whatever case (DuckDB and many other
    tools take ``Price`` and ``price`` for one column), gets ``(2)``, ``(3)`` … behind it.

    >>> tidy_names([" Category Label", "", "price", "price"])
    ('Category Label', 'column 2', 'price', 'price (2)')
    """
    wanted = [_tidied(name) or f"column {place}" for place, name in enumerate(original, start=1)]
    reserved = {name.casefold() for name in wanted}
    taken: set[str] = set()
    return tuple(_free_name(name, taken=taken, reserved=reserved) for name in wanted)


def _tidied(name: str) -> str:
    visible = "".join(letter for letter in name if letter not in _INVISIBLE)
    return " ".join(visible.split())


def _free_name(name: str, *, taken: set[str], reserved: set[str]) -> str:
    """Return ``name`` or its first numbered form that no column has or will have; marks it as taken."""
    free, number = name, 1
    while free.casefold() in taken or (number > 1 and free.casefold() in reserved):
        number += 1
        free = f"{name} ({number})"
    taken.add(free.casefold())
    return free
