"""Checks of post-processors."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import PlugInError
from litmus_core.testing._comparison import same_values, truth_correlation
from litmus_core.testing._harness import ConformanceCheck, FailedCheck, PluginHarness
from litmus_core.testing._tables import N_ROWS, accepted_table, with_missing_values

if TYPE_CHECKING:
    import pandas as pd

_KINDS = ("two classes", "three classes", "values")
_LEAK_CORRELATION = 0.5


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


def _check_runs(harness: PluginHarness) -> None:
    """Try it on two classes, on three, and on values; one of them must work."""
    first: Exception | None = None
    for kind in _KINDS:
        try:
            harness.results |= {"kind": kind, "answers": _predictions(kind)}
            accepted_table(partial(_try, harness, kind))
        except (PlugInError, FailedCheck) as error:
            first = first or error
        else:
            return
    if first is not None:
        raise first


def _try(harness: PluginHarness, kind: str, rows: pd.DataFrame) -> None:
    harness.results["rows"] = rows
    harness.results["fitted"] = harness.fit(harness.results["answers"], rows, _truth(kind))
    harness.results["after"] = _apply(harness)


def _apply(harness: PluginHarness, places: Any = slice(None), rows: Any = None) -> NDArray[np.float64]:
    predictions = harness.results["answers"][places]
    frame = harness.results["rows"].iloc[places] if rows is None else rows
    adjusted = harness.call("apply", predictions, frame, fitted=harness.results["fitted"])
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


def _check_input_unchanged(harness: PluginHarness) -> None:
    _apply(harness)
    if harness.proxy.changed:
        subject = "answers" if harness.proxy.changed[0] == 0 else "rows"
        raise FailedCheck(f"apply changes the {subject} that it is given; let it change a copy")


def _check_pickles(harness: PluginHarness) -> None:
    harness.proxy.host.end()
    _check_equal(harness.results["after"], _apply(harness), "after it was pickled and loaded")


def _check_repeatable(harness: PluginHarness) -> None:
    before = harness.results["fitted"]
    truth = _truth(harness.results["kind"])
    harness.results["fitted"] = harness.fit(harness.results["answers"], harness.results["rows"], truth)
    again = _apply(harness)
    harness.results["fitted"] = before
    _check_equal(harness.results["after"], again, "when it was fitted again with the same seed")


def _check_single_rows(harness: PluginHarness) -> None:
    adjusted = harness.results["after"]
    for place in (0, N_ROWS // 2, N_ROWS - 1):
        _check_equal(adjusted[[place]], _apply(harness, [place]), "for one row alone and among others")
    backwards = np.arange(N_ROWS)[::-1]
    _check_equal(adjusted, _apply(harness, backwards)[::-1], "when the rows come in another order")


def _check_missing_values(harness: PluginHarness) -> None:
    _apply(harness, rows=with_missing_values(harness.results["rows"]))


def _check_leak(harness: PluginHarness) -> None:
    """Fit on a random truth: afterwards the predictions must not reflect it."""
    kind = harness.results["kind"]
    truth = _truth(kind, seed=17)
    before = harness.results["fitted"]
    harness.results["fitted"] = harness.fit(harness.results["answers"], harness.results["rows"], truth)
    adjusted = _apply(harness)
    harness.results["fitted"] = before
    last = adjusted if adjusted.ndim == 1 else adjusted[:, -1]
    wanted = truth if kind != "three classes" else truth == 2
    if truth_correlation(last, np.asarray(wanted)) > _LEAK_CORRELATION:
        raise FailedCheck("its answers tell the truth of the rows that it was fitted on")


def _check_time(harness: PluginHarness) -> None:
    _apply(harness, np.arange(5_000) % N_ROWS)


def _check_equal(one: NDArray[Any], other: NDArray[Any], when: str) -> None:
    if not same_values(one, other):
        raise FailedCheck(f"its answers differ {when}")


POSTPROCESSOR_CHECKS = (
    ConformanceCheck("runs", _check_runs, first=True),
    ConformanceCheck("does not change its input", _check_input_unchanged),
    ConformanceCheck("can be pickled", _check_pickles),
    ConformanceCheck("same seed, same answer", _check_repeatable),
    ConformanceCheck("each row on its own", _check_single_rows),
    ConformanceCheck("missing values", _check_missing_values),
    ConformanceCheck("does not leak the target", _check_leak),
    ConformanceCheck("finishes in time", _check_time),
)
