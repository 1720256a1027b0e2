"""To and from plain JSON values, for every frozen type that crosses a border."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


@cache
def _converter() -> Any:
    from cattrs.preconf.json import make_converter

    # A newer Litmus may have written fields that this one does not know: they are ignored.
    return make_converter(forbid_extra_keys=False)


def to_plain(value: Any) -> Any:
    """Return ``value`` (a frozen type, or a collection of them) as JSON values.

    >>> from litmus_core.types import Bar
    >>> to_plain(Bar(metric="accuracy", op=">=", value=0.9))
    {'metric': 'accuracy', 'op': '>=', 'value': 0.9}
    """
    return _converter().unstructure(value)


def from_plain(cls: type[T], plain: Any) -> T:
    """Build a ``cls`` from what :func:`to_plain` gave; raises a cattrs error that lists every bad field."""
    structured: T = _converter().structure(plain, cls)
    return structured
