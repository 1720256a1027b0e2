"""Results of runs that failed, were interrupted or were stopped: what is kept, and what to do next."""

from __future__ import annotations

from litmus_core.types import Trial, TrialEnded
from litmus_core.verdicts import outcome_message
from tests.app.visit import text, visit
from tests.app.world import EXPERIMENT, RUN


def test_a_failed_run_says_why_and_what_to_do(world):
    world.run(
        world.experiment(),
        end="failed",
        outcome=None,
        n_candidates=0,
        message="The target has one value only.",
        hint="Choose another target.",
    )
    app = visit("results", experiment=EXPERIMENT)
    assert "The target has one value only." in text(app)
    assert "Choose another target." in text(app)


def test_a_run_that_failed_for_a_part_of_it_shows_what_finished_and_what_did_not(world):
    message = "Not everything that you asked for ran. Your model Net stopped: ValueError: no luck."
    world.run(world.experiment(), end="failed", message=message, hint="Fix what stopped.")
    app = visit("results", experiment=EXPERIMENT)
    assert message in text(app)
    assert "Fix what stopped." in text(app)
    assert "Meets" in text(app)
    assert app.button(key="status.act").label == "Change something and try again"


def test_a_finished_run_says_what_litmus_left_out(world):
    said = "Neural network was not trained: no time was left to begin it."
    world.run(world.experiment(), left_out=(said,))
    assert said in text(visit("results", experiment=EXPERIMENT))
    assert "status.act" not in [each.key for each in visit("results", experiment=EXPERIMENT).button]


def test_an_interrupted_run_with_models_offers_to_make_the_best_of_it(world):
    world.run(world.experiment(), end="interrupted", outcome=None)
    app = visit("results", experiment=EXPERIMENT)
    assert "3 models were finished before that and are kept." in text(app)
    assert app.button(key="status.act").label == "Finish with the models trained so far"


def test_an_interrupted_run_without_models_offers_to_start_again(world):
    kept = "What was trained until then is kept: finish the run to use it, or start it again."
    world.run(world.experiment(), end="interrupted", outcome=None, n_candidates=0, hint=kept)
    app = visit("results", experiment=EXPERIMENT)
    assert app.button(key="status.act").label == "Train again"
    assert "No model was finished before that." in text(app)
    assert "kept" not in text(app)


def test_a_run_that_was_killed_while_tuning_offers_to_go_on(world):
    world.run(world.experiment(), end="interrupted", outcome=None, n_candidates=0)
    tried = Trial(algorithm="lightgbm", number=0, metric="accuracy", state="finished", value=0.8)
    world.journal.append(TrialEnded(run_id=RUN, trial=tried))
    app = visit("results", experiment=EXPERIMENT)
    assert app.button(key="status.act").label == "Continue from there"
    assert "The settings that were tried are kept" in text(app)


def test_a_stopped_run_keeps_its_verdict_and_says_that_it_was_stopped(world):
    world.run(world.experiment(), end="stopped", message="Stopped early; the best so far was kept.")
    app = visit("results", experiment=EXPERIMENT)
    assert "Stopped early; the best so far was kept." in text(app)
    assert outcome_message("meets") in text(app)
