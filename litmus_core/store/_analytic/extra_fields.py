"""Fields without a column of their own: stored as JSON, so that a new field is never lost."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import fields
from functools import cache
from typing import Any, get_type_hints

from litmus_core.types import from_plain, to_plain


def pack_extra(value: Any, *, columns: Collection[str]) -> str | None:
    """Return, as JSON, fields that have no column and differ from their default; None if there are none."""
    cls: type = type(value)
    more = {
        name: to_plain(getattr(value, name))
        for name, default in _defaults(cls)
        if name not in columns and getattr(value, name) != default
    }
    return json.dumps(more) if more else None


def set_extra(text: str | None, **values: Any) -> str | None:
    """Return JSON as from :func:`pack_extra` with these fields added or replaced.

    Empty fields are dropped.
    """
    more = json.loads(text) if text else {}
    more |= {name: to_plain(value) for name, value in values.items()}
    stored = {name: value for name, value in more.items() if value or name not in values}
    return json.dumps(stored) if stored else None


def unpack_extra(cls: type, text: str | None) -> dict[str, Any]:
    """Return what :func:`pack_extra` stored as keyword arguments, without fields that this version lacks."""
    if text is None:
        return {}
    kinds = _kinds(cls)
    return {name: from_plain(kinds[name], plain) for name, plain in json.loads(text).items() if name in kinds}


@cache
def _defaults(cls: type) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in fields(cls))


@cache
def _kinds(cls: type) -> dict[str, Any]:
    hints = get_type_hints(cls)
    return {field.name: hints[field.name] for field in fields(cls)}
