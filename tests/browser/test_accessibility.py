"""Every page by axe-core: nothing serious or critical keeps a screen reader or a keyboard from it.

axe-core is vendored by axe-playwright-python, so no browser loads it from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.navigation import PAGES
from benchmarks.seed import seed_workspace
from litmus_core.experiments import Studio
from litmus_core.store import Workspace
from tests.app.forecasts import train_forecast
from tests.app.world import EXPERIMENT, World
from tests.browser.visitor import PATIENCE_MS, STILL
from tests.many_targets.trained import place

pytestmark = [pytest.mark.browser, pytest.mark.exhaustive, pytest.mark.timeout(900)]

GRAVE = ("serious", "critical")
SEEDED = "ex_0000000000"
COMPARED = "leaderboards?compare=ex_0000000000~ex_0000000003~ex_0000000005"


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=request.param)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(STILL)
    yield page
    context.close()


def _grave(page: Page) -> list[str]:
    """Return what is serious or critical on a page: the rule, the element and what to do."""
    from axe_playwright_python.sync_playwright import (
        Axe,
    )  # in make test-all alone: not as tests are collected

    found: list[dict[str, Any]] = (
        Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    )
    return [
        f"{rule['id']}: {node['html'][:200]}: {node.get('failureSummary', '')}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


def _settle(page: Page) -> None:
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.get_by_role("link", name="Plug-ins").first.wait_for()
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
    page.wait_for_function(r"!/\d+ of \d+ checks made/.test(document.body.innerText)")  # what is polled fades
    page.wait_for_timeout(1_000)


def test_no_page_has_a_serious_finding(app: str, page: Page) -> None:
    seed_workspace(Workspace.locate().path, n_experiments=8, n_candidates=5)
    found = []
    for where in ("", *(f"{key}?experiment={SEEDED}" for key in PAGES if key != "home"), COMPARED):
        page.goto(f"{app}/{where}")
        _settle(page)
        found += [f"{where or 'home'}: {finding}" for finding in _grave(page)]
    assert not found, "\n".join(found)


def test_a_forecast_has_no_serious_finding(app: str, page: Page) -> None:
    forecast_id = train_forecast(Workspace.locate().path)
    found = []
    for where in ("forecast", f"forecast?forecast={forecast_id}"):
        page.goto(f"{app}/{where}")
        _settle(page)
        found += [f"{where}: {finding}" for finding in _grave(page)]
    assert not found, "\n".join(found)


def test_many_targets_have_no_serious_finding(app: str, page: Page, tmp_path: Path) -> None:
    trained = place(tmp_path, Workspace.locate().path)
    found = []
    for where in ("targets", f"targets?targets={trained.record.id}"):
        page.goto(f"{app}/{where}")
        _settle(page)
        found += [f"{where}: {finding}" for finding in _grave(page)]
    assert not found, "\n".join(found)


def test_a_report_has_no_serious_finding_and_one_main_part(page: Page, tmp_path: Path) -> None:
    world = World(Workspace.locate())
    world.run(world.experiment())
    report = tmp_path / "report.html"
    with Studio.open() as studio:
        report.write_text(studio.reports.experiment(EXPERIMENT), encoding="utf-8")
    page.goto(report.as_uri())
    assert not _grave(page)
    assert page.locator("main table.heat").count() == 1


def test_a_screen_reader_is_told_which_page_is_open(app: str, page: Page) -> None:
    page.goto(f"{app}/home")
    open_now = page.locator("[aria-current=page]")
    expect(open_now).to_have_text([re.compile("Home")])
    assert page.url == f"{app}/"

    page.get_by_role("link", name="Data").first.click()
    expect(open_now).to_have_text([re.compile("Data"), re.compile("1 Data")])
    page.go_back()
    expect(open_now).to_have_text([re.compile("Home")])


def test_focus_has_a_ring_a_phone_shows_the_score_and_nothing_moves_for_who_asks(
    app: str, browser: Browser
) -> None:
    seed_workspace(Workspace.locate().path, n_experiments=8, n_candidates=5)
    context = browser.new_context(viewport={"width": 400, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{app}/leaderboards")
    _settle(page)
    line = page.locator(".litmus-way[role=listitem]").first
    assert line.locator("small").first.is_visible()  # the score with its interval
    assert line.bounding_box()["width"] <= 400
    assert not page.locator(".st-key-board-table").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 400

    link = line.get_by_role("link")
    assert _style(link, "outlineStyle") == "none"
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert _style(link, "outlineStyle") == "solid"
    assert _style(page.get_by_test_id("stApp"), "transitionDuration") == "1e-05s"
    context.close()


def _style(element: Locator, name: str) -> str:
    return str(element.evaluate(f"element => getComputedStyle(element).{name}"))
