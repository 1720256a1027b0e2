"""Operations that run in a plug-in's process: see ``PluginProcess.ask``, which names these functions."""

from __future__ import annotations

import importlib
import inspect
import math
import pickle
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.plugins._failure_messages import PluginFailedError
from litmus_core.plugins._returned_values import write_result

if TYPE_CHECKING:
    from litmus_core.plugins.child import WorkerContext

_SCORING_S, _FEWEST_SCORES = 60.0, 50


def import_class(context: WorkerContext, *, module: str, name: str) -> dict[str, Any]:
    """Import the class ``name`` of ``module``, so that imports do not count towards its time."""
    del context
    _load_class(module, name)
    return {}


def fit(
    context: WorkerContext, *, plugin: dict[str, Any], arguments: str, to: str, seed: int, weighted: bool
) -> dict[str, Any]:
    """Create the plug-in, call any ``fit`` with the pickled ``arguments``, and store it at ``to``.

    ``weighted``: the last argument is the rows' weights, which ``fit`` gets as ``sample_weight`` if it takes
    that.
    """
    del context
    _seed(seed)
    fitted, values = _create(**plugin), _unpickle(arguments)
    weights = values.pop() if weighted else None
    ignores_weights = False
    if callable(getattr(fitted, "set_output", None)):
        fitted.set_output(transform="pandas")  # scikit-learn's transformers answer with arrays otherwise
    if callable(getattr(fitted, "fit", None)):
        ignores_weights = weighted and "sample_weight" not in inspect.signature(fitted.fit).parameters
        named = {"sample_weight": weights} if weighted and not ignores_weights else {}
        fitted.fit(*values, **named)
    try:
        content = pickle.dumps(fitted, protocol=5)
        pickle.loads(content)  # noqa: S301 - fails now if it cannot be unpickled later
    except Exception as error:
        raise PluginFailedError(f"it was fitted but cannot be kept: {error}") from error
    Path(to).write_bytes(content)
    return {"n_bytes": len(content), "ignores_weights": ignores_weights}


def call(
    context: WorkerContext,
    *,
    plugin: dict[str, Any],
    fitted: str,
    word: str,
    arguments: str,
    to: str,
    seed: int,
    watch: bool,
    may_lack: bool,
) -> dict[str, Any]:
    """Call the method ``word`` of the object stored at ``fitted`` (or a new one) with pickled ``arguments``.

    Without a ``word`` the function itself is called. ``watch`` reports which arguments it changed.
    """
    values = _unpickle(arguments)
    if fitted:
        plugin_object = context.stored.get(fitted)
        if plugin_object is None:
            plugin_object = context.store(fitted, pickle.loads(Path(fitted).read_bytes()))  # noqa: S301 - that is its job
    _seed(seed)
    if word:
        plugin_object = plugin_object if fitted else _create(**plugin)
        if may_lack and not hasattr(plugin_object, word):
            return {"plain": None, "changed": []}
        answer = _method(plugin_object, word)(*values)
    else:
        answer = _load_class(plugin["module"], plugin["name"])(*values, **plugin["parameters"])
    facts = write_result(answer, Path(to))
    return {**facts, "changed": _changed_arguments(values, arguments) if watch else []}


def score(
    context: WorkerContext, *, plugin: dict[str, Any], arguments: str, to: str, seed: int
) -> dict[str, Any]:
    """Call the metric once for each row (n,) of the weights: how often each of the n rows counts.

    Of several, one that raises scores NaN; after a minute no further one starts, once 50 are done.
    """
    import numpy as np

    del context
    truth, answer, times = _unpickle(arguments)
    metric, parameters = _load_class(plugin["module"], plugin["name"]), plugin["parameters"]
    _seed(seed)
    rows, is_single = np.arange(len(truth)), len(times) == 1
    scores: list[float] = []
    until = time.monotonic() + _SCORING_S
    for weights in times:
        if len(scores) >= _FEWEST_SCORES and time.monotonic() > until:
            break
        drawn = np.repeat(rows, weights)
        try:
            value = metric(truth[drawn], answer[drawn], **parameters)
            scores.append(_number(value))
        except Exception:
            if is_single:
                raise
            scores.append(float("nan"))
    return write_result(np.array(scores), Path(to))


def score_groups(
    context: WorkerContext, *, plugin: dict[str, Any], arguments: str, to: str, seed: int
) -> dict[str, Any]:
    """Call the metric with the rows of one group after the other, which end before the given places.

    Its exceptions are passed on; NaN marks a group without a score.
    """
    import numpy as np

    del context
    truth, answer, ends = _unpickle(arguments)
    metric, parameters = _load_class(plugin["module"], plugin["name"]), plugin["parameters"]
    _seed(seed)
    groups = zip(np.split(truth, ends[:-1]), np.split(answer, ends[:-1]), strict=True)
    scores = [_number(metric(*group, **parameters), or_nan=True) for group in groups]
    return write_result(np.array(scores, dtype=np.float64), Path(to))


def _number(value: Any, *, or_nan: bool = False) -> float:
    import numbers

    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        raise PluginFailedError(f"it returned {type(value).__name__}, not a number")
    if not math.isfinite(value) and not (or_nan and math.isnan(value)):
        raise PluginFailedError(f"it returned {float(value)}, which is not a finite number")
    return float(value)


def _load_class(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name)


def _create(module: str, name: str, parameters: dict[str, Any]) -> Any:
    maker = _load_class(module, name)
    if inspect.isfunction(maker):
        from litmus_core.frame import FunctionStep, is_frame_function

        if is_frame_function(maker, parameters):
            return FunctionStep(maker, parameters)
    return maker(**parameters)


def _method(plugin_object: Any, word: str) -> Any:
    method = getattr(plugin_object, word, None)
    if not callable(method):
        raise PluginFailedError(f"it has no {word}")
    return method


def _seed(seed: int) -> None:
    import numpy as np

    np.random.seed(seed)
    random.seed(seed)


def _unpickle(arguments: str) -> list[Any]:
    values: list[Any] = pickle.loads(Path(arguments).read_bytes())  # noqa: S301 - the parent wrote it
    return values


def _changed_arguments(arrays: list[Any], arguments: str) -> list[int]:
    """Return the positions of the arguments that have changed."""
    return [at for at, before in enumerate(_unpickle(arguments)) if not _is_unchanged(before, arrays[at])]


def _is_unchanged(before: Any, now: Any) -> bool:
    import numpy as np
    import pandas as pd

    if isinstance(before, pd.Series):
        return isinstance(now, pd.Series) and before.equals(now) and before.index.equals(now.index)
    if isinstance(before, pd.DataFrame):
        same = isinstance(now, pd.DataFrame) and before.equals(now) and before.index.equals(now.index)
        return same and bool((before.dtypes == now.dtypes).all())
    if isinstance(before, np.ndarray):
        return bool(np.array_equal(before, now, equal_nan=before.dtype.kind == "f"))
    if isinstance(before, dict):
        return before.keys() == now.keys() and all(_is_unchanged(before[name], now[name]) for name in before)
    return bool(before == now)
