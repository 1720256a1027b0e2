"""How much of a model's quality is left in a quarter of its answering time, on real tables.

A table's first rows are trained on as anybody would (``litmus_core.train``), and faster variants are made
of the best ensemble (``studio.compression.start``). All compiled models are then timed together at 1,000 rows
a call, and of those that take at most a quarter of the ensemble's time the best by validation is taken: the
hidden rows say how much of the way from the constant answer to the ensemble it keeps.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._flexible_tables import Table
from litmus_core import Compute, Data

if TYPE_CHECKING:
    from litmus_core import Studio
    from litmus_core.runtime import Predictor
    from litmus_core.types import Candidate

METRICS = {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse"}
N_TRAIN, BATCH_ROWS, SHARE = 5_000, 1_000, 0.25
_ROUNDS, _MOST_HIDDEN = 15, 20_000


def speed(table: Table, *, seconds: float, seed: int) -> dict[str, Any]:
    """Return what the best within a quarter of the ensemble's time keeps, and how long what took."""
    import litmus_core

    frame = table.load().sample(frac=1.0, random_state=seed).reset_index(drop=True)
    hidden = frame[N_TRAIN : N_TRAIN + _MOST_HIDDEN]
    with tempfile.TemporaryDirectory(prefix="speed-") as scratch:
        rows = Path(scratch) / "rows.csv"
        frame[:N_TRAIN].to_csv(rows, index=False)
        began = time.perf_counter()
        handle = litmus_core.train(
            Data(rows, task=table.problem, seed=seed),
            table.target,
            goal=METRICS[table.problem],
            compute=Compute(time_limit_s=seconds),
            workspace=Path(scratch) / "workspace",
        )
        handle.wait()
        trained_s = time.perf_counter() - began
        studio = handle.studio
        best = _best_ensemble(studio.candidates.list(handle.run_id), METRICS[table.problem])
        began = time.perf_counter()
        run = studio.runs.wait(studio.compression.start(handle.run_id, best.id, shares=(0.5, 0.25, 0.15)).id)
        refined_s = time.perf_counter() - began
        candidates = [*studio.candidates.list(handle.run_id), *studio.candidates.list(run.id)]
        found = _judged(studio, table, candidates, best, hidden)
        studio.close()
    return found | {"trained_s": trained_s, "refined_s": refined_s, "n_hidden": len(hidden)}


def _best_ensemble(candidates: list[Candidate], metric: str) -> Candidate:
    """Return the best by validation among the ensembles; among all, where the run made none."""
    from litmus_core.metrics import get_metric

    sign = 1.0 if get_metric(metric).greater_is_better else -1.0
    scored = [each for each in candidates if each.validation is not None and each.form == "compiled"]
    offered = [each for each in scored if each.is_ensemble] or scored
    return max(offered, key=lambda each: sign * (each.validation.value if each.validation else 0.0))


def _judged(
    studio: Studio, table: Table, candidates: list[Candidate], best: Candidate, hidden: Any
) -> dict[str, Any]:
    from litmus_core.engine import open_candidate
    from litmus_core.metrics import get_metric

    metric = get_metric(METRICS[table.problem])
    sign = 1.0 if metric.greater_is_better else -1.0
    compiled = {each.id: each for each in candidates if each.form == "compiled" and each.validation}
    opened = {
        each.id: open_candidate(studio.workspace.run_dir(each.run_id), each.model)
        for each in compiled.values()
    }
    asked = hidden.drop(columns=table.target).head(BATCH_ROWS)
    ms = _timed_together(opened, asked)
    inside = [each for each in compiled.values() if ms[each.id] <= SHARE * ms[best.id]]
    scores = {key: _score(opened[key], table, hidden, metric) for key in {best.id, *(e.id for e in inside)}}
    base = _constant(opened[best.id], table, hidden, metric)
    chosen = max(inside, key=lambda each: sign * each.validation.value, default=None)  # type: ignore[union-attr]
    before = max(
        (each for each in inside if each.run_id == best.run_id),
        key=lambda each: sign * each.validation.value,  # type: ignore[union-attr]
        default=None,
    )

    def kept(candidate: Candidate | None) -> float | None:
        return None if candidate is None else (scores[candidate.id] - base) / (scores[best.id] - base)

    return {
        "kept": kept(chosen),
        "chosen": "" if chosen is None else chosen.name,
        "is_variant": chosen is not None and chosen.run_id != best.run_id,
        "ensemble_ms": ms[best.id],
        "chosen_ms": None if chosen is None else ms[chosen.id],
        "ensemble": scores[best.id],
        "constant": base,
        "kept_without_variants": kept(before),
    }


def _timed_together(opened: dict[str, Predictor], rows: Any) -> dict[str, float]:
    """Return the median milliseconds of a call of each model, asked in turn: what slows one slows all."""
    times: dict[str, list[float]] = {key: [] for key in opened}
    for round_ in range(_ROUNDS + 1):
        for key, predictor in opened.items():
            began = time.perf_counter()
            predictor.predict(rows)
            if round_:  # the first call of each warms up
                times[key].append(time.perf_counter() - began)
    return {key: 1000.0 * float(np.median(taken)) for key, taken in times.items()}


def _score(predictor: Predictor, table: Table, hidden: Any, metric: Any) -> float:
    """Return a model's score on the hidden rows whose class it knows."""
    truth, known = truth_of(predictor, table, hidden)
    if table.problem == "regression":
        return float(metric.score(truth, predictor.predict_values(hidden)))
    return float(
        metric.score(
            truth,
            predictor.predict_proba(hidden[known]),
            classes=predictor.classes,
            positive_class=predictor.positive_class,
        )
    )


def _constant(predictor: Predictor, table: Table, hidden: Any, metric: Any) -> float:
    """Return what the best constant answer scores on the same rows."""
    from litmus_core.metrics import constant_score

    truth, _ = truth_of(predictor, table, hidden)
    classes = () if table.problem == "regression" else predictor.classes
    return float(
        constant_score(metric, truth, truth, classes=classes, positive_class=predictor.positive_class)
    )


def truth_of(predictor: Predictor, table: Table, hidden: Any) -> tuple[Any, Any]:
    """Return what is true of the hidden rows whose class the model knows, and which rows those are."""
    if table.problem == "regression":
        return hidden[table.target].to_numpy(np.float64), slice(None)
    answers = hidden[table.target]
    by_text = {_text(label): label for label in predictor.classes}
    labels = answers.map(_text).map(by_text)
    known = labels.notna().to_numpy()
    return labels[known].to_numpy(), known


def _text(label: Any) -> str:
    """Return a label as text: a number the same however its column holds it."""
    try:
        return f"{float(label):g}"
    except ValueError:
        return str(label)
