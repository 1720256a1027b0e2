"""Every command in README and guides runs as it is written there, one after the other, as a reader would."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.guides import stage
from tests.guides.blocks import DOCUMENTS, FROM_NOTHING, Command, blocks_of
from tests.guides.elsewhere import covering
from tests.guides.shell import Reader, prints_what_is_shown
from tests.kernel import kernel


def commands_here(document: str) -> list[Command]:
    """Return a document's commands that run in these tests."""
    commands = [each for block in blocks_of(document, "shell") for each in block.commands]
    return [each for each in commands if not covering(document, each.text, is_command=True)]


SHELL = [each for each in DOCUMENTS if commands_here(each)]
pytestmark = pytest.mark.timeout(600)  # a document's commands, on a busy machine
CHEAP = "docs/guides/data-sources.md"


@pytest.fixture
def written(document: str, folder: Path) -> Path:
    """The folder of a reader who wrote the document's files."""
    for block in blocks_of(document):
        if block.file:
            stage.write_file(block, folder)
    return folder


@pytest.mark.parametrize("document", SHELL)
def test_commands_run_and_print_what_is_shown(document: str, written: Path) -> None:
    run_commands(document, written, is_warm=True)


@pytest.mark.exhaustive(
    reason="README's script begins from nothing in make test; its commands are forks there"
)
@pytest.mark.parametrize("document", [FROM_NOTHING])
def test_commands_that_begin_from_nothing_print_what_is_shown(document: str, written: Path) -> None:
    run_commands(document, written, is_warm=False)


def run_commands(document: str, written: Path, *, is_warm: bool) -> None:
    """Run a document's commands, which have the libraries in memory where ``is_warm``."""
    given = stage.environment(written, is_warm=is_warm)
    if document == "docs/guides/trust.md":  # which is about a workspace that somebody else sent
        shutil.copytree(written / stage.WORKSPACE, written / "sent")
        given["XDG_CONFIG_HOME"] = str(written / "somebody else")

    with Reader(written, given) as reader:
        for command in commands_here(document):
            reader.run(command)


@pytest.mark.parametrize("document", [CHEAP])
def test_commands_run_in_a_notebook_too(
    document: str, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in stage.environment(written).items():
        monkeypatch.setenv(name, value)

    with kernel(written, is_warm=True) as run:
        for command in commands_here(document):
            assert prints_what_is_shown(command, run(f"!{command.text}"), written), command.text
            assert run("print(_exit_code)").strip() == "0", command.text
