"""The clock of a model's fit: recorded during the fit, and replayed when the fit is repeated.

How many trees a booster grows, how many epochs a network trains and which settings a text model tries may
depend on the remaining time, and on free memory. Whatever fits a model gets both from here. The values are
recorded in a file of the run's folder (``fits/``); a run that repeats another reads that one's file, and so
makes the same decisions, however fast the machine is.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from litmus_core.engine._autogluon.time_limit import (
    capture_time_limit,
    log_xgboost_time_limit,
    time_cut_facts,
)
from litmus_core.errors import reading

FITS = "fits"  # in the run's folder: a file for each model and fold
REPEATS = "repeats.json"  # in a run's folder: the path of the run that it repeats
_BASE_S = 1_000_000.0  # every fit's starting time, as far as it knows
_MB = 2**20
_RETRIES = 2  # for a model that gave up with time left
# Modules whose decisions during a fit depend on the clock or free memory. Others get the real values.
_CLOCKED_MODULES = (
    "autogluon.core.models.abstract.abstract_model",
    "autogluon.core.models.greedy_ensemble.",
    "autogluon.tabular.models.",
    "litmus_core.engine._text_models.linear",
    "litmus_core.engine._text_models.linear_fit",
    "litmus_core.engine._text_encoder.",
    "litmus_core.engine._families.",
)
_under_way = threading.local()


class ReplayDivergedError(Exception):
    """A fit read the clock more often than the one that it repeats."""


class _ClockRecording:
    """The values that one fit got: milliseconds since its start, and megabytes of memory.

    ``replayed`` is the record that it repeats, None without one. ``ran_out_after`` is the number of steps
    after which its time was up; None: it was not.
    """

    def __init__(self, record: dict[str, Any] | None) -> None:
        self.replayed = record
        self.ran_out_after: int | None = None
        self.values: dict[str, list[int]] = {"clock_ms": [], "memory_mb": []}
        self._began = _REAL["time"]()
        self._last = dict.fromkeys(self.values, 0)

    def time(self) -> float:
        real_ms = round(1000 * (_REAL["time"]() - self._began))
        return _BASE_S + self._next_value("clock_ms", real_ms) / 1000

    def memory(self, real: float) -> int:
        return self._next_value("memory_mb", int(real / _MB)) * _MB

    def _next_value(self, word: str, real: int) -> int:
        """Return the value to use; recorded as the difference to the previous one."""
        recorded = self.values[word]
        if self.replayed is not None:
            if len(recorded) >= len(self.replayed[word]):
                raise ReplayDivergedError("it took another course than the fit that it repeats")
            real = self._last[word] + int(self.replayed[word][len(recorded)])
        recorded.append(real - self._last[word])
        self._last[word] = real
        return real


_REAL: dict[str, Callable[[], float]] = {"time": time.time, "monotonic": time.monotonic}


def repeated_folder(folder: Path) -> Path | None:
    """Return the folder of the run that the one in ``folder`` repeats; None if it repeats none."""
    path = folder / REPEATS
    with reading(path):
        return Path(json.loads(path.read_text(encoding="utf-8"))["folder"]) if path.exists() else None


def write_repeats(folder: Path, source: Path) -> None:
    """Make every fit in ``folder``, in any process, repeat the fits in ``source``."""
    (folder / REPEATS).write_text(json.dumps({"folder": str(source.absolute())}), encoding="utf-8")


def fits_of(folder: Path, *, model: str = "") -> dict[str, dict[str, Any]]:
    """Return the records of the run's fits in ``folder``, by model and fold ("a/S1F1"); of one ``model``."""
    fits: dict[str, dict[str, Any]] = {}
    for path in sorted((folder / FITS).glob("*.json")):
        if model and path.stem != model and not path.name.startswith(f"{model} "):
            continue
        with reading(path):
            document = json.loads(path.read_text(encoding="utf-8"))
            fits[document["fit"]] = document
    return fits


