"""Fit a model's folds in parallel by our workers. Imports AutoGluon: import this module late.

AutoGluon fits a bag's folds one after the other, or starts its own Ray. Here ``FoldWorkers`` fit them.
"""

from __future__ import annotations

import math
import pickle
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from autogluon.common.utils.pandas_utils import get_approximate_df_mem_usage
from autogluon.common.utils.resource_utils import ResourceManager
from autogluon.core.models.ensemble.bagged_ensemble_model import BaggedEnsembleModel
from autogluon.core.models.ensemble.fold_fitting_strategy import SequentialLocalFoldFittingStrategy
from autogluon.core.utils.exceptions import TimeLimitExceeded

from litmus_core.engine._catalog.selection import family_of_algorithm, is_quick, title_of
from litmus_core.engine._folds.workers import Fitter, FoldWorkers
from litmus_core.engine._remote.model_files import files_of, is_trained

_MEMORY_SHARE = 0.8  # of the free memory, for all folds together
_TIME_SHARE = 0.8  # of its part of the time, as AutoGluon gives a fold


@contextmanager
def parallel_folds(workers: FoldWorkers) -> Iterator[None]:
    """Within the block AutoGluon fits folds of a bag with ``workers``.

    AutoGluon has no hook for another way to fit folds, so the method that chooses one is replaced within the
    block.
    """
    chosen = BaggedEnsembleModel._get_fold_fitting_strategy

    class Folds(_Folds):  # AutoGluon creates one for each bag, and checks its class
        def __init__(self, **options: Any) -> None:
            super().__init__(workers=workers, **options)

    def choose(bag: Any, model_base: Any, num_gpus: Any) -> type[SequentialLocalFoldFittingStrategy]:
        return Folds if is_trained(model_base, on_all_rows=False) else SequentialLocalFoldFittingStrategy

    try:
        BaggedEnsembleModel._get_fold_fitting_strategy = choose
        yield
    finally:
        BaggedEnsembleModel._get_fold_fitting_strategy = chosen


