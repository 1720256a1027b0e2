"""Judged model against final model: what learning from every row in the end brings on rows that neither saw.

Of each real table some rows are known and the rest hidden. Litmus trains on the known ones, as it comes, and
judges by a test part; then the judged model is trained again on all of them, in the run's time or after it.
Both predict the hidden rows.

    python -m benchmarks.final [--tables flights,diamonds] [--rows 6000] [--seconds 60] [--folds 0]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from typing import Any

import numpy as np

import litmus_core as lc
from benchmarks._flexible_tables import TABLES, Table
from litmus_core.metrics import get_metric

_HIDDEN = 15_000


def compared(table: Table, *, n_rows: int, seconds: float, folds: int | None) -> dict[str, Any]:
    """Train on some rows of a table, and score both models on the others."""
    frame = table.load()
    order = np.random.default_rng(0).permutation(len(frame))
    n_known = min(n_rows, 2 * len(frame) // 3)
    known, hidden = frame.iloc[order[:n_known]], frame.iloc[order[n_known : n_known + _HIDDEN]]
    with tempfile.TemporaryDirectory() as home:
        began = time.time()
        handle = lc.train(
            known.reset_index(drop=True),
            table.target,
            folds=folds,
            compute=lc.Compute(time_limit_s=seconds),
            workspace=home,
        )
        handle.wait(progress=False)
        run_s, best, studio = time.time() - began, handle.best.facts, handle.studio
        is_in_time = best.final is not None
        if not is_in_time:
            best = studio.final_models.train(best.id)
        metric, truth = get_metric(handle.experiment.task.metric), hidden[table.target].to_numpy()
        scores = [
            _score(metric, truth, studio.candidates.predictor(best.id, judged=judged), hidden, handle)
            for judged in (True, False)
        ]
        final = best.final
        assert final is not None
        studio.close()
    return {
        "table": table.name,
        "rows": n_known,
        "metric": metric.name,
        "model": best.name,
        "judged": scores[0],
        "final": scores[1],
        "one row, judged (us)": 1000 * best.latency[0].p50_ms,
        "one row, final (us)": 1000 * final.latency[0].p50_ms,
        "in the run's time": is_in_time,
        "run (s)": round(run_s, 1),
        "final (s)": final.seconds,
    }


def _score(metric: Any, truth: Any, predictor: Any, hidden: Any, handle: Any) -> float:
    task = handle.experiment.task
    return float(
        metric.score(
            truth,
            predictor.predict_raw(hidden),
            classes=predictor.classes,
            positive_class=task.positive_class,
            threshold=handle.best.facts.threshold,
        )
    )


def main() -> None:
    """Print a line of JSON a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", default="", help="their names; default: all")
    parser.add_argument("--rows", type=int, default=6_000, help="that are known, at most two thirds")
    parser.add_argument("--seconds", type=float, default=60.0, help="what a run may take")
    parser.add_argument("--folds", type=int, default=None, help="default: as Litmus chooses")
    asked = parser.parse_args()
    wanted = asked.tables.split(",") if asked.tables else [each.name for each in TABLES]
    for table in TABLES:
        if table.name in wanted:
            found = compared(table, n_rows=asked.rows, seconds=asked.seconds, folds=asked.folds)
            print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
