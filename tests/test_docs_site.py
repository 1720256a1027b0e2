"""The site that ``make docs`` builds: every page has a place, and nothing of it comes from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts import docs_hooks

ROOT = Path(__file__).resolve().parents[1]
CONFIG = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))


def _listed(nav: list[Any]) -> list[str]:
    pages: list[str] = []
    for entry in nav:
        for value in entry.values() if isinstance(entry, dict) else [entry]:
            pages += _listed(value) if isinstance(value, list) else [value]
    return pages


def test_every_page_has_a_place_in_the_site() -> None:
    written = {str(path.relative_to(ROOT / "docs")) for path in ROOT.glob("docs/**/*.md")}
    written |= {*docs_hooks.ROOT_PAGES, *docs_hooks.reference_pages()}

    nav = docs_hooks.on_config({"nav": CONFIG["nav"]})["nav"]

    assert sorted(_listed(nav)) == sorted(written)


def test_nothing_of_the_site_comes_from_another_machine() -> None:
    assert "http" not in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert CONFIG["theme"]["font"] is False
    assert "mermaid" not in str(CONFIG["markdown_extensions"])


@pytest.mark.parametrize(
    ("page", "link", "there"),
    [
        ("README.md", "[a](docs/guides/data.md#rows)", "[a](guides/data.md#rows)"),
        ("guides/plugins.md", "[a](../../benchmarks/README.md)", "[a](../benchmarks/README.md)"),
        ("benchmarks/README.md", "[a](../docs/bundle.md)", "[a](../bundle.md)"),
        ("bundle.md", "[a](guides/data.md)", "[a](guides/data.md)"),
        ("bundle.md", "[a](https://onnx.ai)", "[a](https://onnx.ai)"),
    ],
)
def test_links_of_the_checkout_lead_to_the_same_page_in_the_site(page: str, link: str, there: str) -> None:
    assert docs_hooks.relinked(link, page) == there


def test_the_reference_has_a_page_for_what_is_public() -> None:
    pages = docs_hooks.reference_pages()

    assert "::: litmus_core.experiments.train\n" in pages["reference/litmus_core.md"]
    assert pages["reference/frame.md"].startswith("# litmus_core.frame\n")


def test_docstrings_become_markdown() -> None:
    docstring = "See :func:`~litmus_core.train`.\n\n>>> 1 + 1\n2\n\nThen more."

    shown = docs_hooks.as_markdown(docstring)

    assert shown == "See `litmus_core.train`.\n\n```pycon\n>>> 1 + 1\n2\n```\n\nThen more."


def test_files_outside_of_the_guides_that_a_page_links_to_come_along() -> None:
    assert "LICENSE" in list(docs_hooks.linked_files())
    assert not [path for path in docs_hooks.linked_files() if re.match("docs/", path)]
