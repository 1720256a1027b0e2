"""Every command in README and guides runs as it is written there, one after the other, as a reader would."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.guides import stage
from tests.guides.blocks import DOCUMENTS, Command, blocks_of
from tests.guides.elsewhere import covering
from tests.guides.shell import Reader
from tests.kernel import kernel

SHELL = [each for each in DOCUMENTS if blocks_of(each, "shell")]
CHEAP = "docs/guides/data-sources.md"


def commands_here(document: str, folder: Path) -> list[Command]:
    """Return a document's commands that run in these tests; its blocks that are files are written."""
    commands = []
    for block in blocks_of(document):
        if block.file:
            stage.write_file(block, folder)
        if block.language == "shell":
            commands += [
                each for each in block.commands if not covering(document, each.text, is_command=True)
            ]
    return commands


@pytest.mark.parametrize("document", SHELL)
def test_commands_run_and_print_what_is_shown(document: str, folder: Path) -> None:
    given = stage.environment(folder)
    if document == "docs/guides/trust.md":  # which is about a workspace that somebody else sent
        shutil.copytree(folder / stage.WORKSPACE, folder / "sent")
        given["XDG_CONFIG_HOME"] = str(folder / "somebody else")

    with Reader(folder, given) as reader:
        for command in commands_here(document, folder):
            reader.run(command)


@pytest.mark.parametrize("document", [CHEAP])
def test_commands_run_in_a_notebook_too(document: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in stage.environment(folder).items():
        monkeypatch.setenv(name, value)

    with kernel(folder) as run:
        for command in commands_here(document, folder):
            run(f"!{command.text}")
            assert run("print(_exit_code)").strip() == "0", command.text
