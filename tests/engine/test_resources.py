"""What a machine does not have is said before anything starts."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from litmus_core.engine import _resources, check_resources
from litmus_core.engine._resources import hide_gpus, threads_for
from litmus_core.errors import UsageError
from litmus_core.types import Compute, Folds, Resources
from tests.elsewhere import script
from tests.engine.conftest import table, task, train
from tests.warm import client as warm

_FIT = """
import sys, types
from pathlib import Path

tests = sys.modules["tests"] = types.ModuleType("tests")
tests.__path__ = [sys.argv[1]]
from tests.engine.conftest import table, task, train

frame = table(120)
frame["answer"] = frame["signal"] > 1.0
made = train(Path(sys.argv[2]), frame, task("binary", "roc_auc"), families=["lightgbm", "linear"], folds=2)
print(len(made.reported) >= 2, "torch" in sys.modules)
"""


@pytest.fixture(autouse=True)
def _small_machine(monkeypatch):
    monkeypatch.setattr(_resources, "_n_cpus", lambda: 2)
    monkeypatch.setattr(_resources, "_n_gpus", lambda: 0)
    monkeypatch.setattr(_resources, "_memory_gb", lambda: 8.5)


def test_what_is_there_may_be_asked_for():
    check_resources("train", Resources(cpus=2, gpus=0, memory_gb=8))
    check_resources("train", Resources())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Resources(gpus=1), "'train' asks for 1 GPU, and this machine has none. Leave it out"),
        (Resources(gpus=-1), "is not possible"),
        (Resources(cpus=16), "asks for 16 processors, and this machine has only 2. Ask for 2"),
        (Resources(cpus=0), "Ask for 1 or more"),
        (Resources(memory_gb=64), "asks for 64 GB of memory, and this machine has 8.5. Ask for 8 GB"),
        (Resources(memory_gb=0.1), "too little"),
    ],
)
def test_what_is_not_there_is_said_with_the_nearest_thing(asked, said):
    with pytest.raises(UsageError, match=said):
        check_resources("train", asked)


@pytest.mark.parametrize(
    ("phase", "asked", "said"),
    [
        ("train", Resources(parallel=2), "'train' has no trials that could be made at once. Give 'parallel'"),
        ("tune", Resources(parallel=0), "0 trials at once is not possible. Ask for 1 or more"),
        ("tune", Resources(parallel=3), "3 trials at once would share 2 processors. Ask for 2 at most"),
        ("tune", Resources(parallel=2, cpus=1), "2 trials at once would share 1 processor"),
    ],
)
def test_trials_at_once_that_cannot_be_are_said(phase, asked, said):
    with pytest.raises(UsageError, match=said):
        check_resources(phase, asked)


def test_a_gpu_is_not_shared_by_trials_at_once(monkeypatch):
    monkeypatch.setattr(_resources, "_n_gpus", lambda: 1)
    with pytest.raises(UsageError, match="Trials at once would share a GPU"):
        check_resources("tune", Resources(gpus=1, parallel=2))
    check_resources("tune", Resources(gpus=1, parallel=1))
    check_resources("tune", Resources(gpus=1, parallel=64), elsewhere=True)


def test_elsewhere_may_have_more_and_never_less_than_nothing():
    check_resources("train", Resources(cpus=64, gpus=8, memory_gb=512), elsewhere=True)
    for asked in (Resources(cpus=-1), Resources(gpus=-1), Resources(memory_gb=-1)):
        with pytest.raises(UsageError):
            check_resources("train", asked, elsewhere=True)


@pytest.mark.parametrize(
    ("folds", "resources", "at_once"),
    [
        (Folds(8), Resources(), 1),
        (Folds(8, parallel=True), Resources(), 2),
        (Folds(8, parallel=True), Resources(cpus=1), 1),
        (Folds(8, parallel=True), Resources(gpus=1), 1),
    ],
)
def test_so_many_folds_at_once_as_there_are_processors(folds, resources, at_once):
    assert _resources.folds_at_once(folds, resources=resources) == at_once


def test_no_more_folds_at_once_than_have_room_for_their_libraries(monkeypatch):
    found = []
    for free in (0.4, 2.0, 2.5, 64.0):
        monkeypatch.setattr(_resources, "free_gb", lambda free=free: free)
        found.append(_resources.folds_at_once(Folds(8, parallel=True), resources=Resources(cpus=4)))
    assert found == [1, 1, 2, 4]


def test_gpus_that_a_fit_does_not_take_are_not_counted(monkeypatch):
    from autogluon.common.utils.resource_utils import ResourceManager

    monkeypatch.setattr(ResourceManager, "get_gpu_count", staticmethod(lambda: 3))
    monkeypatch.setattr(ResourceManager, "get_gpu_count_torch", staticmethod(lambda cuda_only=False: 3))

    with hide_gpus(None):
        assert ResourceManager.get_gpu_count() == 0
        assert ResourceManager.get_gpu_count_torch(cuda_only=True) == 0
    with hide_gpus(1):
        assert ResourceManager.get_gpu_count() == ResourceManager.get_gpu_count_torch() == 3
    assert ResourceManager.get_gpu_count() == ResourceManager.get_gpu_count_torch() == 3


def n_threads() -> set[int]:
    """How many threads linear algebra takes."""
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


@pytest.mark.parametrize(("n_rows", "n_expected"), [(80, 1), (1_000, 2)])
def test_a_fit_of_few_rows_does_linear_algebra_on_one_processor(tmp_path, n_rows, n_expected):
    during = []

    def note() -> bool:
        during.append(n_threads())
        return False

    frame = table(n_rows)
    frame["answer"] = frame["signal"] > 1.0
    with threadpool_limits(2, "blas"):
        train(
            tmp_path / "run",
            frame,
            task("binary", "roc_auc"),
            families=["linear"],
            folds=2,
            should_stop=note,
            compute=Compute(),
        )
        assert n_threads() == {2}
    assert {n_expected} in during


def test_a_fit_of_trees_does_without_torch(tmp_path, warm_workers: warm.Server):
    """PyTorch takes a second and 200 MB of each run that has no use for it."""
    warm_workers.start()
    command = [*script(_FIT, tmp_path), str(Path(__file__).parents[1]), str(tmp_path / "run")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split()[-2:] == ["True", "False"]


def test_models_of_few_rows_get_one_processor_and_of_many_all():
    assert [threads_for(n_rows) for n_rows in (1, 999, 1_000)] == [1, 1, "auto"]
