"""Tuning on the Results page, and its charts in both themes."""

from __future__ import annotations

import pytest

from app.charts import tuning_history_chart, tuning_settings_chart, tuning_shares_chart
from app.presenters.training.tuning import present_shares, present_tuning
from litmus_core.types import TrialEnded
from tests.app.drawn import labels, marks, rows
from tests.app.presenters.test_tuning import TITLES, TRIALS
from tests.app.visit import text, visit
from tests.app.world import EXPERIMENT, RUN


@pytest.mark.parametrize("dark", [False, True])
def test_the_charts_are_drawn_in_both_themes(dark):
    (view,) = present_tuning(TRIALS, TITLES).algorithms
    history = tuning_history_chart(view.history, dark=dark)
    settings = tuning_settings_chart(view.settings, dark=dark)
    shares = tuning_shares_chart(present_shares({"rate": 0.8, "leaves": 0.2}), dark=dark)

    assert len(rows(marks(history, "line")[0])) == len(rows(marks(history, "point")[0])) > 1
    assert "as it is 0.800" in labels(history)
    named = marks(settings, "line")[0]["encoding"]["x"]["axis"]["labelExpr"]
    assert named == '["rate", "leaves", "kind", "Accuracy"][datum.value]'
    assert [row["words"] for row in rows(marks(shares, "bar")[0])] == ["rate: 80\u202f%", "leaves: 20\u202f%"]


def test_the_colour_of_a_line_is_strong_where_the_error_is_small():
    (view,) = present_tuning(TRIALS, TITLES).algorithms
    (lines,) = marks(tuning_settings_chart(view.settings, dark=False), "line")
    bad, good = lines["encoding"]["color"]["scale"]["range"]

    assert good.endswith("1)")
    assert bad.endswith("0.25)")


def test_a_run_that_was_tuned_shows_what_was_tried(world):
    world.run(world.experiment())
    world.journal.append(*(TrialEnded(run_id=RUN, trial=each) for each in TRIALS))
    app = visit("results", experiment=EXPERIMENT, run=RUN)

    assert "Tuning" in [each.value for each in app.subheader]
    assert "4 settings tried" in text(app)


def test_a_run_that_was_not_tuned_does_not_speak_of_it(world):
    world.run(world.experiment())
    app = visit("results", experiment=EXPERIMENT, run=RUN)

    assert "Tuning" not in [each.value for each in app.subheader]
