"""Commands and options that README and guides name in running text are there, and take what is given."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from litmus_core import Studio
from litmus_core.cli import app
from litmus_core.experiments import TrainedCandidate, TrainingHandle
from litmus_core.frame import FramePlan, ScalableDataFrame
from litmus_core.runtime import Bundle
from litmus_core.types import Candidate
from tests.guides.blocks import DOCUMENTS, ROOT, blocks_of, without_blocks
from tests.guides.elsewhere import ELSEWHERE, covering

_CODE = re.compile(r"`([^`]+)`")
_ATTRIBUTE = re.compile(r"(?<![\w./])([A-Za-z]\w*)\.([a-z_]\w*)(?!/)")
_OWNERS = {
    "Studio": (Studio,),
    "handle": (TrainingHandle,),
    "candidate": (TrainedCandidate, Candidate),
    "bundle": (Bundle,),
    "frame": (ScalableDataFrame,),
    "plan": (FramePlan,),
}
_LEFT_OUT = "…"


def mentions(document: str) -> list[str]:
    """Return what stands in backticks in a document's running text."""
    return [each.replace("\n", " ") for each in _CODE.findall(without_blocks(document))]


def commands(document: str) -> list[str]:
    """Return the commands of a document's running text, and those of its blocks that no test runs."""
    lines = [each.text for block in blocks_of(document, "shell") for each in block.commands]
    lines = [each for each in lines if covering(document, each, is_command=True)]
    return [each for each in [*mentions(document), *lines] if each.startswith("litmus ")]


def complaint(line: str) -> str:
    """Return what is wrong with a command's words; "" where nothing is.

    >>> complaint("litmus compress RUN --sharp 0.2")
    "'litmus compress' has no --sharp"
    """
    name, *words = shlex.split(re.sub(r"[\[\]]", "", line), comments=True)
    command: Any = typer.main.get_command(app)
    while words and hasattr(command, "commands"):
        word = words.pop(0)
        if word not in command.commands:
            return f"'{name}' has no command '{word}'"
        command, name = command.commands[word], f"{name} {word}"
    return _unfit(name, command, words)


def _unfit(name: str, command: Any, words: list[str]) -> str:
    options = {opt: each for each in command.params for opt in (*each.opts, *each.secondary_opts)}
    places = [each for each in command.params if each.param_type_name == "argument"]
    given = 0
    rest = iter(words)
    for word in rest:
        if not word.startswith("-"):
            given += word != _LEFT_OUT
        elif word not in options:
            return f"'{name}' has no {word}"
        elif not options[word].is_flag and next(rest, None) is None:
            return f"{word} of '{name}' has no value"
    least = sum(each.required for each in places)
    most = 99 if any(each.nargs != 1 for each in places) else len(places)
    if 0 < given < least and _LEFT_OUT not in words:
        return f"'{name}' takes {least} at least, and not {given}"
    return f"'{name}' takes {most} at most, and not {given}" if given > most else ""


def option_names(command: Any) -> set[str]:
    """Return all options of a command and those below it."""
    named = {opt for each in command.params for opt in (*each.opts, *each.secondary_opts)}
    return named.union(*(option_names(each) for each in getattr(command, "commands", {}).values()))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_in_running_text_take_what_they_are_given(document: str) -> None:
    assert [wrong for each in commands(document) if (wrong := complaint(each))] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_options_in_running_text_are_there(document: str) -> None:
    known = option_names(typer.main.get_command(app))
    named = {each.split()[0] for each in mentions(document) if each.startswith("--")}

    assert named - known == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_methods_of_services_in_running_text_are_there(document: str, tmp_path: Path) -> None:
    named = {found for each in mentions(document) for found in re.findall(r"\bstudio\.([\w.]+)", each)}

    with Studio.open(tmp_path / "workspace") as studio:
        assert [each for each in sorted(named) if not _is_there(studio, each)] == []


def _is_there(owner: Any, dotted: str) -> bool:
    """Return whether an object has an attribute, or an attribute of one: ``runs.start``."""
    for name in dotted.rstrip(".").split("."):
        if not hasattr(owner, name):
            return False
        owner = getattr(owner, name)
    return True


@pytest.mark.parametrize("document", DOCUMENTS)
def test_names_of_python_in_running_text_are_there(document: str) -> None:
    named = {found for each in mentions(document) for found in _ATTRIBUTE.findall(each)}
    modules = {found for each in mentions(document) for found in re.findall(r"python -m ([\w.]+)", each)}

    assert [
        f"{of}.{name}"
        for of, name in sorted(named)
        if of in _OWNERS and not any(hasattr(owner, name) for owner in _OWNERS[of])
    ] == []
    assert {each for each in modules if importlib.util.find_spec(each) is None} == set()


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("litmus compress RUN", ""),
        ("litmus train FILE --target COL --pre Caps", ""),
        ("litmus train … --json", ""),
        ("litmus endpoints log NAME", ""),
        ("litmus refin RUN", "'litmus' has no command 'refin'"),
        ("litmus compress RUN --sharp 0.2", "'litmus compress' has no --sharp"),
        ("litmus append VERSION", "'litmus append' takes 2 at least, and not 1"),
        ("litmus runs code RUN OTHER", "'litmus runs code' takes 1 at most, and not 2"),
    ],
)
def test_what_is_wrong_is_found(line: str, wrong: str) -> None:
    assert complaint(line) == wrong


def test_every_block_says_in_which_language_it_is() -> None:
    found = {(block.document, block.language) for each in DOCUMENTS for block in blocks_of(each)}

    assert {each for each in found if each[1] not in ("python", "shell", "toml", "yaml")} == set()
    assert [each for each in DOCUMENTS if re.search(r"\n\n {4}\S", without_blocks(each))] == []


@pytest.mark.parametrize("entry", ELSEWHERE, ids=lambda each: f"{each.document} {each.words}")
def test_what_runs_elsewhere_is_still_there_and_its_test_too(entry) -> None:
    codes = [block.code for block in blocks_of(entry.document, "python")]
    texts = [each.text for block in blocks_of(entry.document, "shell") for each in block.commands]
    path, test = entry.test.split("::")

    found = [each for each in codes if covering(entry.document, each, is_command=False) == entry]
    assert found or [each for each in texts if covering(entry.document, each, is_command=True) == entry]
    assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8")
