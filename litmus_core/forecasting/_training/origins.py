"""Rolling origins: which values are known at each forecast that validates or judges; never a random split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from litmus_core.forecasting._series.limits import FEWEST_LEARNED

_SHARE = 0.2  # of a series' values for the judging origins, and again for those that validate
_MOST_HORIZONS = 12  # that either of them spans


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginPlan:
    """The origins of one series, as numbers of known values.

    Models that validate learn from the first ``validation[0]`` values, those that are judged from the first
    ``test[0]``. Later origins know more values, with the parameters learned before.
    """

    validation: tuple[int, ...]
    test: tuple[int, ...]


def plan_origins(n: int, horizon: int) -> OriginPlan:
    """Return the origins of a series of ``n`` values, at least ``fewest_values(horizon)``.

    >>> plan_origins(20, 5)
    OriginPlan(validation=(10,), test=(15,))
    """
    share = int(np.clip(round(_SHARE * n), horizon, _MOST_HORIZONS * horizon))
    if n - 2 * share < max(FEWEST_LEARNED, n // 3):
        share = horizon
    test, validation = n - share, n - 2 * share
    return OriginPlan(
        validation=tuple(range(validation, test - horizon + 1)),
        test=tuple(range(test, n - horizon + 1)),
    )
