"""Parallel trials, fitted by our processes, or by Ray tasks.

Imports AutoGluon: import this module late.
"""

from __future__ import annotations

import logging
import pickle
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from autogluon.common.utils.pandas_utils import get_approximate_df_mem_usage
from autogluon.common.utils.resource_utils import ResourceManager

from litmus_core.cluster import n_threads, place_of
from litmus_core.engine._catalog.selection import title_of
from litmus_core.engine._fit.request import FitRequest
from litmus_core.engine._folds.ray_tasks import fitting_on_ray
from litmus_core.engine._folds.workers import Fitter, FoldWorkers, fitting_processes
from litmus_core.engine._tuning._fitting import Fitting, Floats
from litmus_core.types import ParameterValue

_BEGIN_S, _BEGIN_SHARE = 60.0, 0.25  # of the remaining time: how long to wait for the fitters to start
_LIBRARIES_BYTES, _MEMORY_SHARE = 6e8, 0.8  # of a fitting process; of the free memory, for all of them

_log = logging.getLogger(__name__)


@contextmanager
def fitting_of(request: FitRequest, *, scratch: Path) -> Iterator[Fitting | ParallelFitting]:
    """Yield an object that fits settings on the request's rows: here, in parallel, or on a cluster.

    The request's ``resources`` and place decide which. Raises UsageError if no cluster answers at that
    place, MissingExtraError without Ray.
    """
    fitting = Fitting(request, scratch=scratch)
    place, parallel = place_of(request.compute.where), request.resources.parallel
    workers: AbstractContextManager[FoldWorkers]
    if place.on_ray:
        workers = fitting_on_ray(request.folder, place, at_most=parallel, resources=request.resources)
    elif parallel is not None and (n_trials := min(parallel, _n_in_memory(fitting))) > 1:
        workers = fitting_processes(request.folder, n_trials)
    else:
        yield fitting
        return
    with workers as manager:
        manager.wait_until_begun(most_s=min(_BEGIN_S, _BEGIN_SHARE * (request.deadline - time.time())))
        yield ParallelFitting(fitting, manager, scratch=scratch)


def _n_in_memory(fitting: Fitting) -> int:
    """Return how many processes with all rows fit into memory."""
    n_bytes = _LIBRARIES_BYTES + 2 * float(get_approximate_df_mem_usage(fitting.prepared.train).sum())
    n_parallel = int(_MEMORY_SHARE * ResourceManager.get_available_virtual_mem() // n_bytes)
    _log.info("Memory has room for %d trials at once.", n_parallel)
    return n_parallel


class ParallelFitting:
    """A Fitting whose models are fitted elsewhere in parallel, with a thread for each."""

    def __init__(self, fitting: Fitting, workers: FoldWorkers, *, scratch: Path) -> None:
        self.request, self.n_parts, self.score = fitting.request, fitting.n_parts, fitting.score
        self.at_once = workers.n_workers
        self._workers, self._scratch, self._number = workers, scratch, count()
        n_cpus = fitting.request.resources.cpus or n_threads()
        lean = fitting.lean(n_cpus=workers.n_cpus or max(1, n_cpus // self.at_once))
        self._fitting = scratch / "fitting.pkl"
        self._fitting.write_bytes(pickle.dumps(lean, protocol=5))

    def predict(
        self,
        key: str,
        settings: Mapping[str, ParameterValue],
        part: int,
        *,
        limit_s: float,
        share: float = 1.0,
    ) -> Floats:
        """Fit one part elsewhere and return the model's predictions, see :meth:`Fitting.predict`."""
        request: dict[str, Any] = {"key": key, "settings": dict(settings), "part": part, "share": share}
        until = time.time() + limit_s
        fit = self._workers.submit(partial(self._fitted_by, request=request, until=until))
        predictions: Floats = self._workers.in_time(fit, limit_s=limit_s)
        return predictions

    def _fitted_by(self, fitter: Fitter, *, request: dict[str, Any], until: float) -> Floats:
        path = self._scratch / f"{next(self._number)}.pkl"
        path.write_bytes(pickle.dumps({**request, "until": until, "time_limit": None}))
        to = path.with_suffix(".npy")
        predictions, _ = self._workers.fit(
            "trial",
            fitter,
            shared=self._fitting,
            path=path,
            to=to,
            label=f"{title_of(request['key'].rpartition(':')[2])}, settings tried on part "
            f"{request['part'] + 1}",
        )
        path.unlink()
        to.unlink()
        return predictions
