"""To and from plain JSON values, for every frozen type that crosses a border."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


@cache
def _converter(*, omit_if_default: bool = False) -> Any:
    from cattrs.preconf.json import make_converter

    # A newer Litmus may have written fields that this one does not know: they are ignored.
    return make_converter(forbid_extra_keys=False, omit_if_default=omit_if_default)


def to_plain(value: Any, *, with_defaults: bool = True) -> Any:
    """Return ``value`` (a frozen type, or a collection of them) as JSON values.

    Without defaults, a field that a later Litmus adds changes nothing in what was written before it.

    >>> from litmus_core.types import Bar
    >>> to_plain(Bar(metric="accuracy", op=">=", value=0.9))
    {'metric': 'accuracy', 'op': '>=', 'value': 0.9}
    """
    return _converter(omit_if_default=not with_defaults).unstructure(value)


def from_plain(cls: type[T], plain: Any) -> T:
    """Build a ``cls`` from what :func:`to_plain` gave; raises a cattrs error that lists every bad field."""
    structured: T = _converter().structure(plain, cls)
    return structured


def read_stored(path: Path, cls: type[T], *, within: str = "") -> T | None:
    """Return the ``cls`` that was kept in the JSON file ``path`` (under the key ``within``).

    None where there is none, or one that is damaged or of another Litmus: whoever kept it makes it again.
    """
    from cattrs.errors import BaseValidationError

    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        return from_plain(cls, plain[within] if within else plain)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, BaseValidationError):
        return None
