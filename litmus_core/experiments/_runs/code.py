"""Reproduce a run: repeat it exactly, or retrain it with its Python code, as a script or a notebook."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from litmus_core import jobs
from litmus_core.errors import UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._names import default_name
from litmus_core.runtime import MODULES
from litmus_core.store import Workspace, new_id
from litmus_core.types import (
    Compression,
    DatasetVersion,
    Experiment,
    RepeatedRun,
    ReusedModel,
    Run,
    RunQueued,
    WarmStart,
    markdown_line,
)
from litmus_core.verdicts import verdict_sentence

_LOOKS = ("handle.leaderboard()", "handle.best.facts")


@dataclass(frozen=True, slots=True)
class CodeService:
    """The Python code that reproduces runs."""

    context: Context

    def script(self, run_id: str) -> str:
        """Return the Python code that reproduces a run: same rows, same task, same plan."""
        return code_of(self.context, run_id)

    def notebook(self, run_id: str) -> str:
        """Return that code as a notebook (the text of an .ipynb file) that also shows the results."""
        return notebook_of(self.context, run_id)


def repeat(context: Context, run_id: str) -> Run:
    """Queue a run that repeats another one, with its source code in the new run's folder.

    Raises UsageError if the run is not over, or is of a kind that trains nothing by itself; NotFoundError if
    its record is incomplete.
    """
    from litmus_core.engine import read_executed_plan

    run = context.run(run_id)
    if not run.is_settled:
        is_over = run.status in ("failed", "interrupted")
        hint = "It has no models to repeat: train again." if is_over else "Wait for its end."
        raise UsageError(f"{run.title} is {run.status}.", hint=hint)
    start = run.plan.origin
    if isinstance(start, Compression | ReusedModel) or run.plan.compute.where != "here":
        raise UsageError(
            f"{run.title} cannot be repeated bit by bit: it refines or takes another run's model, or ran "
            "on Ray.",
            hint="Repeat the run that trained the model here.",
        )
    repeated = start if isinstance(start, RepeatedRun) else RepeatedRun(run_id=run.id, origin=start)
    source = context.workspace.run_dir(repeated.run_id)
    read_executed_plan(source)
    number = max((other.number for other in context.runs(run.experiment_id)), default=0) + 1
    again = new_id("run")
    folder = context.workspace.run_dir(again)
    folder.mkdir(parents=True)
    if (source / MODULES).exists():
        shutil.copytree(source / MODULES, folder / MODULES)
    plan = replace(run.plan, action=None, step=None, origin=repeated)
    fact = RunQueued(run_id=again, number=number, experiment=context.experiment(run.experiment_id), plan=plan)
    event_id = jobs.enqueue(context.workspace, context.journal, fact)
    context.store.refresh(until=event_id)
    return context.run(again)


def code_of(context: Context, run_id: str) -> str:
    """Return a script that starts the same training: same rows, same task, same plan.

    Tables are named by their files if they were imported, otherwise by their versions in the workspace.
    """
    from litmus_core.deploy import RunSources, compression_code, reproduce_code, warm_start_code

    run = context.run(run_id)
    experiment = context.experiment(run.experiment_id)
    task = experiment.task
    version = context.dataset(task.dataset_version_id)
    workspace = None if context.workspace.path == Workspace.locate().path else str(context.workspace.path)
    if (compression := run.plan.origin_as(Compression)) is not None:
        return compression_code(compression, workspace=workspace)
    if (warm_start := run.plan.origin_as(WarmStart)) is not None:
        return warm_start_code(warm_start, version, workspace=workspace)
    versions = {
        part: None if version_id is None else context.dataset(version_id)
        for part, version_id in (("validation", task.validation_version_id), ("test", task.test_version_id))
    }
    places = RunSources(
        data=_place(context, version, name=Path(version.source).name.partition(".")[0]),
        workspace=workspace,
        name=_name(experiment, version),
        models=True,
        **{
            part: None if table is None else _place(context, table, name=f"{version.name} {part}")
            for part, table in versions.items()
        },
    )
    return reproduce_code(task, version, run.plan, places)


def notebook_of(context: Context, run_id: str) -> str:
    """Return the script as a notebook that also shows the results."""
    run = context.run(run_id)
    experiment = context.experiment(run.experiment_id)
    script = code_of(context, run_id).rstrip()
    cells = [_cell("markdown", _heading(experiment, run)), _cell("code", script)]
    cells += [_cell("code", line) for line in _LOOKS]
    plain = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"


def _heading(experiment: Experiment, run: Run) -> str:
    verdict = f"\n\n{markdown_line(verdict_sentence(run.verdict))}" if run.verdict else ""
    return f"# {markdown_line(experiment.name)}, {markdown_line(run.title)}{verdict}"


def _cell(kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _name(experiment: Experiment, version: DatasetVersion) -> str | None:
    """Return the experiment's name if it is not the default."""
    return None if experiment.name == default_name(version, experiment.task.target) else experiment.name


def _place(context: Context, version: DatasetVersion, *, name: str) -> str:
    """Return the file of a table, or the version's id if importing the file would give another version.

    ``name`` is the default name of the file's data set in the workspace.
    """
    source = Path(version.source)
    is_first = version.lineage.how == "imported" and len(context.store.versions(version.dataset_id)) == 1
    is_plain = is_first and version.options == type(version.options)() and version.name == name
    if is_plain and source.is_file() and source.stat().st_mtime < _seconds(version.created_at):
        return version.source
    return version.id


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
