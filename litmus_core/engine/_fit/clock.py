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

from litmus_core.engine._autogluon.time_cut import cut_facts, hearing_time, logged_time
from litmus_core.errors import reading

FITS = "fits"  # in the run's folder: a file for each model and fold
REPEATS = "repeats.json"  # in a run's folder: the path of the run that it repeats
_BASE_S = 1_000_000.0  # every fit's starting time, as far as it knows
_MB = 2**20
_GUESSES_AGAIN = 2  # of a model that gave up with time left
# Modules that decide by the clock or by free memory during a fit. Others, such as loggers, get the real time.
_DECIDING = (
    "autogluon.core.models.abstract.abstract_model",
    "autogluon.core.models.greedy_ensemble.",
    "autogluon.tabular.models.",
    "litmus_core.engine._text_models.linear",
    "litmus_core.engine._text_models.linear_fit",
    "litmus_core.engine._text_encoder.",
    "litmus_core.engine._families.",
)
_under_way = threading.local()


class OtherCourseError(Exception):
    """A fit read the clock more often than the one that it repeats: it took another course."""


class _Tape:
    """The values that one fit got: milliseconds since its start, and megabytes of memory.

    ``ran_out_after`` is the number of steps after which its time was up; None: it was not.
    """

    def __init__(self, record: dict[str, Any] | None) -> None:
        self.kept = record
        self.ran_out_after: int | None = None
        self.told: dict[str, list[int]] = {"clock_ms": [], "memory_mb": []}
        self._began = _REAL["time"]()
        self._last = dict.fromkeys(self.told, 0)

    def time(self) -> float:
        real_ms = round(1000 * (_REAL["time"]() - self._began))
        return _BASE_S + self._tell("clock_ms", real_ms) / 1000

    def memory(self, real: float) -> int:
        return self._tell("memory_mb", int(real / _MB)) * _MB

    def _tell(self, word: str, real: int) -> int:
        """Return the value to use; recorded as the difference to the previous one."""
        listener = self.told[word]
        if self.kept is not None:
            if len(listener) >= len(self.kept[word]):
                raise OtherCourseError("it took another course than the fit that it repeats")
            real = self._last[word] + int(self.kept[word][len(listener)])
        listener.append(real - self._last[word])
        self._last[word] = real
        return real


_REAL: dict[str, Callable[[], float]] = {"time": time.time, "monotonic": time.monotonic}


def repeated_folder(folder: Path) -> Path | None:
    """Return the folder of the run that the one in ``folder`` repeats; None if it repeats none."""
    path = folder / REPEATS
    with reading(path):
        return Path(json.loads(path.read_text(encoding="utf-8"))["folder"]) if path.exists() else None


def write_repeats(folder: Path, source: Path) -> None:
    """Make everything fitted in ``folder``, in any process, repeat what was fitted in ``source``."""
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
    """Within the block AutoGluon fits models of the run in ``folder`` with a recorded clock.

    ``restart``: discards the records of an earlier process of the run.
    """
    if restart:
        shutil.rmtree(folder / FITS, ignore_errors=True)
    from autogluon.common.utils.resource_utils import ResourceManager
    from autogluon.core.models import AbstractModel

    source = repeated_folder(folder)
    plain = AbstractModel.fit

    def fit(model: Any, **kwargs: Any) -> Any:
        if _is_made_of_others(model) or getattr(_under_way, "tape", None) is not None:
            return plain(model, **kwargs)
        return _clocked(model, kwargs, plain, folder=folder, source=source)

    with ExitStack() as instead:
        instead.enter_context(hearing_time(_hear))
        instead.enter_context(patch.object(AbstractModel, "fit", fit))
        for name in _REAL:
            instead.enter_context(patch.object(time, name, _told_time(name)))
        for name in ("get_available_virtual_mem", "get_memory_rss"):
            real = getattr(ResourceManager, name)
            instead.enter_context(patch.object(ResourceManager, name, staticmethod(_told_memory(real))))
        process = staticmethod(_told_process(ResourceManager.get_process))
        instead.enter_context(patch.object(ResourceManager, "get_process", process))
        yield


def _hear(steps: int) -> None:
    """Record that the fit under way ran out of time."""
    if (tape := getattr(_under_way, "tape", None)) is not None:
        tape.ran_out_after = steps


