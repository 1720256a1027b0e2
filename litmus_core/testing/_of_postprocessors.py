"""The checks of post-processors."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import PlugInError
from litmus_core.testing._bench import Bench, ConformanceCheck, FailedCheck
from litmus_core.testing._sameness import same_values, telling
from litmus_core.testing._tables import N_ROWS, table_it_reads, with_gaps

if TYPE_CHECKING:
    import pandas as pd

_KINDS = ("two classes", "three classes", "values")
_TELLS = 0.5


def _predictions(kind: str, n_rows: int = N_ROWS) -> NDArray[np.float64]:
    rng = np.random.default_rng(3)
    if kind == "values":
        return np.asarray(rng.gamma(2.0, 20.0, n_rows))
    return np.asarray(rng.dirichlet(np.ones(2 if kind == "two classes" else 3), n_rows))


def _truth(kind: str, seed: int = 5) -> NDArray[Any]:
    rng = np.random.default_rng(seed)
    if kind == "values":
        return np.asarray(rng.gamma(2.0, 20.0, N_ROWS))
    return np.asarray(rng.integers(0, 2 if kind == "two classes" else 3, N_ROWS))


def _runs(bench: Bench) -> None:
    """Try it on two classes, on three, and on values; one of them must work."""
    first: Exception | None = None
    for kind in _KINDS:
        try:
            bench.results |= {"kind": kind, "answers": _predictions(kind)}
            table_it_reads(partial(_try, bench, kind))
        except (PlugInError, FailedCheck) as error:
            first = first or error
        else:
            return
    if first is not None:
        raise first


def _try(bench: Bench, kind: str, rows: pd.DataFrame) -> None:
    bench.results["rows"] = rows
    bench.results["fitted"] = bench.fit(bench.results["answers"], rows, _truth(kind))
    bench.results["after"] = _apply(bench)


def _apply(bench: Bench, places: Any = slice(None), rows: Any = None) -> NDArray[np.float64]:
    predictions = bench.results["answers"][places]
    frame = bench.results["rows"].iloc[places] if rows is None else rows
    adjusted = bench.call("apply", predictions, frame, fitted=bench.results["fitted"])
    if not isinstance(adjusted, np.ndarray):
        raise FailedCheck(f"apply returned {type(adjusted).__name__}, not an array")
    if adjusted.shape != predictions.shape:
        raise FailedCheck(
            f"apply returned an array of shape {adjusted.shape} for one of shape {predictions.shape}"
        )
    if not np.isfinite(adjusted).all():
        raise FailedCheck("apply returned values that are not finite numbers")
    if adjusted.ndim == 2 and ((adjusted < 0).any() or not np.allclose(adjusted.sum(axis=1), 1.0, atol=1e-6)):
        raise FailedCheck("apply returned probabilities that are negative or do not sum to 1")
    return np.asarray(adjusted, dtype=np.float64)


def _keeps_its_input(bench: Bench) -> None:
    _apply(bench)
    if bench.proxy.changed:
        subject = "answers" if bench.proxy.changed[0] == 0 else "rows"
        raise FailedCheck(f"apply changes the {subject} that it is given; let it change a copy")


def _check_pickles(bench: Bench) -> None:
    bench.proxy.host.end()
    _agree(bench.results["after"], _apply(bench), "after it was pickled and loaded")


def _repeats(bench: Bench) -> None:
    before = bench.results["fitted"]
    truth = _truth(bench.results["kind"])
    bench.results["fitted"] = bench.fit(bench.results["answers"], bench.results["rows"], truth)
    again = _apply(bench)
    bench.results["fitted"] = before
    _agree(bench.results["after"], again, "when it was fitted again with the same seed")


def _one_row(bench: Bench) -> None:
    adjusted = bench.results["after"]
    for place in (0, N_ROWS // 2, N_ROWS - 1):
        _agree(adjusted[[place]], _apply(bench, [place]), "for one row alone and among others")
    backwards = np.arange(N_ROWS)[::-1]
    _agree(adjusted, _apply(bench, backwards)[::-1], "when the rows come in another order")


def _missing(bench: Bench) -> None:
    _apply(bench, rows=with_gaps(bench.results["rows"]))


def _no_leak(bench: Bench) -> None:
    """Fit on a random truth: afterwards the predictions must not reflect it."""
    kind = bench.results["kind"]
    truth = _truth(kind, seed=17)
    before = bench.results["fitted"]
    bench.results["fitted"] = bench.fit(bench.results["answers"], bench.results["rows"], truth)
    adjusted = _apply(bench)
    bench.results["fitted"] = before
    last = adjusted if adjusted.ndim == 1 else adjusted[:, -1]
    wanted = truth if kind != "three classes" else truth == 2
    if telling(last, np.asarray(wanted)) > _TELLS:
        raise FailedCheck("its answers tell the truth of the rows that it was fitted on")


def _in_time(bench: Bench) -> None:
    _apply(bench, np.arange(5_000) % N_ROWS)


def _agree(one: NDArray[Any], other: NDArray[Any], when: str) -> None:
    if not same_values(one, other):
        raise FailedCheck(f"its answers differ {when}")


POSTPROCESSOR_CHECKS = (
    ConformanceCheck("runs", _runs, first=True),
    ConformanceCheck("does not change its input", _keeps_its_input),
    ConformanceCheck("can be pickled", _check_pickles),
    ConformanceCheck("same seed, same answer", _repeats),
    ConformanceCheck("each row on its own", _one_row),
    ConformanceCheck("missing values", _missing),
    ConformanceCheck("does not leak the target", _no_leak),
    ConformanceCheck("finishes in time", _in_time),
)
