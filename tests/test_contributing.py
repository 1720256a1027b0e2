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
    r"In (?:the new file )?`(?P<path>[^`]+)`(?:, at the end|, below `(?P<anchor>[^`]+)`)?:\s+"
    r"```python\n(?P<code>.*?)```",
    re.DOTALL,
)
_COMMAND = re.compile(r"```shell\npython (?P<command>[^\n]+)\n```\s+```text\n(?P<answer>.*?)```", re.DOTALL)
_MOST_FILES = 3


def _page(title: str) -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def _insert(file: Path, code: str, anchor: str | None) -> None:
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    lines = text.splitlines(keepends=True)
    if anchor is None:
        file.write_text(f"{text}\n\n{code}" if text else code, encoding="utf-8")
        return
    place = next(place for place, line in enumerate(lines, 1) if line.startswith(anchor))
    file.write_text("".join([*lines[:place], code, *lines[place:]]), encoding="utf-8")


def _walk(title: str, to: Path) -> tuple[str, int]:
    """Do what a page says on a copy of the package in ``to``; return it, and how many files it touches."""
    page = _page(title)
    shutil.copytree(ROOT / "litmus_core", to / "litmus_core", ignore=shutil.ignore_patterns("__pycache__"))
    steps = list(_STEP.finditer(page))
    for step in steps:
        _insert(to / step["path"], step["code"], step["anchor"])
    return page, len({step["path"] for step in steps}) + len(re.findall(r"`docs/guides/[^`]+`", page))


def _run(arguments: Sequence[str], checkout: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=checkout, env=os.environ | {"PYTHONPATH": str(checkout)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


@pytest.mark.parametrize("title", ["Add a metric", "Add a model family", "Add a check"])
def test_a_newcomer_who_follows_the_page_gets_what_it_promises(tmp_path: Path, title: str) -> None:
    page, n_touched = _walk(title, tmp_path)
    command = _COMMAND.search(page)
    assert command is not None

    done = _run(shlex.split(command["command"]), tmp_path)

    assert done.stdout == command["answer"], done.stderr
    assert 2 <= n_touched <= _MOST_FILES


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
