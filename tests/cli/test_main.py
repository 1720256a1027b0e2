"""The command line as a program is started: exit status, and errors in the words themselves."""

import io
import json
import sys

import pytest

from litmus_core import __version__
from litmus_core.cli import main


def started(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["litmus", *words])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code or 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import", "--json"], "Missing argument 'file'"),
        (
            ["train", "x.csv", "--target", "y", "--time-limit", "1", "--json"],
            "Invalid value for '--time-limit'",
        ),
        (["rm", "--bogus", "--json"], "No such option"),
        (["foo", "--json"], "No such command 'foo'"),
    ],
)
def test_wrong_words_are_json_on_stdout_when_asked_and_status_2(monkeypatch, capsys, words, said):
    assert started(monkeypatch, *words) == 2
    assert said in json.loads(capsys.readouterr().out)["error"]["message"]


@pytest.mark.parametrize("reply", ["n\n", ""])  # a no, and nobody to ask
def test_a_question_that_is_not_answered_with_yes_does_nothing(monkeypatch, capsys, tmp_path, reply):
    monkeypatch.setattr(sys, "stdin", io.StringIO(reply))
    assert started(monkeypatch, "rm", "run_1", "--workspace", str(tmp_path)) == 2
    assert capsys.readouterr().err.endswith("Nothing was done. With --yes you are not asked.\n")


def test_wrong_words_are_for_people_without_json(monkeypatch, capsys):
    assert started(monkeypatch, "import") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Missing argument" in said.err


def test_an_interrupted_command_says_what_goes_on(monkeypatch, capsys, tmp_path):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("litmus_core.experiments.Studio.open", interrupted)
    assert started(monkeypatch, "leaderboard", "--workspace", str(tmp_path)) == 130
    assert "'litmus runs stop RUN' stops one" in capsys.readouterr().err


def test_a_command_that_did_its_work_ends_with_status_0(monkeypatch, capsys, tmp_path):
    assert started(monkeypatch, "leaderboard", "--workspace", str(tmp_path), "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"experiments": [], "forecasts": [], "targets": []}


def test_a_deliberate_error_ends_with_status_2(monkeypatch, capsys, tmp_path):
    assert started(monkeypatch, "leaderboard", "run_no", "--workspace", str(tmp_path), "--json") == 2
    assert json.loads(capsys.readouterr().out)["error"]["type"] == "NotFoundError"


def test_the_version_is_said_without_a_command(monkeypatch, capsys):
    assert started(monkeypatch, "--version") == 0
    assert capsys.readouterr().out == f"litmus {__version__}\n"
