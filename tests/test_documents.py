"""What people read keeps up with what is there."""

from __future__ import annotations

import ast
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
    assert re.search(rf"`(?:litmus )?{command}\b", (ROOT / "CHANGELOG.md").read_text())


def test_every_decision_is_listed_and_numbered_without_a_gap() -> None:
    records = sorted(path.name for path in (ROOT / "docs" / "adr").glob("[0-9]*.md"))

    assert [name[:4] for name in records] == [f"{number:04d}" for number in range(1, len(records) + 1)]
    assert re.findall(r"\]\((\d[^)]+)\)", (ROOT / "docs" / "adr" / "README.md").read_text()) == records


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "CHANGELOG.md",
        "docs/architecture.md",
        "docs/commands.md",
        "docs/glossary.md",
        "docs/how_it_works.md",
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


_HOW_IT_WORKS = (ROOT / "docs" / "how_it_works.md").read_text(encoding="utf-8")
_PLACES = sorted(set(re.findall(r"`([\w/]+\.py):([\w.]+)`", _HOW_IT_WORKS)))


def _defines(body: list[ast.stmt], names: list[str]) -> bool:
    found = [each for each in body if isinstance(each, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))]
    inner = [each.body for each in found if each.name == names[0]]
    return bool(inner) and (len(names) == 1 or _defines(inner[0], names[1:]))


@pytest.mark.parametrize(("path", "name"), _PLACES)
def test_how_it_works_names_what_is_there(path: str, name: str) -> None:
    assert _defines(ast.parse((ROOT / path).read_text(encoding="utf-8")).body, name.split("."))


def test_how_it_works_writes_every_module_with_what_to_look_for_in_it() -> None:
    assert len(_PLACES) > 40
    assert len(re.findall(r"\.py\b", _HOW_IT_WORKS)) == len(re.findall(r"\.py:\w", _HOW_IT_WORKS))
