"""Refuse arguments of another type than a call takes, before they fail far away from it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from inspect import Signature
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import numpy as np

from litmus_core.errors import UsageError
from litmus_core.text import shorten

_COLUMNS = ("target", "weight", "column")
# What to do about some parameters.
_HINTS = {
    "compute": "Write compute=Compute(time_limit_s=…).",
    "training": "Write training=Training(models=[…]).",
    "tuning": "Write tuning=Tuning(n_trials=…).",
    "goal": "Write the bar alone, such as goal='macro_f1>=0.6' or goal='mean_r2>=0.5'.",
    **dict.fromkeys(_COLUMNS, "Give the name of a column."),
}
_AS_NUMBERS = (*_COLUMNS, "positive_class")  # names that may be numbers, such as the class 1
# What a type takes, and how one says it.
_TYPES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "str": (lambda value: isinstance(value, str), "a text"),
    "bool": (lambda value: isinstance(value, bool | np.bool), "True or False"),
    "int": (lambda value: isinstance(value, Integral) and not isinstance(value, bool), "a whole number"),
    "float": (lambda value: isinstance(value, Real) and not isinstance(value, bool), "a number"),
    "Path": (lambda value: isinstance(value, Path), "a path"),
    "type": (lambda value: isinstance(value, type), "a class"),
    "None": (lambda value: value is None, ""),
    "Sequence": (lambda value: isinstance(value, Iterable), "a list"),
    "Iterable": (lambda value: isinstance(value, Iterable), "a list"),
    "Schema": (lambda value: isinstance(value, Mapping), "a dict"),
}


def check_argument_types(
    owner: Any, arguments: tuple[Any, ...], keywords: dict[str, Any], *, parameters: Signature
) -> None:
    """Raise UsageError for a value of another type; other mistakes are left to the call itself."""
    try:
        values = parameters.bind(*arguments, **keywords).arguments
    except TypeError:
        return
    for name, value in values.items():
        _check(owner, name, str(parameters.parameters[name].annotation), value)


def _check(owner: Any, name: str, annotation: str, value: Any) -> None:
    if is_dataclass(value) and type(value).__module__.startswith("litmus_core.types"):
        for field in fields(value):
            _check(type(value), field.name, str(field.type), getattr(value, field.name))
    if name in _AS_NUMBERS and isinstance(value, Real | np.bool):
        return
    kinds = []
    for option in _options(annotation):
        record = vars(sys.modules[owner.__module__]).get(option)
        is_allowed, kind = _TYPES.get(option.partition("[")[0], (None, ""))
        if isinstance(record, type) and is_dataclass(record):
            is_allowed, kind = partial(_is_a, record), f"{name}={option}(…)"
        if is_allowed is None or is_allowed(value):  # of another type than these: the call itself checks it
            return
        kinds += [kind] if kind and kind not in kinds else []
    hint = f"{'Write' if '(' in kinds[0] else 'Give'} {' or '.join(kinds)}."
    raise UsageError(
        f"{owner.__name__}({name}=…) takes no {type(value).__name__}: {shorten(repr(value))}.",
        hint=_HINTS.get(name, hint),
    )


def _is_a(record: type, value: Any) -> bool:
    return isinstance(value, record)


def _options(annotation: str) -> list[str]:
    """Return the parts of a union: ["A[B | C]", "None"] of "A[B | C] | None"."""
    options, depth = [""], 0
    for part in annotation.split(" | "):
        options[-1] += f" | {part}" if depth else part
        depth += part.count("[") - part.count("]")
        if not depth:
            options.append("")
    return options[:-1]
