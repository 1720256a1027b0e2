"""The report on an experiment: offered where its verdict is, and written when it is asked for."""

from __future__ import annotations

import pytest

from app.controllers.reports import html_of
from litmus_core.errors import UsageError
from litmus_core.experiments import Studio
from litmus_core.store import Workspace
from litmus_core.types import RunPlan, RunQueued
from tests.app.visit import visit
from tests.app.world import EXPERIMENT, RUN, SECOND_RUN, World


@pytest.fixture
def world() -> World:
    """A binary question with one judged run, whose models' files are gone."""
    told = World(Workspace.locate())
    told.run(told.experiment(), outcome="misses narrowly")
    return told


def _buttons(app) -> list[str]:
    return [each.proto.label for each in app.get("download_button")]


def test_results_offers_the_report(world):
    assert "Report" in _buttons(visit("results", experiment=EXPERIMENT, run=RUN))


def test_a_comparison_offers_the_report_of_either_side(seeded):
    app = visit("leaderboards", compare="ex_0000000000~ex_0000000003")
    assert _buttons(app).count("Report") == 2


def test_it_is_written_from_what_is_left(world):
    html = html_of(EXPERIMENT)().decode()
    assert "✗ Misses the bar" in html
    assert "What drives the predictions" in html
    assert "Can you rely on its probabilities?" not in html


def test_it_leads_with_the_latest_run_that_has_a_verdict_or_the_one_asked_for(world):
    world.second_run(world.asked)
    with Studio.open() as studio:
        assert "Run 1 (this report)" in studio.reports.experiment(EXPERIMENT)
        assert "Run 2 (this report)" in studio.reports.experiment(EXPERIMENT, run_id=SECOND_RUN)


def test_it_shows_the_models_of_earlier_runs_too(world):
    world.second_run(world.asked)
    with Studio.open() as studio:
        n_there = len([*studio.candidates.list(RUN), *studio.candidates.list(SECOND_RUN)])
        told = studio.reports.experiment(EXPERIMENT, run_id=SECOND_RUN)
    assert f"All {n_there} models of " in told


def test_a_run_of_another_experiment_is_refused(world):
    with Studio.open() as studio, pytest.raises(UsageError, match="not of this experiment"):
        studio.reports.experiment(EXPERIMENT, run_id="run_ffffffffff")


def test_an_experiment_whose_first_run_still_goes_has_a_report(world):
    world.journal.append(RunQueued(run_id=SECOND_RUN, number=2, experiment=world.asked, plan=RunPlan()))
    with Studio.open() as studio:
        assert "There is no verdict yet. Run 2 is queued." in studio.reports.experiment(
            EXPERIMENT, run_id=SECOND_RUN
        )
