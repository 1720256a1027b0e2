"""Run a recipe's acceptance tests in the background, in one process for each text."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from litmus_core.errors import writing
from litmus_core.jobs._background.process import Background
from litmus_core.store import Workspace, is_locked

TEXT_FILE = "recipe.yaml"
SCRATCH = "litmus-recipe-"  # prefix of a test workspace's name
_FOLDER = "_tests"  # no recipe can have this name
_MOST_KEPT = 20


def keep_recipe_text(job: Background, text: str) -> None:
    """Store ``text`` for the process that tests it, and remove the oldest texts."""
    _remove_oldest(job.folder.parent)
    with writing(job.folder):
        job.folder.mkdir(parents=True, exist_ok=True)
        (job.folder / TEXT_FILE).write_text(text, encoding="utf-8")


def recipe_tests(workspace: Workspace, text: str) -> Background:
    """Return the job that tests a text, with its status and its error."""
    key = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]
    folder = workspace.recipes / _FOLDER / key
    return Background(folder=folder, name="test", mark=f"recipe-{key}", keeps_runs=True)


def stop_recipe_tests(workspace: Workspace, text: str) -> None:
    """End the tests of a text, their training runs, and their workspace."""
    job = recipe_tests(workspace, text)
    job.stop()
    for left in job.folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)


def _remove_oldest(folder: Path) -> None:
    """Remove the folders of the oldest texts that are not being tested."""
    entries = sorted(folder.iterdir(), key=lambda entry: entry.stat().st_mtime) if folder.is_dir() else []
    for old_entry in entries[: -_MOST_KEPT + 1] if len(entries) >= _MOST_KEPT else []:
        if not is_locked(old_entry / "test.lock"):
            shutil.rmtree(old_entry, ignore_errors=True)
