"""Status 1 is a command's own "no" and nothing else: a call that is wrong ends with status 2."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from litmus_core.cli import app, main
from litmus_core.cli._session import FailedWork, reporting
from litmus_core.errors import TrainingError

# A wrong call of each command that gives status 1 a meaning.
WRONG = {
    "assertions": "assertions ex_none",
    "certify": "certify bd_none",
    "check": "check none.csv --fail-on harmful",
    "deploy": "deploy cd_none --wait",
    "doctor": "doctor --backup none.litmus",
    "endpoints check": "endpoints check none",
    "endpoints compare": "endpoints compare none",
    "endpoints outcomes": "endpoints outcomes none none.csv",
    "endpoints promote": "endpoints promote none --if-better",
    "endpoints retrain": "endpoints retrain none",
    "endpoints verdict": "endpoints verdict none",
    "gate": "gate ex_none",
    "mlflow": "mlflow run_none",
    "plugins add": "plugins add none.py",
    "plugins check": "plugins check none",
    "probe": "probe none",
    "recipes check": "recipes check none.yaml",
    "train": "train none.csv --target none --require meets --bar accuracy>=0.5",
    "trust": "trust run_none",
}
_NO = re.compile(r"(status|code) (is )?1\b|: status 0 ")


def _all_commands(command: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    for word, inner in getattr(command, "commands", {}).items():
        yield from _all_commands(inner, f"{name} {word}".strip())
    if not hasattr(command, "commands"):
        yield name, command


def test_each_command_that_says_what_status_1_means_is_tried_with_a_wrong_call() -> None:
    every = dict(_all_commands(typer.main.get_command(app)))
    helps = {
        name: " ".join(
            [command.help or "", *(getattr(option, "help", "") or "" for option in command.params)]
        )
        for name, command in every.items()
    }
    assert {name for name, text in helps.items() if _NO.search(text)} <= set(WRONG) <= set(every)


@pytest.mark.parametrize("words", WRONG.values(), ids=WRONG)
def test_a_wrong_call_ends_with_status_2(tmp_path: Path, words: str) -> None:
    done = CliRunner().invoke(app, [*words.split(), "--workspace", str(tmp_path)])
    assert done.exit_code == 2, done.output
    assert "Usage:" not in done.stderr


def test_work_that_failed_ends_with_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as end, reporting(as_json=False):
        raise FailedWork(TrainingError("No model was finished."))
    assert end.value.exit_code == 1
    assert "No model was finished." in capsys.readouterr().err


def test_a_bug_shows_its_traceback_and_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["litmus", "gate", "ex_none"])
    monkeypatch.setattr("litmus_core.experiments.Studio.open", lambda *_: 1 / 0)
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert "ZeroDivisionError" in capsys.readouterr().err
