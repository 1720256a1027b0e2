"""Two visitors and a notebook on one workspace at once: all see the same, nothing is lost or doubled."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from litmus_core.experiments import Studio
from litmus_core.types import RunEnded, RunStarted
from tests.browser.visitor import PATIENCE_MS, ROOT, TABLE, take_picture, upload, wait_for_results

pytestmark = [
    pytest.mark.browser,
    pytest.mark.exhaustive(
        reason="tests/store/test_owner.py and test_exactly_once.py let processes share a workspace, "
        "tests/app/test_train.py shows a run that others write"
    ),
]

# A notebook: another process, which knows nothing of the app, on the same workspace.
NOTEBOOK = f"""
import litmus_core

run = litmus_core.train(
    {str(TABLE)!r}, target="species", name="From the notebook", algorithm="linear",
    compute=litmus_core.Compute(time_limit_s=15),
)
print(run.wait().verdict.outcome)
"""


COUNT_MIXED = """() => {
    window.mixed = 0
    const both = [".st-key-live", "[class*='st-key-verdict-']"]
    const look = () => { window.mixed += both.every(each => document.querySelector(each)) ? 1 : 0 }
    new MutationObserver(look).observe(document.body, {childList: true, subtree: true})
}"""


@pytest.fixture
def visitors(browser: Browser, app: str) -> Iterator[tuple[Page, Page]]:
    """Two people, each with a browser session of their own."""
    pages = []
    for _ in range(2):
        page = browser.new_context(viewport={"width": 1280, "height": 1200}).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(app)
        pages.append(page)
    first, second = pages
    yield first, second
    take_picture(first, "together-first")
    take_picture(second, "together-second")


@pytest.fixture
def notebook(visitors: tuple[Page, Page]) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """What starts the notebook's process; both visitors looked at an empty workspace before."""
    for page in visitors:
        expect(page.get_by_text("Welcome to Litmus")).to_be_visible()
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", NOTEBOOK]
        started.append(
            subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True)
        )
        return started[0]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def watch_the_notebook(page: Page) -> None:
    """Look at Home again and again until the notebook's run is there, and go to watch it."""
    watch = page.get_by_role("button", name="Watch the training")
    for _ in range(PATIENCE_MS // 500):
        page.mouse.move(900, 20)  # away from the links: their tips would lie over them
        page.get_by_role("link", name="Home").first.click()
        page.wait_for_timeout(500)
        if watch.is_visible():
            break
    watch.click()
    expect(page).to_have_url(re.compile("/train"))
    page.evaluate(COUNT_MIXED)
    expect(page.get_by_text("From the notebook").first).to_be_visible()


def copy_of_the_table(folder: Path, name: str) -> Path:
    copy = folder / f"{name}.csv"
    copy.write_bytes(TABLE.read_bytes())
    return copy


def test_both_see_the_notebooks_run_appear_and_end_beside_the_tables_that_they_added(
    visitors: tuple[Page, Page], notebook: Callable[[], subprocess.Popen[str]], tmp_path: Path
) -> None:
    first, second = visitors
    upload(first, copy_of_the_table(tmp_path, "of the first"))
    upload(second, copy_of_the_table(tmp_path, "of the second"))
    running = notebook()  # its run is short: both look for it as soon as it may be there
    watch_the_notebook(first)
    watch_the_notebook(second)
    for page in visitors:
        wait_for_results(page)
        assert page.evaluate("window.mixed") == 0, "the live panel and the verdict are never seen together"
    said, _ = running.communicate(timeout=60)

    assert said.split() == ["no", "bar"]
    with Studio.open() as studio:
        tables = sorted(each.name for each in studio.datasets.list())
        (summary,) = studio.experiments.summaries()
        (run,) = studio.runs.list(summary.experiment.id)
        facts = [event.fact for event in studio.journal.events(run_id=run.id)]
        models = [candidate.model for candidate in studio.candidates.list(run.id)]
    assert tables == ["of the first", "of the second", "penguins"]
    assert (run.status, run.verdict is not None) == ("finished", True)
    assert [type(fact) for fact in facts if isinstance(fact, RunStarted | RunEnded)] == [RunStarted, RunEnded]
    assert len(models) == len(set(models)) >= 1
