"""MkDocs hooks of ``make docs``: pages of the checkout's root, the API reference, and links between pages."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ROOT_PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md")
_LINK = re.compile(r"(\]\()([^)\s#:]+)(#[^)\s]*)?\)")
_ROLE = re.compile(r":\w+:`~?([^`]+)`")
_EXAMPLE = re.compile(r"(?:^[ \t]*>>> .*\n?(?:^[ \t]*\S.*\n?)*)+", re.MULTILINE)
# Packages that people call come first; the others follow by name.
_FIRST = ("experiments", "frame", "plugins", "testing", "metrics", "runtime", "serving")


def site_path(path: str) -> str:
    """Return the place in the site of a file of the checkout; docs/ is the site's root."""
    return path.removeprefix("docs/")


def checkout_path(page: str) -> str:
    """Return the file of the checkout that a page is made of."""
    return page if page in ROOT_PAGES else f"docs/{page}"


def relinked(text: str, page: str) -> str:
    """Return a page's text with links between files of the checkout rewritten for the site."""
    here = posixpath.dirname(checkout_path(page))

    def link(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(here, match[2]))
        rewritten = posixpath.relpath(site_path(target), posixpath.dirname(page) or ".")
        return f"{match[1]}{rewritten}{match[3] or ''})"

    return _LINK.sub(link, text)


def as_markdown(docstring: str) -> str:
    """Return a docstring with Sphinx roles as code, and doctest examples as code blocks."""
    text = _ROLE.sub(r"`\1`", docstring)
    return _EXAMPLE.sub(lambda match: f"```pycon\n{match[0].rstrip()}\n```\n", text)


def linked_files() -> Iterator[str]:
    """Yield the files outside of docs that a page links to, other than pages."""
    pages = [*ROOT_PAGES, *(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/**/*.md"))]
    linked = set()
    for page in pages:
        text = (ROOT / page).read_text(encoding="utf-8")
        for _, link, _ in _LINK.findall(text):
            linked.add(posixpath.normpath(posixpath.join(posixpath.dirname(page), link)))
    for path in sorted(linked.difference(ROOT_PAGES)):
        if (ROOT / path).is_file() and not path.startswith("docs/"):
            yield path


def reference_pages() -> dict[str, str]:
    """Return the pages of the API reference by path: one for each package with a public ``__all__``."""
    top = ast.parse((ROOT / "litmus_core" / "__init__.py").read_text(encoding="utf-8"))
    pages = {"reference/litmus_core.md": _page_of_homes(_homes(top))}
    doors = [path for path in ROOT.glob("litmus_core/*/__init__.py") if "__all__ = [" in path.read_text()]
    packages = [path.parent.name for path in doors]
    for name in sorted(
        packages, key=lambda package: (_FIRST.index(package) if package in _FIRST else len(_FIRST), package)
    ):
        pages[f"reference/{name}.md"] = _page(f"litmus_core.{name}")
    pages["reference/errors.md"] = _page("litmus_core.errors")
    return pages


def _homes(module: ast.Module) -> dict[str, str]:
    """Return the names that the package imports on first use, and their modules."""
    for statement in module.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="_HOMES")], value=value):
                return {name: ".".join(home) for name, home in ast.literal_eval(value).items()}
    raise ValueError("litmus_core/__init__.py has no _HOMES.")


def _page(package: str) -> str:
    return f"# {package}\n\n::: {package}\n    options:\n      show_root_heading: false\n"


def _page_of_homes(homes: dict[str, str]) -> str:
    page = "# litmus_core\n"
    for name, home in homes.items():
        page += f"\n::: {home}\n    options:\n      heading: litmus_core.{name}\n      toc_label: {name}\n"
        page += "      skip_local_inventory: true\n"  # links lead to the page of its package
    return page


def on_config(config: Any) -> Any:
    """List the generated pages in the navigation: the reference and the decision records."""
    decisions = sorted(str(path.relative_to(ROOT / "docs")) for path in ROOT.glob("docs/adr/*.md"))
    listed = {"reference/": list(reference_pages()), "adr/": [decisions[-1], *decisions[:-1]]}
    _fill(config["nav"], listed)
    return config


def _fill(nav: list[Any], listed: dict[str, list[str]]) -> None:
    for entry in nav:
        if isinstance(entry, dict):
            for title, value in entry.items():
                if isinstance(value, list):
                    _fill(value, listed)
                elif value in listed:
                    entry[title] = listed[value]


def on_files(files: Any, config: Any) -> Any:
    """Add the pages of the checkout's root, the files that pages link to, and the reference."""
    from mkdocs.structure.files import File

    for path in (*ROOT_PAGES, *linked_files()):
        files.append(File.generated(config, path, abs_src_path=str(ROOT / path)))
    for path, text in reference_pages().items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Rewrite links for the site."""
    return relinked(markdown, page.file.src_uri)
