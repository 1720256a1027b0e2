"""Litmus: Flexible AutoML, from a table to an honestly judged, deployable model.

Importing this package loads nothing heavy; each name below is imported on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Studio": "litmus_core.experiments",
    "check": "litmus_core.experiments",
    "load_bundle": "litmus_core.runtime",
    "train": "litmus_core.experiments",
}

__all__ = ["Studio", "__version__", "check", "load_bundle", "train"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
