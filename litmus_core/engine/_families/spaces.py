"""Search spaces, each written in one line."""

from __future__ import annotations

from litmus_core.types import Hyperparameter, Scalar, Space


def floats(name: str, low: float, high: float, *, default: float, log: bool = False) -> Hyperparameter:
    """Return a space of numbers from ``low`` to ``high``, both inclusive."""
    return Hyperparameter(name=name, value=default, space=Space(low=low, high=high, log=log))


def integers(name: str, low: int, high: int, *, default: int, log: bool = False) -> Hyperparameter:
    """Return a space of integers from ``low`` to ``high``, both inclusive."""
    return Hyperparameter(name=name, value=default, space=Space(low=low, high=high, log=log, integer=True))


def one_of(name: str, *choices: Scalar, default: Scalar) -> Hyperparameter:
    """Return a space of choices."""
    return Hyperparameter(name=name, value=default, space=Space(choices=choices))
