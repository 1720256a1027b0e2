"""The checks of pre-processors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from litmus_core.testing._bench import Bench, ConformanceCheck, FailedCheck
from litmus_core.testing._sameness import first_mismatch_message, telling
from litmus_core.testing._tables import N_ROWS, table_it_reads, target, unseen, with_gaps

if TYPE_CHECKING:
    import pandas as pd

_TELLS = 0.5  # of 240 rows with random targets, far beyond chance
_CALLS = 25
_MOST_GROWTH_BYTES = 64 << 20


def _runs(bench: Bench) -> None:
    def attempt(frame: pd.DataFrame) -> None:
        bench.call("transform", frame, fitted=bench.fit(frame, target()))

    frame = table_it_reads(attempt)
    bench.results["frame"] = frame
    bench.results["fitted"] = bench.fit(frame, target())
    bench.results["answer"] = _transform(bench, frame)


def _transform(bench: Bench, frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    answer = bench.call("transform", frame, fitted=bench.results["fitted"])
    if not isinstance(answer, pd.DataFrame):
        raise FailedCheck(f"transform returned {type(answer).__name__}, not a data frame")
    if len(answer) != len(frame):
        raise FailedCheck(f"transform returned {len(answer)} rows for {len(frame)}")
    if not answer.index.equals(frame.index):
        raise FailedCheck("transform put the rows into another order, or gave them another index")
    if answer.shape[1] == 0:
        raise FailedCheck("transform returned no column")
    return answer


def _keeps_its_input(bench: Bench) -> None:
    bench.call("transform", bench.results["frame"], fitted=bench.results["fitted"])
    if bench.proxy.changed:
        raise FailedCheck("transform changes the frame that it is given; let it change a copy")


def _check_pickles(bench: Bench) -> None:
    bench.proxy.host.end()
    again = _transform(bench, bench.results["frame"])
    _agree(bench.results["answer"], again, "after it was pickled and loaded")


def _repeats(bench: Bench) -> None:
    before = bench.results["fitted"]
    bench.results["fitted"] = bench.fit(bench.results["frame"], target())
    again = _transform(bench, bench.results["frame"])
    bench.results["fitted"] = before
    _agree(bench.results["answer"], again, "when it was fitted again with the same seed")


def _one_row(bench: Bench) -> None:
    frame, answer = bench.results["frame"], bench.results["answer"]
    for place in (0, N_ROWS // 2, N_ROWS - 1):
        one = _transform(bench, frame.iloc[[place]])
        _agree(answer.iloc[[place]], one, "for one row alone and among others")
    backwards = _transform(bench, frame.iloc[::-1])
    _agree(answer, backwards.iloc[::-1], "when the rows come in another order")


def _missing(bench: Bench) -> None:
    gaps = with_gaps(bench.results["frame"])
    _finite(_transform(bench, gaps))
    _transform(bench, gaps.iloc[[0]])
    bench.call("transform", gaps, fitted=bench.fit(gaps, target()))


def _unseen(bench: Bench) -> None:
    answer = _transform(bench, unseen(bench.results["frame"]))
    wanted, got = set(bench.results["answer"].columns), set(answer.columns)
    if wanted != got:
        raise FailedCheck(f"the columns depend on the rows: '{next(iter(wanted ^ got))}' comes and goes")


def _finite(answer: pd.DataFrame) -> None:
    for name in answer.columns:
        if answer[name].dtype.kind == "f" and np.isinf(answer[name].to_numpy()).any():
            raise FailedCheck(f"the column '{name}' holds infinite numbers")


def _all_finite(bench: Bench) -> None:
    _finite(bench.results["answer"])


def _no_leak(bench: Bench) -> None:
    """Fit on random targets, and check that the training rows do not reveal them afterwards."""
    frame = bench.results["frame"]
    shuffled = target(seed=17)
    answer = bench.call("transform", frame, fitted=bench.fit(frame, shuffled))
    for name in answer.columns:
        if (
            answer[name].dtype.kind in "fiub"
            and telling(answer[name].to_numpy(), shuffled.to_numpy()) > _TELLS
        ):
            raise FailedCheck(f"the column '{name}' reveals the target of the rows that it was fitted on")


def _in_time(bench: Bench) -> None:
    kinds_frame = bench.results["frame"]
    places = np.arange(5_000) % len(kinds_frame)
    bench.call("transform", kinds_frame.iloc[places].reset_index(drop=True), fitted=bench.results["fitted"])


def _no_growth(bench: Bench) -> None:
    for _ in range(3):
        bench.call("transform", bench.results["frame"], fitted=bench.results["fitted"])
    before = bench.memory_bytes()
    for _ in range(_CALLS):
        bench.call("transform", bench.results["frame"], fitted=bench.results["fitted"])
    grown = bench.memory_bytes() - before
    if grown > _MOST_GROWTH_BYTES:
        raise FailedCheck(f"its process grew by {grown / 1e6:.0f} MB over {_CALLS} calls with the same rows")


def _agree(one: pd.DataFrame, other: pd.DataFrame, when: str) -> None:
    column = first_mismatch_message(one, other)
    if column:
        raise FailedCheck(f"the column '{column}' differs {when}")


PREPROCESSOR_CHECKS = (
    ConformanceCheck("runs", _runs, first=True),
    ConformanceCheck("does not change its input", _keeps_its_input),
    ConformanceCheck("can be pickled", _check_pickles),
    ConformanceCheck("same seed, same answer", _repeats),
    ConformanceCheck("each row on its own", _one_row),
    ConformanceCheck("missing values", _missing),
    ConformanceCheck("unseen values", _unseen),
    ConformanceCheck("finite numbers", _all_finite),
    ConformanceCheck("does not leak the target", _no_leak),
    ConformanceCheck("finishes in time", _in_time),
    ConformanceCheck("does not grow", _no_growth),
)
