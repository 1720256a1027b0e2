"""Checks of pre-processors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from litmus_core.testing._comparison import first_mismatch_message, truth_correlation
from litmus_core.testing._harness import ConformanceCheck, FailedCheck, PluginHarness
from litmus_core.testing._tables import (
    N_ROWS,
    accepted_table,
    target,
    with_missing_values,
    with_unseen_values,
)

if TYPE_CHECKING:
    import pandas as pd

_LEAK_CORRELATION = 0.5  # of 240 rows with random targets, far beyond chance
_CALLS = 25
_MOST_GROWTH_BYTES = 64 << 20


def _check_runs(harness: PluginHarness) -> None:
    def attempt(frame: pd.DataFrame) -> None:
        harness.call("transform", frame, fitted=harness.fit(frame, target()))

    frame = accepted_table(attempt)
    harness.results["frame"] = frame
    harness.results["fitted"] = harness.fit(frame, target())
    harness.results["answer"] = _transform(harness, frame)


def _transform(harness: PluginHarness, frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    answer = harness.call("transform", frame, fitted=harness.results["fitted"])
    if not isinstance(answer, pd.DataFrame):
        raise FailedCheck(f"transform returned {type(answer).__name__}, not a data frame")
    if len(answer) != len(frame):
        raise FailedCheck(f"transform returned {len(answer)} rows for {len(frame)}")
    if not answer.index.equals(frame.index):
        raise FailedCheck("transform put the rows into another order, or gave them another index")
    if answer.shape[1] == 0:
        raise FailedCheck("transform returned no column")
    return answer


def _check_input_unchanged(harness: PluginHarness) -> None:
    harness.call("transform", harness.results["frame"], fitted=harness.results["fitted"])
    if harness.proxy.changed:
        raise FailedCheck("transform changes the frame that it is given; let it change a copy")


def _check_pickles(harness: PluginHarness) -> None:
    harness.proxy.host.end()
    again = _transform(harness, harness.results["frame"])
    _check_equal(harness.results["answer"], again, "after it was pickled and loaded")


def _check_repeatable(harness: PluginHarness) -> None:
    before = harness.results["fitted"]
    harness.results["fitted"] = harness.fit(harness.results["frame"], target())
    again = _transform(harness, harness.results["frame"])
    harness.results["fitted"] = before
    _check_equal(harness.results["answer"], again, "when it was fitted again with the same seed")


def _check_single_rows(harness: PluginHarness) -> None:
    frame, answer = harness.results["frame"], harness.results["answer"]
    for place in (0, N_ROWS // 2, N_ROWS - 1):
        one = _transform(harness, frame.iloc[[place]])
        _check_equal(answer.iloc[[place]], one, "for one row alone and among others")
    backwards = _transform(harness, frame.iloc[::-1])
    _check_equal(answer, backwards.iloc[::-1], "when the rows come in another order")


def _check_missing_values(harness: PluginHarness) -> None:
    gaps = with_missing_values(harness.results["frame"])
    _check_finite(_transform(harness, gaps))
    _transform(harness, gaps.iloc[[0]])
    harness.call("transform", gaps, fitted=harness.fit(gaps, target()))


def _check_unseen_values(harness: PluginHarness) -> None:
    answer = _transform(harness, with_unseen_values(harness.results["frame"]))
    wanted, transformed = set(harness.results["answer"].columns), set(answer.columns)
    if wanted != transformed:
        raise FailedCheck(
            f"the columns depend on the rows: '{next(iter(wanted ^ transformed))}' comes and goes"
        )


def _check_finite(answer: pd.DataFrame) -> None:
    for name in answer.columns:
        if answer[name].dtype.kind == "f" and np.isinf(answer[name].to_numpy()).any():
            raise FailedCheck(f"the column '{name}' holds infinite numbers")


def _check_all_finite(harness: PluginHarness) -> None:
    _check_finite(harness.results["answer"])


def _check_leak(harness: PluginHarness) -> None:
    """Fit on random targets, and check that the training rows do not reveal them afterwards."""
    frame = harness.results["frame"]
    shuffled = target(seed=17)
    answer = harness.call("transform", frame, fitted=harness.fit(frame, shuffled))
    for name in answer.columns:
        if (
            answer[name].dtype.kind in "fiub"
            and truth_correlation(answer[name].to_numpy(), shuffled.to_numpy()) > _LEAK_CORRELATION
        ):
            raise FailedCheck(f"the column '{name}' reveals the target of the rows that it was fitted on")


def _check_time(harness: PluginHarness) -> None:
    kinds_frame = harness.results["frame"]
    places = np.arange(5_000) % len(kinds_frame)
    harness.call(
        "transform", kinds_frame.iloc[places].reset_index(drop=True), fitted=harness.results["fitted"]
    )


def _check_growth(harness: PluginHarness) -> None:
    for _ in range(3):
        harness.call("transform", harness.results["frame"], fitted=harness.results["fitted"])
    before = harness.memory_bytes()
    for _ in range(_CALLS):
        harness.call("transform", harness.results["frame"], fitted=harness.results["fitted"])
    grown = harness.memory_bytes() - before
    if grown > _MOST_GROWTH_BYTES:
        raise FailedCheck(f"its process grew by {grown / 1e6:.0f} MB over {_CALLS} calls with the same rows")


def _check_equal(one: pd.DataFrame, other: pd.DataFrame, when: str) -> None:
    column = first_mismatch_message(one, other)
    if column:
        raise FailedCheck(f"the column '{column}' differs {when}")


PREPROCESSOR_CHECKS = (
    ConformanceCheck("runs", _check_runs, first=True),
    ConformanceCheck("does not change its input", _check_input_unchanged),
    ConformanceCheck("can be pickled", _check_pickles),
    ConformanceCheck("same seed, same answer", _check_repeatable),
    ConformanceCheck("each row on its own", _check_single_rows),
    ConformanceCheck("missing values", _check_missing_values),
    ConformanceCheck("unseen values", _check_unseen_values),
    ConformanceCheck("finite numbers", _check_all_finite),
    ConformanceCheck("does not leak the target", _check_leak),
    ConformanceCheck("finishes in time", _check_time),
    ConformanceCheck("does not grow", _check_growth),
)
