"""A question in a real browser: answered with a recipe that is written for it, followed, and handed off."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from litmus_core.experiments import Studio, TaskWishes, make_task, parse_bar
from litmus_core.types import RunEnded, RunPlan, RunQueued, RunStarted
from tests.browser.visitor import PATIENCE_MS, TABLE, take_picture, wait_for_results
from tests.walks import told_of

# tests/app/test_recipes.py and test_handoffs.py ask the pages for the same, without a browser.
pytestmark = [pytest.mark.browser, pytest.mark.exhaustive]

RECIPE = """\
format: 1
name: which-sex
version: 1
description: Measures, then shallow trees.
steps:
  - try: liner
    minutes: 1
  - hand off: Still not enough.
    when: not bar met
"""


@pytest.fixture
def question() -> None:
    """A question about a run that missed, told through the journal: nothing is trained."""
    with Studio.open() as studio:
        version = studio.datasets.import_file(TABLE)
        task = make_task(studio.workspace, version, "sex", TaskWishes(bar=parse_bar("accuracy>=0.99")))
        asked = studio.experiments.create(task)
        run_id = "run_00000000aa"
        queued = RunQueued(run_id=run_id, number=1, experiment=asked, plan=RunPlan(families=("linear",)))
        started = RunStarted(run_id=run_id, pid=os.getpid())
        judged = told_of(run_id, asked, 0.9)
        studio.context.record(queued, started, *judged, RunEnded(run_id=run_id, status="finished"))
        studio.handoffs.ask(asked.id, "What tells them apart?", by="Ann")


@pytest.fixture
def page(question: None, browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    page.set_default_timeout(PATIENCE_MS)
    yield page
    take_picture(page, "handoff-end")


def test_a_recipe_is_written_for_a_question_followed_handed_off_and_answered(page: Page, app: str) -> None:
    page.goto(f"{app}/handoffs")
    expect(page.get_by_text("What tells them apart?")).to_be_visible()
    page.get_by_role("radio", name="A recipe").or_(page.get_by_role("button", name="A recipe")).first.click()
    page.get_by_role("link", name="Write one for this question").click()
    page.get_by_role("button", name="Begin", exact=True).click()
    text = page.get_by_label("The recipe's text")
    text.fill(RECIPE)
    expect(page.get_by_text("Did you mean 'linear'?")).to_be_visible()
    expect(page.get_by_text("Line 6, column 10")).to_be_visible()
    take_picture(page, "handoff-1-wrong")

    page.get_by_text("Line 6, column 10").click()  # leads to the place
    for _ in "liner":
        page.keyboard.press("Delete")
    page.keyboard.type("linear")
    expect(page.get_by_text("No problems: 2 steps")).to_be_visible()
    page.get_by_role("button", name="Save as version 1 of which-sex").click()
    page.get_by_role("link", name="Answer the question with it").click()
    proposed = page.get_by_role("combobox", name="Which recipe")
    expect(proposed).to_have_value("Which sex (which-sex, version 1)")
    page.get_by_label("Your answer").fill("The measures do.")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_text("Answered, and not started yet")).to_be_visible()

    page.get_by_role("link", name="Open its results").click()
    expect(page.get_by_text("A scientist answered")).to_be_visible()
    page.get_by_role("button", name="Follow this recipe").click()
    expect(page).to_have_url(re.compile("/train"))
    wait_for_results(page)

    page.get_by_role("link", name="Improve").first.click()
    expect(page.get_by_text("Step 2 is for a data scientist.")).to_be_visible()
    take_picture(page, "handoff-2-walk")
    page.get_by_role("button", name="Ask a data scientist").click()
    expect(page.get_by_text("Waits for an answer").first).to_be_visible()
    page.get_by_role("link", name="Hand-offs").first.click()
    expect(
        page.get_by_label("Your answer")
    ).to_be_visible()  # Improve, until then drawn, shows the question, too
    expect(page.get_by_text("Still not enough.").first).to_be_visible()
    page.get_by_label("Your answer").fill("Ask for the season, too.")
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_text("Answered, and not started yet")).to_be_visible()

    page.get_by_role("link", name="Home").first.click()
    page.get_by_role("link", name="Read the answer").click()
    expect(page.get_by_text("Ask for the season, too.")).to_be_visible()
    take_picture(page, "handoff-3-answered")
    page.get_by_role("button", name="Thanks, that is it").click()
    expect(page.get_by_text("Ask for the season, too.")).not_to_be_visible()
