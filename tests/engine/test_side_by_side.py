"""Folds fitted side by side in processes of our own: the same models and failures, nothing left behind."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pytest
from autogluon.core.utils.exceptions import TimeLimitExceeded

from litmus_core.engine import (
    FitRequest,
    FittedModel,
    fit_models,
    open_for_validation,
    validation_predictions,
)
from litmus_core.engine._folds.parallel import _Pace
from litmus_core.engine._folds.workers import FoldWorkers
from litmus_core.plugins import PluginFailedError, copy_parts
from litmus_core.types import Compute, CustomModel, Folds, Resources
from tests.engine.conftest import COLUMNS, table, task
from tests.session import once
from tests.started import Started
from tests.warm import client as warm

TESTS = Path(__file__).resolve().parents[1]
BINARY = task("binary", "roc_auc", positive_class="yes")


@dataclass(frozen=True)
class Fit:
    folder: Path
    reported: list[FittedModel]
    failures: tuple[str, ...]
    processes: list[psutil.Process]  # those that were at work when a model was finished

    def answers(self, family: str) -> np.ndarray:
        (model,) = (each.model for each in self.reported if each.family == family)
        return validation_predictions(self.folder, model)[1]


def fit(
    folder: Path,
    *,
    parallel: bool,
    on: str = "here",
    seconds: float = 120,
    started: Started | None = None,
) -> Fit:
    """Fit a linear model, one of one's own, and one that raises, in three folds."""
    frame = table(240)
    frame["answer"] = np.where(frame["signal"] < 0.8, "no", "yes")
    references = ["custom_models.py:NearestMean", "custom_models.py:Raises"]
    models = copy_parts(
        [CustomModel(reference=each) for each in references], base=TESTS, to=folder / "modules"
    )
    reported: list[FittedModel] = []
    processes: list[psutil.Process] = []

    def on_model(model: FittedModel) -> None:
        reported.append(model)
        processes.extend(started.living() if started else ())

    failures = fit_models(
        FitRequest(
            folder=folder,
            train=frame,
            validation=None,
            columns=COLUMNS,
            task=BINARY,
            families=("linear",),
            deadline=time.time() + seconds,
            custom=models,
            folds=Folds(3, parallel=parallel),
            compute=Compute(train=Resources(cpus=2) if on == "here" else None, where=on),
        ),
        on_model=on_model,
        on_start=lambda name: None,
        should_stop=lambda: False,
    ).sentences
    return Fit(folder, reported, failures, processes)


@pytest.fixture(
    scope="module", params=["warm", pytest.param("as users start them", marks=pytest.mark.exhaustive)]
)
def at_once(
    tmp_path_factory: pytest.TempPathFactory, warm_workers: warm.Server, request: pytest.FixtureRequest
) -> Fit:
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "warm":
            warm_workers.start()  # it is not the test's
        else:
            patch.delenv(warm.SOCKET)
        return fit(tmp_path_factory.mktemp("two") / "run", parallel=True, started=Started(patch))


@once()
def alone(folder: Path) -> Fit:
    return fit(folder / "run", parallel=False)


def test_answers_are_those_of_folds_one_after_the_other(at_once, alone):
    assert [each.family for each in at_once.reported] == [each.family for each in alone.reported]
    for family in ("linear", "custom"):
        np.testing.assert_allclose(at_once.answers(family), alone.answers(family), rtol=0, atol=1e-12)


def test_a_fold_that_fails_costs_its_model_alone_and_is_named(at_once):
    (said,) = at_once.failures
    assert said.startswith("Your model Raises stopped: ValueError: no luck")
    assert {each.family for each in at_once.reported} >= {"linear", "custom"}


def test_folds_were_fitted_in_processes_and_none_is_left(at_once):
    assert len({each.pid for each in at_once.processes}) >= 2
    for each in at_once.processes:
        assert not each.is_running() or each.status() == psutil.STATUS_ZOMBIE


def test_what_was_fitted_so_opens_again_with_its_folds(at_once):
    predictor = open_for_validation(at_once.folder, "linear_BAG_L1")
    asked = table(240)[[each.name for each in COLUMNS]]
    assert predictor.predict_proba(asked).shape == (240, 2)


class _Slow:
    """A fitter that fits for a minute unless it is dropped meanwhile; it takes its time before it begins."""

    def __init__(self) -> None:
        self.dropped = threading.Event()
        self.begun = 0

    def ask(self, request, *, timeout_s):
        if "path" not in request:
            return {}
        time.sleep(0.2)
        self.begun += 1
        self.dropped.clear()
        assert self.dropped.wait(60)
        raise PluginFailedError("it was dropped")

    def drop(self):
        self.dropped.set()

    def close(self):
        self.drop()


def test_a_fold_that_was_about_to_begin_ends_with_the_others(tmp_path):
    fitter = _Slow()
    with FoldWorkers(tmp_path, [fitter]) as workers:
        asked = [workers.submit(lambda free: free.ask({"path": 1}, timeout_s=60)) for _ in range(3)]
        time.sleep(0.1)  # the first is not begun yet: what is dropped now is nothing
        workers.end_folds()

    assert fitter.begun == 1
    assert [each.cancelled() for each in asked] == [False, True, True]


class _Beginning(_Slow):
    """Is ready to fit when the test says so."""

    def __init__(self):
        super().__init__()
        self.is_asked, self.ready = threading.Event(), threading.Event()

    def ask(self, request, *, timeout_s):
        self.is_asked.set()
        assert self.ready.wait(timeout_s)
        return {}


def test_few_begin_at_once_where_a_processor_is_left_to_other_work(tmp_path):
    first, second = _Beginning(), _Beginning()
    with FoldWorkers(tmp_path, [first, second], begin_at_once=1) as workers:
        assert first.is_asked.wait(60)
        assert not second.is_asked.wait(0.2)
        first.ready.set()
        assert second.is_asked.wait(60)
        assert not workers.have_begun
        second.ready.set()
        workers.wait_until_begun(most_s=60)
        assert workers.have_begun


def test_time_is_shared_by_the_rounds_that_are_left():
    pace = _Pace(8, 2, 100.0, began=time.time())
    assert pace.begin() == pytest.approx(0.8 * 100 / 4, rel=0.01)
    assert _Pace(8, 2, None, began=time.time()).begin() is None


def test_folds_that_cannot_be_done_in_time_are_not_begun():
    pace = _Pace(8, 2, 100.0, began=time.time() - 60)
    pace.begin(), pace.begin()
    pace.end(60), pace.end(60)  # one round in 60 s: three more will not fit into 40
    with pytest.raises(TimeLimitExceeded):
        pace.begin()


def test_the_last_fold_is_begun_where_one_more_round_has_time():
    pace = _Pace(5, 2, 30.0, began=time.time() - 16)
    for _ in range(4):
        pace.begin()
    for _ in range(3):  # the fourth is under way: not two rounds in 16 s, and not one either
        pace.end(8)

    assert pace.begin() == pytest.approx(0.8 * 14, rel=0.01)
