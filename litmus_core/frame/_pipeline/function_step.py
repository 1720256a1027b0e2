"""A pre-processor that is one function of a data frame."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any


class FunctionStep:
    """Calls ``function`` with a copy of the frame and further ``arguments``; it learns nothing."""

    def __init__(self, function: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
        self.function, self.arguments = function, dict(arguments)

    def transform(self, frame: Any) -> Any:
        """Return what the function makes of a copy of ``frame``, so that it may set columns of it."""
        return self.function(frame.copy(), **self.arguments)


def is_frame_function(value: Any, arguments: Mapping[str, Any]) -> bool:
    """Return whether ``value`` is a function that needs one value beside ``arguments``: the frame.

    A function that needs none makes a pre-processor.
    """
    if not inspect.isfunction(value):
        return False
    signature = inspect.signature(value)
    return not _binds(signature, **arguments) and _binds(signature, None, **arguments)


def _binds(signature: inspect.Signature, *values: Any, **arguments: Any) -> bool:
    try:
        signature.bind(*values, **arguments)
    except TypeError:
        return False
    return True