class _Folds(SequentialLocalFoldFittingStrategy):  # type: ignore[misc]  # AutoGluon has no types
    """Fits the folds of one bag with the workers, and combines them in the folds' order."""

    def __init__(self, *, workers: FoldWorkers, **options: Any) -> None:
        super().__init__(**options)
        self.workers = workers

    def after_all_folds_scheduled(self) -> None:
        """Fit them all, or raise the first failure."""
        at_once, n_cpus = min(self.workers.n_workers, len(self.jobs)), self.workers.n_cpus
        if n_cpus is None:
            at_once = min(at_once, self._fit_in_memory())
            if at_once < 2 or (self._is_quick() and not self.workers.have_begun):
                super().after_all_folds_scheduled()
                return
            n_cpus = max(1, self.num_cpus // at_once)
        with tempfile.TemporaryDirectory(prefix="litmus-folds-") as scratch:
            bag = Path(scratch, "bag.pkl")
            _write(self._shared(n_cpus=n_cpus), bag)
            began = time.time()
            pace = _Pace(len(self.jobs), at_once, self.time_limit, began=self.time_start)
            futures = [
                self.workers.submit(partial(self._fitted_by, job=job, bag=bag, pace=pace))
                for job in self.jobs
            ]
            try:
                results = [self.workers.in_time(future, limit_s=self._left_s()) for future in futures]
            except BaseException:
                self.workers.end_folds()
                raise
        for job, (probabilities, facts) in zip(self.jobs, results, strict=True):
            self._add_to_bag(job, probabilities, facts)
        one = [facts["predict_1_s"] for _, facts in results if facts["predict_1_s"] is not None]
        self.bagged_ensemble_model._add_parallel_child_times(
            fit_time=time.time() - began,  # the model's wall time, however many processors it took
            predict_time=sum(facts["predict_s"] for _, facts in results),
            predict_1_time=sum(one) if one else None,
        )

    def _is_quick(self) -> bool:
        """Return whether the model is fitted sooner than a process imports the libraries."""
        return is_quick(family_of_algorithm(self.bagged_ensemble_model.name), len(self.X))

    def _left_s(self) -> float | None:
        """Return the seconds left on a cluster, which may be full: local folds end by themselves."""
        if self.time_limit is None or not self.workers.are_remote:
            return None
        return max(0.0, float(self.time_start + self.time_limit - time.time()))

    def _fit_in_memory(self) -> int:
        """Return how many folds fit into memory at once."""
        rows = get_approximate_df_mem_usage(self.X).sum()
        n_bytes = self._initialized_model_base.estimate_memory_usage(X=self.X, y=self.y) + 2 * rows
        return int(_MEMORY_SHARE * ResourceManager.get_available_virtual_mem() // max(1, n_bytes))

    def _shared(self, *, n_cpus: int) -> dict[str, Any]:
        return {
            "X": self.X,
            "y": self.y,
            "model_base": self.model_base,
            "files": files_of(self.model_base, on_all_rows=False) if self.workers.are_remote else {},
            "path": self.bagged_ensemble_model.path,
            "keeps_models": self.save_folds and self.bagged_ensemble_model.save_bag_folds,
            "num_cpus": n_cpus,
            "num_gpus": self.workers.n_gpus,
        }

    def _fitted_by(self, fitter: Fitter, *, job: dict[str, Any], bag: Path, pace: _Pace) -> Any:
        """Return (n, …) predictions for the fold's held-out rows, and facts about its model."""
        fold, to = (bag.with_name(f"{job['model_name_suffix']}.{end}") for end in ("pkl", "npy"))
        kwargs = dict(self.model_base_kwargs)
        if self.sample_weight is not None:
            learned, rows = job["fold"]
            kwargs["sample_weight"] = self.sample_weight[learned]
            kwargs["sample_weight_val"] = self.sample_weight[rows]
        if job["random_seed"] is not None:
            kwargs["random_seed"] = job["random_seed"]
        request = {"fold": job["fold"], "suffix": job["model_name_suffix"], "kwargs": kwargs}
        limit_s, begun = pace.begin(), time.time()
        until = None if limit_s is None else begun + limit_s
        _write(request | {"time_limit": limit_s, "until": until}, fold)
        label = fold_label(self.bagged_ensemble_model.name, job["model_name_suffix"])
        probabilities, facts = self.workers.fit("fold", fitter, shared=bag, path=fold, to=to, label=label)
        pace.end(time.time() - begun)
        return probabilities, facts

    def _add_to_bag(self, job: dict[str, Any], probabilities: Any, facts: dict[str, Any]) -> None:
        """Add a fold's model, which is already on disk, to the bag."""
        bag, (_, rows) = self.bagged_ensemble_model, job["fold"]
        self.models.append(facts["name"])
        self.oof_pred_proba[rows] += probabilities
        self.oof_pred_model_repeats[rows] += 1
        bag._add_predict_n_size(predict_n_size_lst=[facts["n_predicted"]])
        bag._add_child_num_cpus(num_cpus=facts["num_cpus"])
        bag._add_child_num_gpus(num_gpus=self.workers.n_gpus)


class _Pace:
    """How long each of ``n_folds`` may take so that all finish in time; called from several threads.

    Raises TimeLimitExceeded, as AutoGluon does, once the fitted folds show that this is impossible.
    """

    def __init__(self, n_folds: int, at_once: int, limit_s: float | None, *, began: float) -> None:
        self.n_folds, self.at_once, self.limit_s, self.began = n_folds, at_once, limit_s, began
        self._n_begun = 0
        self._took: list[float] = []
        self._alone = threading.Lock()

    def begin(self) -> float | None:
        """Return the time limit of the fold that starts now; None: unlimited."""
        with self._alone:
            rounds_left = math.ceil((self.n_folds - self._n_begun) / self.at_once)
            self._n_begun += 1
            if self.limit_s is None:
                return None
            left = self.began + self.limit_s - time.time()
            needed = rounds_left * sum(self._took) / max(1, len(self._took))
            if left <= 0 or needed > left:
                raise TimeLimitExceeded
            return _TIME_SHARE * left / rounds_left

    def end(self, seconds: float) -> None:
        """Record a fitted fold's duration."""
        with self._alone:
            self._took.append(seconds)


def fold_label(bag: str, suffix: str) -> str:
    """Return the display name of the bag's fold with AutoGluon's name for it.

    >>> fold_label("linear_BAG_L1", "S1F3"), fold_label("linear_BAG_L1", "S2F1")
    ('Linear model, fold 3', 'Linear model, fold 1, repeat 2')
    """
    repeat, _, fold = suffix.removeprefix("S").partition("F")
    return f"{title_of(bag)}, fold {fold}" + ("" if repeat == "1" else f", repeat {repeat}")


def _write(value: Any, path: Path) -> None:
    path.write_bytes(pickle.dumps(value, protocol=5))
