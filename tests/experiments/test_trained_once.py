"""What a module's fixture trains is carried out once for all processes, and what a test trains each time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from litmus_core import Compute, Training, train
from tests.trained import table
from tests.warm.trained import FOLDER


def trained(folder: Path) -> tuple[str, list[float]]:
    """Train in ``folder``; return what its process printed, and what the model of all rows answers."""
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
    with handle.studio as studio:
        chosen = studio.candidates.chosen(handle.run_id)
        assert chosen.final is not None
        answers = studio.candidates.predictor(chosen.id).predict_proba(table(5, seed=3))[:, 1]
        return said, answers.tolist()


@pytest.fixture(scope="module")
def both(_session_workspace: None, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, list[float]]]:
    """The logs and answers of two trainings that are the same."""
    return [trained(tmp_path_factory.mktemp(name)) for name in ("one", "two")]


def test_a_module_is_given_the_training_that_another_process_carried_out(
    both: list[tuple[str, list[float]]],
) -> None:
    (log, answers), (again, same_answers) = both

    assert "Fitting model: linear" in log or "carried out before" in log
    assert "The same training was carried out before" in again
    assert "Fitting model: linear" not in again
    assert answers == same_answers


def test_what_a_test_trains_is_carried_out(both: list[tuple[str, list[float]]], tmp_path: Path) -> None:
    assert FOLDER not in os.environ
    assert "Fitting model: linear" in trained(tmp_path)[0]
