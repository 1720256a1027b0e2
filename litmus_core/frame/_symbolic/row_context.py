"""The context that answers aggregations while code is traced; it is empty unless there are rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from litmus_core.errors import UsageError
from litmus_core.frame._graph import RowContext


def check_options(method: str, arguments: Sequence[Any], named: Mapping[str, Any]) -> None:
    """Raise UsageError for options of pandas' ``method`` that are not supported here."""
    option, by_place, types = _OPTIONS.get(method, ("", False, ()))
    is_allowed = len(arguments) + len(named) == 1 and (by_place if arguments else option in named)
    if is_allowed and isinstance(arguments[0] if arguments else named[option], types):
        return
    arguments_text = [*map(repr, arguments), *(f"{name}={value!r}" for name, value in named.items())]
    hint = f"Say {method}({option}=…)" if option else f"Say {method}()"
    raise UsageError(
        f"{method}({', '.join(arguments_text)}) is not supported here.",
        hint=f"{hint}: it is computed over all rows, without missing values.",
    )


# By method: its one supported option, whether the option may be positional, and its types.
_OPTIONS: Mapping[str, tuple[str, bool, tuple[type, ...]]] = {
    "std": ("ddof", False, (int, float, np.integer)),
    "quantile": ("q", True, (object,)),
    "value_counts": ("normalize", True, (bool, np.bool_)),
}

ROWS: ContextVar[RowContext | None] = ContextVar("rows", default=None)
