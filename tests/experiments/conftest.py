"""What tests of a studio share: a workspace of its own, and a question asked of a small table."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from litmus_core import Studio, checks
from litmus_core.experiments import RunsService
from litmus_core.types import Experiment
from tests.session import shared_folder
from tests.walks import RECIPE, Trainer, shop_experiment
from tests.warm import client as warm
from tests.warm import trained
from tests.warm.checked import keep_checks


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
    """Carry out once what a module trains for its tests: each process of the session has them train."""
    with pytest.MonkeyPatch.context() as patch:
        if fixturedef.scope == "module" and warm.SOCKET in os.environ:
            patch.setenv(trained.FOLDER, f"{os.environ[warm.SOCKET]}.trained")
        return (yield)


@pytest.fixture(autouse=True, scope="module")
def _splits_decided_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Look once at the same rows for how they are to be split."""
    folder = shared_folder(tmp_path_factory) / "checks of experiments"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "run_checks", keep_checks(checks.run_checks, lambda: folder))
        yield


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Studio.open(tmp_path / "workspace") as studio:
        yield studio


@pytest.fixture
def experiment(studio: Studio, tmp_path: Path) -> Experiment:
    return shop_experiment(studio, tmp_path)


@pytest.fixture
def our_way(studio: Studio) -> None:
    """The recipe of tests/walks.py, kept."""
    studio.recipe_editor.save(RECIPE, run_tests=False)


@pytest.fixture
def train_to(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Trainer]:
    """Have runs end at once with these scores, or as ``failed`` or ``stopped``."""

    def ends(*scores: float | str) -> Trainer:
        trainer = Trainer(list(scores))
        monkeypatch.setattr(RunsService, "start", lambda *given: trainer.start_run(*given))
        return trainer

    return ends
