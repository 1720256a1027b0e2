"""Compare a waiting version of an endpoint with the live one, on rows that neither has learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.cases import case_of, unit_of_task
from litmus_core.experiments._runs.diagnosis import open_predictor
from litmus_core.metrics import get_metric
from litmus_core.runtime import to_frame
from litmus_core.text import join_names
from litmus_core.types import EndpointVersion, LiveComparison
from litmus_core.verdicts import FEWEST_COMPARED, compare_live, comparison_sentence, unweighted_sentence


def compare_versions(context: Context, name: str, version: int | None = None) -> LiveComparison:
    """Compare a waiting ``version`` of the endpoint ``name`` (None: the newest) with the live one.

    The waiting model predicts the sampled rows with known outcomes that were answered after its training
    began. Raises UnknownNameError for an unknown version, UsageError for one that needs a column that callers
    do not send.
    """
    from litmus_core.deploy import live_rows, sampled_rows

    live = live_rows(context.workspace, name)
    sampled = sampled_rows(context.workspace, name, live)
    waiting = _waiting(context, name, live.version.number, version)
    bundle = context.store.bundle(waiting.bundle_id)
    candidate = context.candidate(bundle.candidate_id)
    began = datetime.fromisoformat(context.run(candidate.run_id).times.queued_at)
    fresh = [
        place
        for place, at in enumerate(sampled.places)
        if datetime.fromisoformat(live.answered_at[at]) >= began
    ]
    task = context.experiment(bundle.experiment_id).task
    metric = get_metric(task.metric if task.bar is None else task.bar.metric)
    facts: dict[str, Any] = {
        "name": name, "version": live.version.number, "challenger": waiting.number,
        "metric": metric.name, "n_rows": len(fresh),
    }  # fmt: skip
    if len(fresh) < FEWEST_COMPARED:
        return _with_sentence(LiveComparison(**facts), "")
    places = np.array(sampled.places, dtype=np.int64)[fresh]
    outcomes = [live.outcomes[place] for place in places]
    predictor = open_predictor(context, candidate.id)
    rows = [sampled.rows[place] for place in fresh]
    _check_columns(name, waiting.number, needs=[column.name for column in predictor.columns], rows=rows)
    frame = to_frame(rows, predictor.columns)
    metric = metric.grouped(frame[task.needs.group] if task.needs.group else None)
    cases = [
        case_of(metric, live.manifest.signature, outcomes, live.raw[places]),
        case_of(metric, predictor.info, outcomes, predictor.predict_raw(frame)),
    ]
    state, gain, low, high = compare_live(metric, *cases)
    worded = _with_sentence(
        LiveComparison(**facts, state=state, gain=gain, low=low, high=high), unit_of_task(context, task)
    )
    sentence = f"{worded.sentence} {unweighted_sentence(task.weight)}".strip()
    return replace(worded, sentence=sentence)


def _waiting(context: Context, name: str, live: int, version: int | None) -> EndpointVersion:
    from litmus_core.deploy import endpoint_stats

    versions = endpoint_stats(context.workspace, name).versions
    waiting = {entry.number: entry for entry in versions if entry.number != live}
    if version is None and waiting:
        return waiting[max(waiting)]
    if version is None:
        raise UsageError(
            f"'{name}' has no other version.", hint=f"Deploy one: litmus deploy RUN --name {name}"
        )
    if version not in waiting:
        raise UnknownNameError(
            kind=f"waiting version of '{name}'", name=str(version), names=list(map(str, waiting))
        )
    return waiting[version]


def _with_sentence(comparison: LiveComparison, unit: str) -> LiveComparison:
    sentence = comparison_sentence(comparison, get_metric(comparison.metric), unit=unit)
    return replace(comparison, sentence=sentence)


def _check_columns(
    name: str, number: int, *, needs: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Raise UsageError if a row that callers sent lacks a column that version ``number`` needs."""
    sent = set(needs).intersection(*rows)
    missing = join_names([f"'{column}'" for column in needs if column not in sent])
    if missing:
        raise UsageError(
            f"Version {number} of '{name}' needs {missing}, which not all callers send.",
            hint="It cannot be compared, and once it answers, requests without it are refused.",
        )
