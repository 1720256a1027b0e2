"""The commands that ask a scientist and answer."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from litmus_core import Studio
from litmus_core.cli import app
from litmus_core.experiments import RunsService, make_task
from tests.trained import table
from tests.walks import RECIPE, Trainer


def run(*words: object) -> object:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return an experiment of the default workspace in which each run scores 0.8."""
    trainer = Trainer([0.8] * 9)
    monkeypatch.setattr(RunsService, "start", lambda *given: trainer.start_run(*given))
    table(n_rows=120).to_csv(tmp_path / "shop.csv", index=False)
    with Studio.open() as studio:
        version = studio.datasets.import_file(tmp_path / "shop.csv")
        return studio.experiments.create(make_task(studio.workspace, version, "sold")).id


def test_it_is_asked_answered_and_started(experiment, tmp_path):
    asked = json.loads(run("handoffs", "ask", experiment, "What now?", "--by", "Ann", "--json").stdout)
    assert Path(asked["folder"], "README.md").exists()
    (tmp_path / "ours.yaml").write_text(RECIPE)

    answered = run(
        "handoffs",
        "answer",
        asked["id"],
        "Try ours.",
        "--recipe",
        tmp_path / "ours.yaml",
        "--knob",
        "minutes=2",
    )

    assert answered.stdout == (f"Answered. To start what it proposes: litmus handoffs start {asked['id']}\n")
    listed = run("handoffs", "list").stdout
    assert "answered" in listed
    assert "What now?" in listed
    assert "score of 0.800" in run("handoffs", "start", asked["id"]).stdout
    assert json.loads(run("handoffs", "show", asked["id"], "--json").stdout)["closing"]["ending"] == "started"
    assert "done" in run("recipes", "next", experiment).stdout


def test_all_that_belongs_to_it_is_written_as_a_zip(experiment, tmp_path):
    asked = json.loads(run("handoffs", "ask", experiment, "What now?", "--json").stdout)

    result = run("handoffs", "show", asked["id"], "--zip", tmp_path / "all.zip")

    assert "What now?" in result.stdout
    assert f"{asked['id']}/question.html" in zipfile.ZipFile(tmp_path / "all.zip").namelist()


def test_it_is_closed(experiment):
    asked = json.loads(run("handoffs", "ask", experiment, "What now?", "--json").stdout)

    assert run("handoffs", "close", asked["id"]).stdout == "The question is closed: withdrawn.\n"
    again = run("handoffs", "answer", asked["id"], "Like this.")
    assert (again.exit_code, "was closed (withdrawn)" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("handoffs", "show", "ho_0000000000"), "There is no hand-off 'ho_0000000000'"),
        (("handoffs", "ask", "ex_0000000000", "What now?"), "There is no experiment 'ex_0000000000'"),
        (("handoffs", "name", " "), "A name needs at least one letter."),
    ],
)
def test_what_cannot_be_meant_ends_in_words(words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_an_empty_inbox_says_how_to_ask():
    assert "litmus handoffs ask EXPERIMENT" in run("handoffs", "list").stdout


def test_a_display_name_is_kept_in_the_workspace():
    assert run("handoffs", "name", "Ann").stdout == "Your display name in this workspace is Ann.\n"
    with Studio.open() as studio:
        assert studio.users.display_name() == "Ann"
