"""``litmus intervals``."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from litmus_core.cli._main import app
from litmus_core.text import unbroken
from tests.trained import Trained


def told(trained: Trained, *words: str, status: int = 0) -> str:
    found = CliRunner().invoke(
        app, ["intervals", trained.run.id, *words, "--workspace", str(trained.workspace)]
    )
    assert found.exit_code == status, found.output
    return unbroken(found.output)


def test_it_says_what_is_promised_and_where_it_comes_from(trained: Trained) -> None:
    lines = told(trained).splitlines()

    assert lines[0] == "The set of labels holds the true one in 90 of 100 cases."
    assert "rows that judged it" in lines[1]
    assert "validation rows, which the model did not learn from" in lines[2]
    assert told(trained, "--level", "0.5").startswith("The set of labels holds the true one in 50 of 100")


def test_groups_are_counted_separately_until_that_ends(own_training: Trained) -> None:
    report = json.loads(told(own_training, "--by", "colour", "--json"))["calibration"]
    assert report["by"]["name"] == "colour"
    assert {group["value"] for group in report["groups"]} == {"blue", "green", "red"}
    assert "by 'colour'" in told(own_training)
    assert "by 'colour'" not in told(own_training, "--by", "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--level", "0.995"), "not a level for an interval"),
        (("--by", "colur"), "colur"),
        (("--by", "size"), "does not split the rows into groups"),
    ],
)
def test_what_cannot_be_is_refused(trained: Trained, words: tuple[str, ...], said: str) -> None:
    assert said in told(trained, *words, status=2)
