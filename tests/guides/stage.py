"""What README and guides take for granted: the files that they name, and a workspace with a trained model."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from litmus_core import Studio
from tests.guides.blocks import ROOT, Block
from tests.guides.files import write_files
from tests.warm import client as warm
from tests.warm import trained

BIN = Path(sys.executable).parent
WORKSPACE = "workspace"
_NEWEST = """
SELECT r.id AS "RUN", r.experiment_id AS "EXPERIMENT", e.dataset_version_id AS "VERSION",
    (SELECT id FROM candidates WHERE run_id = r.id
        ORDER BY family = 'boosting' AND NOT is_ensemble DESC, chosen DESC LIMIT 1) AS "CANDIDATE",
    (SELECT id FROM handoffs ORDER BY asked_at DESC LIMIT 1) AS "HANDOFF"
FROM runs r JOIN experiments e ON e.id = r.experiment_id WHERE r.chosen_id IS NOT NULL
ORDER BY r.queued_at DESC LIMIT 1
"""


def environment(folder: Path, *, is_warm: bool = True) -> dict[str, str]:
    """Return the environment of a reader whose home is ``folder``, and whose workspace lies there, too.

    ``is_warm``: the commands that they type have the libraries in memory; else all begins from nothing.
    Of trainings that are the same in a session one is carried out.
    """
    return os.environ | {
        trained.FOLDER: f"{os.environ[warm.SOCKET]}.trained",
        "LITMUS_HOME": str(folder / WORKSPACE),
        "PATH": os.pathsep.join([*([str(warm.BIN)] if is_warm else []), str(BIN), os.environ["PATH"]]),
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / ".config"),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{warm.PATH}",
        "PIP_NO_INDEX": "1",  # no test asks the net
    }


def litmus(folder: Path, *words: str) -> str:
    """Run a command of a reader who works in ``folder``; return what it printed."""
    done = subprocess.run(
        [warm.BIN / "litmus", *words],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"litmus {' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def made_stage(folder: Path) -> Path:
    """Return the stage in ``folder``: the first process that asks makes it, and others wait."""
    folder.mkdir(exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "model.zip").exists():
            write_files(folder)
            _train(folder)
    return folder


def _train(folder: Path) -> None:
    """Train boosted trees for the shop and export them as ``model.zip``."""
    words = ["shop.csv", "--target", "sold", "--family", "lightgbm", "--time-limit", "20"]
    words += ["--folds", "0"]
    for name in ("size", "colour", "day"):
        words += ["--only", name]
    litmus(folder, "train", *words)
    (experiment,) = json.loads(litmus(folder, "sql", "--json", "SELECT id FROM experiments"))
    litmus(folder, "export", experiment["id"], "--to", "model.zip")


def copy_stage(stage: Path, to: Path, *, makes_model: bool) -> Path:
    """Copy a stage for one document, so that no document sees what another did."""
    shutil.copytree(stage, to, symlinks=True, dirs_exist_ok=True)
    if makes_model:
        (to / "model.zip").unlink()
    return to


def write_file(block: Block, folder: Path) -> None:
    """Write a block that is a file: beside the reader, and plug-ins where they are found."""
    (folder / Path(block.file).name).write_text(block.code)
    if block.file.startswith("plugins/"):
        plugins = folder / WORKSPACE / "plugins"
        plugins.mkdir(exist_ok=True)
        (plugins / Path(block.file).name).write_text(block.code)


def newest(folder: Path) -> dict[str, str]:
    """Return what the ids stand for that documents write as ``$RUN`` and the like: those that came last."""
    with Studio.open(folder / WORKSPACE) as studio:
        (row,) = studio.store.query(_NEWEST)
    return {name: value for name, value in row.items() if value is not None}


def end_all(folder: Path) -> None:
    """End what a document left behind: runs and certificates that it did not wait for, and endpoints."""
    with Studio.open(folder / WORKSPACE) as studio:
        for run in studio.store.query("SELECT id FROM runs WHERE status IN ('queued', 'running')"):
            studio.runs.stop(run["id"], hard=True)
        for endpoint in studio.endpoints.list():
            studio.endpoints.stop(endpoint.id)
        _end_certifying(studio)


def end_certifying(folder: Path) -> None:
    """End the certificates that commands began behind an endpoint: nobody waits for them."""
    with Studio.open(folder / WORKSPACE) as studio:
        _end_certifying(studio)


def _end_certifying(studio: Studio) -> None:
    for bundle in studio.store.bundles():
        studio.certificates.stop(bundle.id)
