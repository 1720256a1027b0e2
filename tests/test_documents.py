"""What people read keeps up with what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from litmus_core.cli import app

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_page_of_commands_names_every_command(command: str) -> None:
    assert re.search(rf"^\| `litmus {command}\b", (ROOT / "docs" / "commands.md").read_text(), re.M)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_changelog_names_every_command(command: str) -> None:
    assert re.search(rf"`(?:litmus )?{command}`", (ROOT / "CHANGELOG.md").read_text())


def test_every_decision_is_listed() -> None:
    records = sorted(path.name for path in (ROOT / "docs" / "adr").glob("[0-9]*.md"))

    assert re.findall(r"\]\((\d[^)]+)\)", (ROOT / "docs" / "adr" / "README.md").read_text()) == records


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "CHANGELOG.md",
        "docs/architecture.md",
        "docs/commands.md",
        "CONTRIBUTING.md",
        "sample_data/README.md",
    ],
)
def test_links_within_the_checkout_lead_somewhere(document: str) -> None:
    page = ROOT / document
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_floor_is_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    floors = sorted(path.name for path in (ROOT / "litmus_core").iterdir() if (path / "__init__.py").exists())

    assert [floor for floor in floors if f"litmus_core/{floor}" not in text] == []
