"""Models as a whole, without folds or once more on all rows, fitted by Ray: what is fitted here."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from litmus_core.cluster import running
from litmus_core.engine import (
    FitRequest,
    FittedModel,
    fit_models,
    open_for_validation,
    validation_predictions,
)
from litmus_core.engine import _fold_ray as fold_ray
from litmus_core.hooks import bring_parts
from litmus_core.types import CustomModel, KFold
from tests.cluster.pretend import PretendRay, pretend
from tests.engine.conftest import COLUMNS, table, task

TESTS = Path(__file__).resolve().parents[1]
BINARY = task("binary", "roc_auc", positive_class="yes")
CARDS = ("linear", "lightgbm")


@dataclass
class Fit:
    folder: Path
    started: list[str] = field(default_factory=list)
    reported: list[FittedModel] = field(default_factory=list)
    failures: tuple[str, ...] = ()

    def answers(self) -> dict[str, np.ndarray]:
        return {each.model: validation_predictions(self.folder, each.model)[1] for each in self.reported}


def fit(folder: Path, *, on: str, folds: int = 0, stop_after: int = 99, seconds: float = 600) -> Fit:
    """Fit two cards, a model of one's own, and one that raises."""
    frame = table(240)
    frame["answer"] = np.where(frame["signal"] < 0.8, "no", "yes")
    references = ["custom_models.py:NearestMean", "custom_models.py:Raises"]
    models = bring_parts(
        [CustomModel(reference=each) for each in references], base=TESTS, to=folder / "modules"
    )
    made = Fit(folder)
    made.failures = fit_models(
        FitRequest(
            folder=folder,
            train=frame if folds else frame.iloc[:160],
            validation=None if folds else frame.iloc[160:],
            columns=COLUMNS,
            task=BINARY,
            cards=CARDS,
            folds=folds,
            deadline=time.time() + seconds,
            n_cpus=1,
            custom=models,
            kfold=KFold(folds, refit=True) if folds else None,
            on=on,
        ),
        on_model=made.reported.append,
        on_start=made.started.append,
        should_stop=lambda: len(made.reported) >= stop_after,
    )
    return made


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Fit:
    return fit(tmp_path_factory.mktemp("here") / "run", on="here")


@pytest.fixture(scope="module")
def ray() -> PretendRay:
    return PretendRay({"CPU": 1.0}, {"CPU": 2.0})


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory, ray: PretendRay) -> Fit:
    with pytest.MonkeyPatch.context() as patch:
        pretend(patch, fold_ray.__name__, ray)
        return fit(tmp_path_factory.mktemp("elsewhere") / "run", on="ray")


def same(one: Fit, other: Fit) -> None:
    assert [each.model for each in one.reported] == [each.model for each in other.reported]
    expected, found = one.answers(), other.answers()
    for model in expected:
        np.testing.assert_allclose(found[model], expected[model], rtol=0, atol=1e-12)


def test_answers_are_those_of_models_that_are_fitted_here(here: Fit, elsewhere: Fit, ray: PretendRay) -> None:
    same(here, elsewhere)
    assert elsewhere.started == here.started
    assert len(ray.done) == 3 + 4  # each of three begins; then two cards and two models of one's own


def test_one_that_fails_there_costs_itself_alone_and_is_named(here: Fit, elsewhere: Fit) -> None:
    (said,) = elsewhere.failures
    assert said.startswith("Your model Raises stopped: ValueError: no luck")
    assert elsewhere.failures == here.failures


def test_models_that_came_back_open_again(elsewhere: Fit) -> None:
    for each in elsewhere.reported:
        predictor = open_for_validation(elsewhere.folder, each.model)
        assert predictor.predict_proba(table(240)[[column.name for column in COLUMNS]]).shape == (240, 2)


def test_a_stop_ends_what_was_begun_ahead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, fold_ray.__name__, PretendRay({"CPU": 1.0}))
    stopped = fit(tmp_path / "run", on="ray", stop_after=1)

    assert len(stopped.reported) == 1
    assert stopped.failures == ()


def test_models_with_folds_are_trained_again_on_all_rows_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ray = pretend(monkeypatch, fold_ray.__name__, PretendRay({"CPU": 2.0}))
    asked: list[str] = []
    fitted = fold_ray._fitted

    def noted(what: str, *given: Any) -> Any:
        asked.append(what)
        return fitted(what, *given)

    monkeypatch.setattr(fold_ray, "_fitted", noted)
    on_ray = fit(tmp_path / "ray", on="ray", folds=3)
    alone = fit(tmp_path / "alone", on="here", folds=3)

    same(alone, on_ray)
    assert asked.count("model") == len(
        [each for each in on_ray.reported if each.refit_of and not each.is_ensemble]
    )
    assert asked.count("model") >= 2
    assert ray.asked["num_cpus"] == 1


def test_on_ray_models_whose_processes_are_killed_are_fitted_again(
    here: Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray", reason="Ray is an extra: pip install 'litmus[ray]'")
    fitted, deaths = fold_ray._fitted, tmp_path / "deaths"
    deaths.mkdir()

    def dies(*given: Any) -> Any:
        """Fit, but the first four times: then the process ends."""
        n_deaths = len(list(deaths.iterdir()))
        if given[0] == "model" and n_deaths < 4:
            (deaths / f"{n_deaths} {os.getpid()}").touch()
            os._exit(1)
        return fitted(*given)

    monkeypatch.setattr(fold_ray, "_fitted", dies)
    with running(processes=2):
        on_ray = fit(tmp_path / "run", on="ray", seconds=1_200)

    assert len(list(deaths.iterdir())) >= 4
    same(here, on_ray)
