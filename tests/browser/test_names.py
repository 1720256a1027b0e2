"""Names are shown, never obeyed: nothing in a page, report or document asks anything outside this computer.

Every name that travels (table, columns, values, experiment, label) is HTML and Markdown that would fetch,
run or format something. Pages and documents are opened in a browser that writes down each request.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from app.navigation import PAGES
from litmus_core import Studio
from tests.browser.visitor import PATIENCE_MS, take_picture
from tests.hostile_names import ask_with_names, markdown_obeyed, train_hostile

pytestmark = [
    pytest.mark.browser,
    pytest.mark.exhaustive(reason="tests/app/test_names.py reads what each page and document says of names"),
    pytest.mark.timeout(600),
]

# What a document would hold if one of these were obeyed.
OBEYED = (
    "img[src*='outside'], a[href^='http'][href*='outside'], iframe[src*='outside'], "
    "b:text-is('e'), strong:text-is('b'), "
    "span:text-is('cruelty_free')"
)


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    """The experiment of a trained workspace in which every name is hostile."""
    return train_hostile(tmp_path)


@pytest.fixture
def asked(browser: Browser) -> Iterator[tuple[Page, set[str]]]:
    """A page, and the places that anything in it asked."""
    context = browser.new_context(viewport={"width": 1280, "height": 1500})
    places: set[str] = set()
    context.on("request", lambda request: places.add(urlsplit(request.url).netloc))
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page, places
    context.close()


def _unfold(page: Page) -> None:
    """Open what is folded, and every tab, so that all names are drawn."""
    page.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach(each => each.click())")
    for tab in page.get_by_role("tab").all():
        tab.click()
        page.wait_for_timeout(500)
    page.wait_for_timeout(1_500)


def _settle(page: Page) -> None:
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.get_by_role("link", name="Plug-ins").first.wait_for()
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
    page.wait_for_timeout(1_500)


def _obeyed(page: Page, where: str) -> list[str]:
    """Say what the page made of names: each with where it stands."""
    found = page.locator(OBEYED).evaluate_all(
        "all => all.map(e => e.outerHTML + ' IN ' + (e.closest('p, td, label, li, h1, h2, h3, summary') "
        "|| e.parentElement).textContent.slice(0, 200))"
    )
    if page.evaluate("window.fired") is not None:
        found.append("a script ran")
    return [f"{where}: {each}" for each in found]


def test_pages_reports_and_documents_show_names_and_ask_nobody(
    hostile: str, app: str, asked: tuple[Page, set[str]], tmp_path: Path
) -> None:
    page, places = asked
    obeyed: list[str] = []

    for key in PAGES:
        page.goto(f"{app}/{'' if key == 'home' else key}?experiment={hostile}")
        _settle(page)
        _unfold(page)
        take_picture(page, f"names-{key}")
        obeyed += _obeyed(page, key)

    with Studio.open() as studio:
        experiment = studio.store.experiment(hostile)
        bundle = tmp_path / "bundle"
        shutil.unpack_archive(studio.bundles.export(studio.runs.list(hostile)[0].chosen_id).path, bundle)
        ask_with_names(studio, hostile)
        written = [bundle / "model_card.html", tmp_path / "experiment.html", tmp_path / "data.html"]
        written[1].write_text(studio.reports.experiment(hostile), encoding="utf-8")
        report = studio.reports.data(experiment.task.dataset_version_id, target=experiment.task.target)
        written[2].write_text(report, encoding="utf-8")
        written += studio.workspace.path.glob("handoffs/*/*.html")
        documents = [*bundle.glob("*.md"), *studio.workspace.path.glob("handoffs/**/*.md")]
    for file in written:
        page.goto(file.as_uri())
        page.wait_for_timeout(500)
        take_picture(page, f"names-{file.stem}")
        obeyed += _obeyed(page, file.name)
    assert not obeyed, "\n".join(obeyed)
    assert places == {urlsplit(app).netloc, ""}
    assert {"README.md", "MODEL_CARD.md"} <= {file.name for file in documents}
    for file in documents:
        assert markdown_obeyed(file.read_text(encoding="utf-8")) == [], file
