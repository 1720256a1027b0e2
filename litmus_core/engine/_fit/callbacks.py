"""AutoGluon's callbacks between models. Imports AutoGluon: import this module late.

The callback is pickled into AutoGluon's folder, so it holds only that folder's name; listeners are registered
here, by folder, for the duration of a fit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from autogluon.core.callbacks import AbstractCallback

from litmus_core.engine._catalog.selection import family_of_algorithm
from litmus_core.engine._fit.request import FitRequest
from litmus_core.engine._folds.workers import FoldWorkers

_SLACK = 1.3  # times the first model's time: other settings may take longer
# Share of the time for models fitted on one part: the model of all rows takes nearly as long again.
# After folds it is one model in place of several.
_ONE_PART_SHARE = 0.8


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
    return SpareTime(variants=request.variant_names, until=until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Callbacks of a fit: ``started`` gets a name, ``finished`` (trainer, name).

    ``should_stop`` is called between models. ``is_ready`` returns whether a model (None: any) is already
    fitted elsewhere: a stop keeps it. ``wanted`` are the names of all models to fit; None: any. ``spare``
    says which second models there is time for.
    """

    started: Callable[[str], None]
    finished: Callable[[Any, str], None]
    should_stop: Callable[[], bool]
    is_ready: Callable[[str | None], bool] = lambda _: False
    wanted: frozenset[str] | None = None
    spare: SpareTime | None = None


def listener_of(
    request: FitRequest,
    workers: FoldWorkers | None,
    *,
    started: Callable[[str], None],
    finished: Callable[[Any, str], None],
    should_stop: Callable[[], bool],
    wanted: frozenset[str] | None,
    limit_s: float | None,
) -> Listener:
    """Return the listener of a fit that begins now; AutoGluon has ``limit_s`` for it (None: no limit)."""
    listener = Listener(
        started=started,
        finished=finished,
        should_stop=should_stop,
        wanted=wanted,
        spare=spare_time(request, limit_s=limit_s),
    )
    return listener if workers is None else replace(listener, is_ready=workers.is_ready)


_LISTENERS: dict[str, Listener] = {}


@contextmanager
def listening(key: str, listener: Listener) -> Iterator[None]:
    """Notify ``listener`` about the fit that uses ``ProgressCallback(key)``."""
    _LISTENERS[key] = listener
    try:
        yield
    finally:
        del _LISTENERS[key]


class ProgressCallback(AbstractCallback):  # type: ignore[misc]  # AutoGluon has no types
    """Notifies the listener of ``key``; does nothing without one, such as after loading."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key

    def _before_model_fit(
        self,
        trainer: Any,
        model: Any,
        time_limit: float | None = None,
        stack_name: str = "core",
        level: int = 1,
    ) -> tuple[bool, bool]:
        listener = _LISTENERS.get(self.key)
        if listener is None:
            return False, False
        if stack_name == "core" and listener.should_stop() and not listener.is_ready(model.name):
            return not listener.is_ready(None), True
        if listener.wanted is not None and model.name not in listener.wanted:
            return False, True
        if listener.spare is not None and not listener.spare.allows(model.name):
            return False, True
        # without time AutoGluon calls this, and then skips the model
        if time_limit is None or time_limit > 0:
            listener.started(model.name)
            if listener.spare is not None:
                listener.spare.begins(model.name)
        return False, False

    def _after_model_fit(
        self, trainer: Any, model_names: list[str], stack_name: str = "core", level: int = 1
    ) -> bool:
        listener = _LISTENERS.get(self.key)
        if listener is None:
            return False
        for name in model_names:
            if listener.spare is not None:
                listener.spare.ends(name)
            listener.finished(trainer, name)
        return stack_name == "core" and listener.should_stop() and not listener.is_ready(None)
