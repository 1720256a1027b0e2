"""Convert frozen types to plain JSON values and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

from litmus_core.errors import UsageError
from litmus_core.types._plans import Origin, ParameterValue, Retrained, WarmStart
from litmus_core.types._statements import StatementValue

T = TypeVar("T")


@cache
def _converter(*, omit_if_default: bool = False) -> Any:
    from cattrs.preconf.json import make_converter
    from cattrs.strategies import configure_tagged_union

    # A newer Litmus may have written unknown fields: they are ignored.
    converter = make_converter(forbid_extra_keys=False, omit_if_default=omit_if_default)
    # A hook for a new kind of list clears the converter's generated functions, hence caches of our own.
    converter.register_unstructure_hook_factory(is_dataclass, cache(converter.gen_unstructure_attrs_fromdict))
    converter.register_structure_hook_factory(is_dataclass, cache(converter.gen_structure_attrs_fromdict))
    converter.register_unstructure_hook_factory(_is_literal, _choice_writer)
    for union in (WarmStart | Retrained, Origin):  # fields alone do not tell them apart; the inner one first
        configure_tagged_union(union, converter, tag_name="kind")
        _allow_none(converter, union)
    for values in (StatementValue, ParameterValue):
        converter.register_structure_hook(
            values, lambda plain, _: tuple(plain) if isinstance(plain, list) else plain
        )
    return converter


def _is_literal(kind: Any) -> bool:
    return get_origin(kind) is Literal


def _choice_writer(literal: Any) -> Callable[[Any], Any]:
    """Return a function that writes a value of ``literal`` and refuses any other, which could never be read
    again.
    """
    choices = get_args(literal)

    def write(value: Any) -> Any:
        if value not in choices:
            raise UsageError(
                f"{value!r} is none of the words that can stand here.",
                hint=f"These can: {', '.join(map(str, choices))}. Nothing was stored.",
            )
        return value

    return write


def _allow_none(converter: Any, union: Any) -> None:
    """Read and write ``union | None`` like ``union``: the converter does not see one within the other."""
    converter.register_structure_hook(
        union | None, lambda plain, _: None if plain is None else converter.structure(plain, union)
    )
    converter.register_unstructure_hook(
        union | None, lambda value: None if value is None else converter.unstructure(value, union)
    )


def to_plain(value: Any, *, with_defaults: bool = True) -> Any:
    """Return ``value`` (a frozen type, or a collection of them) as JSON values.

    Without defaults, new fields of a later Litmus do not change the JSON of older values.

    >>> from litmus_core.types import Bar
    >>> to_plain(Bar(metric="accuracy", op=">=", value=0.9))
    {'metric': 'accuracy', 'op': '>=', 'value': 0.9, 'is_proposed': False}
    """
    return _converter(omit_if_default=not with_defaults).unstructure(value)


def from_plain(cls: type[T], plain: Any) -> T:
    """Build a ``cls`` from the output of :func:`to_plain`; raises a cattrs error listing every bad field."""
    structured: T = _converter().structure(plain, cls)
    return structured


def read_stored(path: Path, cls: type[T], *, within: str = "") -> T | None:
    """Return the ``cls`` stored in the JSON file ``path`` (under the key ``within``).

    None if the file is missing, damaged or from another Litmus: the caller then computes the value again.
    """
    from cattrs.errors import BaseValidationError

    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        return from_plain(cls, plain[within] if within else plain)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, BaseValidationError):
        return None
