"""One visitor, one real browser: a miss is fixed by one click and put to work.

With ``make test-all`` once more: by two clicks, and made small enough by a third. Pictures land in
build/screenshots.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from litmus_core.verdicts import all_grades
from tests.browser.visitor import PATIENCE_MS, RUN_MS, STILL, upload, wait_for_results
from tests.browser.visitor import take_picture as _take

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]  # two or four runs, and many looks

BAR = 0.85  # 0.76 to 0.80 before, 0.92 to 0.94 with pairs of columns
LOW_BAR = 0.8  # which classes of equal weight nearly reach
# Five folds weigh 0.7 to 1.1 MB, one model in their place 0.12 MB: a size is the same on any machine.
LARGEST_MB = 0.3


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 1500})
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(STILL)
    yield page
    take_picture(page, "end")  # of a journey that failed, what it met


@pytest.fixture
def harvest(tmp_path: Path) -> Path:
    """What grows hangs on the seed for each hectare, which is not a column; little of it is rare."""
    random = np.random.default_rng(0)
    hectares, density = np.exp(random.uniform(0, 2.5, (2, 1_200)))
    table = pd.DataFrame({"hectares": hectares.round(3), "seed": (hectares * density).round(3)})
    table["sun"] = random.normal(size=len(table)).round(2)
    step = np.floor(2.4 * (np.log(table["seed"] / table["hectares"]) + 0.03 * random.normal(size=len(table))))
    table["crop"] = np.select([step == 4, step % 2 == 0], ["little", "some"], "much")
    path = tmp_path / "harvest.csv"
    table.to_csv(path, index=False)
    return path


MEETS = "Meets the bar"
NOT_YET = re.compile("|".join(each.word for each in all_grades() if each.key not in ("meets", "no bar")))


def take_picture(page: Page, name: str) -> None:
    _take(page, f"journey-{name}")


def unfold(page: Page, title: str) -> None:
    """Open what is folded, and wait until nothing in it moves: a list would close, a button be missed."""
    page.get_by_text(title).click()
    page.wait_for_timeout(1_000)


def choose(page: Page, label: str, name: str | re.Pattern[str]) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=name, exact=isinstance(name, str)).click()


def ask(page: Page, *, bar: float, compared: str, largest_mb: float | None = None) -> None:
    """Ask for the crop, by a score for which rare kinds count, and train one kind of model."""
    choose(page, "Column to predict", "crop")
    expect(page.get_by_text("Of 1,000 real cases")).to_be_visible()
    unfold(page, "Change the kind of question, or how answers are judged")
    choose(page, "Judged by", re.compile("Balanced accuracy"))
    expect(page.get_by_text("drawn evenly from every answer")).to_be_visible()
    page.get_by_role("slider", name="How long training may take").press("Home")
    expect(page.get_by_label("Or type it")).to_have_count(1)  # the bar of the score before is gone
    page.get_by_label("Or type it").fill(f"{bar}")
    page.get_by_label("Or type it").press("Tab")
    expect(page.get_by_role("slider", name=re.compile("Good enough"))).to_have_value(f"{bar}")
    if largest_mb is not None:
        unfold(page, "Details")
        page.get_by_label("Largest model, MB").fill(f"{largest_mb}")
        page.get_by_label("Largest model, MB").press("Tab")
    take_picture(page, "1-target")
    page.get_by_role("button", name="Choose what to try first").click()
    page.get_by_text("I choose", exact=True).click()
    boxes = page.locator("[class*='st-key-pick-']").get_by_role("checkbox")
    expect(boxes.first).to_be_attached()
    for box in boxes.all():
        if box.is_checked() and "Fast boosted trees (LightGBM)" not in f"{box.get_attribute('aria-label')}":
            box.press("Space")
            expect(box).not_to_be_checked()
    choose(page, "How models are compared", compared)
    page.get_by_role("button", name="Start training").click()


def see_results(page: Page) -> Locator:
    """Wait for a run's end, look at its results, and return the verdict."""
    expect(page).to_have_url(re.compile("/train"))
    wait_for_results(page)
    page.get_by_role("button", name="See the results").click()
    expect(page.get_by_role("heading", name="The models")).to_be_visible()
    return page.locator("[class*='st-key-verdict-']:not([class*='-status'])").first


