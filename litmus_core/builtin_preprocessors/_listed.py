"""Column names in a parameter when one contains a comma: a JSON list."""

from __future__ import annotations

import json
from typing import Any


def listed(columns: str) -> list[Any]:
    """Return the list; raises ValueError for an invalid one.

    >>> listed('["a, b", "c"]')
    ['a, b', 'c']
    """
    try:
        names = json.loads(columns)
    except json.JSONDecodeError as error:
        raise ValueError(f"{columns} is not a JSON list of names ({error})") from error
    if not isinstance(names, list) or not all(isinstance(name, list | str) for name in names):
        raise ValueError(f"{columns} is not a JSON list of names")
    return names
