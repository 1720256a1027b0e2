"""Which second models still fit into the time of a fit: a family's variant takes as long as its first model."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from litmus_core.engine._catalog.second_models import variant_name
from litmus_core.engine._catalog.selection import family_of_algorithm
from litmus_core.engine._fit.request import FitRequest

_SLACK = 1.3  # times the first model's time: other settings may take longer
# Share of the time for models fitted on one part: the model of all rows takes as long again. After folds it is
# one model in place of several.
_ONE_PART_SHARE = 0.6


@dataclass
class SpareTime:
    """Times the first model of every family, and says whether ``variants``, by name, fit in until ``until``.

    ``until`` is in time.time() seconds; infinite: all do.
    """

    variants: Collection[str]
    until: float
    clock: Callable[[], float] = time.time
    _began: dict[str, float] = field(default_factory=dict)
    _took: dict[str, float] = field(default_factory=dict)

    def begins(self, model: str) -> None:
        """Record that AutoGluon's ``model`` begins."""
        self._began[model] = self.clock()

    def ends(self, model: str) -> None:
        """Record that it is finished."""
        if model in self._began:
            self._took.setdefault(family_of_algorithm(model), self.clock() - self._began[model])

    def allows(self, model: str) -> bool:
        """Return whether to fit it: no variant, or one that is likely to finish in time."""
        if model.split("_BAG_")[0] not in self.variants or self.until == float("inf"):
            return True
        first_s = self._took.get(family_of_algorithm(model))
        return first_s is not None and self.clock() + _SLACK * first_s <= self.until


def spare_time(request: FitRequest, *, limit_s: float | None) -> SpareTime:
    """Return the spare time of a fit that begins now; AutoGluon has ``limit_s`` for it (None: no limit)."""
    share = 1.0 if request.folds.n_folds else _ONE_PART_SHARE
    until = float("inf") if limit_s is None else time.time() + share * limit_s
    return SpareTime(variants=frozenset(map(variant_name, request.variants)), until=until)
