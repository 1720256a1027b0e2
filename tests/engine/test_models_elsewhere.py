"""Models as a whole, without folds or once more on all rows, fitted by Ray: what is fitted here."""

from __future__ import annotations

import os
import pickle
import threading
import time
from dataclasses import dataclass, field
from itertools import count
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
from litmus_core.engine._fit.workers import _n_models
from litmus_core.engine._folds import ray_tasks as fold_ray
from litmus_core.engine._remote import models as models_elsewhere
from litmus_core.plugins import copy_parts
from litmus_core.types import Compute, CustomModel, Folds, Resources
from tests.cluster.pretend import PretendRay, pretend
from tests.engine.conftest import COLUMNS, table, task
from tests.session import once

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


def request(folder: Path, *, on: str, folds: int = 0, seconds: float = 600, **more: Any) -> FitRequest:
    frame = table(240)
    frame["answer"] = np.where(frame["signal"] < 0.8, "no", "yes")
    return FitRequest(
        folder=folder,
        train=frame if folds else frame.iloc[:160],
        validation=None if folds else frame.iloc[160:],
        columns=COLUMNS,
        task=BINARY,
        deadline=time.time() + seconds,
        **{"families": CARDS, **more},
        folds=Folds(folds, refit=folds > 0),
        compute=Compute(train=Resources(cpus=1), where=on),
    )


def fit(folder: Path, *, on: str, stop_after: int = 99, wait_s: float = 0, **more: Any) -> Fit:
    """Fit two families, a model of one's own, and one that raises."""
    references = ["custom_models.py:NearestMean", "custom_models.py:Raises"]
    own = copy_parts([CustomModel(reference=each) for each in references], base=TESTS, to=folder / "modules")
    made = Fit(folder)

    def on_model(model: FittedModel) -> None:
        made.reported.append(model)
        time.sleep(wait_s)

    made.failures = fit_models(
        request(folder, on=on, custom=own, **more),
        on_model=on_model,
        on_start=made.started.append,
        should_stop=lambda: len(made.reported) >= stop_after,
    ).sentences
    return made


@once()
def here(folder: Path) -> Fit:
    return fit(folder / "run", on="here")


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
    assert len(ray.done) == 3 + 4  # each of three begins; then two families and two models of one's own


def test_one_that_fails_there_costs_itself_alone_and_is_named(here: Fit, elsewhere: Fit) -> None:
    (said,) = elsewhere.failures
    assert said.startswith("Your model Raises stopped: ValueError: no luck")
    assert elsewhere.failures == here.failures


def test_models_that_came_back_open_again(elsewhere: Fit) -> None:
    for each in elsewhere.reported:
        predictor = open_for_validation(elsewhere.folder, each.model)
        assert predictor.predict_proba(table(240)[[column.name for column in COLUMNS]]).shape == (240, 2)


class Held(PretendRay):
    """Holds back each model but the first ``n_free`` that begin until they are cancelled."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, n_free: int, together: bool = False) -> None:
        super().__init__({"CPU": 2.0})
        self.ended = threading.Event()
        fitted, begun, done = fold_ray._run_fit, count(), threading.Barrier(2)

        def held(what: str, *given: Any) -> Any:
            at = next(begun) if what == "model" else -1
            if at >= n_free:
                self.ended.wait(60)
                raise RuntimeError("ended")
            made = fitted(what, *given)
            if together and at >= 0:
                done.wait(60)
            return made

        monkeypatch.setattr(fold_ray, "_run_fit", held)

    def cancel(self, one: Any, *, force: bool) -> None:
        super().cancel(one, force=force)
        self.ended.set()


def test_models_are_fitted_side_by_side_and_a_stop_keeps_those_that_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ray = pretend(monkeypatch, fold_ray.__name__, Held(monkeypatch, n_free=2, together=True))
    stopped = fit(tmp_path / "run", on="ray", stop_after=1, wait_s=1)  # by then the second one is back, too

    assert len([each for each in stopped.reported if not each.is_ensemble]) == 2
    assert stopped.failures == ()
    assert ray.cancelled  # what nobody waits for any more


def test_a_model_that_takes_all_of_the_time_costs_none_of_those_that_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, fold_ray.__name__, PretendRay({"CPU": 2.0}))
    fitted, begun = fold_ray._run_fit, count()

    def slow(what: str, *given: Any) -> Any:
        if what == "model" and next(begun) == 0:
            asked = pickle.loads(given[3])
            time.sleep(max(0.0, asked["until"] - time.time()))
        return fitted(what, *given)

    monkeypatch.setattr(fold_ray, "_run_fit", slow)
    late = fit(tmp_path / "run", on="ray", seconds=24)
    first, own = sorted(late.failures, key=lambda each: "Raises" in each)

    assert "time" in first
    assert "ValueError: no luck" in own  # that one has a reason of its own
    assert len([each for each in late.reported if not each.is_ensemble]) == 2  # of three that can be fitted


def test_what_cannot_be_sent_costs_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, fold_ray.__name__, PretendRay({"CPU": 1.0}))
    files_of = models_elsewhere.files_of

    def unreadable(model: Any, *, on_all_rows: bool) -> dict[str, bytes]:
        if model.name == "linear":
            raise OSError("cannot read what linear reads")
        return files_of(model, on_all_rows=on_all_rows)

    monkeypatch.setattr(models_elsewhere, "files_of", unreadable)
    made = fit(tmp_path / "run", on="ray")

    assert {each.family for each in made.reported} >= {"lightgbm", "custom"}
    assert [each for each in made.failures if "cannot read what linear reads" in each]


def test_there_is_a_task_for_each_model_of_a_mix(tmp_path: Path) -> None:
    asked = request(tmp_path, on="ray", families=("stock_medium",))
    assert _n_models(asked) > 5


@pytest.mark.exhaustive(reason="test_fold_ray.py fits folds there, and the tests above whole models")
def test_models_with_folds_are_trained_again_on_all_rows_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, fold_ray.__name__, PretendRay({"CPU": 2.0}))
    asked: list[str] = []
    fitted = fold_ray._run_fit

    def noted(what: str, *given: Any) -> Any:
        asked.append(what)
        return fitted(what, *given)

    monkeypatch.setattr(fold_ray, "_run_fit", noted)
    on_ray = fit(tmp_path / "ray", on="ray", folds=2)
    alone = fit(tmp_path / "alone", on="here", folds=2)

    same(alone, on_ray)
    assert asked.count("model") == len(
        [each for each in on_ray.reported if each.refit_of and not each.is_ensemble]
    )
    assert asked.count("model") >= 2


def test_on_ray_models_whose_processes_are_killed_are_fitted_again(
    here: Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray", reason="Ray is an extra: pip install 'litmus-automl[ray]'")
    fitted, deaths = fold_ray._run_fit, tmp_path / "deaths"
    deaths.mkdir()

    def dies(*given: Any) -> Any:
        """Fit, but the first four times: then the process ends."""
        n_deaths = len(list(deaths.iterdir()))
        if given[0] == "model" and n_deaths < 4:
            (deaths / f"{n_deaths} {os.getpid()}").touch()
            os._exit(1)
        return fitted(*given)

    monkeypatch.setattr(fold_ray, "_run_fit", dies)
    with running(processes=2):
        on_ray = fit(tmp_path / "run", on="ray", seconds=1_200)

    assert len(list(deaths.iterdir())) >= 4
    same(here, on_ray)
