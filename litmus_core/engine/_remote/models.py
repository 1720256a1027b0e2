"""Models fitted by workers on other machines: those without folds, and those retrained on all rows.

AutoGluon fits one model after the other, in its own process. Within :func:`remote_models` all upcoming fits
start at once, and AutoGluon waits for each in turn: the result is the same. Imports AutoGluon: import this
module late.
"""

from __future__ import annotations

import pickle
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count, dropwhile
from pathlib import Path
from typing import Any

from autogluon.core.models import BaggedEnsembleModel
from autogluon.core.models.ensemble.weighted_ensemble_model import WeightedEnsembleModel
from autogluon.core.utils.exceptions import TimeLimitExceeded
from autogluon.tabular.trainer.abstract_trainer import AbstractTabularTrainer

from litmus_core.engine._catalog.selection import title_of
from litmus_core.engine._folds.workers import Fitter, FoldWorkers
from litmus_core.engine._remote.model_files import files_of, is_trained

# AutoGluon does not start a fit with less than a part of that; this one started long ago
_LEAST_LIMIT_S = 10.0


@contextmanager
def remote_models(workers: FoldWorkers) -> Iterator[None]:
    """Make ``workers`` fit the models that AutoGluon fits as a whole in the block, without bags' folds."""
    trainer_type = AbstractTabularTrainer
    fit_all, keep_one = trainer_type._train_multi_fold, trainer_type._train_and_save
    fit_one = trainer_type._train_single
    with tempfile.TemporaryDirectory(prefix="litmus-models-") as scratch:
        pending = _PendingFits(workers, Path(scratch))

        def all_of(trainer: Any, *, models: Sequence[Any], **options: Any) -> Any:
            with pending.announce(models):
                return fit_all(trainer, models=models, **options)

        def keep_model(trainer: Any, *, model: Any, **options: Any) -> Any:
            if model.name in workers.pending_models and options.get("time_limit") is not None:
                options["time_limit"] = max(options["time_limit"], _LEAST_LIMIT_S)
            return keep_one(trainer, model=model, **options)

        def one_of(trainer: Any, *, model: Any, **options: Any) -> Any:
            if not _is_fitted_remotely(model, options):
                return fit_one(trainer, model=model, **options)
            return pending.fitted(model, options)

        try:
            trainer_type._train_multi_fold, trainer_type._train_and_save = all_of, keep_model
            trainer_type._train_single = one_of
            yield
        finally:
            trainer_type._train_multi_fold, trainer_type._train_and_save = fit_all, keep_one
            trainer_type._train_single = fit_one


class _PendingFits:
    """Fits of upcoming models, on the same rows and until the same time."""

    def __init__(self, workers: FoldWorkers, scratch: Path) -> None:
        self._workers, self._scratch, self._number = workers, scratch, count()
        self._expected: Sequence[Any] = ()
        self._until: float | None = None

    @contextmanager
    def announce(self, models: Sequence[Any]) -> Iterator[None]:
        """Announce the upcoming models within the block; after it, the remaining ones are abandoned."""
        previous, self._expected = self._expected, models
        try:
            yield
        finally:
            self._expected, self._workers.gave_up = previous, False
            left = list(self._workers.pending_models.values())
            self._workers.pending_models.clear()
            if not all(model.done() for model in left):
                self._workers.end_folds()

    def fitted(self, model: Any, options: dict[str, Any]) -> Any:
        """Return the fitted model; raises the exception of its fit."""
        if model.name not in self._workers.pending_models:
            following = list(dropwhile(lambda other: other.name != model.name, self._expected))[1:]
            self._begin(model, [other for other in following if _is_fitted_remotely(other, options)], options)
        limit_s = None if self._until is None else max(0.0, self._until - time.time())
        try:
            self._workers.in_time(self._workers.pending_models.pop(model.name), limit_s=limit_s)
        except Exception as error:
            if self._workers.gave_up:  # on this one, or on an earlier one
                raise TimeLimitExceeded from error
            raise
        return type(model).load(path=model.path, reset_paths=True)

    def _begin(self, first: Any, following: Sequence[Any], options: dict[str, Any]) -> None:
        shared, kwargs = self._scratch / f"rows-{next(self._number)}.pkl", dict(options)
        rows = {name: kwargs.pop(name) for name in ("X", "y", "X_val", "y_val")}
        limit_s = kwargs.pop("time_limit")
        self._until = None if limit_s is None else time.time() + limit_s
        kwargs["total_resources"] = {"num_cpus": self._workers.n_cpus, "num_gpus": self._workers.n_gpus}
        path = str(Path(first.path).parent)
        shared.write_bytes(pickle.dumps({**rows, "path": path, "kwargs": kwargs}, protocol=5))
        on_all_rows = rows["X_val"] is None
        self._submit(first, shared, limit_s, on_all_rows=on_all_rows)
        for other in following:
            with suppress(Exception):  # raised when AutoGluon fits that one
                self._submit(other, shared, limit_s, on_all_rows=on_all_rows)

    def _submit(self, model: Any, shared: Path, limit_s: float | None, *, on_all_rows: bool) -> None:
        files = files_of(model, on_all_rows=on_all_rows)
        request = {"model": model, "files": files, "time_limit": limit_s, "until": self._until}
        to_fit = self._scratch / f"model-{next(self._number)}.pkl"
        to_fit.write_bytes(pickle.dumps(request, protocol=5))
        fit = partial(self._fitted_by, shared=shared, path=to_fit, label=title_of(model.name))
        self._workers.pending_models[model.name] = self._workers.submit(fit)

    def _fitted_by(self, fitter: Fitter, *, shared: Path, path: Path, label: str) -> None:
        to = path.with_suffix(".npy")
        self._workers.fit("model", fitter, shared=shared, path=path, to=to, label=label)


def _is_fitted_remotely(model: Any, options: dict[str, Any]) -> bool:
    """Return whether a model is fitted as a whole, and does more than reuse an earlier run's fit."""
    if isinstance(model, WeightedEnsembleModel):
        return False
    is_undivided = options.get("k_fold") == 1 if isinstance(model, BaggedEnsembleModel) else True
    return is_undivided and is_trained(model, on_all_rows=options.get("X_val") is None)
