"""What a module's fixture trains is carried out once for all processes, and what a test trains each time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from litmus_core import Compute, Training, train
from tests.trained import table
from tests.warm.trained import FOLDER


def trained(folder: Path) -> str:
    """Train in ``folder``; return what the process that did so printed."""
    table(120).to_csv(folder / "shop.csv", index=False)
    handle = train(
        folder / "shop.csv",
        "sold",
        training=Training(models=["linear"]),
        compute=Compute(time_limit_s=20),
        folds=0,
        workspace=folder / "ws",
    ).wait(timeout_s=200)
    said = (handle.studio.workspace.run_dir(handle.run_id) / "worker.log").read_text()
    handle.studio.close()
    return said


@pytest.fixture(scope="module")
def logs(_session_workspace: None, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The logs of two trainings that are the same."""
    return [trained(tmp_path_factory.mktemp(name)) for name in ("one", "two")]


def test_a_module_is_given_the_training_that_another_process_carried_out(logs: list[str]) -> None:
    assert "Fitting model: linear" in logs[0] or "carried out before" in logs[0]
    assert "The same training was carried out before" in logs[1]
    assert "Fitting model: linear" not in logs[1]


def test_what_a_test_trains_is_carried_out(logs: list[str], tmp_path: Path) -> None:
    assert FOLDER not in os.environ
    assert "Fitting model: linear" in trained(tmp_path)
