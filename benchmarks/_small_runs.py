"""One run of Litmus as it comes on a cut of a real table, in a process of its own, scored on hidden rows.

``python -m benchmarks._small_runs --table votes --size 300 --number 0 --way nested --seconds 20`` prints one
line of JSON. ``part`` has five folds, and a fifth of the rows are a test part. ``nested`` has outer folds
instead, and its model learned from all rows.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._flexible_speed import METRICS, truth_of
from benchmarks._flexible_tables import TABLES
from benchmarks._small_tables import Cut, cut_of

WAYS = ("part", "nested")
OUTER = 5
_INNER = 5
_ERROR_DRAWS = 100
_TIMES_OVER = 12  # a run that takes so many times its limit is lost


class RunFailedError(Exception):
    """A run came to nothing."""


def run_case(table: str, *, size: int, number: int, way: str, seconds: float) -> dict[str, Any]:
    """Return what one run came to, by a child process; raises RunFailedError where it came to nothing."""
    command = [sys.executable, "-m", "benchmarks._small_runs", "--table", table, "--size", str(size)]
    command += ["--number", str(number), "--way", way, "--seconds", str(seconds)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_TIMES_OVER * seconds + 120
        )
    except subprocess.TimeoutExpired as error:
        raise RunFailedError("it took too long") from error
    if done.returncode:
        raise RunFailedError((done.stderr.strip().splitlines() or ["no message"])[-1])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _run(cut: Cut, *, way: str, seconds: float) -> dict[str, Any]:
    import litmus_core
    from litmus_core import Compute, Data, Folds

    table, metric = cut.table, METRICS[cut.table.problem]
    folds = Folds(_INNER, outer=OUTER if way == "nested" else 0)
    with tempfile.TemporaryDirectory(prefix="small-") as scratch:
        rows = Path(scratch) / "rows.csv"
        cut.known.to_csv(rows, index=False)
        request: dict[str, Any] = {
            "goal": metric,
            "folds": folds,
            "compute": Compute(time_limit_s=seconds),
            "workspace": Path(scratch) / "workspace",
        }
        data = Data(rows, task=table.problem, seed=cut.number)
        quoted = litmus_core.quote(data, table.target, **request)
        began = time.perf_counter()
        handle = litmus_core.train(data, table.target, **request)
        handle.studio.runs.record_quote(handle.run_id, quoted)
        handle.wait()
        wall_s = time.perf_counter() - began
        found = _judged(handle, cut, metric) | {"quote": _quoted(handle)}
        handle.studio.close()
    return found | {"wall_s": round(wall_s, 1)}


def _quoted(handle: Any) -> dict[str, Any]:
    """Return what the quote was made from, and what came."""
    from litmus_core.types import to_plain

    (outcome,) = handle.studio.runs.quote_outcomes()
    return {
        "basis": to_plain(outcome.quote.basis),
        "minutes": outcome.minutes,
        "memory_mb": outcome.memory_mb,
        "score": outcome.score,
    }


def _judged(handle: Any, cut: Cut, metric_name: str) -> dict[str, Any]:
    """Return the verdict's interval, the model's score on the hidden rows, and the time of one row."""
    from litmus_core.metrics import get_metric

    metric, verdict = get_metric(metric_name), handle.verdict
    chosen = handle.studio.candidates.chosen(handle.run_id)
    opened = handle.studio.candidates.predictor(chosen.id)
    truth, known = truth_of(opened, cut.table, cut.hidden)
    if cut.table.problem == "regression":
        predicted, named = opened.predict_values(cut.hidden), {}
    else:
        predicted = opened.predict_proba(cut.hidden[known])
        named = {"classes": opened.classes, "positive_class": opened.positive_class}
    rng = np.random.default_rng([cut.number, cut.size])
    drawn = []
    for _ in range(_ERROR_DRAWS):
        at = rng.choice(len(truth), verdict.score.n_rows)
        if cut.table.problem != "binary" or len(set(truth[at].tolist())) > 1:
            drawn.append(metric.score(truth[at], predicted[at], **named))
    single = chosen.latency_at(1)
    score = verdict.score
    return {
        "model": chosen.name,
        "hidden": float(metric.score(truth, predicted, **named)),
        "interval": [score.value, score.low, score.high],
        "n_rows": score.n_rows,
        "error": float(np.std(drawn, ddof=1)),
        "baseline": verdict.baseline,
        "one_row_ms": None if single is None else single.p50_ms,
        "size_bytes": chosen.size_bytes,
    }


def main() -> None:
    """Do one run and print what it came to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--table", required=True)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--number", type=int, required=True)
    parser.add_argument("--way", choices=WAYS, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args()
    table = next(each for each in TABLES if each.name == options.table)
    print(
        json.dumps(
            _run(cut_of(table, options.size, options.number), way=options.way, seconds=options.seconds)
        )
    )


if __name__ == "__main__":
    main()
