"""Column names in a parameter as a JSON list, for names with a comma."""

from __future__ import annotations

import json
from typing import Any


def names_in_json(columns: str) -> list[Any]:
    """Return the names in a JSON list; raises ValueError for an invalid list.

    >>> names_in_json('["a, b", "c"]')
    ['a, b', 'c']
    """
    try:
        names = json.loads(columns)
    except json.JSONDecodeError as error:
        raise ValueError(f"{columns} is not a JSON list of names ({error})") from error
    if not isinstance(names, list) or not all(isinstance(name, list | str) for name in names):
        raise ValueError(f"{columns} is not a JSON list of names")
    return names
