"""Strangers' paradigms: a reader's folder in which the commands of a guide have run."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from litmus_core.experiments import Studio
from litmus_core.metrics import register_metrics
from litmus_core.types import Run
from tests.guides.blocks import blocks_of
from tests.guides.stage import environment, write_file
from tests.warm import client as warm


def litmus(folder: Path, *words: str) -> str:
    """Return what a command prints that a reader types in ``folder``, in a process of its own."""
    own = {name: os.environ[name] for name in ("HOME", "XDG_CONFIG_HOME") if name in os.environ}
    done = subprocess.run(
        [warm.BIN / "litmus", *words],
        cwd=folder,
        env=environment(folder) | own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return done.stdout


def follow(guide: str, folder: Path, table: pd.DataFrame, *, name: str) -> Path:
    """Write ``table`` and the guide's files into ``folder``, and run the guide's commands there."""
    with Studio.open(folder / "workspace"):
        pass
    table.to_csv(folder / name, index=False)
    for block in blocks_of(guide, "python"):
        write_file(block, folder)
    for block in blocks_of(guide, "shell"):
        for command in block.commands:
            words = shlex.split(command.text)[1:]
            if "$EXPERIMENT" in words:
                (experiment,) = json.loads(litmus(folder, "sql", "--json", "SELECT id FROM experiments"))
                words[words.index("$EXPERIMENT")] = experiment["id"]
            litmus(folder, *words)
    return folder


@contextmanager
def opened(folder: Path) -> Iterator[Studio]:
    """Open the folder's workspace; its metrics are known for as long, and by no test after."""
    try:
        with Studio.open(folder / "workspace") as studio:
            yield studio
    finally:
        register_metrics([])


def only_run(studio: Studio) -> Run:
    """Return the one run of a workspace."""
    (row,) = studio.store.query("SELECT id FROM runs")
    return studio.runs.get(row["id"])
