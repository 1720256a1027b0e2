"""Which fits the time limit cut short, from AutoGluon's log lines and the records in a run's folder.

A library returns the model that it has when the time is up as if it were done; only its log tells.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from litmus_core.types import TimeCut

_LOGGERS = (
    "autogluon.tabular.models.lgb.callbacks",
    "autogluon.tabular.models.xgboost.callbacks",
    "autogluon.tabular.models.catboost.callbacks",
    "autogluon.tabular.models.rf.rf_model",
    "autogluon.tabular.models.tabular_nn.torch.tabular_nn_torch",
)
_RAN_OUT = re.compile(
    r"Ran out of time.*?(?:iteration|[Ee]poch) (?P<steps>\d+)|-> (?P<trees>\d+) due to low time"
)
# Each library's name of its steps, and the everyday word.
_STEPS = {"num_boost_round": "round", "iterations": "round", "n_estimators": "round", "num_epochs": "epoch"}


class _TimeLimitFilter(logging.Filter):
    """Reports the steps of a fit that ran out of time; passes records on by AutoGluon's own level."""

    def __init__(self, on_time_up: Callable[[int], None]) -> None:
        super().__init__()
        self.on_time_up = on_time_up

    def filter(self, record: logging.LogRecord) -> bool:
        if message := _RAN_OUT.search(record.getMessage()):
            self.on_time_up(int(message["steps"] or message["trees"]))
        return logging.getLogger("autogluon").isEnabledFor(record.levelno)


@contextmanager
def capture_time_limit(on_time_up: Callable[[int], None]) -> Iterator[None]:
    """Call ``on_time_up`` with the number of steps whenever a fit in the block runs out of time."""
    time_filter, loggers = _TimeLimitFilter(on_time_up), [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addFilter(time_filter)
        logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeFilter(time_filter)
            logger.setLevel(level)


@contextmanager
def log_xgboost_time_limit(model: Any) -> Iterator[None]:
    """Make AutoGluon's XGBoost log in the block that its time is up, as other boosters do."""
    if not any(
        entry.__module__.startswith("autogluon.tabular.models.xgboost") for entry in type(model).__mro__
    ):
        yield
        return
    from autogluon.tabular.models.xgboost import callbacks

    plain = callbacks.EarlyStoppingCustom._time_check

    def check_time(stopping: Any, model: Any, epoch: int) -> bool:
        is_over: bool = plain(stopping, model=model, epoch=epoch)
        if is_over:
            message = f"\tRan out of time, early stopping on iteration {epoch + 1}."
            logging.getLogger(callbacks.__name__).info(message)
        return is_over

    with patch.object(callbacks.EarlyStoppingCustom, "_time_check", check_time):
        yield


def time_cut_facts(model: Any, steps: int) -> dict[str, Any]:
    """Return the facts to record of a fitted AutoGluon model that ran out of time after ``steps``."""
    wanted = {**getattr(model, "params", {}), **model._get_model_params()}
    name = next((entry for entry in _STEPS if entry in model.params_trained), "")
    best_at, most = model.params_trained.get(name), wanted.get(name)
    is_forest = hasattr(getattr(model, "model", None), "estimators_")
    return {
        "unit": "tree" if is_forest else _STEPS.get(name, "round"),
        "steps": max(steps, int(best_at or 0)),
        "best_at": best_at,
        "most": most if isinstance(most, int) else None,
    }


def time_cut(fits: Sequence[Mapping[str, Any]]) -> TimeCut | None:
    """Return how the time limit cut a model short, from the records of its fits; None if it did not.

    For a model in folds it describes the fold with the fewest steps.
    """
    cut = [fit["cut"] for fit in fits if fit.get("cut")]
    if not cut:
        return None
    least = min(cut, key=lambda entry: int(entry["steps"]))
    return TimeCut(
        unit=least["unit"],
        steps=least["steps"],
        best_at=least["best_at"],
        most=least["most"],
        n_fits=len(fits),
        n_cut=len(cut),
    )
