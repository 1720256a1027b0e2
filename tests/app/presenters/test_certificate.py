"""A certificate in words, and its figures."""

from __future__ import annotations

from app.charts import batch_times_chart, caller_times_chart
from app.presenters.shipping.certificate import present_certificate, present_environment
from litmus_core.text import NARROW
from litmus_core.types import Budget, DeploymentEnvironment
from tests.app.certified import certificate
from tests.app.drawn import labels, marks, rows

BUDGET = Budget(max_latency_ms=0.5)


def test_what_failed_comes_first_and_what_was_not_judged_last():
    view = present_certificate(certificate("bd", passed=False), BUDGET)
    assert (view.state.word, view.state.tone) == ("Full certificate: 1 line failed", "bad")
    assert [(line.state.word, line.title) for line in view.lines] == [
        ("failed", "Memory"),
        ("passed", "Golden predictions"),
        ("not judged", "Size"),
    ]


def test_it_says_where_it_was_earned_and_what_a_million_predictions_cost():
    view = present_certificate(certificate("bd"), BUDGET)
    assert view.state.word == "Full certificate passed"
    assert "“web shop” (2 processors, 4.0 GB, 0.36 USD an hour, one row a request" in view.sentence.replace(
        NARROW, " "
    )
    assert "built from the bundle's own requirements" in view.sentence
    assert view.cost == "0.1"


def test_the_short_form_ran_on_the_libraries_at_hand_and_knows_no_cost():
    view = present_certificate(certificate("bd", form="short"), BUDGET)
    assert "with the libraries of this computer" in view.sentence
    assert view.cost == ""
    assert view.times is not None
    assert view.times.callers == ()


def test_the_figures_are_read_out_and_drawn_with_the_budget():
    times = present_certificate(certificate("bd"), BUDGET).times
    assert times is not None
    assert times.reading.replace(NARROW, " ") == (
        "19 of 20 calls take at most: 1 row in 0.050 ms, 100 rows in 0.50 ms inside the process; "
        "over HTTP with 4 callers at once 3.0 ms."
    )
    chart = batch_times_chart(times, dark=False)
    assert [row["x"] for row in rows(marks(chart, "point")[0])] == [1, 100] * 2
    assert [text.replace(NARROW, " ") for text in labels(chart)] == ["budget 0.50 ms for 1 row"]
    assert rows(marks(caller_times_chart(times, dark=True), "point")[0])[0]["y"] == 3.0


def test_an_environment_leaves_out_what_is_not_known():
    view = present_environment(DeploymentEnvironment(name="night job", cpus=8, mode="batch"))
    assert view.label == "night job: 8 processors, many rows a call"
