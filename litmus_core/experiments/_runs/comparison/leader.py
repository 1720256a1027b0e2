"""The leading run of an experiment: the one with the best model, of those with a verdict."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from litmus_core.errors import LitmusError, NotFoundError
from litmus_core.experiments._context import Context
from litmus_core.experiments._runs.comparison.paired import leading_of
from litmus_core.store import new_id
from litmus_core.types import Candidate, Run, Task

_log = logging.getLogger(__name__)


def leading_run(context: Context, experiment_id: str) -> Run | None:
    """Return the run with a verdict whose model is best by validation; None before any verdict."""
    context.experiment(experiment_id)
    judged = [run for run in context.runs(experiment_id) if run.verdict is not None]
    if len(judged) < 2:
        return next(iter(judged), None)
    led = _leading(context, {experiment_id: {run.id: run.chosen_id for run in judged}})[experiment_id]
    return next(run for run in judged if run.id == led)


def leading_runs(context: Context) -> dict[str, str]:
    """Return the leading run's id by experiment id, for experiments with several verdicts."""
    return _leading(context, context.store.rivals())


def best_candidate(context: Context, experiment_id: str) -> Candidate:
    """Return the best of the runs' chosen candidates, else the latest run's best so far."""
    leading = leading_run(context, experiment_id)
    if leading is not None and leading.chosen_id is not None:
        return context.candidate(leading.chosen_id)
    for run in reversed(context.runs(experiment_id)):
        if candidates := context.candidates(run.id):
            return candidates[0]
    raise NotFoundError(kind="chosen model in experiment", id=experiment_id, hint="Train it first.")


def _leading(context: Context, rivals: Mapping[str, Mapping[str, str | None]]) -> dict[str, str]:
    """Return the leading run of each experiment, given its runs, oldest first, and their chosen candidates.

    The comparison takes a tenth of a second or more. It is stored until a run is added, deleted or chooses
    another candidate.
    """
    path = context.workspace.leading_path
    fresh: dict[str, Any] = {}
    unsure: dict[str, Any] = {}
    stored = _read(path)
    changed = {key: among for key, among in rivals.items() if stored.get(key, {}).get("among") != among}
    for key, (leads, is_sure) in _compare_all(context, changed):
        (fresh if is_sure else unsure)[key] = {"among": changed[key], "leads": leads}
    if fresh:
        partial = path.with_name(f"{path.name}.{new_id('part')}")
        try:
            # other processes store other experiments
            partial.write_text(json.dumps(_read(path) | fresh), encoding="utf-8")
            partial.replace(path)
        except OSError:  # if it cannot be stored, it is computed again
            partial.unlink(missing_ok=True)
    leaders = stored | fresh | unsure
    return {key: leaders[key]["leads"] for key in rivals}


def _compare_all(
    context: Context, rivals: Mapping[str, Mapping[str, str | None]]
) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Yield each experiment with its leading run, and whether that is final while the runs stay the same."""
    if not rivals:
        return
    tasks = {experiment.id: experiment.task for experiment in context.store.experiments(rivals)}
    chosen = context.store.chosen(run_id for among in rivals.values() for run_id in among)
    for key, among in rivals.items():
        models = [chosen[run_id] for run_id in among if run_id in chosen]
        was_deleted = key not in tasks  # deleted by another process just now
        yield (
            key,
            (list(among)[-1], False) if was_deleted else _find_leader(context, tasks[key], models, among),
        )


def _find_leader(
    context: Context, task: Task, models: Sequence[Candidate], run_ids: Iterable[str]
) -> tuple[str, bool]:
    """Return the leading run, and whether that is final while the runs stay the same.

    It is the latest run if none is scored or stored predictions are damaged; if they cannot be read, only for
    now.
    """
    best, is_sure = None, True
    try:
        best = leading_of(context, task, models)
    except (LitmusError, OSError, ValueError, KeyError, BadZipFile) as error:  # lists on pages keep working
        _log.warning("Which of the runs %s leads cannot be told: %s", ", ".join(run_ids), error)
        is_sure = not isinstance(error, OSError) or isinstance(error, FileNotFoundError)
    return (list(run_ids)[-1] if best is None else best.run_id), is_sure


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
