"""Fit folds, models and trials as Ray tasks, here or elsewhere: rows go by reference, models come back.

A machine needs Litmus with AutoGluon, and no shared folder: the run's own code (models, metrics) travels
along. A task whose process or machine is lost is repeated.
"""

from __future__ import annotations

import os
import pickle
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from litmus_core.cluster import Needs, Place, TaskRunner, board_in, machines, running
from litmus_core.engine._folds.workers import FoldWorkers
from litmus_core.engine._remote.archive import pack, unpack
from litmus_core.plugins import RUN_METRICS, check_signed, sign_modules
from litmus_core.runtime import MODULES
from litmus_core.types import Resources

_RETRIES = 10
_PREDICTIONS = "said.npy"
_MEMORY = "AG_MEMORY_LIMIT_IN_GB"
_BEGIN = "begin"  # a process on Ray imports the libraries before any work


@contextmanager
def fitting_on_ray(
    folder: Path, place: Place, *, at_most: int | None, resources: Resources
) -> Iterator[FoldWorkers]:
    """Yield workers for the run in ``folder``, as many as the machines have room for, and ``at_most``.

    ``resources`` are those of a fold, a model or a trial. Without processors it gets an equal share of the
    free ones if their number is known, or one. Raises UsageError if nothing answers, or no machine has the
    resources; MissingExtraError without Ray.
    """
    needs = Needs.of(resources)
    with running(place.address, purpose="Training on Ray") as ray, board_in(folder, ray) as board:
        nodes = machines(ray)
        needs.check(nodes)
        if resources.cpus is None and at_most is not None:
            needs = needs.shared_by(at_most, nodes)
        shared = _Shared(ray, folder)
        slots = needs.slots(nodes)
        fitters = [
            _Fitter(
                TaskRunner(ray, _run_fit, needs=needs, retries=_RETRIES, board=board), shared, needs.memory_gb
            )
            for _ in range(slots if at_most is None else min(at_most, slots))
        ]
        with FoldWorkers(folder, fitters, n_cpus=int(needs.cpus), n_gpus=int(needs.gpus)) as workers:
            yield workers


class _Shared:
    """Data that all fits of a run share: the run's own code, and the rows."""

    def __init__(self, ray: Any, folder: Path) -> None:
        self._ray, self.folder = ray, folder
        if (folder / MODULES).is_dir():
            check_signed(folder)
            sign_modules(folder / MODULES)  # it travels to where the user's key is known
        self.run = ray.put(pack(folder, [MODULES, RUN_METRICS]))
        self._rows: tuple[str, Any] = ("", None)
        self._alone = threading.Lock()

    def rows(self, path: str) -> Any:
        """Return a reference to the data pickled at ``path``, stored by the first caller."""
        with self._alone:
            if self._rows[0] != path:
                self._rows = path, self._ray.put(Path(path).read_bytes())
            return self._rows[1]


class _Fitter:
    """Uses Ray in place of a process of this machine."""

    def __init__(self, asking: TaskRunner, shared: _Shared, memory_gb: float) -> None:
        self._asking, self._shared, self._memory_gb = asking, shared, memory_gb

    def ask(self, request: dict[str, Any], *, timeout_s: float) -> dict[str, Any]:
        """Fit it elsewhere, and put its model and its predictions in their places."""
        if "path" not in request:
            self._asking(_BEGIN, "", b"", b"", b"", 0.0, label="Getting ready")
            return {}
        rows, job = self._shared.rows(request["shared"]), Path(request["path"]).read_bytes()
        arguments = request["task"], str(self._shared.folder), self._shared.run, rows, job, self._memory_gb
        facts, predictions, model = self._asking(*arguments, label=request["label"])
        Path(request["to"]).write_bytes(predictions)
        if model:
            unpack(model, self._shared.folder)
        done: dict[str, Any] = facts
        return done

    def drop(self) -> None:
        """Cancel the current fit."""
        self._asking.drop()

    def close(self) -> None:
        """Cancel the current fit."""
        self.drop()


def _run_fit(
    task: str, folder: str, run: bytes, rows: bytes, pickled: bytes, memory_gb: float
) -> tuple[dict[str, Any], bytes, bytes]:
    """Return facts about the fit, its predictions (or the exception), and its model's files, if any."""
    from litmus_core.engine._autogluon.trainer_folder import load_libraries
    from litmus_core.engine._folds.child import fit_one
    from litmus_core.plugins import end_hosts, register_run_metrics

    load_libraries()
    if task == _BEGIN:
        return {}, b"", b""
    with tempfile.TemporaryDirectory(prefix="litmus-fold-") as scratch, _limit_memory(memory_gb):
        run_folder = Path(scratch)
        unpack(run, run_folder)
        sys.path.insert(0, str(run_folder / MODULES))
        try:
            register_run_metrics(run_folder)
            shared = pickle.loads(rows)  # noqa: S301 - the run's own
            job = pickle.loads(pickled)  # noqa: S301
            if job["until"] is not None:  # it may have waited, or been started before
                job["time_limit"] = job["until"] - time.time()
            files = []
            if task == "trial":
                shared.move(run_folder)
                facts = fit_one(task, shared, job, run_folder / _PREDICTIONS)
            else:
                models = Path(shared["path"]).relative_to(folder)
                shared["path"] = str(run_folder / models)
                facts = fit_one(task, shared, job, run_folder / _PREDICTIONS)
                files = [] if facts.get("raised") else [str(models / facts["name"])]
            return facts, (run_folder / _PREDICTIONS).read_bytes(), pack(run_folder, files)
        finally:
            end_hosts(run_folder)
            sys.path.remove(str(run_folder / MODULES))


@contextmanager
def _limit_memory(memory_gb: float) -> Iterator[None]:
    """Make AutoGluon skip what would take more memory within the block; 0: more than there is."""
    before = os.environ.get(_MEMORY)
    if memory_gb:
        os.environ[_MEMORY] = str(memory_gb)
    try:
        yield
    finally:
        os.environ.pop(_MEMORY, None)
        if before is not None:
            os.environ[_MEMORY] = before
