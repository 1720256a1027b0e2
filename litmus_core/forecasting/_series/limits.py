"""How long a history has to be for a horizon."""

from __future__ import annotations

LARGEST_VALUE = 1e100  # squares of larger ones are no numbers any more
FEWEST_LEARNED = 4  # values before the first origin


def fewest_values(horizon: int) -> int:
    """Return the length of the shortest history that validates and judges a horizon."""
    return FEWEST_LEARNED + 2 * horizon


def longest_horizon(n: int) -> int:
    """Return the longest horizon that ``n`` values validate and judge; 0: none."""
    return max((n - FEWEST_LEARNED) // 2, 0)