@contextmanager
def clocked_fits(folder: Path, *, restart: bool = False) -> Iterator[None]:
    """Make AutoGluon fit the models of the run in ``folder`` with a recorded clock in the block.

    ``restart`` discards the records of an earlier process of the run.
    """
    if restart:
        shutil.rmtree(folder / FITS, ignore_errors=True)
    from autogluon.common.utils.resource_utils import ResourceManager
    from autogluon.core.models import AbstractModel

    source = repeated_folder(folder)
    plain = AbstractModel.fit

    def fit(model: Any, **kwargs: Any) -> Any:
        if _is_bag(model) or getattr(_under_way, "recording", None) is not None:
            return plain(model, **kwargs)
        return _fit_with_clock(model, kwargs, plain, folder=folder, source=source)

    with ExitStack() as patches:
        patches.enter_context(capture_time_limit(_record_time_up))
        patches.enter_context(patch.object(AbstractModel, "fit", fit))
        for name in _REAL:
            patches.enter_context(patch.object(time, name, _replayed_time(name)))
        for name in ("get_available_virtual_mem", "get_memory_rss"):
            real = getattr(ResourceManager, name)
            patches.enter_context(patch.object(ResourceManager, name, staticmethod(_replayed_memory(real))))
        process = staticmethod(_replayed_process(ResourceManager.get_process))
        patches.enter_context(patch.object(ResourceManager, "get_process", process))
        yield


def _record_time_up(steps: int) -> None:
    """Record that the current fit ran out of time."""
    if (recording := getattr(_under_way, "recording", None)) is not None:
        recording.ran_out_after = steps


def _is_bag(model: Any) -> bool:
    from autogluon.core.models.ensemble.bagged_ensemble_model import BaggedEnsembleModel

    return isinstance(model, BaggedEnsembleModel)


def _fit_with_clock(
    model: Any, kwargs: dict[str, Any], plain: Callable[..., Any], *, folder: Path, source: Path | None
) -> Any:
    """Fit a model with its own clock, and record its values."""
    key = _key(model)
    record = None if source is None else _read_record(source, key)
    if record is not None:
        kwargs = _with_recorded_limits(kwargs, record)
    elif kwargs.get("time_limit") is not None:
        kwargs["time_limit"] = round(kwargs["time_limit"], 3)
    fitted, recording, limit_s = _fit_recorded(model, kwargs, plain, record)
    _use_one_thread(fitted)
    _drop_loss_history(fitted)
    path = _path(folder, key)
    path.parent.mkdir(exist_ok=True)
    facts = {
        "fit": key,
        "time_limit_s": limit_s,
        "cpus": fitted.fit_num_cpus,
        "trained": {name: value for name, value in fitted.params_trained.items() if _is_plain(value)},
        **recording.values,
    }
    if recording.ran_out_after is not None:
        facts["cut"] = time_cut_facts(fitted, recording.ran_out_after)
    path.write_text(json.dumps(facts), encoding="utf-8")
    return fitted


def _fit_recorded(
    model: Any,
    kwargs: dict[str, Any],
    plain: Callable[..., Any],
    record: dict[str, Any] | None,
    *,
    retries: int = _RETRIES,
) -> tuple[Any, _ClockRecording, float | None]:
    """Fit a model; return it, its recording and its time limit.

    A forest gives up when its first four trees suggest that all of them would take too long. One busy
    moment of the machine is enough for that. With most of its time left it starts again, up to ``retries``
    times.
    """
    from autogluon.core.utils.exceptions import TimeLimitExceeded

    limit_s, began = kwargs.get("time_limit"), _REAL["monotonic"]()
    recording = _under_way.recording = _ClockRecording(record)
    try:
        with seeded(model, kwargs.get("random_seed"), _key(model)), log_xgboost_time_limit(model):
            return plain(model, **kwargs), recording, limit_s
    except TimeLimitExceeded:
        spent_s = _REAL["monotonic"]() - began
        if not retries or record is not None or limit_s is None or spent_s > limit_s / 2:
            raise
    finally:
        _under_way.recording = None
    rest = kwargs | {"time_limit": round(limit_s - spent_s, 3)}
    return _fit_recorded(model, rest, plain, record, retries=retries - 1)


