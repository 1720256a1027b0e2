"""Home: where was I, and what next."""

from __future__ import annotations

from litmus_core.experiments import SamplesService, Studio
from litmus_core.types import Run, RunPlan, RunTimes
from tests.app.visit import go, links, text, visit


def test_the_latest_experiment_is_in_hand_with_its_one_next_step(seeded):
    app = visit("home")
    assert app.button(key="next").label == "See which models fit the budget"
    assert text(app).startswith("Welcome back")


def test_others_are_a_click_away(seeded):
    assert links(visit("home")).count("results") >= 6


def test_a_sample_becomes_a_run_in_one_click(monkeypatch, tmp_path):
    asked = []

    def start_sample(self: SamplesService, name: str) -> Run:
        asked.append(name)
        return Run(
            id="run_0000000001",
            experiment_id="ex_0000000001",
            number=1,
            plan=RunPlan(),
            status="queued",
            times=RunTimes(queued_at="2026-11-24T10:00:00+00:00"),
        )

    monkeypatch.setattr(SamplesService, "start", start_sample)
    app = visit("home")
    app.button(key="sample-penguins").click().run()
    assert asked == ["penguins"]
    assert "ex_0000000001" in app.warning[0].proto.title  # the page it went on to


def test_adding_a_table_begins_with_the_upload_whatever_is_in_hand(seeded):
    app = visit("home")
    app.button(key="add-table").click().run()
    assert app.query_params["add"] == "table"
    assert [each.label for each in app.file_uploader] == [
        "A file with one row for each case: CSV, Excel, JSON, Parquet, SQLite or DuckDB"
    ]
    assert [each.label for each in app.expander] == ["How to read it", "From a database, S3 or the web"]
    assert "Back to orders 2021" in [each.proto.label for each in app.get("page_link")]


def test_the_way_to_other_pages_keeps_what_is_in_hand(seeded):
    app = go(visit("home"), "train")
    assert "orders 2021, target" in text(app)


def test_an_answer_to_a_question_of_mine_is_a_click_away(seeded):
    with Studio.open() as studio:
        asked = studio.handoffs.ask(studio.experiments.summaries()[0].experiment.id, "What *else*?")
        assert "answered your question" not in text(visit("home"))
        studio.handoffs.answer(asked.id, "The colour.", by="Bob")

    app = visit("home")

    assert "Bob answered your question about" in text(app)
    assert "What \\*else\\*?" in text(app)
