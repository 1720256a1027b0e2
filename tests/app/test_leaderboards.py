"""Leaderboards: which of all these is ready."""

from __future__ import annotations

from tests.app.visit import text, visit


def shown(app) -> list[str]:
    return [chips[0] for chips in app.dataframe[0].value["verdict"]]


def test_the_most_ready_comes_first(seeded):
    app = visit("leaderboards")
    assert len(app.dataframe[0].value) == 20
    assert shown(app)[0] == "✓ Meets the bar"
    assert "20 experiments · Meets the bar 4" in text(app)


def test_what_decides_is_shown_first_and_the_rest_on_demand(seeded):
    app = visit("leaderboards")
    decisive = ["experiment", "verdict", "score", "gap", "chance", "latency", "updated"]
    assert list(app.dataframe[0].proto.column_order) == decisive
    app.toggle(key="all-columns").set_value(True).run()
    assert not app.dataframe[0].proto.column_order
    assert list(app.dataframe[0].value)[-3:] == ["runs", "owner", "updated"]


def test_every_score_stands_with_its_metric(seeded):
    scores = [each for each in visit("leaderboards").dataframe[0].value["score"] if each]
    assert {each.split(" 0.")[0] for each in scores} == {"ROC AUC"}


def test_a_filter_narrows_the_table(seeded):
    app = visit("leaderboards")
    app.button_group(key="verdict").set_value(["Undecided"]).run()
    assert set(shown(app)) == {"? Undecided"}


def test_a_name_is_found_by_what_it_contains(seeded):
    app = visit("leaderboards")
    app.text_input(key="find").set_value("orders").run()
    assert set(app.dataframe[0].value["table"]) == {"orders 2021"}


def test_nothing_found_says_so(seeded):
    app = visit("leaderboards")
    app.text_input(key="find").set_value("zebra").run()
    assert [each.value for each in app.info] == ["No experiment passes these filters."]


def test_a_comparison_can_be_sent_as_an_address(seeded):
    app = visit("leaderboards", compare="ex_0000000000~ex_0000000003")
    assert len([each for each in app.markdown if each.value.startswith("### ")]) >= 2
    assert "different questions" in text(app) or "by different measures" in text(app)


def test_a_comparison_with_an_experiment_that_is_gone_says_so_beside_the_table(seeded):
    app = visit("leaderboards", compare="ex_0000000000~ex_ffffffffff")
    assert len(app.dataframe) == 1
    assert "different questions" not in text(app)
    assert [each.proto.title for each in app.warning] == [
        "There is no experiment 'ex_ffffffffff' in this workspace."
    ]
