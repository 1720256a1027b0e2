"""Search spaces, each written in one line."""

from __future__ import annotations

from litmus_core.types import Hyperparameter, Scalar, Space

# What hyperparameters mean that several families have, under whatever name.
TREE_STEP = (
    "How far each tree corrects what is still wrong. Smaller steps are more careful and need more trees."
)
TREE_LEAVES = "How many leaves a tree may have. More leaves fit finer patterns, and more noise."
TREE_DEPTH = (
    "How many questions a tree asks one after the other. Deeper trees fit finer patterns, and more noise."
)
TREE_COLUMNS = "The share of the columns that each tree may use."
LEAF_ROWS = "How many rows a leaf holds at least. More rows make steadier answers."
PENALTY = "How strongly large corrections are held back."
WEIGHT_STEP = "How far weights move at each step. Smaller steps are more careful and take longer."


def floats(name: str, low: float, high: float, *, default: float, log: bool = False) -> Hyperparameter:
    """Return a space of numbers from ``low`` to ``high``, both inclusive."""
    return Hyperparameter(name=name, value=default, space=Space(low=low, high=high, log=log))


def integers(name: str, low: int, high: int, *, default: int, log: bool = False) -> Hyperparameter:
    """Return a space of integers from ``low`` to ``high``, both inclusive."""
    return Hyperparameter(name=name, value=default, space=Space(low=low, high=high, log=log, integer=True))


def one_of(name: str, *choices: Scalar, default: Scalar) -> Hyperparameter:
    """Return a space of choices."""
    return Hyperparameter(name=name, value=default, space=Space(choices=choices))
