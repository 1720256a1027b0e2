"""Asking a scientist on Results, answering on Hand-offs, and starting what was answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from litmus_core import Studio
from litmus_core.store import Workspace
from tests.app.visit import go, text, visit
from tests.app.world import EXPERIMENT, RUN, World

QUESTION = "Freezers are taken for fridges.\nWhat else could be tried?"


@pytest.fixture
def studio() -> Iterator[Studio]:
    """A workspace with one run that missed."""
    world = World(Workspace.locate())
    world.run(world.experiment(), outcome="misses narrowly")
    with Studio.open() as studio:
        yield studio


def test_a_question_is_asked_from_results_and_waits_there_and_in_the_inbox(studio):
    app = visit("results", experiment=EXPERIMENT, run=RUN)
    app.text_area(key=f"ask.question.{EXPERIMENT}.0").set_value(QUESTION)
    app.text_input(key=f"ask.by.{EXPERIMENT}.0").set_value("Ann Lee")

    app.button(key=f"ask.send.{EXPERIMENT}.0").click().run()

    (asked,) = studio.handoffs.list()
    assert (asked.question, asked.asked_by) == (QUESTION, "Ann Lee")
    assert "Ask a data scientist (1 waiting)" in [each.label for each in app.expander]
    assert app.text_area(key=f"ask.question.{EXPERIMENT}.1").value == ""
    assert app.text_input(key=f"ask.by.{EXPERIMENT}.1").value == "Ann Lee"
    said = text(go(app, "handoffs"))
    assert "1 question waits for an answer." in said
    assert "> Freezers are taken for fridges." in said
    assert "Ann Lee asked just now" in said


def test_an_empty_question_is_said_in_words(studio):
    app = visit("results", experiment=EXPERIMENT, run=RUN)

    app.button(key=f"ask.send.{EXPERIMENT}.0").click().run()

    assert "The question is empty." in [each.proto.title for each in app.warning]
    assert studio.handoffs.list() == []


def test_what_was_tried_is_read_when_it_is_opened(studio):
    asked = studio.handoffs.ask(EXPERIMENT, QUESTION)
    app = visit("handoffs")
    assert not app.dataframe

    app.session_state[f"tried-{asked.id}"] = True
    app.run()

    said = text(app)
    assert "Good enough: accuracy >= 0.85." in said
    assert "misses narrowly" in app.dataframe[0].value.to_string()
    assert "What drives the predictions, and where it goes wrong" in said


def test_an_answer_in_words_is_read_on_results_and_closes_by_a_click(studio):
    asked = studio.handoffs.ask(EXPERIMENT, QUESTION)
    app = visit("handoffs")
    app.text_area(key=f"answer.words.{asked.id}").set_value("Ask for the size in litres.")
    app.text_input[1].set_value("Bob")
    app.button(key=f"answer.send.{asked.id}").click().run()
    assert "Answered, and not started yet" in [each.value for each in app.subheader]

    results = visit("results", experiment=EXPERIMENT, run=RUN)

    said = text(results)
    assert "A scientist answered" in said
    assert "Bob answered just now" in said
    assert "> Ask for the size in litres." in said
    results.button(key=f"close-{asked.id}").click().run()
    assert studio.handoffs.get(asked.id).closing.ending == "solved"
    assert "A scientist answered" not in text(results)


def test_a_recipe_with_its_knobs_turned_is_answered_with(studio, monkeypatch):
    monkeypatch.setattr("litmus_core.experiments._recipes.fit.check_fit", lambda *_: None)  # there is no file
    asked = studio.handoffs.ask(EXPERIMENT, QUESTION)
    app = visit("handoffs")
    app.text_area(key=f"answer.words.{asked.id}").set_value("Follow this.")
    app.segmented_control(key=f"answer.brings.{asked.id}").set_value("recipe").run()
    app.selectbox(key=f"answer.recipe.{asked.id}").set_value("small-table").run()
    app.number_input(key=f"answer.recipe.{asked.id}.small-table-minutes").set_value(3.0)

    app.button(key=f"answer.send.{asked.id}").click().run()

    answer = studio.handoffs.get(asked.id).answer
    assert (answer.recipe, answer.version, dict(answer.knobs)) == ("small-table", 2, {"minutes": 3.0})
    assert "The recipe small-table, version 2, with minutes 3.0." in text(app)
    results = visit("results", experiment=EXPERIMENT, run=RUN)
    assert results.button(key=f"take-{asked.id}").label == "Follow this recipe"


def test_an_answer_that_cannot_start_says_why_and_stays(studio, monkeypatch):
    asked = studio.handoffs.ask(EXPERIMENT, QUESTION)
    with monkeypatch.context() as patched:
        patched.setattr("litmus_core.experiments._recipes.fit.check_fit", lambda *_: None)
        studio.handoffs.answer(asked.id, "Follow this.", recipe="must-be-fast")
    app = visit("results", experiment=EXPERIMENT, run=RUN)

    app.button(key=f"take-{asked.id}").click().run()

    assert not app.exception
    assert app.warning
    assert studio.handoffs.get(asked.id).state == "answered"


def test_a_question_is_withdrawn(studio):
    asked = studio.handoffs.ask(EXPERIMENT, QUESTION)
    app = visit("results", experiment=EXPERIMENT, run=RUN)

    app.button(key=f"withdraw-{asked.id}").click().run()

    assert studio.handoffs.get(asked.id).closing.ending == "withdrawn"
    assert "Withdrawn" in text(go(app, "handoffs"))


def test_peoples_words_are_shown_letter_by_letter(studio):
    studio.handoffs.ask(EXPERIMENT, "<b>Why</b> $x$ :red[no]?", by="*Ann*")

    said = text(visit("handoffs"))

    assert "> \\<b>Why\\</b> \\$x\\$ \\:red\\[no\\]?" in said
    assert "\\*Ann\\* asked" in said
