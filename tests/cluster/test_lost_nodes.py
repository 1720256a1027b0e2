"""Nodes of a cluster that are lost while they train and score: nothing is missing, doubled or different."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmarks._cluster_nodes import Killer, cluster_of
from litmus_core.deploy import score_folder
from litmus_core.deploy._scoring import distributed as pieces
from litmus_core.engine._folds import ray_tasks as fold_ray
from tests.deploy.test_score_pieces import bundle, expected, read, source  # noqa: F401 - fixtures
from tests.elsewhere import teach_children
from tests.engine import test_fold_ray as folds
from tests.engine import test_models_elsewhere as models
from tests.engine.test_side_by_side import fit as fit_folds

_KILLS, _PATIENCE_S = 10, 900.0
pytest.importorskip("ray", reason="Ray is an extra: pip install 'litmus-automl[ray]'")


def until_enough_are_lost(work: Callable[[Path], None], folder: Path, *, every_s: float) -> None:
    """Do ``work`` into one folder after the other."""
    n_killed, n_done, until = 0, 0, time.monotonic() + _PATIENCE_S
    while n_killed < _KILLS and time.monotonic() < until:
        with cluster_of(2) as cluster, Killer(cluster, every_s=every_s) as killer:
            work(folder / f"work {n_done}")
        n_killed, n_done = n_killed + killer.n_killed, n_done + 1
    assert n_killed >= _KILLS


def slowly(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, *, seconds: float) -> None:
    """Have each piece of work take so long that nodes are lost in the middle of it."""
    work = getattr(module, name)

    def slow(*given: Any) -> Any:
        time.sleep(seconds)
        return work(*given)

    monkeypatch.setattr(module, name, slow)


@pytest.mark.parametrize("has_folds", [True, False])
def test_a_run_s_models_are_those_of_this_machine(
    has_folds: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    teach_children(monkeypatch, tmp_path)
    here: Any = (
        fit_folds(tmp_path / "here", parallel=False)
        if has_folds
        else models.fit(tmp_path / "here", on="here")
    )
    slowly(monkeypatch, fold_ray, "_run_fit", seconds=3)

    def work(to: Path) -> None:
        if has_folds:
            folds.same(here, fit_folds(to, parallel=False, on="ray", seconds=1_200))
        else:
            models.same(here, models.fit(to, on="ray", seconds=1_200))

    until_enough_are_lost(work, tmp_path, every_s=7)


def test_a_scoring_s_rows_are_those_of_one_process(
    bundle: Path,  # noqa: F811
    source: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    teach_children(monkeypatch, tmp_path)
    slowly(monkeypatch, pieces, "_score_piece", seconds=1)

    def work(to: Path) -> None:
        score_folder(bundle, source, to, piece_rows=2)
        pd.testing.assert_frame_equal(read(to), expected(bundle, source))

    until_enough_are_lost(work, tmp_path, every_s=4)
