"""Names are shown, never obeyed: nothing in a page, report or document asks anything outside this computer.

Every name that travels (table, columns, values, experiment, label) is HTML and Markdown that would fetch,
run or format something. Pages and documents are opened in a browser that writes down each request.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page

from app.navigation import PAGES
from litmus_core import Compute, Studio, Training, train
from tests.browser.visitor import PATIENCE_MS, take_picture

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

OUTSIDE = "outside.example"
BAD = (
    f"<img src=http://{OUTSIDE}/i onerror=window.fired=1>",
    f"![i](http://{OUTSIDE}/m)",
    f"[click](http://{OUTSIDE}/a)",
    "<script>window.fired=1</script>",
    "# $x^2$ **b** `c` |d| <b>e</b> :red[f] :material/cruelty_free: ~~g~~ _h_",
)
# What a document would hold if one of these were obeyed.
OBEYED = (
    "img[src*='outside'], a[href^='http'][href*='outside'], iframe[src*='outside'], "
    "b:text-is('e'), strong:text-is('b'), "
    "span:text-is('cruelty_free')"
)


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    """A trained workspace in which every name is hostile; the id of its experiment."""
    random = np.random.default_rng(0)
    n_rows = 300
    size = random.normal(size=n_rows)
    frame = pd.DataFrame(
        {
            f"n {BAD[0]}": size.round(2),
            f"c {BAD[1]}": random.choice([f"v {bad}" for bad in BAD], n_rows),
            f"s {BAD[2]}": random.choice([f"w {BAD[0]}", f"w {BAD[4]}"], n_rows),
            f"d {BAD[3]}": random.normal(size=n_rows).round(2),
            f"t {BAD[4]}": np.where(size + random.normal(size=n_rows) > 0, f"yes {BAD[0]}", f"no {BAD[4]}"),
        }
    )
    table = tmp_path / "table.csv"
    frame.to_csv(table, index=False)
    with Studio.open() as studio:
        version = studio.datasets.import_file(table, name=f"table {BAD[0]} {BAD[4]}")
        handle = train(
            version.id,
            f"t {BAD[4]}",
            goal="roc_auc>=0.99",
            training=Training(models=("linear",)),
            compute=Compute(time_limit_s=20),
            folds=0,
            name=f"experiment {BAD[1]} {BAD[0]}",
        )
        handle.wait(timeout_s=200)
        experiment = handle.experiment.id
        handle.studio.close()
    return experiment


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
        studio.handoffs.ask(hostile, f"Why {BAD[0]} {BAD[1]}?", by=BAD[0])
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
        text = re.sub(r"```.*?```|`[^`\n]*`", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)  # code
        assert not re.search(r"(?<!\\)<(img|script|b)\b|(?<!\\)\]\(http", text), file
