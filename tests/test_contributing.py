"""CONTRIBUTING.md is followed word for word, on a copy of the checkout."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
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


@pytest.mark.parametrize("title", ["Add a metric", "Add a model family", "Add a check"])
def test_a_newcomer_who_follows_the_page_gets_what_it_promises(tmp_path: Path, title: str) -> None:
    page = _page(title)
    shutil.copytree(
        ROOT / "litmus_core", tmp_path / "litmus_core", ignore=shutil.ignore_patterns("__pycache__")
    )
    steps = list(_STEP.finditer(page))
    for step in steps:
        _insert(tmp_path / step["path"], step["code"], step["anchor"])
    touched = {step["path"] for step in steps}
    command = _COMMAND.search(page)
    assert command is not None

    done = subprocess.run(
        [sys.executable, *shlex.split(command["command"])],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip

    assert done.stdout == command["answer"], done.stderr
    assert 2 <= len(touched) + len(re.findall(r"`docs/guides/[^`]+`", page)) <= _MOST_FILES
