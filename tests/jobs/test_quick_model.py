"""A quick model is compared with the chosen one on the same rows: those of the validation part."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core import engine
from litmus_core.jobs._judging import quick_model
from litmus_core.metrics import get_metric
from litmus_core.types import Candidate, PluginRef, QuickScore, Score, Task

TASK = Task(dataset_version_id="dv", target="y", problem_type="regression", metric="mae", features=("x",))
TRUTH = np.arange(60, dtype=float)
PART = np.arange(40, 60)  # the validation part
ERRORS = np.where(np.arange(60) < 40, 3.0, 1.0)  # of the chosen model: worse on the other rows
OF_ALL = Score(metric="mae", value=7 / 3, low=2.0, high=2.6, n_rows=60)
STEPS = (PluginRef(point="postprocess", reference="cap"),)


def compared(monkeypatch: pytest.MonkeyPatch, scored: np.ndarray, **facts: Any) -> QuickScore | None:
    """Compare with a quick model that errs by 2, where the chosen model was scored on these rows."""
    chosen = Candidate(
        id="a", run_id="run", experiment_id="ex", name="A", model="A", family="linear", family_kind="linear",
        is_ensemble=False, fit_s=1.0, validation=OF_ALL, **facts,
    )  # fmt: skip
    plain = TRUTH + ERRORS
    monkeypatch.setattr(quick_model, "quick_score", lambda _: 2.0)
    monkeypatch.setattr(engine, "validation_predictions", lambda *_: (scored, plain[scored]))
    monkeypatch.setattr(engine, "post_predictions", lambda *_: (plain + ERRORS)[scored])
    monkeypatch.setattr(engine, "read_model_info", lambda _: {"classes": []})
    context: Any = SimpleNamespace(experiment=SimpleNamespace(task=TASK), folder=Path("run"))
    data: Any = SimpleNamespace(
        outer=None, places=None,
        frame=pd.DataFrame({"y": TRUTH}), target="y", index=lambda _: PART, blocks_of=lambda _: None,
        metric=lambda name, _: get_metric(name),
    )  # fmt: skip
    return quick_model.quick_comparison(context, data, chosen)


@pytest.mark.parametrize(("steps", "error"), [((), 1.0), (STEPS, 2.0)])
def test_a_model_in_folds_is_compared_on_the_rows_of_the_quick_model(monkeypatch, steps, error):
    comparison = compared(monkeypatch, np.arange(60), postprocess=steps)

    assert (comparison.value, comparison.chosen.value, comparison.chosen.n_rows) == (2.0, error, 20)


def test_a_model_of_the_validation_part_is_compared_by_its_own_score(monkeypatch):
    assert compared(monkeypatch, PART) == QuickScore(value=2.0, chosen=OF_ALL)


@pytest.mark.parametrize(("scored", "abstained"), [(np.arange(50), None), (np.arange(60), 0.1)])
def test_models_that_answered_other_rows_are_not_compared(monkeypatch, scored, abstained):
    assert compared(monkeypatch, scored, abstained=abstained) is None


@pytest.mark.parametrize(("n_judged", "value"), [(60, 2.0), (59, None)])
def test_where_all_rows_judge_both_are_scored_on_them(monkeypatch, n_judged, value):
    judged = Score(metric="mae", value=2.5, low=2.1, high=2.9, n_rows=n_judged)
    folds = np.arange(60) % 5
    monkeypatch.setattr(
        "litmus_core.data.quick_score_in_folds", lambda *asked: 2.0 if asked[-1] is folds else 9.0
    )
    context: Any = SimpleNamespace(
        experiment=SimpleNamespace(task=TASK), workspace=None, versions=lambda: {"dv": None}
    )
    data: Any = SimpleNamespace(outer=folds, places=None)
    chosen: Any = SimpleNamespace(test=judged, abstained=None)

    comparison = quick_model.quick_comparison(context, data, chosen)

    assert comparison == (None if value is None else QuickScore(value=value, chosen=judged))
