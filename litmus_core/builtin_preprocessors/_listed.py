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
        found = json.loads(columns)
    except json.JSONDecodeError as error:
        raise ValueError(f"{columns} is no JSON list of names ({error})") from error
    if not isinstance(found, list) or not all(isinstance(each, list | str) for each in found):
        raise ValueError(f"{columns} is no JSON list of names")
    return found
