"""What later predictions learn of earlier actions: of the same table nothing that its test rows say."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from litmus_core.experiments._actions import history
from litmus_core.experiments._actions.history import past_outcomes
from litmus_core.types import ActionOutcome, Gain, RunPlan, TrainingOptions


def _outcome(run_id: str, follows: str) -> ActionOutcome:
    gain = Gain(value=0.1, low=0.0, high=0.2, measured=0.1)
    return ActionOutcome(
        run_id=run_id,
        follows_run_id=follows,
        key="tune",
        kind="tune",
        predicted=gain,
        validation=0.02,
        test=0.09,
    )


@pytest.fixture
def context(tmp_path, monkeypatch):
    """Two tables, the first of them in two versions; run_folds alone is in folds."""
    for run_id in ("run_a", "run_b", "run_new", "run_folds", "run_other", "run_stacked"):
        (tmp_path / run_id).mkdir()
        np.savez(tmp_path / run_id / "rows.npz", folds=5 if run_id == "run_folds" else 0)
    versions = {"run_b": "shop-1", "run_new": "shop-2", "run_folds": "shop-1", "run_other": "cars-1"}
    versions["run_stacked"] = "shop-1"
    came = [_outcome(run_id, "run_a") for run_id in versions]
    monkeypatch.setattr(history, "outcomes", lambda _: came)
    return SimpleNamespace(
        run=lambda run_id: SimpleNamespace(
            experiment_id=run_id, plan=RunPlan(training=TrainingOptions(stack=run_id == "run_stacked"))
        ),
        experiment=lambda run_id: SimpleNamespace(task=SimpleNamespace(dataset_version_id=versions[run_id])),
        dataset=lambda version_id: SimpleNamespace(dataset_id=version_id.partition("-")[0]),
        workspace=SimpleNamespace(run_dir=lambda run_id: tmp_path / run_id),
    )


def test_of_the_same_table_only_validation_counts_and_only_where_it_is_fair(context) -> None:
    found = past_outcomes(context, SimpleNamespace(dataset_version_id="shop-1"))
    came = {each.run_id: (each.validation, each.test) for each in found}
    assert came == {
        "run_b": (0.02, None),
        "run_new": (0.02, None),  # a later version of the table has the same test rows among its own
        "run_folds": (None, None),
        "run_other": (0.02, 0.09),
        "run_stacked": (None, None),
    }
