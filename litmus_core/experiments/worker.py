"""Do one piece of work in the background, in a process that holds the lock of its job.

python -m litmus_core.experiments.worker WORK SUBJECT --workspace W --options JSON --lock-fd N
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from litmus_core.experiments._recipes.editing import keep_results
from litmus_core.experiments._recipes.progress import RecipeProgress
from litmus_core.experiments._recipes.results import TestResult
from litmus_core.experiments._studio import Studio
from litmus_core.jobs import (
    RECIPE_TEXT_FILE,
    Background,
    action_job,
    certificate_job,
    final_model_job,
    forecast_job,
    live_job,
    plugin_checks,
    recipe_job,
    recipe_tests,
)
from litmus_core.people import Person
from litmus_core.plugins import PLUGINS
from litmus_core.recipes import read_recipe
from litmus_core.store import Workspace


def main(arguments: Sequence[str] | None = None) -> int:
    """Do the work; afterwards its results, or its error, are in the workspace."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=_WORKS)
    parser.add_argument("subject", help="the id, name or folder of what it is done for")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--options", type=json.loads, default={}, help="what else the work needs to know")
    parser.add_argument("--person", required=True, help="the id of who it is done for")
    parser.add_argument("--lock-fd", type=int, required=True, help="its lock, acquired by the parent")
    wanted = parser.parse_args(arguments)
    job_of, work = _WORKS[wanted.work]
    with Studio.open(wanted.workspace, person=Person(id=wanted.person)) as studio:
        job = job_of(studio.workspace, wanted.subject)
        with job.at_work(wanted.lock_fd):
            work(studio, job, wanted.subject, **wanted.options)
    return 0


def _list_actions(studio: Studio, job: Background, run_id: str, *, seconds: float | None) -> None:
    studio.actions.list(run_id, seconds=seconds, on_progress=job.say)


def _check_live(studio: Studio, job: Background, name: str) -> None:
    checked = studio.policies.check(name)
    job.conclude(checked.message or checked.verdict.headline)


def _certify(studio: Studio, job: Background, bundle_id: str, *, environment: str | None) -> None:
    studio.certificates.create(bundle_id, environment=environment, on_progress=job.say)


def _train_final_model(studio: Studio, job: Background, candidate_id: str) -> None:
    studio.final_models.train(candidate_id, on_progress=job.say)


def _train_forecast(studio: Studio, job: Background, forecast_id: str) -> None:
    studio.forecasts.train(forecast_id, on_progress=job.say)
    job.conclude("Trained and judged.")


def _check_plugin(studio: Studio, job: Background, plugin: str) -> None:
    if Path(plugin).parts[:1] == (PLUGINS,):
        studio.plugins.check_file(studio.workspace.path / plugin, on_progress=job.say)
    else:
        studio.plugins.check_installed(plugin, on_progress=job.say)


def _follow_recipe(studio: Studio, job: Background, experiment_id: str, *, minutes: float | None) -> None:
    """Follow a recipe for ``minutes``, or take one step of it; record why it ended."""
    if minutes is None:
        job.conclude(studio.recipes.apply_step(experiment_id).message)
        return
    progress = RecipeProgress(job.say, minutes=minutes)
    end = studio.walks.follow(
        experiment_id, minutes=minutes, on_step=progress.on_step, on_progress=progress.on_progress
    )
    job.conclude(end.message)


def _tests_in(workspace: Workspace, folder: str) -> Background:
    return recipe_tests(workspace, (Path(folder) / RECIPE_TEXT_FILE).read_text(encoding="utf-8"))


def _test_recipe(studio: Studio, job: Background, folder: str) -> None:
    tempfile.tempdir = folder  # here a stop finds and deletes what the process leaves
    text = (Path(folder) / RECIPE_TEXT_FILE).read_text(encoding="utf-8")
    names = [test.name for test in read_recipe(text).tests]
    ended: list[TestResult] = []

    def tell() -> None:
        now = f" Now: {names[len(ended)]}…" if len(ended) < len(names) else ""
        job.say(f"{len(ended)} of {len(names)} tests done.{now}")
        keep_results(job.folder, ended, is_done=len(ended) == len(names))

    def note(result: TestResult) -> None:
        ended.append(result)
        tell()

    tell()
    studio.recipe_editor.test(text, on_test=note)


# For each kind of work, its job and its function.
_WORKS: dict[str, tuple[Callable[[Workspace, str], Background], Callable[..., None]]] = {
    "actions": (action_job, _list_actions),
    "certificate": (certificate_job, _certify),
    "final-model": (final_model_job, _train_final_model),
    "forecast": (forecast_job, _train_forecast),
    "live": (live_job, _check_live),
    "plugin-checks": (plugin_checks, _check_plugin),
    "recipe": (recipe_job, _follow_recipe),
    "recipe-tests": (_tests_in, _test_recipe),
}

if __name__ == "__main__":
    sys.exit(main())
