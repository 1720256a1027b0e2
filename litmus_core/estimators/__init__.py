"""scikit-learn estimators: a quick portfolio of models for small data, fitted without a workspace.

Their classes derive from scikit-learn's, which is imported when one of them is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from litmus_core.estimators._classifier import LitmusClassifier
    from litmus_core.estimators._regressor import LitmusRegressor

__all__ = ["LitmusClassifier", "LitmusRegressor"]

_HOMES = {"LitmusClassifier": "_classifier", "LitmusRegressor": "_regressor"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted((*globals(), *_HOMES))
