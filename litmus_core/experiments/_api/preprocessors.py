"""Parse pre-processors as named in Python and on the command line."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.plugins import read_part
from litmus_core.types import PluginRef

_FORM = "Name it FILE.py:Class or module:Class, with parameters in brackets: 'tidy.py:Tidy(most=20)'."
_Part = str | Callable[..., Any] | PluginRef


def pre_parts(parts: Sequence[_Part] | _Part) -> tuple[PluginRef, ...]:
    """Return pre-processors as parts of a run, given as texts, imported classes or functions, or parts.

    >>> pre_parts(["tidy.py:Tidy(most=20)"])[0].parameters
    (('most', 20),)
    """
    return tuple(_part(part) for part in (parts if isinstance(parts, list | tuple) else [parts]))


def _part(part: Any) -> PluginRef:
    if isinstance(part, PluginRef):
        return part
    if isinstance(part, str):  # a bare name is a plug-in, which is looked up when the run is checked
        return read_part("preprocess", part)
    if not (isinstance(part, type) or inspect.isfunction(part)):
        raise UsageError(f"{part!r} is not the class or function of a pre-processor.", hint=_FORM)
    if part.__module__ == "__main__":
        raise UsageError(
            f"{part!r} was made in a notebook or script, where a run cannot import it from.",
            hint="Put it into a .py file and name it, such as 'tidy.py:Tidy'.",
        )
    return PluginRef(point="preprocess", reference=f"{part.__module__}:{part.__qualname__}")