def do(page: Page, key: str) -> Locator:
    """Find out what would help, do that by one click, and return the verdict that comes of it."""
    page.locator(".st-key-decide-improve").get_by_role("button").click()
    again = page.get_by_role("button", name="Look again")
    again.wait_for(timeout=RUN_MS)
    action = page.locator(f"[class*='st-key-do-{key}']").get_by_role("button")
    if not action.is_visible():  # a busy machine got less far in the first seconds
        again.click()
        action.wait_for(timeout=RUN_MS)
    take_picture(page, f"2-before-{key}")
    action.click()
    return see_results(page)


def take_the_best_that_fits(page: Page) -> None:
    """Look at a single variant, then at what one can afford, and use the best of it."""
    open_a_model(page)
    expect(page.get_by_role("button", name="Reveal its test score")).to_be_visible()
    unfold(page, "Faster, smaller, cheaper")
    page.get_by_text("Size", exact=True).last.click()  # times would tell how busy this machine is
    afford = page.get_by_role("slider", name="I can afford")
    expect(afford).to_have_attribute("aria-valuetext", re.compile("[kM]B"))
    afford.press("End")
    expect(page.get_by_text(re.compile("For .*(trees|learn|weigh|columns|without)"))).to_be_visible()
    take_picture(page, "4-faster")
    page.locator(".st-key-frontier-use").get_by_role("button").click()


def open_a_model(page: Page) -> None:
    """Select the second line of the table, which is drawn on a canvas; the first is the chosen model."""
    lines = page.get_by_test_id("stDataFrame").first
    lines.scroll_into_view_if_needed()
    box = lines.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + 84)


def put_to_work(page: Page) -> str:
    """Deploy the model, ask it on the page, and return its address."""
    page.get_by_role("button", name="Deploy").click()
    expect(page.get_by_text("Answering", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Ask the endpoint").click()
    answer = page.get_by_test_id("stMetric").filter(has_text="The endpoint's answer")
    expect(answer).to_contain_text(re.compile("much|some|little"))
    take_picture(page, "5-export")
    return page.locator(".st-key-endpoint").get_by_role("link").first.get_attribute("href") or ""


def report_of(page: Page, path: Path) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name="Report").first.click()
    download.value.save_as(path)
    return path.read_text(encoding="utf-8")


def begin(page: Page, app: str, table: Path) -> None:
    page.goto(app)
    upload(page, table)
    page.get_by_role("button", name="Choose what to predict").click()


def use_it(page: Page) -> None:
    """Take the model that meets the bar."""
    page.get_by_role("button", name="Use it").click()


def put_the_best_to_work(page: Page, take: Callable[[Page], None], report_to: Path) -> None:
    """Deploy the model that ``take`` takes, ask its address for an answer, and read the report."""
    expect(page.get_by_text("It is good enough: use it.")).to_be_visible()
    last = page.url
    take(page)
    url = put_to_work(page)
    row = {"hectares": 2.0, "seed": 3.4, "sun": None}
    reply = httpx.post(f"{url}/predict", json={"rows": [row]}, timeout=30)
    assert reply.status_code == 200
    assert [each["label"] for each in reply.json()["predictions"]] == ["much"]

    page.goto(last)
    report = report_of(page, report_to)
    assert MEETS in report
    assert report.count("predicted +") >= 2


def test_a_miss_is_fixed_by_a_click_and_put_to_work(
    app: str, page: Page, harvest: Path, tmp_path: Path
) -> None:
    begin(page, app, harvest)
    ask(page, bar=BAR, compared="One part of the rows")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    expect(see_results(page)).to_contain_text(NOT_YET)

    expect(do(page, "made-pairs")).to_contain_text(MEETS)
    put_the_best_to_work(page, use_it, tmp_path / "met.html")


@pytest.mark.exhaustive(reason="test_balanced weighs classes, test_refining makes faster")
def test_a_miss_is_fixed_by_two_clicks_made_small_enough_and_put_to_work(
    app: str, page: Page, harvest: Path, tmp_path: Path
) -> None:
    begin(page, app, harvest)
    ask(page, bar=LOW_BAR, compared="Five rounds, each row once", largest_mb=LARGEST_MB)
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    expect(see_results(page)).to_contain_text(NOT_YET)

    expect(do(page, "weights")).to_contain_text(NOT_YET)
    met = do(page, "made-pairs")
    expect(met).to_contain_text(MEETS)
    expect(met).to_contain_text(f"the budget is {LARGEST_MB}")
    take_picture(page, "3-met")

    small = do(page, "faster")
    expect(small).to_contain_text(MEETS)
    expect(small).not_to_contain_text("too big")
    put_the_best_to_work(page, take_the_best_that_fits, tmp_path / "met.html")
