"""What a report is written from: the models of all runs that are over, and what the run's files say."""

from __future__ import annotations

from litmus_core.experiments._experiment_report import facts_of
from tests.trained import N_ROWS, Trained, opened


def test_the_models_of_all_runs_that_are_over_and_how_they_were_trained_are_known(trained: Trained) -> None:
    with opened(trained) as studio:
        facts = facts_of(studio, trained.experiment.id, trained.run.id)
        over = [run for run in studio.runs(trained.experiment.id) if run.status in ("finished", "stopped")]
        there = {each.id for run in over for each in studio.candidates(run.id)}
    assert {each.id for each in facts.everyone} == there
    assert {each.id for each in facts.candidates} <= there
    assert set(facts.n_rows) == {"train", "validation", "test"}
    assert sum(facts.n_rows.values()) == N_ROWS
    assert facts.n_folds == 0
    assert facts.classes == ("no", "yes")
    assert "lightgbm" in facts.versions
    assert facts.price_per_hour_usd == 0.02  # of the first environment that comes with Litmus and has one
