"""What a report is written from: the models of all runs that are over, and what the run's files say."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from litmus_core.experiments._reports import facts
from litmus_core.types import Statement
from tests.trained import N_ROWS, Trained, opened


def test_the_models_of_all_runs_that_are_over_and_how_they_were_trained_are_known(trained: Trained) -> None:
    with opened(trained) as studio:
        found = facts.facts_of(studio.context, trained.experiment.id, trained.run.id)
        over = [
            run for run in studio.runs.list(trained.experiment.id) if run.status in ("finished", "stopped")
        ]
        there = {each.id for run in over for each in studio.candidates.list(run.id)}
    assert {each.id for each in found.all_candidates} == there
    assert {each.id for each in found.candidates} <= there
    assert set(found.training.n_rows) == {"train", "validation", "test"}
    assert sum(found.training.n_rows.values()) == N_ROWS
    assert found.training.n_folds == 0
    assert found.training.classes == ("no", "yes")
    assert "lightgbm" in found.training.versions
    assert (
        found.production.per_hour_usd == 0.02
    )  # of the first environment that comes with Litmus and has one


def test_a_run_that_is_gone_has_no_titles_and_keeps_no_report_from_being_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed = SimpleNamespace(
        actions=[SimpleNamespace(key="folds", title=Statement.of("folds", "title", n_folds=5))], failed=()
    )
    monkeypatch.setattr(facts, "stored_actions", lambda _, run_id: {"run_1": listed}[run_id])
    context = SimpleNamespace(store=SimpleNamespace(runs=lambda: [SimpleNamespace(id="run_1")]))
    assert facts._titles(context, ["run_1", "run_gone", "run_1"]) == {("run_1", "folds"): "Train in 5 folds"}
