"""CONTRIBUTING.md is followed word for word, on a copy of the checkout."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_STEP = re.compile(
    r"In (?:the new file )?`(?P<path>[^`]+)`"
    r"(?:, at the end|, (?P<how>below|in place of) `(?P<anchor>[^`]+)`)?:\s+"
    r"```python\n(?P<code>.*?)```",
    re.DOTALL,
)
_COMMAND = re.compile(r"```shell\npython (?P<command>[^\n]+)\n```\s+```text\n(?P<answer>.*?)```", re.DOTALL)
_MOST_FILES = {
    "Add a metric": 3,
    "Add a model family": 3,
    "Add a kind of learning": 4,
    "Add a check": 3,
    "Add a column kind": 6,
    "Add an action": 5,
    "Add a page": 4,
    "Change the words of the verdict": 1,
}


def _page(title: str) -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def _edit(file: Path, code: str, anchor: str | None, *, replaces: bool) -> None:
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    lines = text.splitlines(keepends=True)
    if anchor is None:
        file.write_text(f"{text}\n\n{code}" if text else code, encoding="utf-8")
        return
    place = next(place for place, line in enumerate(lines, 1) if line.startswith(anchor))
    file.write_text("".join([*lines[: place - replaces], code, *lines[place:]]), encoding="utf-8")


def _walk(title: str, to: Path) -> tuple[str, int]:
    """Do what a page says on a copy of the product in ``to``; return it, and how many files it touches."""
    page = _page(title)
    for package in (".streamlit", "app", "litmus_core", "pages"):
        shutil.copytree(ROOT / package, to / package)  # with what Python compiled of it
    steps = list(_STEP.finditer(page))
    for step in steps:
        _edit(to / step["path"], step["code"], step["anchor"], replaces=step["how"] == "in place of")
    return page, len({step["path"] for step in steps}) + len(re.findall(r"`docs/guides/[^`]+`", page))


def _run(arguments: Sequence[str], checkout: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=checkout, env=os.environ | {"PYTHONPATH": str(checkout)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


@pytest.mark.parametrize("title", _MOST_FILES)
def test_a_newcomer_who_follows_the_page_gets_what_it_promises(tmp_path: Path, title: str) -> None:
    page, n_touched = _walk(title, tmp_path)
    command = _COMMAND.search(page)
    assert command is not None

    done = _run(shlex.split(command["command"]), tmp_path)

    assert done.stdout == command["answer"], done.stderr
    assert 1 <= n_touched <= _MOST_FILES[title]


@pytest.mark.exhaustive(reason="the page's command runs; tests/engine trains and compiles each family")
def test_a_family_that_a_newcomer_added_is_trained_tuned_compiled_and_certified(tmp_path: Path) -> None:
    _walk("Add a model family", tmp_path / "checkout")
    (tmp_path / "work").mkdir()

    done = _run([str(ROOT / "tests" / "new_family.py"), str(tmp_path / "work")], tmp_path / "checkout")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "package": str(tmp_path / "checkout" / "litmus_core"),
        "run": "finished",
        "name": "Linear discriminants: tuned",
        "tuned": ["shrinkage"],
        "bundle": "compiled",
        "onnx": True,
        "certified": True,
    }


@pytest.mark.exhaustive(reason="the page's command runs; tests/data and tests/frame hold each kind")
def test_a_kind_that_a_newcomer_added_is_imported_trained_and_served(tmp_path: Path) -> None:
    _walk("Add a column kind", tmp_path / "checkout")
    (tmp_path / "work").mkdir()

    done = _run([str(ROOT / "tests" / "new_kind.py"), str(tmp_path / "work")], tmp_path / "checkout")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "package": str(tmp_path / "checkout" / "litmus_core"),
        "run": "finished",
        "kind": "distance",
        "label": "distance",
        "field": "number",
        "bundle": "compiled",
        "described": True,
        "answer": 200,
        "refusal": "'price' should be a distance, but row 0 has 'dear'.",
    }


_EVERY_DOOR = """
from typer.testing import CliRunner
from app.presenters.results.verdict import present_verdict
from litmus_core.cli import app
from litmus_core.experiments import Studio, TrainingHandle
from litmus_core.store import Workspace
from world import EXPERIMENT, RUN, World
world = World(Workspace.locate())
world.run(world.experiment(), outcome="misses")
with Studio.open() as studio:
    handle = TrainingHandle(studio, RUN)
    page = present_verdict(handle.verdict, n_evaluations=1).sentence
    report = studio.reports.experiment(EXPERIMENT)
    command = CliRunner().invoke(app, ["leaderboard", RUN]).stdout
    for name, said in {"handle": handle.sentence, "page": page, "report": report, "command": command}.items():
        print(name, "Chance alone scores" in said, "Guessing scores" in said)
"""


def test_every_door_says_the_new_words_of_the_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITMUS_HOME", str(tmp_path / "home"))
    _walk("Change the words of the verdict", tmp_path / "checkout")
    shutil.copy(ROOT / "tests" / "app" / "world.py", tmp_path / "checkout")

    done = _run(["-c", _EVERY_DOOR], tmp_path / "checkout")

    assert done.stdout.splitlines() == [
        f"{door} True False" for door in ("handle", "page", "report", "command")
    ], done.stderr


_PROPOSED = """
from types import SimpleNamespace as Known
from litmus_core.advice._actions.more_folds import more_folds
from litmus_core.advice import action_title
from litmus_core.types import RunPlan
for n_folds in (0, 5):
    run = Known(n_folds=n_folds, time=Known(limit_s=60), plan=RunPlan())
    print(n_folds, [(action_title(each), each.plan.folds.n_folds) for each in more_folds(run)])
import litmus_core.advice._next_actions
"""


def test_an_action_that_a_newcomer_added_is_proposed_where_it_makes_sense(tmp_path: Path) -> None:
    _walk("Add an action", tmp_path)

    done = _run(["-c", _PROPOSED], tmp_path)

    assert done.stdout.splitlines() == ["0 []", "5 [('Train in ten folds', 10)]"], done.stderr


_VISITED = """
from pathlib import Path
from streamlit.testing.v1 import AppTest
visitor = AppTest.from_file(str(Path("app/main.py").resolve()), default_timeout=60)
visitor.switch_page(str(Path("pages/storage.py").resolve())).run()
print(visitor.title[0].value, list(visitor.exception), visitor.get("page_link")[0].proto.page)
"""


def test_a_page_that_a_newcomer_added_opens_and_says_what_to_do_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITMUS_HOME", str(tmp_path / "home"))
    _walk("Add a page", tmp_path / "checkout")

    done = _run(["-c", _VISITED], tmp_path / "checkout")

    assert done.stdout.splitlines()[-1:] == ["Storage [] data"], done.stderr
