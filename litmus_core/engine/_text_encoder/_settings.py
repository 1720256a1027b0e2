"""The encoder's hyperparameters: names, defaults, and invalid values."""

from __future__ import annotations

from typing import Any

from litmus_core.types import Scalar

MODES = ("frozen", "full")
DEFAULTS: dict[str, Any] = {
    "mode": "frozen",
    "folder": "",
    "max_tokens": 128,
    "learning_rate": 1e-4,
    "epochs": 4,
    "batch_rows": 32,
    "weight_decay": 0.01,
    "warm_up": 0.1,
}
_RANGES: dict[str, tuple[float, float]] = {
    "max_tokens": (4, 512),
    "learning_rate": (1e-7, 0.1),
    "epochs": (1, 100),
    "batch_rows": (1, 1024),
    "weight_decay": (0.0, 1.0),
    "warm_up": (0.0, 0.9),
}


def out_of_range(name: str, value: Scalar) -> str:
    """Return what is wrong with a value of the right type, as the rest of a sentence; "" if it is valid.

    >>> out_of_range("mode", "half"), out_of_range("epochs", 3)
    ("is 'frozen' or 'full'", '')
    """
    if name == "mode":
        return "" if value in MODES else "is 'frozen' or 'full'"
    if name not in _RANGES or not isinstance(value, int | float):
        return ""
    low, high = _RANGES[name]
    return "" if low <= value <= high else f"is from {low:g} to {high:g}"
