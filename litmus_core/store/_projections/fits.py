"""Apply facts about tuning trials, quotes, and failed custom code."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from litmus_core.store._analytic.rows import TRIAL_COLUMNS, columns_of
from litmus_core.store._analytic.unit_of_work import UnitOfWork
from litmus_core.types import Event, PlugInFailed, RunQuoted, TrialEnded, to_plain


def _trial_ended(draft: UnitOfWork, fact: TrialEnded, event: Event) -> None:
    if run := draft.one("runs", fact.run_id):
        trial = fact.trial
        subject = {"id": f"{fact.run_id}-{trial.algorithm}-{trial.number}", "run_id": fact.run_id}
        row = columns_of(trial, TRIAL_COLUMNS, elsewhere=("settings",)) | subject
        row |= {"experiment_id": run["experiment_id"], "settings": json.dumps(to_plain(trial.settings))}
        draft.put("trials", row)


def _plugin_failed(draft: UnitOfWork, fact: PlugInFailed, event: Event) -> None:
    """Change nothing: pages read this from the journal, with the run's other events."""


def _run_quoted(draft: UnitOfWork, fact: RunQuoted, event: Event) -> None:
    """Change nothing: quotes are read from the journal, beside the outcome of their runs."""


FIT_APPLIERS: dict[type, Callable[[UnitOfWork, Any, Event], None]] = {
    PlugInFailed: _plugin_failed,
    RunQuoted: _run_quoted,
    TrialEnded: _trial_ended,
}
