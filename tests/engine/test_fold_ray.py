"""Folds fitted by Ray: the models of folds that are fitted here, wherever they were."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from litmus_core.cluster import TaskBoard, place_of, running
from litmus_core.engine import open_for_validation
from litmus_core.engine._folds import ray_tasks as fold_ray
from litmus_core.engine._folds.child import fit_one
from litmus_core.errors import UsageError
from litmus_core.types import Resources
from tests.cluster.pretend import PretendRay, pretend
from tests.engine.conftest import COLUMNS, table
from tests.engine.test_side_by_side import Fit, fit
from tests.session import once


@once()
def here(folder: Path) -> Fit:
    return fit(folder / "run", parallel=False)


@pytest.fixture(scope="module")
def ray() -> PretendRay:
    return PretendRay({"CPU": 1.0})


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory, ray: PretendRay, labels: list[str]) -> Fit:
    listed = TaskBoard.listed

    def noted(self: TaskBoard, label: str) -> Any:
        labels.append(label)
        return listed(self, label)

    with pytest.MonkeyPatch.context() as patch:
        pretend(patch, fold_ray.__name__, ray)
        patch.setattr(TaskBoard, "listed", noted)
        return fit(tmp_path_factory.mktemp("elsewhere") / "run", parallel=False, on="ray")


@pytest.fixture(scope="module")
def labels() -> list[str]:
    return []


def same(one: Fit, other: Fit) -> None:
    assert [each.family for each in one.reported] == [each.family for each in other.reported]
    for family in ("linear", "custom"):
        np.testing.assert_allclose(one.answers(family), other.answers(family), rtol=0, atol=1e-12)


def test_answers_are_those_of_folds_that_are_fitted_here(here: Fit, elsewhere: Fit, ray: PretendRay) -> None:
    same(here, elsewhere)
    assert len(ray.done) >= 7  # three folds of two models, and one at least that fails


def test_what_is_asked_is_on_the_board_in_words(elsewhere: Fit, labels: list[str]) -> None:
    assert {f"{name}, fold {at}" for name in ("Linear model", "NearestMean") for at in (1, 2, 3)} <= {*labels}
    assert not (elsewhere.folder / "cluster.json").exists()


def test_a_fold_that_fails_there_costs_its_model_alone_and_is_named(elsewhere: Fit) -> None:
    (said,) = elsewhere.failures
    assert said.startswith("Your model Raises stopped: ValueError: no luck")


def test_models_that_came_back_open_again(elsewhere: Fit) -> None:
    predictor = open_for_validation(elsewhere.folder, "linear_BAG_L1")
    assert predictor.predict_proba(table(240)[[each.name for each in COLUMNS]]).shape == (240, 2)


def test_nothing_is_left_where_folds_were_fitted(elsewhere: Fit) -> None:
    from litmus_core.plugins._process.host import _hosts

    assert not [folder for folder, _ in _hosts if folder.name.startswith("litmus-fold-")]


def test_a_fold_takes_what_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = PretendRay({"CPU": 5.0, "GPU": 1.0})
    pretend(monkeypatch, fold_ray.__name__, asked)

    def workers(n_folds: int, **given: Any) -> int:
        with fold_ray.fitting_on_ray(
            tmp_path, place_of("ray"), at_most=n_folds, resources=Resources(**given)
        ) as found:
            return found.n_workers

    def processors(n_folds: int, **free: dict[str, float]) -> tuple[int, int | None]:
        asked.free = free
        with fold_ray.fitting_on_ray(
            tmp_path, place_of("ray"), at_most=n_folds, resources=Resources()
        ) as found:
            return found.n_workers, found.n_cpus

    assert [workers(8), workers(3), workers(8, cpus=2), workers(8, cpus=2, gpus=1)] == [5, 3, 2, 1]
    with fold_ray.fitting_on_ray(tmp_path, place_of("ray"), at_most=2, resources=Resources(gpus=1)) as found:
        assert (found.n_cpus, found.n_gpus) == (1, 1)
    assert processors(8) == (5, 1)
    assert processors(2) == (2, 2)
    asked.machines = ({"CPU": 8.0}, {"CPU": 8.0})
    assert processors(5) == (5, 2)  # three on one machine
    assert processors(4) == (4, 4)
    assert processors(1) == (1, 8)
    assert processors(4, **{"id 0": {"CPU": 4.0}, "id 1": {"CPU": 0.0}}) == (4, 1)
    asked.machines = ({"CPU": 5.0, "GPU": 1.0},)
    with pytest.raises(UsageError, match="needs gpus 2, and no machine has more than 1"):
        workers(8, gpus=2)


def test_autogluon_heeds_the_memory_that_a_task_has(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "AG_MEMORY_LIMIT_IN_GB"
    monkeypatch.setenv(name, "7")
    with fold_ray._limit_memory(2.0):
        assert os.environ[name] == "2.0"
    with fold_ray._limit_memory(0):
        assert os.environ[name] == "7"
    assert os.environ[name] == "7"


def test_where_it_failed_there_is_told(tmp_path: Path) -> None:
    said = tmp_path / "said"
    assert fit_one("trial", None, {"until": 0.0}, said) == {"raised": True}
    error = pickle.loads(said.read_bytes())
    assert isinstance(error, AttributeError)
    assert "in _trial" in error.__notes__[0]


def test_on_ray_folds_whose_processes_are_killed_are_fitted_again(
    here: Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray", reason="Ray is an extra: pip install 'litmus-automl[ray]'")
    fitted = fold_ray._run_fit
    deaths = tmp_path / "deaths"
    deaths.mkdir()

    def dies(*given: Any) -> Any:
        """Fit, but the first ten times: then the process ends."""
        n_deaths = len(list(deaths.iterdir()))
        if n_deaths < 10:
            (deaths / f"{n_deaths} {os.getpid()}").touch()
            os._exit(1)
        return fitted(*given)

    monkeypatch.setattr(fold_ray, "_run_fit", dies)
    with running(processes=2):
        on_ray = fit(tmp_path / "run", parallel=False, on="ray", seconds=1_200)

    assert len(list(deaths.iterdir())) >= 10
    same(here, on_ray)
