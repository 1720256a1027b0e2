"""Names are shown, never obeyed, on every page and in every document."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.navigation import PAGES
from litmus_core import Studio
from tests.app.visit import visit
from tests.hostile_names import ask_with_names, markdown_obeyed, train_hostile
from tests.session import once

LITERAL = (
    "selectbox",
    "multiselect",
    "text_input",
    "code",
    "dataframe",
    "vega_lite_chart",
)  # what shows a text as it is
_HTML = re.compile(r"(?<!\\)<(?:img|script|b)\b")
_MARKDOWN = re.compile(
    r"(?<!\\)\]\(http|(?<!\\)\*\*b\*\*|(?<!\\):red\[f\]|(?<!\\)\$x\^2|(?<!\\):material/cruelty_free:"
    r"|(?<!\\)~~g|(?<!\\)`c|(?<!\\)\b_h_"
)


@once()
def trained(folder: Path) -> tuple[Path, str]:
    """A workspace full of such names, and its experiment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LITMUS_HOME", str(folder / "litmus"))
        experiment = train_hostile(folder)
        with Studio.open() as studio:
            ask_with_names(studio, experiment)
    return folder / "litmus", experiment


@pytest.fixture
def hostile(trained: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LITMUS_HOME", str(trained[0]))
    return trained[1]


def drawn(node: Any) -> Iterator[tuple[str, str]]:
    """Yield what a page draws: the kind of each element, and each of its texts."""
    proto = getattr(node, "proto", None)
    if hasattr(proto, "ListFields"):
        yield from ((node.type, text) for text in texts(proto))
    for each in getattr(node, "children", {}).values():
        yield from drawn(each)


def texts(proto: Any) -> Iterator[str]:
    for field, value in proto.ListFields():
        several = value if field.is_repeated else [value]
        if field.type == field.TYPE_STRING and not field.name.endswith("id"):
            yield from several
        elif field.type == field.TYPE_MESSAGE:
            for each in several:
                if hasattr(each, "ListFields"):
                    yield from texts(each)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_names_and_obeys_none(hostile: str, page: str) -> None:
    found = [each for each in drawn(visit(page, experiment=hostile)._tree) if each[0] not in LITERAL]

    assert found
    for kind, text in found:
        assert not _HTML.search(text), (kind, text)
        assert kind == "html" or not _MARKDOWN.search(text), (kind, text)


def test_documents_show_names_and_obey_none(hostile: str, tmp_path: Path) -> None:
    with Studio.open() as studio:
        experiment = studio.store.experiment(hostile)
        bundle = tmp_path / "bundle"
        shutil.unpack_archive(studio.bundles.export(studio.runs.list(hostile)[0].chosen_id).path, bundle)
        task = experiment.task
        pages = [
            (bundle / "model_card.html").read_text(encoding="utf-8"),
            studio.reports.experiment(hostile),
            studio.reports.data(task.dataset_version_id, target=task.target),
            *(each.read_text(encoding="utf-8") for each in studio.workspace.path.glob("handoffs/*/*.html")),
        ]
        documents = [*bundle.glob("*.md"), *studio.workspace.path.glob("handoffs/**/*.md")]

    assert len(pages) > 3
    for page in pages:
        assert not re.search(r"<img src=http|<script>window|<b>e", page)
    assert {"README.md", "MODEL_CARD.md"} <= {file.name for file in documents}
    for file in documents:
        assert markdown_obeyed(file.read_text(encoding="utf-8")) == [], file
