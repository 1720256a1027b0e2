"""The facts that the workspace's own certificate lines read, and their results."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import DataError, NotFoundError
from litmus_core.experiments._context import Context
from litmus_core.experiments._plugins.facts import model_facts, task_facts
from litmus_core.experiments._runs.diagnosis import open_predictor, run_data
from litmus_core.plugins import try_lines
from litmus_core.types import Certificate, CertificateLine
from litmus_core.verdicts import grade_of

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.runtime import Manifest

_MOST_ROWS = 10_000


def plugin_lines(context: Context, certificate: Certificate) -> tuple[CertificateLine, ...]:
    """Try the workspace's own certificate lines on a bundle; they get a copy of its files."""
    from litmus_core.runtime import verified_folder

    record = context.store.bundle(certificate.bundle_id)
    rows, predictions = _judged_rows(context, record.candidate_id)
    with (
        verified_folder(Path(record.path)) as (sealed, folder),
        tempfile.TemporaryDirectory(prefix="litmus-lines-") as scratch,
    ):
        copy = shutil.copytree(folder, Path(scratch, "bundle"))
        facts = _facts(context, certificate, sealed.manifest, copy)
        return try_lines(context.workspace.path, facts, rows, predictions)


def _facts(context: Context, certificate: Certificate, manifest: Manifest, copy: Path) -> dict[str, Any]:
    report, task, verdict = certificate.report, manifest.task, manifest.results.verdict
    latency = None if task is None else report.latency_at(task.budget.batch_rows)
    most = report.memory.most_bytes
    try:
        candidate = context.candidate(context.store.bundle(certificate.bundle_id).candidate_id)
    except NotFoundError:  # its run was deleted
        candidate = None
    return {
        "bundle": {"id": certificate.bundle_id, "path": str(copy), "size_mb": report.bundle_bytes / 1e6},
        "task": None if task is None else task_facts(task),
        "model": None if candidate is None or task is None else model_facts(candidate, task),
        "verdict": None
        if verdict is None
        else {
            "grade": grade_of(verdict).key,
            "score": verdict.score.value,
            "low": verdict.score.low,
            "high": verdict.score.high,
            "n_rows": verdict.score.n_rows,
        },
        "measured": {
            "form": certificate.form,
            "environment": report.environment.name,
            "latency_ms": None if latency is None else latency.p95_ms,
            "cold_start_s": report.cold_start_s,
            "memory_mb": None if most is None else most / 1e6,
            "environment_mb": None if report.environment_bytes is None else report.environment_bytes / 1e6,
            "cost_usd_per_million": report.cost_usd_per_million,
        },
    }


def _judged_rows(context: Context, candidate_id: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return rows of the candidate's validation score, and its predictions; none if the files are gone."""
    import numpy as np
    import pandas as pd

    try:
        data, index, predictions = _predictions(context, candidate_id)
        form = open_predictor(context, candidate_id, judged=True).form
    except (DataError, NotFoundError, OSError):
        return pd.DataFrame(), pd.DataFrame()
    if len(index) > _MOST_ROWS:
        drawn = np.sort(np.random.default_rng(0).choice(len(index), _MOST_ROWS, replace=False))
        index, predictions = index[drawn], predictions[drawn]
    names = list(dict.fromkeys([*(column.name for column in data.columns), data.target]))
    rows = data.frame.iloc[index][names].reset_index(drop=True)
    return rows, pd.DataFrame(dict(zip(form.columns, form.table(predictions), strict=True)))


def _predictions(context: Context, candidate_id: str) -> tuple[Any, Any, Any]:
    """Return a candidate's run data, and the positions and predictions of its validation score."""
    from litmus_core.engine import post_predictions, validation_predictions

    candidate = context.candidate(candidate_id)
    folder = context.workspace.run_dir(candidate.run_id)
    index, predictions = validation_predictions(folder, candidate.model)
    if candidate.postprocess:
        predictions = post_predictions(folder, candidate.id)
    return run_data(context, context.run(candidate.run_id)), index, predictions
