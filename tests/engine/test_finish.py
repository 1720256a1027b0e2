"""What a killed fit leaves behind: its finished models, and an ensemble of them when asked."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from litmus_core.engine import (
    finish_models,
    list_models,
    open_candidate,
    save_candidate,
    validation_predictions,
)
from litmus_core.engine._autogluon.native_executor import load
from litmus_core.errors import NotFoundError, TrainingError
from tests.elsewhere import script
from tests.session import once

# Says "third" and its id when two models are finished and the third has begun, and then never ends.
_CHILD = """
import os, sys, time
from pathlib import Path
import numpy as np, pandas as pd
from litmus_core.engine import FitRequest, fit_models
from litmus_core.types import Column, Compute, Resources, Task

begun = []

def on_start(name):
    begun.append(name)
    if len(begun) == 3:
        print("third", os.getpid(), flush=True)
        time.sleep(600)

rng = np.random.default_rng(0)
frame = pd.DataFrame({"size": rng.normal(size=200), "age": rng.normal(size=200)})
frame["answer"] = [bool(value) for value in frame["size"] + frame["age"] > 0.2]
request = FitRequest(
    folder=Path(sys.argv[1]), train=frame[:140], validation=frame[140:],
    columns=[
        Column(name=name, original_name=name, kind="number", storage="DOUBLE") for name in ("size", "age")
    ],
    task=Task(
        dataset_version_id="dv", target="answer", problem_type="binary", metric="roc_auc",
        features=("size", "age"),
    ),
    families=("linear", "forest", "extra_trees"), deadline=time.time() + 600,
    compute=Compute(train=Resources(cpus=1)),
)
fit_models(request, on_model=lambda model: None, on_start=on_start, should_stop=lambda: False)
"""


@once()
def killed(folder: Path) -> Path:
    """The folder of a process that was killed (SIGKILL) while it fitted its third model."""
    command = [*script(_CHILD, folder.parent), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        pid = next(int(line.split()[1]) for line in child.stdout if line.startswith("third "))
        os.kill(pid, signal.SIGKILL)
    assert child.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)  # of who waits for a fork
    return folder


@pytest.fixture
def left(killed, tmp_path):
    """A copy of it that a test may change."""
    return shutil.copytree(killed, tmp_path / "run")


def test_the_finished_models_are_there_and_answer(left):
    models = [model.model for model in list_models(left)]
    assert models == ["linear", "forest"]
    index, prediction = validation_predictions(left, "forest")
    assert (index[0], prediction.shape) == (140, (60, 2))
    assert open_candidate(left, "linear").classes == (False, True)


def test_finishing_fits_their_ensemble_and_doing_it_again_changes_nothing(left, gpus_counted_by_torch):
    finished = finish_models(left)
    assert finished == list_models(left)  # with no ensemble when that came out as one model
    assert [model.model for model in finished][:2] == ["linear", "forest"]
    assert (left / "predictor" / "models" / "WeightedEnsemble_L2").exists()
    assert finish_models(left) == finished
    assert gpus_counted_by_torch == []


@pytest.mark.parametrize("n_bytes", [0, 100, 5000])
def test_a_file_that_was_cut_off_while_it_was_written_is_put_back(left, n_bytes):
    path = left / "predictor" / "models" / "trainer.pkl"
    path.write_bytes(path.read_bytes()[:n_bytes])
    assert [model.model for model in list_models(left)] == ["linear", "forest"]


def test_a_model_of_it_can_be_saved_for_a_bundle(left, tmp_path):
    save_candidate(left, "forest", tmp_path / "model")
    assert load(tmp_path / "model").problem_type == "binary"


def test_killed_before_its_first_model_a_run_has_nothing_and_says_so(left):
    shutil.rmtree(left / "predictor")
    for attempt in (list_models, finish_models):
        with pytest.raises(TrainingError, match="No model was finished"):
            attempt(left)


def test_a_folder_in_which_nothing_was_begun_is_not_found(tmp_path):
    with pytest.raises(NotFoundError, match="Train a model first"):
        list_models(tmp_path)


def test_a_model_that_is_not_there_is_not_found(binary):
    with pytest.raises(NotFoundError, match="There is no model 'nope'"):
        validation_predictions(binary.folder, "nope")
    with pytest.raises(NotFoundError, match="There is no model 'nope'"):
        open_candidate(binary.folder, "nope")
