"""Faster, smaller and cheaper variants on the Results page."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.app.visit import text, visit
from tests.app.world import EXPERIMENT


def unfold_frontier(app: AppTest) -> None:
    app.session_state["frontier.folded"] = True
    app.run()
    assert not app.exception


def test_the_frontier_offers_faster_variants_and_names_the_best_that_one_can_afford(world):
    world.run(world.experiment())
    app = visit("results", experiment=EXPERIMENT)
    assert "Faster, smaller, cheaper" in [each.label for each in app.expander]
    assert not app.select_slider  # drawn once it is unfolded
    unfold_frontier(app)
    assert app.button(key="frontier.make").label == "Make faster variants"
    picked = app.select_slider[0]
    assert picked.label == "I can afford"
    said = text(app)
    assert f"For {picked.value}: **" in said
    picked.set_value(picked.options[0]).run()
    assert not app.exception
    assert f"For {picked.options[0]}: **" in text(app)


def test_what_one_can_afford_may_be_the_cost_of_calls_of_any_size_that_was_measured(world):
    world.run(world.experiment())
    app = visit("results", experiment=EXPERIMENT)
    unfold_frontier(app)
    app.button_group(key="frontier.axis.pick").set_value("Cost of a million").run()
    app.button_group(key="frontier.rows.pick").set_value("100 rows").run()
    assert not app.exception
    picked = app.select_slider[0]
    assert all(each.endswith("USD") for each in picked.options)
    picked.set_value(picked.options[0]).run()
    assert f"For {picked.options[0]}: **" in text(app)
    app.button_group(key="frontier.axis.pick").set_value("Size").run()
    assert not app.exception
    assert "Asked at once" not in [each.label for each in app.button_group]


def test_what_cannot_be_refined_is_said_and_nothing_is_started(world):
    world.run(world.experiment())
    app = visit("results", experiment=EXPERIMENT)
    unfold_frontier(app)
    app.button(key="frontier.make").click().run()
    assert not app.exception
    assert "Train it again.  \nNothing was started." in [each.value for each in app.warning]
    (warning,) = [each for each in app.warning if each.value.startswith("Train it again.")]
    assert [each.value for each in app.toast] == [warning.proto.title]  # the click was far from the warning
