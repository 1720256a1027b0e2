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
from litmus_core.testing._bench import Bench, ConformanceCheck, FailedCheck
from litmus_core.testing._sameness import same_values

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


def _fit(bench: Bench, seed: int = 0) -> bytes:
    host, part = bench.proxy.host, bench.proxy.part
    with tempfile.TemporaryDirectory(dir=host.scratch.name) as scratch:
        rows, to = Path(scratch, "rows.pkl"), Path(scratch, "fitted.pkl")
        rows.write_bytes(pickle.dumps({"X": bench.results["X"], "y": bench.results["y"]}, protocol=5))
        _ask(
            bench,
            {
                "do": f"{_WORKER}:fit",
                "module": part.module,
                "name": part.name,
                "parameters": dict(part.parameters),
                "rows": str(rows),
                "to": str(to),
                "problem_type": bench.results["kind"],
                "n_classes": bench.results["n_classes"],
                "seed": seed,
                "folder": f"{scratch}/model",
                "options": {"time_limit": bench.limit_s, "num_cpus": 1},
            },
        )
        return to.read_bytes()


def _predict(bench: Bench, fitted: bytes, places: Any = slice(None)) -> NDArray[np.float64]:
    host = bench.proxy.host
    with tempfile.TemporaryDirectory(dir=host.scratch.name) as scratch:
        fitted_path, rows, to = (
            Path(scratch, "fitted.pkl"),
            Path(scratch, "rows.pkl"),
            Path(scratch, "answer.npy"),
        )
        fitted_path.write_bytes(fitted)
        rows.write_bytes(pickle.dumps(bench.results["X"].iloc[places], protocol=5))
        _ask(
            bench, {"do": f"{_WORKER}:predict", "fitted": str(fitted_path), "rows": str(rows), "to": str(to)}
        )
        return np.asarray(np.load(to, allow_pickle=False))


def _ask(bench: Bench, request: dict[str, Any]) -> None:
    try:
        bench.proxy.host.ask(request, timeout_s=bench.limit_s)
    except PluginFailedError as error:
        raise bench.proxy.failure(str(error)) from error


def _runs(bench: Bench) -> None:
    """Try it on two classes, on three, and on numbers; one of them must work."""
    first: PlugInError | None = None
    bench.results["X"] = _features()
    for kind, n_classes in _KINDS:
        bench.results |= {"kind": kind, "n_classes": n_classes, "y": _labels(n_classes)}
        try:
            bench.results["fitted"] = _fit(bench)
            bench.results["answer"] = _predict(bench, bench.results["fitted"])
        except PlugInError as error:
            first = first or error
        else:
            return
    if first is not None:
        raise first


def _check_pickles(bench: Bench) -> None:
    bench.proxy.host.end()
    if not same_values(bench.results["answer"], _predict(bench, bench.results["fitted"])):
        raise FailedCheck("its answers differ after it was pickled and loaded")


def _repeats(bench: Bench) -> None:
    if not same_values(bench.results["answer"], _predict(bench, _fit(bench))):
        raise FailedCheck("its answers differ when it was fitted again with the same seed")


def _one_row(bench: Bench) -> None:
    answer = bench.results["answer"]
    for place in (0, _N_ROWS // 2, _N_ROWS - 1):
        if not np.allclose(answer[[place]], _predict(bench, bench.results["fitted"], [place]), atol=1e-6):
            raise FailedCheck("its answers differ for one row alone and among others")


def _learns(bench: Bench) -> None:
    answer, y = bench.results["answer"], bench.results["y"].to_numpy()
    right = np.argmax(answer, axis=1) == y if answer.ndim == 2 else abs(answer - y) < y.std()
    most = np.bincount(y).max() / len(y) if answer.ndim == 2 else 0.3
    if right.mean() < 0.75 * most:
        raise FailedCheck(
            f"it is right for {right.mean():.0%} of the rows it learned from: worse than guessing"
        )


ALGORITHM_CHECKS = (
    ConformanceCheck("runs", _runs, first=True),
    ConformanceCheck("can be pickled", _check_pickles),
    ConformanceCheck("same seed, same answer", _repeats),
    ConformanceCheck("each row on its own", _one_row),
    ConformanceCheck("learns something", _learns),
)
