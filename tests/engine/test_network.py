"""Networks in folds: what torch's first step takes is not taken from the first fold's time."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import pytest
from autogluon.core.utils.exceptions import TimeLimitExceeded

from litmus_core.engine import FitRequest, _resources, fit_models
from litmus_core.engine._autogluon import trainer_folder
from litmus_core.engine._fit import fit, workers
from litmus_core.engine._folds import child
from litmus_core.types import Compute, Folds, Resources
from tests.engine.conftest import COLUMNS, table, task

if TYPE_CHECKING:
    from litmus_core.plugins.child import WorkerContext


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []

    def warm_up() -> None:
        found.append("torch")
        trainer_folder.warm_up_torch()

    for module in (fit, child):
        monkeypatch.setattr(module, "warm_up_torch", warm_up)
    return found


@pytest.mark.parametrize(
    ("families", "begins"),
    [(("linear", "network"), ["torch", "fold"]), (("linear",), [])],
    ids=["with", "none"],
)
def test_torch_is_ready_before_a_networks_first_fold(
    families: tuple[str, ...],
    begins: list[str],
    order: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = pytest.importorskip("autogluon.tabular.models").TabularNeuralNetTorchModel

    def given_up(*_: Any, **__: Any) -> None:
        order.append("fold")
        raise TimeLimitExceeded

    monkeypatch.setattr(network, "_fit", given_up)
    request = _asked(tmp_path, families=families)
    fit_models(request, on_model=lambda _: None, on_start=lambda _: None, should_stop=lambda: False)
    assert order[:2] == begins


def test_a_process_that_fits_a_networks_fold_has_torch_ready_before_it_counts_time(order: list[str]) -> None:
    class Network:
        ag_key = "NN_TORCH"
        name = "network"

        def set_contexts(self, path: str) -> None:
            order.append("fold")
            raise TimeLimitExceeded

    shared = {"model_base": Network(), "X": None, "y": None, "path": ""}
    with pytest.raises(TimeLimitExceeded):
        child._fold(shared, {"fold": ([], []), "suffix": "S1F1"}, Path("unused"))
    assert order == ["torch", "fold"]


@pytest.mark.parametrize("families", [("linear",), ("linear", "network")])
def test_processes_that_fit_folds_of_networks_begin_with_torch(
    families: tuple[str, ...], order: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[tuple[bool, int]] = []

    def processes(folder: Path, n_workers: int, *, torch: bool, spare: int) -> Any:
        begun.append((torch, spare))

    monkeypatch.setattr(workers, "fitting_processes", processes)
    workers.fit_workers(
        _asked(
            tmp_path,
            families=families,
            folds=Folds(3, parallel=True),
            compute=Compute(train=Resources(cpus=2)),
        )
    )
    (torch, spare), *others = begun
    assert (torch, others) == ("network" in families, [])
    assert spare == 1  # for the linear model, which comes first

    child.begin(cast("WorkerContext", None), folder=str(tmp_path), torch=torch)
    assert order == ["torch"] * torch


@pytest.mark.parametrize(
    ("n_rows", "changes", "at_once"),
    [
        (1_999, {}, False),
        (2_000, {}, True),
        (100_000, {}, False),
        (2_000, {"folds": Folds(3, parallel=False)}, False),
        (2_000, {"families": ("linear", "encoder")}, False),
        (2_000, {"compute": Compute(train=Resources(memory_gb=4))}, False),
    ],
)
def test_folds_are_fitted_at_once_where_that_pays_and_nobody_says_otherwise(
    n_rows: int,
    changes: dict[str, Any],
    at_once: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_resources, "_n_cpus", lambda: 2)
    train = pd.DataFrame({"answer": np.zeros(n_rows)})
    request = _asked(tmp_path, train=train, folds=Folds(3), compute=Compute())
    assert replace(request, **changes).folding.parallel is at_once


def _asked(folder: Path, **changes: Any) -> FitRequest:
    frame = table(120)
    frame["answer"] = np.where(frame["signal"] < 0.8, "no", "yes")
    request = FitRequest(
        folder=folder / "run",
        train=frame,
        validation=None,
        columns=COLUMNS,
        task=task("binary", "roc_auc", positive_class="yes"),
        families=("linear",),
        deadline=time.time() + 60,
        folds=Folds(3, parallel=False),
        compute=Compute(train=Resources(cpus=1)),
    )
    return replace(request, **changes)
