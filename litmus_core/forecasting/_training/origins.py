"""Rolling origins: which values are known at each forecast that validates or judges; never a random split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from litmus_core.forecasting._series.limits import FEWEST_LEARNED

Part = Literal["early", "validation", "test"]
_SHARE = 0.2  # of a series' values for the judging origins, and again for those that validate
_MOST_HORIZONS = 12  # that either of them spans
_FEWEST_EARLY = 8  # values before the first early origin


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginPlan:
    """The origins of one series, as numbers of known values.

    Models that validate learn from the first ``validation[0]`` values, those that are judged from the first
    ``test[0]``. Later origins know more values, with the parameters learned before. ``early`` ones validate
    models that learned still less, up to the same end; () where the history is too short for them.
    """

    early: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]

    def of(self, part: Part) -> tuple[int, ...]:
        """Return the origins of a part."""
        return {"early": self.early, "validation": self.validation, "test": self.test}[part]


def plan_origins(n: int, horizon: int) -> OriginPlan:
    """Return the origins of a series of ``n`` values, at least ``fewest_values(horizon)``.

    >>> plan_origins(20, 5)
    OriginPlan(early=(), validation=(10,), test=(15,))
    """
    share = int(np.clip(round(_SHARE * n), horizon, _MOST_HORIZONS * horizon))
    if n - 2 * share < max(FEWEST_LEARNED, n // 3):
        share = horizon
    early, validation, test = n - 3 * share, n - 2 * share, n - share
    last = test - horizon + 1
    return OriginPlan(
        early=tuple(range(early, last)) if early >= max(_FEWEST_EARLY, n // 4) else (),
        validation=tuple(range(validation, last)),
        test=tuple(range(test, n - horizon + 1)),
    )
