"""Checks of algorithms: called the way training calls them."""

from __future__ import annotations

import pickle
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import PlugInError
from litmus_core.plugins import PluginFailedError
from litmus_core.testing._comparison import same_values
from litmus_core.testing._harness import ConformanceCheck, FailedCheck, PluginHarness

if TYPE_CHECKING:
    import pandas as pd

_WORKER = "litmus_core.engine._custom.worker_ops"
_N_ROWS = 200
_KINDS = (("binary", 2), ("multiclass", 3), ("regression", 0))


def _features() -> pd.DataFrame:
    """Return rows as Litmus' features: numbers with missing values, a category, a word's column."""
    import pandas as pd

    rng = np.random.default_rng(6)
    number = rng.normal(size=_N_ROWS)
    number[::9] = np.nan
    city = pd.Categorical.from_codes(rng.integers(-1, 4, _N_ROWS), pd.Index(["a", "b", "c", "d"]))
    word = rng.integers(0, 2, _N_ROWS).astype(np.uint8)
    return pd.DataFrame({"number": number, "other": rng.normal(size=_N_ROWS), "city": city, "word": word})


def _labels(n_classes: int) -> pd.Series[Any]:
    import pandas as pd

    signal = _features()["other"].to_numpy()
    if not n_classes:
        return pd.Series(10 * signal + 3)
    return pd.Series(np.clip(np.floor((signal + 1.5) / 3 * n_classes), 0, n_classes - 1).astype(np.int64))


def _fit(harness: PluginHarness, seed: int = 0) -> bytes:
    host, part = harness.proxy.host, harness.proxy.part
    with tempfile.TemporaryDirectory(dir=host.scratch.folder) as scratch:
        rows, to = Path(scratch, "rows.pkl"), Path(scratch, "fitted.pkl")
        rows.write_bytes(pickle.dumps({"X": harness.results["X"], "y": harness.results["y"]}, protocol=5))
        _request(
            harness,
            {
                "do": f"{_WORKER}:fit",
                "module": part.module,
                "name": part.name,
                "parameters": dict(part.parameters),
                "rows": str(rows),
                "to": str(to),
                "problem_type": harness.results["kind"],
                "n_classes": harness.results["n_classes"],
                "seed": seed,
                "folder": f"{scratch}/model",
                "options": {"time_limit": harness.limit_s, "num_cpus": 1},
            },
        )
        return to.read_bytes()


def _predict(harness: PluginHarness, fitted: bytes, places: Any = slice(None)) -> NDArray[np.float64]:
    host = harness.proxy.host
    with tempfile.TemporaryDirectory(dir=host.scratch.folder) as scratch:
        fitted_path, rows, to = (
            Path(scratch, "fitted.pkl"),
            Path(scratch, "rows.pkl"),
            Path(scratch, "answer.npy"),
        )
        fitted_path.write_bytes(fitted)
        rows.write_bytes(pickle.dumps(harness.results["X"].iloc[places], protocol=5))
        _request(
            harness,
            {"do": f"{_WORKER}:predict", "fitted": str(fitted_path), "rows": str(rows), "to": str(to)},
        )
        return np.asarray(np.load(to, allow_pickle=False))


def _request(harness: PluginHarness, request: dict[str, Any]) -> None:
    try:
        harness.proxy.host.ask(request, timeout_s=harness.limit_s)
    except PluginFailedError as error:
        raise harness.proxy.failure(str(error)) from error


def _check_runs(harness: PluginHarness) -> None:
    """Try it on two classes, on three, and on numbers; one of them must work."""
    first: PlugInError | None = None
    harness.results["X"] = _features()
    for kind, n_classes in _KINDS:
        harness.results |= {"kind": kind, "n_classes": n_classes, "y": _labels(n_classes)}
        try:
            harness.results["fitted"] = _fit(harness)
            harness.results["answer"] = _predict(harness, harness.results["fitted"])
        except PlugInError as error:
            first = first or error
        else:
            return
    if first is not None:
        raise first


def _check_pickles(harness: PluginHarness) -> None:
    harness.proxy.host.end()
    if not same_values(harness.results["answer"], _predict(harness, harness.results["fitted"])):
        raise FailedCheck("its answers differ after it was pickled and loaded")


def _check_repeatable(harness: PluginHarness) -> None:
    if not same_values(harness.results["answer"], _predict(harness, _fit(harness))):
        raise FailedCheck("its answers differ when it was fitted again with the same seed")


def _check_single_rows(harness: PluginHarness) -> None:
    answer = harness.results["answer"]
    for place in (0, _N_ROWS // 2, _N_ROWS - 1):
        if not np.allclose(answer[[place]], _predict(harness, harness.results["fitted"], [place]), atol=1e-6):
            raise FailedCheck("its answers differ for one row alone and among others")


def _check_learning(harness: PluginHarness) -> None:
    answer, y = harness.results["answer"], harness.results["y"].to_numpy()
    right = np.argmax(answer, axis=1) == y if answer.ndim == 2 else abs(answer - y) < y.std()
    most = np.bincount(y).max() / len(y) if answer.ndim == 2 else 0.3
    if right.mean() < 0.75 * most:
        raise FailedCheck(
            f"it is right for {right.mean():.0%} of the rows it learned from: worse than guessing"
        )


ALGORITHM_CHECKS = (
    ConformanceCheck("runs", _check_runs, first=True),
    ConformanceCheck("can be pickled", _check_pickles),
    ConformanceCheck("same seed, same answer", _check_repeatable),
    ConformanceCheck("each row on its own", _check_single_rows),
    ConformanceCheck("learns something", _check_learning),
)