def _is_made_of_others(model: Any) -> bool:
    from autogluon.core.models.ensemble.bagged_ensemble_model import BaggedEnsembleModel

    return isinstance(model, BaggedEnsembleModel)


def _clocked(
    model: Any, kwargs: dict[str, Any], plain: Callable[..., Any], *, folder: Path, source: Path | None
) -> Any:
    """Fit a model with its own clock, and record its values."""
    key = _key(model)
    record = None if source is None else _read_record(source, key)
    if record is not None:
        kwargs = _as_kept(kwargs, record)
    elif kwargs.get("time_limit") is not None:
        kwargs["time_limit"] = round(kwargs["time_limit"], 3)
    fitted, tape, limit_s = _fitted(model, kwargs, plain, record)
    _settle(fitted)
    path = _path(folder, key)
    path.parent.mkdir(exist_ok=True)
    facts = {
        "fit": key,
        "time_limit_s": limit_s,
        "cpus": fitted.fit_num_cpus,
        "trained": {name: value for name, value in fitted.params_trained.items() if _is_plain(value)},
        **tape.told,
    }
    if tape.ran_out_after is not None:
        facts["cut"] = cut_facts(fitted, tape.ran_out_after)
    path.write_text(json.dumps(facts), encoding="utf-8")
    return fitted


def _fitted(
    model: Any,
    kwargs: dict[str, Any],
    plain: Callable[..., Any],
    record: dict[str, Any] | None,
    *,
    again: int = _GUESSES_AGAIN,
) -> tuple[Any, _Tape, float | None]:
    """Fit a model; return it, its clock and its time limit.

    A forest gives up when its first four trees suggest that all of them would take too long; one busy moment
    of the machine is enough for that. With most of its time left it begins again, up to ``again`` times.
    """
    from autogluon.core.utils.exceptions import TimeLimitExceeded

    limit_s, began = kwargs.get("time_limit"), _REAL["monotonic"]()
    tape = _under_way.tape = _Tape(record)
    try:
        with seeded(model, kwargs.get("random_seed"), _key(model)), logged_time(model):
            return plain(model, **kwargs), tape, limit_s
    except TimeLimitExceeded:
        spent_s = _REAL["monotonic"]() - began
        if not again or record is not None or limit_s is None or spent_s > limit_s / 2:
            raise
    finally:
        _under_way.tape = None
    rest = kwargs | {"time_limit": round(limit_s - spent_s, 3)}
    return _fitted(model, rest, plain, record, again=again - 1)


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


def _settle(model: Any) -> None:
    """Make a forest predict with one thread: several add up their trees in whatever order they finish."""
    if hasattr(getattr(model, "model", None), "estimators_"):
        model.model.n_jobs = 1


def _is_plain(value: Any) -> bool:
    return isinstance(value, bool | int | float | str | None)


def _as_kept(kwargs: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    """Return a fit's arguments with the time limit and processors of the one that it repeats."""
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
        raise OtherCourseError("the run that is repeated did not fit it")
    with reading(path):
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return document


def _tape_for(frame: Any) -> _Tape | None:
    tape: _Tape | None = getattr(_under_way, "tape", None)
    name = frame.f_globals.get("__name__", "") if tape is not None else ""
    return tape if tape is not None and name.startswith(_DECIDING) else None


def _told_time(name: str) -> Callable[[], float]:
    real = _REAL[name]

    def tell_time() -> float:
        tape = _tape_for(sys._getframe(1))
        return real() if tape is None else tape.time()

    return tell_time


def _told_memory(real: Callable[..., float]) -> Callable[..., float]:
    def tell_memory(*args: Any, **kwargs: Any) -> float:
        tape = _tape_for(sys._getframe(1))
        result = real(*args, **kwargs)
        in_bytes = not args and not kwargs
        return result if tape is None or not in_bytes else tape.memory(result)

    return tell_memory


class _Process:
    """The process as a fit sees it: with the recorded memory."""

    def __init__(self, process: Any, tape: _Tape) -> None:
        self._process, self._tape = process, tape

    def memory_info(self) -> _Process:
        return self

    @property
    def rss(self) -> int:
        return self._tape.memory(self._process.memory_info().rss)


def _told_process(real: Callable[..., Any]) -> Callable[..., Any]:
    def tell_process(*args: Any, **kwargs: Any) -> Any:
        tape = _tape_for(sys._getframe(1))
        process = real(*args, **kwargs)
        return process if tape is None else _Process(process, tape)

    return tell_process