@contextmanager
def seeded(model: Any, *more: Any) -> Iterator[None]:
    """Seed NumPy's and Python's global random states by the model within the block.

    AutoGluon's linear model uses them with more than 10,000 rows, for its quantiles.
    """
    import numpy as np

    plain = sorted((str(name), value) for name, value in model._user_params.items() if _is_plain(value))
    before, before_python = np.random.get_state(), random.getstate()
    seed = zlib.crc32(repr((plain, more)).encode())
    np.random.seed(seed)
    random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(before)
        random.setstate(before_python)


def _use_one_thread(model: Any) -> None:
    """Make a forest predict with one thread: several add up their trees in any order."""
    if hasattr(getattr(model, "model", None), "estimators_"):
        model.model.n_jobs = 1


def _drop_loss_history(model: Any) -> None:
    """Drop the losses that CatBoost stores with a model: it loads none with a loss above 2**53."""
    if type(getattr(model, "model", None)).__module__ == "catboost.core":
        metadata = model.model.get_metadata()
        if "training" in metadata:
            del metadata["training"]


def _is_plain(value: Any) -> bool:
    return isinstance(value, bool | int | float | str | None)


def _with_recorded_limits(kwargs: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    """Return a fit's arguments with the time limit and processors of the fit that it repeats."""
    kwargs = kwargs | {"time_limit": record["time_limit_s"]}
    if "num_cpus" in kwargs:
        kwargs["num_cpus"] = record["cpus"]
    elif kwargs.get("total_resources") is not None:
        kwargs["total_resources"] = {**kwargs["total_resources"], "num_cpus": record["cpus"]}
    return kwargs


def _key(model: Any) -> str:
    """Return a model's key in its run: its folders' names below ``models``."""
    parts = Path(model.path).parts
    at = len(parts) - parts[::-1].index("models") if "models" in parts else len(parts) - 1
    return "/".join(parts[at:])


def _path(folder: Path, key: str) -> Path:
    return folder / FITS / f"{key.replace('/', ' ')}.json"


def _read_record(source: Path, key: str) -> dict[str, Any] | None:
    path = _path(source, key)
    if not path.exists():
        raise ReplayDivergedError("the run that is repeated did not fit it")
    with reading(path):
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return document


def _recording_for(frame: Any) -> _ClockRecording | None:
    recording: _ClockRecording | None = getattr(_under_way, "recording", None)
    name = frame.f_globals.get("__name__", "") if recording is not None else ""
    return recording if recording is not None and name.startswith(_CLOCKED_MODULES) else None


def _replayed_time(name: str) -> Callable[[], float]:
    real = _REAL[name]

    def replay_time() -> float:
        recording = _recording_for(sys._getframe(1))
        return real() if recording is None else recording.time()

    return replay_time


def _replayed_memory(real: Callable[..., float]) -> Callable[..., float]:
    def replay_memory(*args: Any, **kwargs: Any) -> float:
        recording = _recording_for(sys._getframe(1))
        result = real(*args, **kwargs)
        in_bytes = not args and not kwargs
        return result if recording is None or not in_bytes else recording.memory(result)

    return replay_memory


class _Process:
    """The process as a fit sees it: with the recorded memory."""

    def __init__(self, process: Any, recording: _ClockRecording) -> None:
        self._process, self._recording = process, recording

    def memory_info(self) -> _Process:
        return self

    @property
    def rss(self) -> int:
        return self._recording.memory(self._process.memory_info().rss)


def _replayed_process(real: Callable[..., Any]) -> Callable[..., Any]:
    def replay_process(*args: Any, **kwargs: Any) -> Any:
        recording = _recording_for(sys._getframe(1))
        process = real(*args, **kwargs)
        return process if recording is None else _Process(process, recording)

    return replay_process
