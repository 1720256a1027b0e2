"""AutoGluon's callbacks between models. Imports AutoGluon: import this module late.

The callback is pickled into AutoGluon's folder, so it holds only that folder's name; listeners are registered
here, by folder, for the duration of a fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from autogluon.core.callbacks import AbstractCallback

from litmus_core.engine._fit.spare_time import SpareTime


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
